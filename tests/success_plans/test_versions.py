"""What was approved is frozen; what became of it is told field by field, with a reason for every changed promise."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from success_plans import reviewing, versions
from success_plans.models import ActionItem, ChangeReason, Criterion, Objective, PlanVersion, SuccessPlan
from tenants.roles import Role
from tests.success_plans.conftest import ENDS, Browser
from tests.world import World

LATER = ENDS + timedelta(days=30)


@pytest.fixture
def approved(plan: SuccessPlan, world: World, within: Any) -> SuccessPlan:
    """鈴木's plan, approved as it stands and begun."""
    with within():
        SuccessPlan.objects.filter(pk=plan.pk).update(state="draft")
        reviewing.submit(plan, world.csm)
        reviewing.approve(plan, world.member(Role.MANAGER))
        plan.activate()
    return plan


def criterion(plan: SuccessPlan) -> Criterion:
    return Criterion.objects.get(objective__plan=plan)  # type: ignore[no-any-return]


def edit(browser: Browser, kind: str, pk: Any, field: str, value: str, base: str) -> Any:
    return browser.post(f"edit/{kind}/{pk}/", {"field": field, "value": value, "base": base})


def texts(response: Any) -> str:
    said = response.headers.get("HX-Trigger", "").encode().decode("unicode_escape")
    return str(response.content.decode()) + said


def test_approving_freezes_everything_that_is_written_in_the_plan(approved: SuccessPlan, within: Any) -> None:
    with within():
        version = PlanVersion.objects.get(plan=approved.pk)
        kinds = sorted(kept.kind for kept in versions.content_of(version).values())
        assert (version.number, kinds) == (1, ["action", "criterion", "objective", "plan"])
        kept = versions.content_of(version)[str(criterion(approved).pk)]
        assert (kept.fields["metric"], kept.fields["target"]) == ("入電数", "31500")


@pytest.mark.parametrize("statement", ["UPDATE success_plans_planversion SET number = 9", "DELETE FROM success_plans_planversion"])  # fmt: skip
def test_nobody_changes_a_version_not_even_the_app_itself(
    statement: str, approved: SuccessPlan, within: Any
) -> None:
    with within(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
    with within():
        assert PlanVersion.objects.get(plan=approved.pk).number == 1


def test_a_second_approval_is_a_second_version(approved: SuccessPlan, world: World, within: Any) -> None:
    with within():
        approved.reopen("draft")
        Criterion.objects.filter(objective__plan=approved).update(target=30_000)
        reviewing.submit(approved, world.csm)
        reviewing.approve(approved, world.member(Role.MANAGER))
        both = list(PlanVersion.objects.filter(plan=approved.pk).order_by("number"))
        found = versions.compare(*(versions.content_of(one) for one in both))
    assert [one.number for one in both] == [1, 2]
    (change,) = found.changes
    assert (change.key, change.before, change.after, change.is_target) == ("target", "31500", "30000", True)


def test_the_comparison_tells_slipped_dates_targets_and_what_came_and_went(
    approved: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        Criterion.objects.filter(objective__plan=approved).update(due_on=LATER, target=33_000)
        ActionItem.objects.filter(plan=approved).update(due_on=date(2026, 10, 20))
        Objective.objects.create(account=approved.account, plan=approved, statement="足した目標")
        found = versions.compare(
            versions.content_of(PlanVersion.objects.get(plan=approved.pk)), versions.read(approved)
        )
    by_key = {(change.kind, change.key): change for change in found.changes}
    assert (found.slipped, found.targets) == (1, 1)
    assert by_key["criterion", "due_on"].days == 30
    assert by_key["action", "due_on"].days == -11
    html = texts(suzuki.get(f"plans/{approved.pk}/comparison/"))
    assert "30日遅く" in html and "目標を変更" in html and "足した目標" in html and "期初" in html
    same = texts(suzuki.get(f"plans/{approved.pk}/comparison/?from=1&to=1"))
    assert "違いはありません" in same


def test_a_changed_promise_asks_for_a_reason_that_stays_with_it(
    approved: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        pk = str(criterion(approved).pk)
        Criterion.objects.filter(pk=pk).update(target=33_000, method="CTI日報")
    page = texts(suzuki.get(f"plans/{approved.pk}/"))
    assert "理由のない期日・目標の変更が1件" in page and "31,500 → 33,000" in page
    form = {"record": pk, "field": "target", "after": "33000", "reason": " "}
    assert suzuki.post(f"plans/{approved.pk}/reasons/", form).status_code == 422
    form["reason"] = "繁忙期の実績に合わせた"
    for _twice in range(2):
        assert suzuki.post(f"plans/{approved.pk}/reasons/", form).status_code == 200
    with within():
        assert ChangeReason.objects.get(plan=approved).before == "31500"
    assert "理由のない期日・目標の変更" not in texts(suzuki.get(f"plans/{approved.pk}/"))
    assert "繁忙期の実績に合わせた" in texts(suzuki.get(f"plans/{approved.pk}/comparison/"))
    with within():
        Criterion.objects.filter(pk=pk).update(target=34_000)
    assert "理由のない期日・目標の変更が1件" in texts(suzuki.get(f"plans/{approved.pk}/")), (
        "the next change asks again"
    )
    stale = suzuki.post(f"plans/{approved.pk}/reasons/", {**form, "after": "33000"})
    assert (stale.status_code, "もうありません" in texts(stale)) == (422, True)


def test_before_an_approval_nothing_is_asked(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        Criterion.objects.filter(objective__plan=plan).update(target=33_000)
    assert "理由のない" not in texts(suzuki.get(f"plans/{plan.pk}/"))
    assert "まだ承認された版がありません" in texts(suzuki.get(f"plans/{plan.pk}/comparison/"))
    assert suzuki.get(f"plans/{plan.pk}/comparison/?from=1").status_code == 404


def test_a_field_comes_back_by_the_way_every_edit_goes(
    approved: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        one = criterion(approved)
        Criterion.objects.filter(pk=one.pk).update(target=33_000)
    form = {"from": "1", "record": str(one.pk), "field": "target"}
    assert suzuki.post(f"plans/{approved.pk}/restoration/", form).status_code == 303
    with within():
        back = criterion(approved)
        assert back.target == 31_500
        assert back.events.order_by("-pgh_id").first().pgh_actor.startswith("member:")


@pytest.mark.parametrize(
    "wrong", [{"from": "7"}, {"from": "x"}, {"record": str(UUID(int=1))}, {"field": "nothing"}, {"field": "tenant_id"}]
)  # fmt: skip
def test_only_what_a_version_holds_comes_back(
    wrong: dict[str, str], approved: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        form = {"from": "1", "record": str(criterion(approved).pk), "field": "target"}
    assert suzuki.post(f"plans/{approved.pk}/restoration/", {**form, **wrong}).status_code == 404


def test_what_lies_in_the_bin_is_not_changed_from_a_version(
    approved: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        one = criterion(approved)
        Criterion.objects.filter(pk=one.pk).update(target=33_000)
        one.put_in_bin()
    form = {"from": "1", "record": str(one.pk), "field": "target"}
    refused = suzuki.post(f"plans/{approved.pk}/restoration/", form)
    assert (refused.status_code, "ごみ箱から戻して" in texts(refused)) == (422, True)


@pytest.mark.parametrize(("role", "status"), [(Role.SALES, 403), (Role.VIEWER, 403), (Role.CONTRIBUTOR, 404)])
def test_readers_compare_and_do_not_restore(
    role: Role, status: int, approved: SuccessPlan, world: World, sign_in: Any, within: Any
) -> None:
    person = Browser(sign_in(world.member(role)))
    with within():
        form = {
            "from": "1",
            "record": str(criterion(approved).pk),
            "field": "target",
            "after": "1",
            "reason": "x",
        }
    for path in ("restoration", "reasons"):
        assert person.post(f"plans/{approved.pk}/{path}/", form).status_code == status
    reads = person.get(f"plans/{approved.pk}/comparison/").status_code
    assert reads == (404 if role is Role.CONTRIBUTOR else 200)


def test_an_erased_person_goes_from_frozen_texts_too(
    approved: SuccessPlan, world: World, within: Any
) -> None:
    from accounts.models import KeyPerson

    with within():
        person = KeyPerson.objects.create(account=approved.account, name="大庭 正樹")
        approved.reopen("draft")
        Objective.objects.filter(plan=approved).update(evidence="大庭 正樹さんが約束した")
        reviewing.submit(approved, world.csm)
        reviewing.approve(approved, world.member(Role.MANAGER))
        with connection.cursor() as cursor:
            cursor.execute("SELECT erase_person(%s, %s::uuid[])", [person.pk, []])
        version = PlanVersion.objects.filter(plan=approved.pk).order_by("-number").first()
    assert "大庭" not in repr(version.content) and "さんが約束した" in repr(version.content)
