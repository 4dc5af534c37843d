"""Colleagues talk about one field of a plan: threads, answers, resolved or not, by whom."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from success_plans.models import Criterion, Objective, PlanComment, SuccessPlan
from tenants.roles import Role
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
