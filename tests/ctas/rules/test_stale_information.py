from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Account, Fact, FinancialFigure, FinancialPeriod
from accounts.sheet.counting import count_accounts
from ctas.models import Cta, RuleSetting, Status
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, run, settles, stays_quiet
from tests.world import TODAY, World

RULE = "stale_information"
OUT = date(2026, 6, 30)  # three months after 2026-03-31, the month's last day
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


def figures(
    account: Account, ends_on: date, state: str = "known", quarter: int | None = None
) -> FinancialPeriod:
    period = FinancialPeriod.objects.create(account=account, ends_on=ends_on, quarter=quarter)
    amount = 1 if state == "known" else None
    FinancialFigure.objects.create(
        account=account, financial_period=period, line="revenue", state=state, amount=amount
    )
    return period  # type: ignore[no-any-return]


def test_a_listed_company_is_read_three_months_after_its_year_and_not_a_day_earlier() -> None:
    account = make.account(fiscal_month=3, is_listed=True)
    figures(account, date(2025, 3, 31))
    stays_quiet(RULE, account, date(2026, 6, 29))
    cta = fires(RULE, account, OUT)
    assert (cta.subject, cta.occurrence) == ("figures", "2025")
    assert cta.evidence == {"ends_on": "2026-03-31", "year": 2025, "passes_on": "2027-06-30"}


def test_whoever_was_followed_so_far_is_followed_on_and_nobody_else() -> None:
    followed, unknown = make.account(fiscal_month=3), make.account(fiscal_month=3)
    figures(followed, date(2024, 3, 31))
    stays_quiet(RULE, unknown, OUT)
    assert Cta.objects.get(rule=RULE, account=followed).occurrence == "2025"


@pytest.mark.parametrize(
    ("state", "quarter", "closes"),
    [("known", None, 1), ("undisclosed", None, 1), ("unknown", None, 0), ("known", 3, 0)],
)
def test_what_somebody_has_read_of_the_whole_year_closes_it(
    state: str, quarter: int | None, closes: int
) -> None:
    account = make.account(fiscal_month=3, is_listed=True)
    cta = fires(RULE, account, OUT)
    period = figures(account, date(2026, 3, 31), state, quarter)
    assert settles(RULE, OUT) == closes
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == ((Status.RESOLVED, "read") if closes else (Status.TODO, ""))
    if closes:
        period.put_in_bin()
        assert run(RULE, OUT) == [cta.pk], "the same year is the same CTA, reopened"


def test_a_moved_closing_is_still_that_year() -> None:
    account = make.account(fiscal_month=3, is_listed=True)
    figures(account, date(2025, 12, 31))
    stays_quiet(RULE, account, OUT)


def test_the_next_year_takes_the_place_of_one_that_nobody_read() -> None:
    account = make.account(fiscal_month=3, is_listed=True)
    cta = fires(RULE, account, OUT)
    stays_quiet(RULE, account, date(2027, 6, 29))
    assert fires(RULE, account, date(2027, 6, 30)).occurrence == "2026"
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "passed")


def test_the_months_are_the_tenants_the_tiers_or_the_accounts() -> None:
    account = make.account(fiscal_month=3, is_listed=True, tier="high")
    figures(account, date(2025, 3, 31))
    RuleSetting.objects.create(rule=RULE, key="months", value="4", set_on=TODAY)
    stays_quiet(RULE, account, OUT)
    RuleSetting.objects.create(rule=RULE, key="months", value="2", tier="high", set_on=TODAY)
    assert fires(RULE, account, date(2026, 5, 31)).occurrence == "2025"


def written(account: Account, key: str, as_of: date, **more: Any) -> Fact:
    fact, _made = Fact.objects.update_or_create(
        account=account, field_key=key,
        defaults={"value": "書いた値", "as_of": as_of, "noted_at": datetime(2026, 1, 1, tzinfo=TOKYO), **more},
    )  # fmt: skip
    count_accounts([account.pk], TODAY)
    return fact


def test_a_value_older_than_its_field_allows_fires_for_its_section() -> None:
    account = make.account()
    written(account, "business", date(2025, 11, 18))
    stays_quiet(RULE, account, date(2026, 11, 18))
    cta = fires(RULE, account, date(2026, 11, 19))
    assert (cta.subject, cta.occurrence) == ("business", "2026-11-18")
    assert cta.evidence == {"section": "business", "cells": 1, "fresh_until": "2026-11-18"}


def test_a_column_grows_old_like_a_value_of_its_own() -> None:
    account = make.account(employees=120, created_at=datetime(2025, 3, 1, tzinfo=TOKYO))
    count_accounts([account.pk], TODAY)
    assert fires(RULE, account).subject == "company"


@pytest.mark.parametrize("more", [{"state": "ask"}, {"value": "", "state": "none"}])
def test_what_is_asked_already_or_has_no_value_is_quiet(more: dict[str, str]) -> None:
    account = make.account()
    written(account, "business", date(2024, 1, 1), **more)
    stays_quiet(RULE, account)


def test_two_sections_are_two_ctas() -> None:
    account = make.account()
    written(account, "business", date(2025, 1, 1))
    written(account, "growth_policy", date(2025, 2, 1))
    assert {Cta.objects.get(pk=pk).subject for pk in run(RULE, TODAY)} == {"business", "policy"}


def test_half_of_the_work_is_the_same_cta_and_all_of_it_closes_it() -> None:
    account = make.account()
    written(account, "business", date(2025, 1, 1))
    written(account, "business_model", date(2025, 2, 1))
    cta = fires(RULE, account)
    assert cta.evidence["cells"] == 2
    written(account, "business_model", TODAY)
    assert settles(RULE, TODAY) == 0
    cta.refresh_from_db()
    assert (cta.occurrence, cta.evidence["cells"]) == ("2026-02-01", 1)
    written(account, "implication", date(2025, 3, 1))
    stays_quiet(RULE, account)
    for key in ("business", "implication"):
        written(account, key, TODAY)
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "confirmed")


def test_what_a_person_closed_comes_back_only_when_more_grows_old() -> None:
    account = make.account()
    written(account, "business", date(2025, 1, 1))
    fires(RULE, account).close()
    stays_quiet(RULE, account)
    written(account, "implication", date(2025, 3, 1))
    assert fires(RULE, account).occurrence == "2026-03-01"


@pytest.mark.parametrize("stage", ["prospect", "churned"])
def test_it_stays_quiet_outside_of_live_stages(stage: str) -> None:
    account = make.account(fiscal_month=3, is_listed=True, stage=stage)
    written(account, "business", date(2025, 1, 1))
    stays_quiet(RULE, account)


def test_it_says_what_to_read(world: World) -> None:
    from ctas.registry import find

    rule, today = find(RULE), date(2026, 7, 1)
    assert rule
    year = {"ends_on": "2026-03-31", "year": 2025}
    section = {"section": "business", "cells": 3, "fresh_until": "2026-02-01"}
    assert rule.title(year) == "決算を読み、業績の表に入れる"
    assert "2025年度は2026/03/31に終わり、92日" in rule.why(year, today)
    assert rule.title(section) == "「経営と事業」の古い値を確かめ直す"
    assert "3件" in rule.why(section, today)
