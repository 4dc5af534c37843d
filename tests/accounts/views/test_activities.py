"""The timeline: one line is enough, a day to come is a plan, Markdown is shown and never runs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Activity, ActivityMember, ActivityPerson, ActivityType, KeyPerson
from accounts.signals import activity_recorded
from success_plans.models import ActionItem, Objective, SuccessPlan
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def heard() -> Any:
    """The activities that listeners were told of."""
    told: list[Activity] = []

    def listen(activity: Activity, **kwargs: Any) -> None:
        told.append(activity)

    activity_recorded.connect(listen)
    yield told
    activity_recorded.disconnect(listen)


def url(world: World, rest: str = "timeline/") -> str:
    return f"/t/midori/accounts/{world.account_id()}/{rest}"


def only(world: World) -> Activity:
    with tenant_scope(world.tenant()):
        return Activity.objects.get()


def day(offset: int) -> str:
    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def test_one_line_is_a_note_of_today_by_whoever_wrote_it(client: Client, world: World, heard: Any) -> None:
    answer = client.post(url(world, "notes/"), {"text": "若槻さんと電話"}, **HTMX)
    assert answer.status_code == 204
    assert "restore" not in answer.headers["HX-Trigger"]
    assert "delete/activity" in answer.headers["HX-Trigger"]
    note = only(world)
    assert (note.title, note.body, note.state, note.kind) == ("若槻さんと電話", "", "held", "update")
    assert note.written_by_id == world.csm.pk
    assert heard == [note]


def test_the_same_note_sent_twice_is_kept_once(client: Client, world: World) -> None:
    form = {"text": "電話", "idempotency_key": "n1"}
    client.post(url(world, "notes/"), form)
    client.post(url(world, "notes/"), form)
    only(world)


def test_an_empty_note_says_what_is_missing(client: Client, world: World) -> None:
    answer = client.post(url(world, "notes/"), {"text": "  ", "then": "timeline"}, **HTMX)
    assert answer.status_code == 422
    assert "ひとことでも書いてから" in answer.content.decode()


def test_a_day_to_come_is_a_plan_until_somebody_says_it_was_held(
    client: Client, world: World, heard: Any
) -> None:
    client.post(url(world, "notes/"), {"text": "レビュー", "kind": "review", "on": day(9), "at": "13:30"})
    planned = only(world)
    assert (planned.state, f"{planned.at:%H:%M}", heard) == ("planned", "13:30", [])
    assert "これから" in client.get(url(world)).content.decode()
    client.post(f"/t/midori/activities/{planned.pk}/settle/", {"state": "held"}, **HTMX)
    assert only(world).state == "held"
    assert len(heard) == 1


def test_a_held_meeting_moved_to_a_day_to_come_is_planned_again(client: Client, world: World) -> None:
    client.post(url(world, "notes/"), {"text": "打ち合わせ", "on": day(-1)})
    note = only(world)
    edit = {"field": "on", "value": day(3), "base": day(-1)}
    client.post(f"/t/midori/edit/activity/{note.pk}/", edit)
    assert only(world).state == "planned"


def test_both_sides_take_part_but_nobody_of_another_account(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        ours, theirs = make.row(KeyPerson, world.account()), make.row(KeyPerson, world.account("other"))
    people = {"persons": [str(ours.pk), str(theirs.pk)], "members": [str(world.csm.pk)]}
    client.post(url(world, "notes/"), {"text": "打ち合わせ", **people})
    with tenant_scope(world.tenant()):
        assert [row.person_id for row in ActivityPerson.objects.all()] == [ours.pk]
        assert [row.member_id for row in ActivityMember.objects.all()] == [world.csm.pk]
    client.post(f"/t/midori/activities/{only(world).pk}/people/", {"members": [str(world.csm.pk)]}, **HTMX)
    with tenant_scope(world.tenant()):
        assert not ActivityPerson.objects.exists()


def test_markdown_is_shown_and_nothing_in_it_runs(client: Client, world: World) -> None:
    body = "見出し\n**太字** <script>alert(1)</script>\n\n[罠](javascript:alert(1)) <b hx-get='/x' style='x' id='y'>b</b>"
    client.post(url(world, "notes/"), {"text": body})
    feed = client.get(url(world)).content.decode().split('id="feed"')[1]
    assert "<strong>太字</strong>" in feed
    assert "<script>alert" not in feed
    assert 'href="javascript' not in feed
    assert "<b hx-get" not in feed


def test_a_long_first_line_stays_whole(client: Client, world: World) -> None:
    client.post(url(world, "notes/"), {"text": "あ" * 150})
    note = only(world)
    assert len(note.title) == 100
    assert note.body == "あ" * 150


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"on": "昨日"}, "日付は"),
        ({"at": "お昼"}, "時刻は"),
        ({"text": "a\x00b"}, "NUL"),
        ({"text": "あ" * 20_001}, "20,000"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    client: Client, world: World, typed: dict[str, str], message: str
) -> None:
    answer = client.post(url(world, "notes/"), {"text": "電話", "then": "quick", **typed}, **HTMX)
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_the_kinds_filter_and_pages_follow_each_other(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        for n in range(35):
            make.row(
                Activity,
                world.account(),
                title=f"記録{n:02}",
                kind="call",
                state="held",
                written_by=world.csm,
            )
        make.row(Activity, world.account(), title="手紙", kind="mail", state="held", written_by=world.csm)
    calls = client.get(url(world), {"kind": "call"}).content.decode()
    assert "手紙" not in calls
    assert calls.count('class="ev-i"') == 30
    following = calls.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(url(world) + following).content.decode().count('class="ev-i"') == 5


def test_a_type_of_ones_own_counts_as_one_of_ours_and_stays_when_retired(
    client: Client, world: World, sign_in: Any
) -> None:
    admin = sign_in(world.member(Role.ADMIN))
    admin.post("/t/midori/settings/activity-types/new/", {"name": "勉強会", "kind": "review"})
    with tenant_scope(world.tenant()):
        own = ActivityType.objects.get()
    client.post(url(world, "notes/"), {"text": "第1回", "kind": str(own.pk)})
    assert (only(world).kind, only(world).own_type_id) == ("review", own.pk)
    edit = f"/t/midori/edit/activity_type/{own.pk}/"
    assert client.post(edit, {"field": "name", "value": "x", "base": "勉強会"}).status_code == 403
    admin.post(edit, {"field": "name", "value": "社内勉強会", "base": "勉強会"})
    admin.post(edit, {"field": "is_retired", "value": "yes", "base": "no"})
    shown = client.get(url(world)).content.decode()
    assert "・社内勉強会" in shown
    assert f'name="kind" value="{own.pk}"' not in shown
    assert "第1回" in client.get(url(world), {"kind": str(own.pk)}).content.decode().split('id="feed"')[1]
    assert "第1回" in client.get(url(world), {"kind": "review"}).content.decode().split('id="feed"')[1]
    client.post(
        f"/t/midori/edit/activity/{only(world).pk}/", {"field": "kind", "value": "call", "base": "review"}
    )
    assert (only(world).kind, only(world).own_type_id) == ("call", None)


def test_two_types_of_one_name_are_refused_in_words(world: World, sign_in: Any) -> None:
    admin = sign_in(world.member(Role.ADMIN))
    form = {"name": "勉強会", "kind": "meeting"}
    admin.post("/t/midori/settings/activity-types/new/", form)
    answer = admin.post("/t/midori/settings/activity-types/new/", form)
    assert answer.status_code == 422
    assert "同じ名前の種類がもうあります" in answer.content.decode()


def test_a_note_keeps_its_insight_next_step_and_links(client: Client, world: World) -> None:
    more = {
        "insight": "応対コストの内訳を示した",
        "insight_was": "new",
        "next_step": "試算を送る",
        "next_on": day(5),
        "links": "https://docs.example/a 予算表の様式\n\nhttps://docs.example/b",
    }
    client.post(url(world, "notes/"), {"text": "面談", **more})
    shown = client.get(url(world)).content.decode().split('id="feed"')[1]
    assert "応対コストの内訳を示した" in shown
    assert "初めて知った" in shown
    assert '<a class="tag" href="https://docs.example/a" rel="noopener noreferrer"' in shown
    assert "予算表の様式" in shown
    assert "docs.example" in shown


@pytest.mark.parametrize("links", ["javascript:alert(1)", "資料はこちら", "ftp://x.example/a", "https://"])
def test_what_is_no_link_is_refused_in_words(client: Client, world: World, links: str) -> None:
    answer = client.post(url(world, "notes/"), {"text": "面談", "then": "timeline", "links": links}, **HTMX)
    assert answer.status_code == 422
    assert "リンクになりません" in answer.content.decode()
    assert f"{links}</textarea>" in answer.content.decode()


def test_pasted_html_becomes_the_text_it_showed(client: Client, world: World) -> None:
    pasted = "<div><p>議事メモ</p><ul><li>一つ</li><li><b>二つ</b></li></ul><script>alert(1)</script></div>"
    client.post(url(world, "notes/"), {"text": pasted})
    note = only(world)
    assert note.title == "議事メモ"
    assert note.body == "- 一つ\n- **二つ**"
    edit = {"field": "body", "value": "<p>一行目</p><p>二行目</p>", "base": note.body}
    client.post(f"/t/midori/edit/activity/{note.pk}/", edit)
    assert only(world).body == "一行目\n\n二行目"


def test_ten_thousand_characters_are_kept_and_drawn_in_part(client: Client, world: World) -> None:
    body = "\n".join(["あ" * 99] * 100)
    client.post(url(world, "notes/"), {"text": f"長い\n{body}"})
    assert only(world).body == body
    shown = client.get(url(world)).content.decode()
    assert "続きを読む(全9999文字)" in shown
    assert shown.count("あ") < 2_000
    whole = client.get(f"/t/midori/activities/{only(world).pk}/?all", **HTMX).content.decode()
    assert whole.count("あ") == 9_900


def test_a_next_step_becomes_a_planned_activity_in_one_click(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        person = make.row(KeyPerson, world.account(), name="若槻 誠")
    note = {"text": "面談", "next_step": "試算を送る", "next_on": day(5), "persons": [str(person.pk)]}
    client.post(url(world, "notes/"), note)
    answer = client.post(f"/t/midori/activities/{only(world).pk}/next/", **HTMX)
    assert "delete/activity" in answer.headers["HX-Trigger"]
    with tenant_scope(world.tenant()):
        planned = Activity.objects.planned().get()
        assert (planned.title, str(planned.on), planned.follows.title) == ("試算を送る", day(5), "面談")
        assert [row.person_id for row in planned.persons.all()] == [person.pk]
        client.post(f"/t/midori/activities/{planned.follows_id}/next/", **HTMX)
        assert Activity.objects.planned().count() == 1


def test_a_next_step_becomes_an_action_of_an_objective(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        mine, other = make.row(Objective, world.account()), make.row(Objective, world.account("other"))
    client.post(url(world, "notes/"), {"text": "面談", "next_step": "試算を送る", "next_on": day(5)})
    address = f"/t/midori/activities/{only(world).pk}/action/"
    assert client.post(address, {"where": str(other.pk)}).status_code == 404
    client.post(address, {"where": str(mine.pk)})
    with tenant_scope(world.tenant()):
        action = ActionItem.objects.get()
    assert (action.text, str(action.due_on), action.objective_id) == ("試算を送る", day(5), mine.pk)
    assert action.assignee_id == world.csm.pk
    assert f"#action-{action.pk}" in client.get(url(world)).content.decode()


def test_without_a_next_step_nothing_is_planned(client: Client, world: World) -> None:
    client.post(url(world, "notes/"), {"text": "面談"})
    assert client.post(f"/t/midori/activities/{only(world).pk}/next/", **HTMX).status_code == 422


def test_the_list_is_narrowed_by_people_plan_and_period(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        person = make.row(KeyPerson, world.account(), name="若槻 誠")
        plan = make.row(SuccessPlan, world.account())
        elsewhere = make.row(SuccessPlan, world.account("other"))
    sales = str(world.member(Role.SALES).pk)
    client.post(url(world, "notes/"), {"text": "若槻さんと", "persons": [str(person.pk)], "on": day(-20)})
    client.post(url(world, "notes/"), {"text": "営業と", "members": [sales], "on": day(-10)})
    client.post(url(world, "notes/"), {"text": "プランの話", "plan": str(plan.pk)})
    client.post(url(world, "notes/"), {"text": "よそのプラン", "plan": str(elsewhere.pk), "on": day(-1)})

    def found(**asked: str) -> set[str]:
        shown = client.get(url(world), asked).content.decode().split('id="feed"')[1]
        return {
            title
            for title in ("若槻さんと", "営業と", "プランの話", "よそのプラン")
            if f"<b>{title}" in shown
        }

    assert found(person=str(person.pk)) == {"若槻さんと"}
    assert found(member=sales) == {"営業と"}
    assert found(plan=str(plan.pk)) == {"プランの話"}
    assert found(plan=str(elsewhere.pk)) == set()
    assert found(since=day(-12), until=day(-5)) == {"営業と"}
    assert found(person="x", since="昨日", kind="何か") == {
        "若槻さんと",
        "営業と",
        "プランの話",
        "よそのプラン",
    }


def test_the_timeline_asks_the_same_number_of_questions_however_long_it_is(
    client: Client, world: World
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(url(world))
        return len(caught)

    add(world, 2)
    statements()
    few = statements()
    add(world, 8)
    assert statements() == few


def add(world: World, number: int) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        for _n in range(number):
            activity = make.row(Activity, world.account(), state="held", written_by=world.csm)
            ActivityMember.objects.create(activity=activity, member=world.csm)
            ActivityPerson.objects.create(activity=activity, person=make.row(KeyPerson, world.account()))
