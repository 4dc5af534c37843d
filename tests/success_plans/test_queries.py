from datetime import date, timedelta
from itertools import product
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, KeyPerson
from success_plans import queries
from success_plans.completeness import has_gap
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from success_plans.reading import aim_of
from tests import make
from tests.success_plans.conftest import ENDS, STARTS
from tests.world import TODAY, World


def test_sql_and_python_agree_on_gaps(plan: SuccessPlan, world: World, within: Any) -> None:
    whole = {
        "metric": "m", "unit": "件", "baseline": 9, "target": 5, "direction": "down", "method": "CTI",
        "due_on": ENDS, "review_on": ENDS,
    }  # fmt: skip
    blanks: list[dict[str, Any]] = [
        {}, {"unit": ""}, {"baseline": None}, {"target": None}, {"direction": "up"}, {"method": ""}, {"due_on": None},
        {"review_on": None},
    ]  # fmt: skip
    with within():
        account = world.account()
        person = make.row(KeyPerson, account)
        for why, owner, blank in product(("", "x"), (None, person), [None, *blanks]):
            objective = make.row(Objective, account, plan=plan, why=why, customer_owner=owner)
            if blank is not None:
                make.row(Criterion, account, objective=objective, **whole)
                make.row(Criterion, account, objective=objective, **{**whole, **blank})
        with_gaps = set(queries.objectives_with_gaps().values_list("pk", flat=True))
        for objective in Objective.objects.filter(plan=plan):
            aim = aim_of(objective, objective.criteria.all())
            assert (objective.pk in with_gaps) == has_gap(aim), aim


def test_cells_of_many_accounts_take_two_statements(plan: SuccessPlan, world: World, within: Any) -> None:
    with within():
        accounts = [make.account() for _n in range(20)]
        for account in accounts:
            objective = make.row(
                Objective, account, plan=make.row(SuccessPlan, account, starts_on=STARTS, ends_on=ENDS)
            )
            make.row(Criterion, account, objective=objective, target=5, due_on=ENDS)
        closed = make.account()
        make.row(
            Objective,
            closed,
            plan=make.row(SuccessPlan, closed, state="completed", starts_on=STARTS, ends_on=ENDS),
        )
        asked = [world.account_id(), closed.pk, *(account.pk for account in accounts)]
        with CaptureQueriesContext(connection) as seen:
            letters = queries.letters_of_accounts(asked)
    assert len(seen) == 2
    assert len(letters) == 21
    assert letters[accounts[0].pk] == {"S": "warn", "M": "warn", "A": "warn", "R": "none", "T": "ok"}


def test_what_lies_in_the_bin_counts_for_nothing(plan: SuccessPlan, world: World, within: Any) -> None:
    with within():
        Objective.objects.get(plan=plan).put_in_bin()
        assert queries.letters_of_plans([plan.pk]) == {}
        (found,) = queries.with_dates(SuccessPlan.objects.filter(pk=plan.pk), TODAY)
        assert (found.next_due, found.next_review, found.overdue_actions, found.objective_count) == (
            None,
            None,
            0,
            0,
        )


def test_plans_that_need_a_look_come_with_the_reason(plan: SuccessPlan, world: World, within: Any) -> None:
    with within():
        account = world.account()
        draft = make.row(SuccessPlan, account, title="古い下書き", starts_on=STARTS, ends_on=ENDS)
        SuccessPlan.objects.filter(pk=draft.pk).update(created_at="2026-11-01T00:00:00+09:00")
        review = make.row(
            SuccessPlan, account, title="振り返り待ち", state="active", starts_on=STARTS, ends_on=ENDS
        )
        objective = make.row(Objective, account, plan=review)
        make.row(Criterion, account, objective=objective, review_on=TODAY - timedelta(1))
        done = make.row(
            SuccessPlan, account, title="終わった", state="completed", starts_on=STARTS, ends_on=ENDS
        )
        hers = Account.objects.owned_by(world.csm)
        with CaptureQueriesContext(connection) as seen:
            found = queries.needing_attention(hers, TODAY)
    assert [(a.plan.title, a.overdue_actions, a.review_passed_on, a.draft_days) for a in found] == [
        ("2026年度下期", 1, None, 0),
        ("振り返り待ち", 0, date(2026, 11, 18), 0),
        ("古い下書き", 0, None, 18),
    ]
    assert done.title not in {a.plan.title for a in found}
    assert len(seen) == 3


def test_a_plan_without_blanks_and_in_time_is_left_alone(
    plan: SuccessPlan, world: World, within: Any
) -> None:
    with within():
        Objective.objects.filter(plan=plan).update(customer_owner=make.row(KeyPerson, world.account()))
        ActionItem.objects.filter(plan=plan).update(due_on=TODAY)
        assert queries.needing_attention(Account.objects.all(), TODAY) == []
