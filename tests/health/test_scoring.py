"""Scores: bounds, what happens to the weight of the unknown, and that a quiet night writes nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account, Activity, KeyPerson, PersonRole
from health import blending, scoring
from health.models import AccountScore, Scorecard, ScoreDay
from health.registry import all_measures
from success_plans import progress
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.scope import tenant_scope
from tests import make
from tests.world import TODAY, World

CODES = ("plan_progress", "recency", "sponsor_coverage")
points = st.dictionaries(st.sampled_from(CODES), st.none() | st.integers(0, 100))
weights = st.fixed_dictionaries({code: st.integers(0, 100) for code in CODES})


@given(points, weights)
def test_a_score_lies_between_the_lowest_and_the_highest_known_point(
    given_points: dict[str, int | None], given_weights: dict[str, int]
) -> None:
    score = blending.blend(given_points, given_weights)
    known = [v for code, v in given_points.items() if v is not None and given_weights[code]]
    assert (score is None) is (not known)
    if score is not None:
        assert min(known) <= score <= max(known)


@given(points, weights, st.randoms())
def test_the_order_of_measures_does_not_matter(
    given_points: dict[str, int | None], given_weights: dict[str, int], random: Any
) -> None:
    shuffled = list(given_points.items())
    random.shuffle(shuffled)
    assert blending.blend(dict(shuffled), given_weights) == blending.blend(given_points, given_weights)


@given(points, weights)
def test_what_is_unknown_changes_nothing_and_its_weight_goes_to_the_rest(
    given_points: dict[str, int | None], given_weights: dict[str, int]
) -> None:
    known = {code: value for code, value in given_points.items() if value is not None}
    assert blending.blend(given_points, given_weights) == blending.blend(known, given_weights)
    parts = blending.shares(given_points, given_weights)
    assert round(sum(parts.values()), 6) in (0, 100)
    assert all(parts[code] == 0 for code, value in given_points.items() if value is None)


@given(points, weights, st.sampled_from(CODES))
def test_better_points_never_make_a_worse_score(
    given_points: dict[str, int | None], given_weights: dict[str, int], code: str
) -> None:
    if given_points.get(code) is None:
        return
    better = {**given_points, code: min(100, given_points[code] + 10)}
    before, after = blending.blend(given_points, given_weights), blending.blend(better, given_weights)
    assert before is None or (after is not None and after >= before)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (100, "good"),
        (70, "good"),
        (69, "caution"),
        (50, "caution"),
        (49, "risk"),
        (0, "risk"),
        (None, "none"),
    ],
)
def test_bounds_are_inclusive(score: int | None, expected: str) -> None:
    assert blending.band(score, 70, 50) == expected


@pytest.fixture
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


def scored(account: Account, today: date = TODAY) -> AccountScore:
    scoring.score_all(today)
    return AccountScore.objects.get(account=account)


def people(account: Account, *kinds: str) -> None:
    for kind in kinds:
        make.row(PersonRole, account, person=make.row(KeyPerson, account), kind=kind)


def test_an_account_nobody_knows_anything_about_is_unmeasured(scope: Any) -> None:
    found = scored(make.account())
    assert (found.score, found.band) == (None, "none")
    assert found.parts == dict.fromkeys(CODES)


@pytest.mark.parametrize(("days", "expected"), [(0, 100), (7, 100), (33, 51), (34, 49), (60, 0), (200, 0)])
def test_recency_falls_from_full_to_nothing(days: int, expected: int, scope: Any) -> None:
    account = make.account()
    make.row(Activity, account, on=TODAY - timedelta(days=days))
    assert scored(account).parts["recency"] == expected


def test_recency_knows_only_what_was_known_on_that_day(scope: Any) -> None:
    account = make.account()
    make.row(Activity, account, on=TODAY - timedelta(days=40))
    make.row(Activity, account, on=TODAY)
    make.row(Activity, account, on=TODAY + timedelta(days=3), state="planned")
    assert scored(account).score == 100
    scoring.score_all(TODAY - timedelta(days=20))
    past = ScoreDay.objects.get(account=account, on=TODAY - timedelta(days=20))
    assert past.score == 75  # 20 days after the older record
    assert AccountScore.objects.get(account=account).score == 100, "the past does not touch the present"


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [((), 0), (("champion",), 50), (("champion", "champion"), 50), (("champion", "economic_buyer"), 100)],
)
def test_sponsors_count_half_each(kinds: tuple[str, ...], expected: int, scope: Any) -> None:
    account = make.account()
    make.row(KeyPerson, account)
    people(account, *kinds)
    assert scored(account).parts["sponsor_coverage"] == expected


def test_a_champion_who_left_no_longer_counts(scope: Any) -> None:
    account = make.account()
    people(account, "champion")
    KeyPerson.objects.filter(account=account).update(state="left", state_since=TODAY)
    assert scored(account).parts["sponsor_coverage"] == 0


def plan_of(account: Account, **fields: Any) -> SuccessPlan:
    start, end = TODAY - timedelta(days=100), TODAY + timedelta(days=100)
    return make.row(SuccessPlan, account, **{"state": "active", "starts_on": start, "ends_on": end, **fields})


def criterion(account: Account, plan: SuccessPlan, *values: int | None, **fields: Any) -> Criterion:
    objective = make.row(Objective, account, plan=plan)
    baseline, actual, target = values
    return make.row(
        Criterion, account, objective=objective, baseline=baseline, actual=actual, target=target, **fields
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0, 50, 100), 100),
        ((0, 25, 100), 50),
        ((0, 0, 100), 0),
        ((0, -10, 100), 0),
        ((0, 100, 100), 100),
        ((0, None, 100), None),
    ],
)
def test_plan_progress_is_measured_against_today(
    values: tuple[Any, ...], expected: int | None, scope: Any
) -> None:
    account = make.account()
    criterion(account, plan_of(account), *values)
    assert scored(account).parts["plan_progress"] == expected


def test_actions_weigh_three_tenths_and_only_due_ones_count(scope: Any) -> None:
    account = make.account()
    plan = plan_of(account)
    own = criterion(account, plan, 0, 50, 100)
    for state, due in (("done", 1), ("todo", 1), ("todo", -5), ("dropped", 1)):
        make.row(
            ActionItem,
            account,
            plan=plan,
            objective=own.objective,
            state=state,
            due_on=TODAY - timedelta(days=due),
        )
    assert scored(account).parts["plan_progress"] == 85


@pytest.mark.parametrize(
    "fields", [{"state": "draft"}, {"state": "completed"}, {"starts_on": TODAY + timedelta(days=1)}]
)
def test_only_running_plans_are_measured(fields: dict[str, Any], scope: Any) -> None:
    account = make.account()
    criterion(account, plan_of(account, **fields), 0, 50, 100)
    assert scored(account).parts["plan_progress"] is None


number = st.integers(-500, 500)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["up", "down"]), number, number, number, st.integers(-300, 300), st.integers(1, 400))
def test_the_statement_agrees_with_the_pure_functions(
    scope: Any, direction: str, baseline: int, actual: int, target: int, began: int, lasts: int
) -> None:
    from health.measures.plan_progress import against_expected

    account = make.account()
    start = TODAY - timedelta(days=began)
    plan = plan_of(account, starts_on=start, ends_on=start + timedelta(days=lasts))
    own = criterion(account, plan, baseline, actual, target, direction=direction)
    found = against_expected(TODAY).filter(pk=own.pk).first()
    done = progress.progress(direction, Decimal(baseline), Decimal(actual), Decimal(target))
    due = progress.expected(start, plan.ends_on, TODAY)
    if done is None or not due or began < 0:
        assert found is None
    else:
        assert found is not None
        assert found.points == pytest.approx(float(100 * min(1, max(0, done) / due)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weights)
def test_the_statement_blends_like_the_pure_function(scope: Any, given_weights: dict[str, int]) -> None:
    Scorecard.objects.update_or_create(defaults={"weights": given_weights})
    account = make.account()
    make.row(Activity, account, on=TODAY - timedelta(days=33))
    people(account, "champion", "economic_buyer")
    found = scored(account)
    assert found.score == blending.blend(found.parts, given_weights)


def test_a_tenants_bands_decide(scope: Any) -> None:
    account = make.account()
    make.row(Activity, account, on=TODAY - timedelta(days=33))
    assert scored(account).band == "caution"
    Scorecard.objects.create(good_from=50, caution_from=20)
    assert scored(account).band == "good"


def test_a_quiet_night_rewrites_nothing(scope: Any) -> None:
    account = make.account()
    make.row(Activity, account, on=TODAY)
    scoring.score_all(TODAY)
    before = AccountScore.objects.get(account=account)
    assert scoring.write_day(TODAY) == 0
    scoring.score_all(TODAY + timedelta(days=1))
    after = AccountScore.objects.get(account=account)
    assert (after.version, after.since) == (before.version, TODAY)
    assert ScoreDay.objects.filter(account=account).count() == 2


def test_only_live_accounts_are_scored(scope: Any) -> None:
    for stage in ("prospect", "churned"):
        make.row(Activity, make.account(stage=stage))
    live = Account.objects.live().count()
    assert scoring.score_all(TODAY) == live == ScoreDay.objects.filter(on=TODAY).count()


def test_the_change_is_since_four_weeks_ago(scope: Any) -> None:
    account = make.account()
    make.row(Activity, account, on=TODAY - timedelta(days=33))
    scoring.score_all(TODAY - timedelta(days=29))
    scored(account)
    with_change = AccountScore.objects.with_change(TODAY).get(account=account)
    assert (with_change.before, with_change.change) == (100, -49)


def test_other_tenants_are_not_scored(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        scoring.score_all(TODAY)
    with tenant_scope(world.tenant("aoba")):
        assert not ScoreDay.objects.exists()


def test_the_number_of_statements_is_fixed(scope: Any) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        scoring.score_all(TODAY)
    for _ in range(10):
        make.account()
    with CaptureQueriesContext(connection) as many:
        scoring.score_all(TODAY)
    assert len(many) == len(few) <= 6


def test_every_measure_says_what_it_is(scope: Any) -> None:
    account = make.account()
    assert [measure.code for measure in all_measures()] == list(CODES)
    for measure in all_measures():
        assert measure.label and measure.hint and measure.read(account, TODAY).text
