"""A recovery plan: four objectives at most, proposed from what is weak, shared after the manager agreed (S3 3.7)."""

import json
import re
from collections.abc import Callable
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import MetricDefinition, MetricSample
from health.models import AccountScore
from success_plans import objectives, reviewing, sharing
from success_plans.candidates import candidates_of
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.roles import Role
from tests import make
from tests.api.program import Program
from tests.success_plans.conftest import ENDS, STARTS, Browser
from tests.threads import in_threads
from tests.world import TODAY, World

FOUR = ("一つめ", "二つめ", "三つめ", "四つめ")
FIFTH = "五つめの目標を、いま書いたところ"


@pytest.fixture
def recovery(world: World, within: Any) -> SuccessPlan:
    """鈴木's draft with four objectives; the second has a criterion and an action."""
    with within():
        account = world.account()
        found = make.row(
            SuccessPlan, account, title="回復計画", plan_type="recovery", starts_on=STARTS, ends_on=ENDS
        )
        rows = [
            make.row(Objective, account, plan=found, statement=text, position=place)
            for place, text in enumerate(FOUR, 1)
        ]
        make.row(Criterion, account, objective=rows[1], metric="入電数")
        make.row(ActionItem, account, plan=found, objective=rows[1], text="聞く")
    return found


def statements(plan: SuccessPlan) -> list[str]:
    rows = Objective.objects.filter(plan=plan).order_by("position", "pk")
    return list(rows.values_list("statement", flat=True))


def the(plan: SuccessPlan, text: str) -> Objective:
    return Objective.everything.get(plan=plan, statement=text)


# The fifth


def test_the_fifth_asks_which_one_to_swap_and_keeps_what_was_typed(
    recovery: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    asked = suzuki.post(f"plans/{recovery.pk}/objectives/", {"text": FIFTH}, HTTP_IDEMPOTENCY_KEY="f" * 32)
    html = asked.content.decode()
    assert (asked.status_code, "どの目標と入れ替えますか" in html) == (409, True)
    assert f">{FIFTH}</textarea>" in html
    assert [text for text in FOUR if f"「{text}」と入れ替える" in html] == list(FOUR)
    with within():
        assert statements(recovery) == list(FOUR)


def test_one_step_swaps_and_one_undoes_it_with_all_that_hung_on_it(
    recovery: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        second = the(recovery, "二つめ")
    done = suzuki.post(f"plans/{recovery.pk}/swap/", {"text": FIFTH, "out": str(second.pk)})
    assert done.status_code == 200
    with within():
        assert statements(recovery) == ["一つめ", FIFTH, "三つめ", "四つめ"]
    undo = json.loads(done.headers["HX-Trigger"])["toast"]["undo"]
    assert suzuki.post(undo.removeprefix("/t/midori/")).status_code == 200
    with within():
        assert statements(recovery) == list(FOUR)
        assert second.criteria.count() == 1
        assert ActionItem.objects.filter(objective=second).count() == 1
        assert the(recovery, FIFTH).deleted_at is not None  # not lost


def test_an_undo_that_comes_twice_says_so(recovery: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        first = the(recovery, "一つめ")
    done = suzuki.post(f"plans/{recovery.pk}/swap/", {"text": FIFTH, "out": str(first.pk)})
    undo = json.loads(done.headers["HX-Trigger"])["toast"]["undo"].removeprefix("/t/midori/")
    suzuki.post(undo)
    again = suzuki.post(undo)
    assert "いまのプランを見てください" in json.loads(again.headers["HX-Trigger"])["toast"]["text"]
    with within():
        assert statements(recovery) == list(FOUR)


@pytest.mark.parametrize("out", ["", "keine", "019a8f00-0000-7000-8000-000000000000"])
def test_a_swap_for_an_objective_that_is_not_there_asks_again(
    out: str, recovery: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    asked = suzuki.post(f"plans/{recovery.pk}/swap/", {"text": FIFTH, "out": out})
    assert asked.status_code == 409
    assert FIFTH in asked.content.decode()
    with within():
        assert statements(recovery) == list(FOUR)


def test_other_types_have_no_limit(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    for text in FOUR:
        assert suzuki.post(f"plans/{plan.pk}/objectives/", {"text": text}).status_code == 200
    with within():
        assert Objective.objects.filter(plan=plan).count() == 5


def test_the_database_refuses_the_fifth_however_it_comes(recovery: SuccessPlan, within: Any) -> None:
    with within():
        row = {"account_id": recovery.account_id, "plan": recovery, "statement": "もう一つ"}
        with pytest.raises(IntegrityError, match="one too many"), transaction.atomic():
            Objective.objects.bulk_create([Objective(**row), Objective(**row)])
        the(recovery, "一つめ").put_in_bin()
        with pytest.raises(IntegrityError, match="one too many"), transaction.atomic():
            Objective.objects.bulk_create([Objective(**row), Objective(**row)])
        Objective.objects.create(**row)
        with pytest.raises(IntegrityError, match="one too many"), transaction.atomic():
            Objective.everything.filter(plan=recovery).update(deleted_at=None)


def test_out_of_the_bin_asks_too(recovery: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        first = the(recovery, "一つめ")
        first.put_in_bin()
        objectives.add(objectives.write(recovery, FIFTH))
        third = the(recovery, "三つめ")
    refused = suzuki.post(f"restore/objective/{first.pk}/")
    assert refused.headers["Location"] == f"/t/midori/plans/{recovery.pk}/?back={first.pk}"
    html = suzuki.get(f"plans/{recovery.pk}/?back={first.pk}").content.decode()
    assert "どの目標と入れ替えますか" in html and "data-opens-itself" in html
    suzuki.post(f"plans/{recovery.pk}/swap/", {"back": str(first.pk), "out": str(third.pk)})
    with within():
        assert sorted(statements(recovery)) == sorted(["一つめ", "二つめ", FIFTH, "四つめ"])


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_the_same_moment_one_is_asked(
    recovery: SuccessPlan, world: World, within: Any
) -> None:
    with within():
        the(recovery, "四つめ").put_in_bin()
    barrier, came = Barrier(2), []

    def add(text: str) -> Callable[[], None]:
        def act() -> None:
            with within():
                barrier.wait(5)
                try:
                    objectives.add(objectives.write(recovery, text))
                except objectives.Full:
                    came.append("asked")
                else:
                    came.append("added")

        return act

    in_threads(add("佐藤の五つめ"), add("鈴木の五つめ"))
    assert sorted(came) == ["added", "asked"]
    with within():
        assert Objective.objects.filter(plan=recovery).count() == 4


# By API


@pytest.fixture
def api(world: World) -> Program:
    return Program(world.csm)


def test_the_fifth_by_api_is_refused_until_it_says_what_it_replaces(
    recovery: SuccessPlan, api: Any, within: Any
) -> None:
    refused = api("POST", "objectives", {"plan": str(recovery.pk), "statement": FIFTH})
    assert (refused.status_code, "4つまで" in refused.content.decode()) == (400, True)
    with within():
        first = the(recovery, "一つめ")
    made = api(
        "POST", "objectives", {"plan": str(recovery.pk), "statement": FIFTH, "replaces": str(first.pk)}
    )
    assert made.status_code == 201
    with within():
        assert statements(recovery) == [FIFTH, "二つめ", "三つめ", "四つめ"]
    again = api(
        "POST", "objectives", {"plan": str(recovery.pk), "statement": "六つめ", "replaces": str(first.pk)}
    )
    assert (again.status_code, "replaces" in again.content.decode()) == (400, True)


def test_candidates_are_told_and_taken_up_by_api(recovery: SuccessPlan, api: Any, within: Any) -> None:
    with within():
        Objective.objects.filter(plan=recovery).delete()
        make.row(
            AccountScore, recovery.account, score=30, band="risk", parts={"plan_progress": 20}, since=TODAY
        )
    shown = api("GET", f"plans/{recovery.pk}")
    told = shown.json()["candidates"]
    assert told[0]["key"] == "measure:plan_progress"
    path, given = f"plans/{recovery.pk}/take-up", {"key": told[0]["key"]}
    assert api("POST", path, given, If_Match=shown["ETag"]).status_code == 200
    assert api("POST", path, given, If_Match=shown["ETag"]).status_code == 409
    with within():
        assert Objective.objects.get(plan=recovery).arises_from == told[0]["source"]


# What it could be about


@pytest.fixture
def weak(plan: SuccessPlan, within: Any) -> SuccessPlan:
    """A second plan of 鈴木's account, which has a red measure, a criterion behind, a late action and no 決裁者."""
    with within():
        account = plan.account
        metric = make.row(MetricDefinition, name="入電", unit="件")
        make.row(MetricSample, account, metric=metric, unit=None, on=TODAY, value=41_000)
        Criterion.objects.filter(objective__plan=plan).update(measured_by=metric)
        make.row(
            AccountScore,
            account,
            score=30,
            band="risk",
            parts={"plan_progress": 20, "recency": 90},
            since=TODAY,
        )
        return make.row(
            SuccessPlan, account, title="立て直し", plan_type="recovery", starts_on=STARTS, ends_on=ENDS
        )


def test_candidates_name_what_is_weak_and_where_it_stands(weak: SuccessPlan, within: Any) -> None:
    with within():
        found = candidates_of(weak, TODAY)
    assert [one.key.split(":")[0] for one in found][:3] == ["measure", "criterion", "overdue"]
    assert found[0].source == "ヘルス「プランの進み」20点(危険)"
    assert found[1].statement == "2027年3月31日までに、入電数を41,000件から31,500件へ下げる"
    assert "未達の基準「入電数」10%(予定27%)、2026年度下期" in found[1].source
    assert found[2].source == "期日を過ぎたアクション「シナリオを12本に広げる」、2026年度下期"
    assert "空欄「決裁者」" in [one.source for one in found]


def test_one_click_takes_a_candidate_up_with_its_source_and_figures(
    weak: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    html = suzuki.get(f"plans/{weak.pk}/").content.decode()
    key = re.findall(r'name="key" value="(criterion:[^"]+)"', html)[0]
    assert suzuki.post(f"plans/{weak.pk}/candidates/", {"key": key}).status_code == 200
    with within():
        made = Objective.objects.get(plan=weak)
        criterion = made.criteria.get()
        assert made.arises_from.startswith("未達の基準「入電数」")
        assert (criterion.baseline, criterion.target, criterion.direction) == (41_000, 31_500, "down")
        assert criterion.measured_by.name == "入電"
        assert criterion.due_on == date(2027, 3, 31)
    html = suzuki.get(f"plans/{weak.pk}/").content.decode()
    assert "出どころ" in html and key not in html
    suzuki.post(f"delete/objective/{made.pk}/")
    assert key in suzuki.get(f"plans/{weak.pk}/").content.decode()  # still weak


def test_a_candidate_for_a_full_plan_asks_and_comes_in_by_a_swap(
    weak: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        for text in FOUR:
            make.row(Objective, weak.account, plan=weak, statement=text)
    given = {"key": "measure:plan_progress"}
    asked = suzuki.post(f"plans/{weak.pk}/candidates/", given)
    assert (asked.status_code, "ヘルス「プランの進み」" in asked.content.decode()) == (409, True)
    with within():
        out = the(weak, "三つめ")
    suzuki.post(f"plans/{weak.pk}/swap/", {**given, "out": str(out.pk)})
    with within():
        made = Objective.objects.get(plan=weak, candidate="measure:plan_progress")
        assert made.criteria.get().target == 50
        assert "三つめ" not in statements(weak)


def test_a_candidate_that_is_gone_says_so(weak: SuccessPlan, suzuki: Browser, within: Any) -> None:
    answer = suzuki.post(f"plans/{weak.pk}/candidates/", {"key": "measure:invented"})
    assert "この候補は、もうありません" in json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    with within():
        assert not Objective.objects.filter(plan=weak).exists()


def test_only_recovery_plans_are_proposed_something(plan: SuccessPlan, within: Any) -> None:
    with within():
        assert candidates_of(plan, TODAY) == []


# Sharing


def test_it_is_shared_after_the_agreement_and_not_before(
    recovery: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    refused = suzuki.post(f"plans/{recovery.pk}/sharing/")
    assert (refused.status_code, "承認を得てから" in told(refused)) == (422, True)
    with within():
        reviewing.submit(recovery, world.csm)
    assert suzuki.post(f"plans/{recovery.pk}/sharing/").status_code == 422
    with within():
        reviewing.approve(recovery, world.member(Role.MANAGER))
    assert suzuki.post(f"plans/{recovery.pk}/sharing/").status_code == 200
    with within():
        assert SuccessPlan.objects.get(pk=recovery.pk).shared_on == TODAY
    assert "お客様と共有 11/19" in suzuki.get(f"plans/{recovery.pk}/").content.decode()
    suzuki.post(f"plans/{recovery.pk}/reopening/?to=draft")
    with within():
        assert SuccessPlan.objects.get(pk=recovery.pk).shared_on is None


def told(response: Any) -> str:
    return str(json.loads(response.headers["HX-Trigger"])["toast"]["text"])


def test_the_database_keeps_a_draft_of_it_inside(recovery: SuccessPlan, within: Any) -> None:
    with within(), pytest.raises(IntegrityError, match="recovery_is_agreed"):
        SuccessPlan.objects.filter(pk=recovery.pk).update(shared_on=TODAY)


def test_other_plans_are_shared_as_they_are_written_and_no_longer(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    assert suzuki.post(f"plans/{plan.pk}/sharing/").status_code == 200
    assert suzuki.post(f"plans/{plan.pk}/sharing/end/").status_code == 200
    with within():
        found = SuccessPlan.objects.get(pk=plan.pk)
        assert found.shared_on is None
        reviewing.cancel(found, found.account.csm)
        with pytest.raises(ValidationError, match="取りやめた"):
            sharing.share(found, TODAY)
