from datetime import date
from typing import Any

import pytest

from accounts.models import BudgetStatus
from ctas.models import Cta, RuleSetting, Status
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, run, settles, stays_quiet
from tests.world import World

RULE = "budget_season"
OPENS = date(2026, 9, 30)  # six months before 2027-03-31, moved back to the month's last day


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


def test_it_fires_six_months_before_the_fiscal_year_ends_and_not_a_day_earlier() -> None:
    account = make.account(fiscal_month=3)
    stays_quiet(RULE, account, date(2026, 9, 29))
    cta = fires(RULE, account, OPENS)
    assert cta.occurrence == "2027"
    assert cta.evidence == {"ends_on": "2027-03-31", "year": 2027, "status": "undecided"}


@pytest.mark.parametrize("stage", ["prospect", "churned"])
def test_it_stays_quiet_outside_of_live_stages(stage: str) -> None:
    stays_quiet(RULE, make.account(fiscal_month=3, stage=stage), OPENS)


def test_an_unknown_fiscal_month_is_not_guessed() -> None:
    stays_quiet(RULE, make.account(fiscal_month=None), OPENS)


def test_a_closing_in_the_middle_of_a_month_keeps_its_day() -> None:
    account = make.account(fiscal_month=3, fiscal_day=20)
    stays_quiet(RULE, account, date(2026, 9, 19))
    assert fires(RULE, account, date(2026, 9, 20)).evidence["ends_on"] == "2027-03-20"


@pytest.mark.parametrize(("month", "day", "end"), [(4, 31, "2027-04-30"), (2, 30, "2028-02-29")])
def test_a_day_that_its_month_does_not_have_is_the_months_end(month: int, day: int, end: str) -> None:
    """The month was changed after the day; the night of a whole company must not stumble over it."""
    account = make.account(fiscal_month=month, fiscal_day=day)
    assert fires(RULE, account, date.fromisoformat(end)).evidence["ends_on"] == end


@pytest.mark.parametrize(("status", "closes"), [("considering", 0), ("included", 1), ("dropped", 1)])
def test_it_closes_when_the_budget_is_decided(status: str, closes: int, world: World) -> None:
    account = make.account(fiscal_month=3)
    cta = fires(RULE, account, OPENS)
    BudgetStatus.objects.create(account=account, fiscal_year=2027, status=status)
    assert settles(RULE, OPENS) == closes
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == ((Status.RESOLVED, "settled") if closes else (Status.TODO, ""))
    assert cta.evidence["status"] == ("undecided" if closes else "considering")


def test_last_years_decision_says_nothing_about_this_years() -> None:
    account = make.account(fiscal_month=3)
    BudgetStatus.objects.create(account=account, fiscal_year=2026, status="included")
    fires(RULE, account, OPENS)


def test_it_expires_when_the_year_is_over_and_a_new_year_is_a_new_cta() -> None:
    account = make.account(fiscal_month=3)
    cta = fires(RULE, account, OPENS)
    assert settles(RULE, date(2027, 3, 31)) == 0
    run(RULE, date(2027, 4, 1))
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "expired")
    assert fires(RULE, account, date(2027, 9, 30)).occurrence == "2028"


def test_the_lead_is_taken_from_the_account_then_the_tier_then_the_tenant() -> None:
    account = make.account(fiscal_month=3, tier="high")
    on = {"rule": RULE, "key": "lead", "set_on": OPENS}
    RuleSetting.objects.create(value="3", **on)
    stays_quiet(RULE, account, OPENS)
    RuleSetting.objects.create(value="5", tier="high", **on)
    stays_quiet(RULE, account, OPENS)
    RuleSetting.objects.create(value="8", account=account, **on)
    fires(RULE, account, date(2026, 7, 31))
    assert Cta.objects.filter(account=account).count() == 1


@pytest.mark.parametrize("mode", ["off", "dry_run"])
def test_only_a_rule_that_is_on_fires(mode: str) -> None:
    account = make.account(fiscal_month=3)
    setting = RuleSetting.objects.create(rule=RULE, key="mode", value=mode, set_on=OPENS)
    stays_quiet(RULE, account, OPENS)
    setting.delete()
    RuleSetting.objects.create(rule=RULE, key="mode", value=mode, account=account, set_on=OPENS)
    stays_quiet(RULE, account, OPENS)


def test_switching_a_rule_off_leaves_open_ctas_to_people() -> None:
    account = make.account(fiscal_month=3)
    cta = fires(RULE, account, OPENS)
    RuleSetting.objects.create(rule=RULE, key="mode", value="off", account=account, set_on=OPENS)
    assert settles(RULE, OPENS) == 0
    cta.refresh_from_db()
    assert cta.is_open
