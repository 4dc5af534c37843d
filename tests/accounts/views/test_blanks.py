"""空欄台帳: who owes which blank, the questions of the next meeting, and cells written from its note."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account, Activity, Fact, KeyPerson, PersonRole, Resolution
from accounts.models.fact import FactState
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

KEY = "7d3f4c9c-4f5c-4cf0-8f55-0d8a36a3a9f2"


@pytest.fixture
def csm(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def url(world: World, rest: str = "") -> str:
    return f"/t/midori/accounts/{world.account_id()}/blanks/{rest}"


def ask(client: Client, world: World, *keys: str) -> None:
    for key in keys:
        client.post(f"/t/midori/accounts/{world.account_id()}/facts/{key}/ask/")


def fact(world: World, key: str) -> Fact:
    with tenant_scope(world.tenant()):
        return Fact.objects.get(account=world.account_id(), field_key=key)


def meeting(world: World, days: int, **fields: Any) -> Activity:
    with tenant_scope(world.tenant(), member=world.csm):
        return make.row(
            Activity,
            world.account(),
            on=timezone.localdate() + timedelta(days=days),
            written_by=world.csm,
            **{"title": "月次定例", "kind": "meeting", "state": "planned", **fields},
        )


def test_what_is_asked_stands_on_the_list_of_the_next_planned_meeting(csm: Client, world: World) -> None:
    meeting(world, 9, title="四半期の会")
    meeting(world, 2, title="月次定例")
    meeting(world, 1, title="取りやめた会", state="cancelled")
    ask(csm, world, "business")
    asked = csm.get(url(world)).content.decode().split('id="asked"')[1].split("</section>")[0]
    assert "月次定例" in asked
    assert "何を誰に売る会社ですか" in asked
    assert "四半期の会" not in asked


def test_an_answer_in_the_note_writes_the_cell_with_the_meeting_as_its_source(
    csm: Client, world: World
) -> None:
    ask(csm, world, "business", "dynamics")
    held = meeting(world, -1)
    form = {"meeting": str(held.pk), "text": "予算の話", "answer-business": "総合通販", "base-business": "", "answer-dynamics": ""}  # fmt: skip
    assert csm.post(url(world, "answers/"), form).status_code == 303
    written = fact(world, "business")
    assert (written.value, written.state, written.source, written.source_kind) == ("総合通販", FactState.KNOWN, "月次定例", "primary")  # fmt: skip
    assert (written.as_of, written.author_id) == (held.on, world.csm.pk)
    assert fact(world, "dynamics").state == FactState.ASK
    with tenant_scope(world.tenant()):
        activity = Activity.objects.get(pk=held.pk)
        assert activity.state == "held"
        assert "予算の話" in activity.body
        assert "- 事業内容: 総合通販" in activity.body


def test_a_column_is_answered_like_any_other_cell(csm: Client, world: World) -> None:
    ask(csm, world, "employees")
    csm.post(url(world, "answers/"), {"answer-employees": "1,200", "base-employees": ""})
    with tenant_scope(world.tenant()):
        assert world.account().employees == 1200
    assert fact(world, "employees").source == "聞いたこと"


def test_the_same_form_sent_twice_writes_once(csm: Client, world: World) -> None:
    ask(csm, world, "business")
    form = {"answer-business": "総合通販", "base-business": "", "idempotency_key": KEY}
    for _again in range(2):
        assert csm.post(url(world, "answers/"), form).status_code == 303
    with tenant_scope(world.tenant()):
        assert Activity.objects.filter(account=world.account_id(), title="聞いたこと").count() == 1


def test_a_second_editor_wins_nothing_and_loses_nothing(csm: Client, world: World, sign_in: Any) -> None:
    ask(csm, world, "business", "levers")
    other = sign_in(world.member(Role.MANAGER))
    other.post(
        f"/t/midori/edit/account/{world.account_id()}/", {"field": "business", "value": "物流", "base": ""}
    )
    form = {"answer-business": "総合通販", "base-business": "", "answer-levers": "本部長", "base-levers": ""}
    assert csm.post(url(world, "answers/"), form).status_code == 303
    assert "ほかの人が先に書いた" in csm.get(url(world)).content.decode()
    assert (fact(world, "business").value, fact(world, "levers").value) == ("物流", "本部長")
    with tenant_scope(world.tenant()):
        note = Activity.objects.get(account=world.account_id(), title="聞いたこと")
        assert "総合通販" in note.body


def test_an_answer_that_does_not_fit_keeps_the_form_and_writes_nothing(csm: Client, world: World) -> None:
    ask(csm, world, "employees", "business")
    form = {
        "answer-employees": "たくさん",
        "base-employees": "",
        "answer-business": "総合通販",
        "base-business": "",
    }
    refused = csm.post(url(world, "answers/"), form)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "従業員数: 数字で入力してください" in html
    assert 'value="たくさん"' in html
    assert "総合通販" in html
    assert fact(world, "business").value == ""
    with tenant_scope(world.tenant()):
        assert not Activity.objects.filter(account=world.account_id(), title="聞いたこと").exists()


def test_an_empty_form_is_refused_with_words(csm: Client, world: World) -> None:
    refused = csm.post(url(world, "answers/"), {})
    assert refused.status_code == 422
    assert "聞いた答えか、メモを書いてください" in refused.content.decode()
    refused = csm.post(url(world, "answers/"), {"text": "話した", "meeting": KEY})
    assert "打ち合わせを選び直してください" in refused.content.decode()


def test_the_note_of_the_timeline_answers_too(csm: Client, world: World) -> None:
    ask(csm, world, "business")
    assert "何を誰に売る会社ですか" in csm.get(url(world, "questions/")).content.decode()
    notes = f"/t/midori/accounts/{world.account_id()}/notes/"
    today = timezone.localdate()
    form = {
        "text": "来期予算の打ち合わせ",
        "on": f"{today}",
        "answer-business": "総合通販",
        "base-business": "",
    }
    csm.post(notes, form)
    written = fact(world, "business")
    assert (written.value, written.source, written.as_of) == ("総合通販", "来期予算の打ち合わせ", today)
    planned = {
        **form,
        "on": f"{today + timedelta(days=3)}",
        "answer-business": "物流",
        "base-business": "総合通販",
    }
    refused = csm.post(notes, {**planned, "then": "timeline"}, HTTP_HX_REQUEST="true")
    assert refused.status_code == 422
    assert "答えは、終えた打ち合わせに書きます" in refused.content.decode()
    assert fact(world, "business").value == "総合通販"
    with tenant_scope(world.tenant()):
        assert Activity.objects.filter(title="来期予算の打ち合わせ").count() == 1


def test_answers_move_the_figure_at_once(csm: Client, world: World) -> None:
    ask(csm, world, "business")
    with tenant_scope(world.tenant()):
        before = Resolution.objects.get(account=world.account_id()).known
    csm.post(url(world, "answers/"), {"answer-business": "総合通販", "base-business": ""})
    with tenant_scope(world.tenant()):
        assert Resolution.objects.get(account=world.account_id()).known == before + 1


def test_csm_and_sales_each_have_their_list(csm: Client, world: World, sign_in: Any) -> None:
    seller = world.member(Role.SALES)
    with tenant_scope(world.tenant()):
        Account.objects.filter(pk=world.account_id()).update(
            tier="high", csm=world.csm, commercial_owner=seller, stage="live"
        )
    mine = csm.get("/t/midori/blanks/").content.decode()
    assert "どこで利益が出ていますか" in mine
    assert "何を誰に売る会社ですか" not in mine
    theirs = sign_in(seller).get("/t/midori/blanks/").content.decode()
    assert "何を誰に売る会社ですか" in theirs
    assert "どこで利益が出ていますか" not in theirs


def test_a_role_that_nobody_holds_is_a_blank_of_whoever_finds_it_out(
    csm: Client, world: World, sign_in: Any
) -> None:
    seller, decider, ally = world.member(Role.SALES), "来期の予算を、最後に決める", "社内で一緒に進めてくれる"
    with tenant_scope(world.tenant()):
        account = make.account(name="決裁商事", csm=world.csm, commercial_owner=seller, tier="low")
        person = make.row(KeyPerson, account, name="若槻 智子")
    page = f"/t/midori/accounts/{account.pk}/blanks/"

    def told(client: Client, path: str) -> tuple[bool, bool]:
        text = client.get(path).content.decode()
        if path != page:  # of the list only what it says about this customer
            text = text.partition(f'id="b-{account.pk}"')[2].partition("</section>")[0]
        return decider in text, ally in text

    assert told(csm, page) == (True, True)
    assert told(csm, "/t/midori/blanks/") == (False, True)
    assert told(sign_in(seller), "/t/midori/blanks/") == (True, False)
    assert "購買はどなたと" not in csm.get(page).content.decode()
    with tenant_scope(world.tenant()):
        role = make.row(PersonRole, account, person=person, kind="champion", starts_on=None)
    assert told(csm, page) == (True, False)
    assert told(csm, "/t/midori/blanks/") == (False, False)
    with tenant_scope(world.tenant()):
        PersonRole.objects.filter(pk=role.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert told(csm, "/t/midori/blanks/") == (False, True)
    with tenant_scope(world.tenant()):
        PersonRole.objects.filter(pk=role.pk).update(ends_on=None)
        KeyPerson.objects.filter(pk=person.pk).update(state="left", state_since=timezone.localdate())
    assert told(csm, "/t/midori/blanks/") == (False, True)
    assert told(csm, page) == (True, True)


def test_the_next_meeting_comes_first(csm: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        early, late, none = (
            make.account(name=name, csm=world.csm, tier="high")
            for name in ("早い商事", "遅い商事", "未定商事")
        )
        today = timezone.localdate()
        for account, days in ((late, 20), (early, 2)):
            make.row(
                Activity,
                account,
                on=today + timedelta(days=days),
                state="planned",
                title="面談",
                written_by=world.csm,
            )
    html = csm.get("/t/midori/blanks/").content.decode()
    assert html.index("早い商事") < html.index("遅い商事") < html.index("未定商事")


def test_only_managers_see_everybodys_blanks(csm: Client, world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant()):
        make.account(name="誰かの商事", tier="high")
    assert "誰かの商事" not in csm.get("/t/midori/blanks/?who=all").content.decode()
    assert (
        "誰かの商事" in sign_in(world.member(Role.MANAGER)).get("/t/midori/blanks/?who=all").content.decode()
    )
    assert csm.get("/t/midori/blanks/?from=x").status_code == 200


def test_a_settled_account_owes_nothing(csm: Client, world: World) -> None:
    with tenant_scope(world.tenant()):
        account = make.account(name="解約した商事", csm=world.csm, stage="churned", tier="high")
        assert Resolution.objects.filter(account=account).exists()
    assert "解約した商事" not in csm.get("/t/midori/blanks/").content.decode()


def test_who_may_not_edit_answers_nothing(world: World, sign_in: Any) -> None:
    viewer = sign_in(world.member(Role.VIEWER))
    assert viewer.get(url(world)).status_code == 200
    assert (
        viewer.post(url(world, "answers/"), {"answer-business": "x", "base-business": ""}).status_code == 403
    )
