"""Headings as tables of figures have them: which month, quarter or day each one means, and which headings are a table."""

from datetime import date

import pytest

from accounts.fiscal import FiscalClosing
from accounts.importing.periods import Period, period, periods

MARCH, DECEMBER = FiscalClosing(3), FiscalClosing(12)


@pytest.mark.parametrize(
    "text",
    [
        "2026/04", "2026-4", "2026.04", "2026年4月", "2026年04月度", "2026年4月分", "２０２６年４月", "２０２６／０４", "202604",
        "26年4月", "Apr-26", "Apr 2026", "April 2026", "APR'26", "26-Apr", "R8.4", "令和8年4月", "(2026/04)", " 2026 年 4 月 ",
    ],
)  # fmt: skip
def test_a_month_in_every_spelling(text: str) -> None:
    found = period(text)
    assert found == Period(2026, 4)
    assert found.ends_on(None) == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("text", "march", "december"),
    [
        ("FY26 Q1", date(2026, 6, 30), date(2026, 3, 31)),
        ("FY2026/Q3", date(2026, 12, 31), date(2026, 9, 30)),
        ("FY26_4Q".replace("_", " "), date(2027, 3, 31), date(2026, 12, 31)),
        ("2026年度1Q", date(2026, 6, 30), date(2026, 3, 31)),
        ("２０２６年度第１四半期", date(2026, 6, 30), date(2026, 3, 31)),
        ("1Q FY26", date(2026, 6, 30), date(2026, 3, 31)),
        ("27/3期 1Q", date(2026, 6, 30), date(2027, 3, 31)),
        ("2027年3月期 第4四半期", date(2027, 3, 31), date(2027, 12, 31)),
        ("2026年度上期", date(2026, 9, 30), date(2026, 6, 30)),
        ("FY26 H2", date(2027, 3, 31), date(2026, 12, 31)),
        ("2026年度", date(2027, 3, 31), date(2026, 12, 31)),
        ("27/3期", date(2027, 3, 31), date(2027, 12, 31)),
    ],
)
def test_a_fiscal_period_is_the_customers(text: str, march: date, december: date) -> None:
    found = period(text)
    assert found
    assert found.ends_on(None) is None
    assert (found.ends_on(MARCH), found.ends_on(DECEMBER)) == (march, december)
    assert period(str(found)) == found, "it is read again from the cell of a row of its own"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "会社名",
        "4月",
        "合計",
        "2026",
        "202613",
        "2026/13",
        "may",
        "3月期",
        "12",
        "1Q",
        "前年比",
        "9999/01",
        "0526",
    ],
)
def test_anything_else_is_no_period(text: str) -> None:
    assert period(text) is None


def test_months_beside_each_other_are_a_table() -> None:
    found = periods(["会社名", "指標", "2026/04", "2026/05", "備考"])
    assert found == {2: Period(2026, 4), 3: Period(2026, 5)}


def test_a_month_without_a_year_follows_the_one_before_it() -> None:
    found = periods(["指標", "2026年11月", "12月", "1月", "2月"])
    assert list(found.values()) == [Period(2026, 11), Period(2026, 12), Period(2027, 1), Period(2027, 2)]
    assert periods(["指標", "11月", "12月"]) == {}


def test_quarters_and_totals_among_months_are_sums() -> None:
    found = periods(["指標", "2026/04", "2026/05", "2026/06", "FY26 Q1", "2026/07", "2026年度", "合計"])
    assert list(found) == [1, 2, 3, 5]


def test_days_that_are_all_the_first_are_months_and_others_are_days() -> None:
    assert list(periods(["指標", "2026/04/01", "2026/05/01"]).values()) == [Period(2026, 4), Period(2026, 5)]
    days = periods(["指標", "2026/04/06", "2026/04/13", "2026/04/20"])
    assert [each.ends_on(None) for each in days.values()] == [date(2026, 4, n) for n in (6, 13, 20)]
    assert periods(["東嶺", "2026/04/06", "2027/03/31"]) == {}, "a beginning and an end"


def test_newest_first_is_a_table_too_and_disorder_is_none() -> None:
    assert len(periods(["指標", "2026/06", "2026/05", "2026/04"])) == 3
    assert periods(["指標", "2026/06", "2026/04", "2026/05"]) == {}
    assert periods(["指標", "2026/06", "2026/06"]) == {}
