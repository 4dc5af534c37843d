"""Colleagues talk about one field of a plan: threads, answers, resolved or not, by whom."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import notices
from accounts.models import Notice
from accounts.models.notice import NoticeMail
from success_plans.models import Criterion, Objective, PlanComment, SuccessPlan
from tenants.models import OutboxMail
from tenants.roles import Role
from tests.api.program import Program
from tests.success_plans.conftest import Browser
from tests.world import World

QUESTION = "若槻さんは、何をもってCX向上と話していますか"


@pytest.fixture
def watanabe(world: World, sign_in: Any) -> Browser:
    return Browser(sign_in(world.member(Role.MANAGER)))


def texts(response: Any) -> str:
    said = response.headers.get("HX-Trigger", "").encode().decode("unicode_escape")
    return str(response.content.decode()) + said


@pytest.fixture
def where(plan: SuccessPlan, within: Any) -> str:
    with within():
        return f"criterion:{Criterion.objects.get(objective__plan=plan).pk}:target"


@pytest.fixture
def first(plan: SuccessPlan, where: str, watanabe: Browser, within: Any) -> PlanComment:
    watanabe.post(f"plans/{plan.pk}/comments/", {"where": where, "text": QUESTION})
    with within():
        return PlanComment.objects.get()  # type: ignore[no-any-return]


def test_a_thread_hangs_on_its_field_and_waits_until_it_is_resolved(
    plan: SuccessPlan, first: PlanComment, suzuki: Browser, within: Any
) -> None:
    page = texts(suzuki.get(f"plans/{plan.pk}/"))
    assert (
        QUESTION in page and "入電数 目標" in page and f'href="#edit-criterion-{first.record}-target"' in page
    )
    assert "未対応 1" in page and "コメント1件に対応していない" in page
    assert suzuki.post(f"comments/{first.pk}/replies/", {"text": "15%以下です"}).status_code == 200
    done = suzuki.post(f"comments/{first.pk}/resolution/")
    assert f"comments/{first.pk}/reopening/" in done.headers["HX-Trigger"]
    page = texts(suzuki.get(f"plans/{plan.pk}/"))
    assert "未対応" not in page and "鈴木 11/19に解決" in page and "15%以下です" in page
    suzuki.post(f"comments/{first.pk}/reopening/")
    with within():
        assert PlanComment.objects.open().count() == 1


def test_an_answer_to_an_answer_stays_in_the_thread_and_opens_it_again(
    first: PlanComment, suzuki: Browser, watanabe: Browser, within: Any
) -> None:
    suzuki.post(f"comments/{first.pk}/replies/", {"text": "15%以下です"})
    suzuki.post(f"comments/{first.pk}/resolution/")
    with within():
        answer = PlanComment.objects.get(answers=first)
    watanabe.post(f"comments/{answer.pk}/replies/", {"text": "いつ確かめましたか"})
    with within():
        assert set(PlanComment.objects.exclude(pk=first.pk).values_list("answers", flat=True)) == {first.pk}
        assert PlanComment.objects.open().get().pk == first.pk


def test_the_same_key_says_it_once(plan: SuccessPlan, where: str, suzuki: Browser, within: Any) -> None:
    form = {"where": where, "text": QUESTION, "idempotency_key": "k" * 20}
    for _twice in range(2):
        assert suzuki.post(f"plans/{plan.pk}/comments/", form).status_code == 200
    with within():
        assert PlanComment.objects.count() == 1


@pytest.mark.parametrize("text", ["", " \n", "あ" * 1001])
def test_nothing_and_too_much_are_refused(
    text: str, plan: SuccessPlan, where: str, first: PlanComment, suzuki: Browser, within: Any
) -> None:
    for path, form in (
        (f"plans/{plan.pk}/comments/", {"where": where}),
        (f"comments/{first.pk}/replies/", {}),
    ):
        refused = suzuki.post(path, {**form, "text": text})
        assert refused.status_code == 422 and "コメント" in texts(refused)
    with within():
        assert PlanComment.objects.count() == 1


def test_only_a_field_of_this_plan_is_talked_about(
    plan: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    with within():
        other = SuccessPlan.objects.create(
            account=world.account(), title="別の計画", starts_on=plan.starts_on, ends_on=plan.ends_on
        )
    for wrong in (
        "",
        "plan",
        f"plan:{other.pk}:title",
        f"plan:{plan.pk}:tenant",
        f"criterion:{uuid4()}:target",
    ):
        refused = suzuki.post(f"plans/{plan.pk}/comments/", {"where": wrong, "text": QUESTION})
        assert refused.status_code == 422, wrong
    with within():
        assert not PlanComment.objects.exists()


def test_what_is_said_of_a_field_in_the_bin_waits_there(
    plan: SuccessPlan, first: PlanComment, suzuki: Browser, within: Any
) -> None:
    with within():
        objective = Objective.objects.get(plan=plan)
        objective.put_in_bin()
    assert QUESTION not in texts(suzuki.get(f"plans/{plan.pk}/"))
    with within():
        objective.take_out_of_bin()
    assert QUESTION in texts(suzuki.get(f"plans/{plan.pk}/"))


@pytest.mark.parametrize(("role", "status"), [(Role.SALES, 200), (Role.VIEWER, 403), (Role.CONTRIBUTOR, 404)])
def test_who_has_a_say(
    role: Role, status: int, plan: SuccessPlan, where: str, first: PlanComment, world: World, sign_in: Any
) -> None:
    person = Browser(sign_in(world.member(role)))
    form = {"where": where, "text": "私からも"}
    assert person.post(f"plans/{plan.pk}/comments/", form).status_code == status
    assert person.post(f"comments/{first.pk}/replies/", form).status_code == status
    assert person.post(f"comments/{first.pk}/resolution/").status_code == status


def test_statements_do_not_grow_with_comments(
    plan: SuccessPlan, first: PlanComment, suzuki: Browser, watanabe: Browser
) -> None:
    def statements() -> int:
        suzuki.get(f"plans/{plan.pk}/")
        with CaptureQueriesContext(connection) as seen:
            suzuki.get(f"plans/{plan.pk}/")
        return len(seen)

    few = statements()
    for n in range(5):
        watanabe.post(f"comments/{first.pk}/replies/", {"text": f"返事{n}"})
        watanabe.post(
            f"plans/{plan.pk}/comments/", {"where": f"plan:{plan.pk}:title", "text": f"題について{n}"}
        )
    assert statements() == few


# Who hears of it


@pytest.fixture
def told(within: Any) -> Any:
    """Whom notices have told, and why."""

    def told() -> dict[str, str]:
        with within():
            rows = Notice.objects.select_related("member__user").order_by("pk")
            return {notice.member.name: notice.kind for notice in rows}

    return told


def test_who_holds_the_plan_hears_of_a_new_thread_and_who_is_named_is_told_so(
    plan: SuccessPlan, where: str, watanabe: Browser, told: Any
) -> None:
    watanabe.post(f"plans/{plan.pk}/comments/", {"where": where, "text": "@伊藤 契約の話と合っていますか"})
    assert told() == {"鈴木": "comment", "伊藤": "mention"}


def test_an_answer_reaches_those_who_spoke_before_and_not_its_writer(
    first: PlanComment, suzuki: Browser, told: Any, within: Any
) -> None:
    with within():
        Notice.objects.all().delete()
    suzuki.post(f"comments/{first.pk}/replies/", {"text": "15%以下です"})
    assert told() == {"渡辺": "comment"}


def test_the_notice_leads_to_the_thread_and_goes_with_the_comment(
    plan: SuccessPlan, first: PlanComment, suzuki: Browser, watanabe: Browser, within: Any
) -> None:
    assert QUESTION in texts(suzuki.get("notices/"))
    with within():
        notice = Notice.objects.get()
    answer = suzuki.post(f"notices/{notice.pk}/read/")
    assert answer.headers["Location"].endswith(f"/plans/{plan.pk}/#thread-{first.pk}")
    watanabe.post(f"delete/plan_comment/{first.pk}/")
    assert QUESTION not in texts(suzuki.get("notices/"))
    assert suzuki.get(f"notices/{notice.pk}/").headers["Location"].endswith("/notices/")


def test_the_morning_mail_tells_of_comments(
    plan: SuccessPlan, first: PlanComment, world: World, within: Any
) -> None:
    with within():
        assert notices.mail(NoticeMail.DAILY, timezone.now()) == 1
        assert notices.mail(NoticeMail.DAILY, timezone.now()) == 0
        body = OutboxMail.objects.get(kind="notices").body
    assert "■ コメント" in body and f"{QUESTION}(渡辺)" in body


def test_nobody_hears_of_a_plan_on_an_account_they_may_not_see(
    plan: SuccessPlan, where: str, watanabe: Browser, told: Any
) -> None:
    watanabe.post(f"plans/{plan.pk}/comments/", {"where": where, "text": "@中村 見てください"})
    assert told() == {"鈴木": "comment"}


# One's own words


def test_own_words_are_written_anew_and_a_name_added_is_news(
    first: PlanComment, plan: SuccessPlan, watanabe: Browser, told: Any, within: Any
) -> None:
    edit = {"field": "text", "value": f"@伊藤 {QUESTION}", "base": QUESTION}
    assert watanabe.post(f"edit/plan_comment/{first.pk}/", edit).status_code == 200
    assert told() == {"鈴木": "comment", "伊藤": "mention"}
    page = texts(watanabe.get(f"plans/{plan.pk}/"))
    assert f"@伊藤 {QUESTION}" in page and "書き直し" in page
    assert watanabe.post(f"edit/plan_comment/{first.pk}/", {**edit, "value": " "}).status_code == 422


def test_nobody_changes_or_deletes_the_words_of_others(
    first: PlanComment, plan: SuccessPlan, suzuki: Browser, world: World, sign_in: Any, within: Any
) -> None:
    edit = {"field": "text", "value": "言っていない", "base": QUESTION}
    for person in (suzuki, Browser(sign_in(world.member(Role.ADMIN)))):
        assert person.post(f"edit/plan_comment/{first.pk}/", edit).status_code == 403
        assert person.post(f"delete/plan_comment/{first.pk}/").status_code == 403
        assert f"delete/plan_comment/{first.pk}" not in texts(person.get(f"plans/{plan.pk}/"))
    with within():
        assert PlanComment.objects.get().text == QUESTION


def test_a_deleted_comment_comes_back(
    first: PlanComment, plan: SuccessPlan, watanabe: Browser, suzuki: Browser, within: Any
) -> None:
    gone = watanabe.post(f"delete/plan_comment/{first.pk}/", headers={"HX-Request": "true", "HX-Target": "x"})
    assert f"restore/plan_comment/{first.pk}/" in gone.headers["HX-Trigger"]
    assert QUESTION not in texts(suzuki.get(f"plans/{plan.pk}/"))
    assert suzuki.post(f"restore/plan_comment/{first.pk}/").status_code == 403
    watanabe.post(f"restore/plan_comment/{first.pk}/")
    assert QUESTION in texts(suzuki.get(f"plans/{plan.pk}/"))


def test_answers_stay_when_what_they_answer_is_deleted(
    first: PlanComment, plan: SuccessPlan, watanabe: Browser, suzuki: Browser, within: Any
) -> None:
    suzuki.post(f"comments/{first.pk}/replies/", {"text": "15%以下です"})
    watanabe.post(f"delete/plan_comment/{first.pk}/")
    page = texts(suzuki.get(f"plans/{plan.pk}/"))
    assert QUESTION not in page and "15%以下です" in page and "最初のコメントは削除されました" in page
    with within():
        answer = PlanComment.objects.get()
    assert f"comments/{answer.pk}/replies/" in page
    suzuki.post(f"comments/{answer.pk}/resolution/")
    assert "鈴木 11/19に解決" in texts(suzuki.get(f"plans/{plan.pk}/"))
    with within():
        PlanComment.everything.get(pk=first.pk).delete()  # as the bin is emptied
        assert PlanComment.objects.get().answers_id is None
        assert not Notice.objects.filter(about=first.pk).exists()


def test_a_comment_stands_at_its_field_also_for_who_may_not_write_there(
    first: PlanComment, plan: SuccessPlan, world: World, sign_in: Any
) -> None:
    page = texts(Browser(sign_in(world.member(Role.VIEWER))).get(f"plans/{plan.pk}/"))
    place = f"edit-criterion-{first.record}-target"
    assert f'data-at="{place}"' in page and f'id="{place}"' in page


def test_programs_comment_and_answer(
    plan: SuccessPlan, where: str, first: PlanComment, world: World, within: Any
) -> None:
    program = Program(world.csm)
    kind, record, field = where.split(":")
    at = {"plan": str(plan.pk), "kind": kind, "record": record, "field": field}
    assert program("POST", "plan-comments", {**at, "text": "目標の根拠は"}).status_code == 201
    answer = program(
        "POST", "plan-comments", {"plan": str(plan.pk), "answers": str(first.pk), "text": "15%です"}
    )
    assert (answer.status_code, answer.json()["field"]) == (201, "target")
    for wrong in ({**at, "field": "tenant"}, {**at, "record": str(uuid4())}, {"plan": str(plan.pk)}):
        assert program("POST", "plan-comments", {**wrong, "text": "?"}).status_code == 400
    mine = f"plan-comments/{answer.json()['id']}"
    assert program("PATCH", mine, {"text": "14%です"}, If_Match="*").status_code == 200
    theirs = program("PATCH", f"plan-comments/{first.pk}", {"text": "14%です"}, If_Match="*")
    assert theirs.status_code == 403
    assert program("DELETE", mine, If_Match="*").status_code == 204
