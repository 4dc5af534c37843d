from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.financials.amounts import parse_amount, typed
from accounts.financials.periods import Period, months_between, parse_period

TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("26/3", "26/3期"),
        ("2026年3月期", "26/3期"),
        ("２０２６/０３", "26/3期"),
        ("FY2026/3", "26/3期"),
        ("25/9 2Q", "25/9期 2Q累計"),
        ("2025年9月期第2四半期累計", "25/9期 2Q累計"),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, label: str) -> None:
    assert parse_period(text, TODAY).label == label


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("27/3", "まだ終わっていません"),
        ("-5/3", "26/3 のように"),
        ("1985/3", "1985年は扱えません"),
        ("26/13", "13月はありません"),
        ("来期", "26/3 のように"),
        ("", "26/3 のように"),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        parse_period(text, TODAY)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 24))
def test_whole_months_are_counted_whole(first: date, months: int) -> None:
    begins = first.replace(day=1)
    index = begins.year * 12 + begins.month - 1 + months
    after = date(index // 12, index % 12 + 1, 1)
    assert months_between(begins, after - timedelta(days=1)) == months


def test_a_year_of_twelve_months_is_usual_and_one_of_nine_is_odd() -> None:
    assert not Period(date(2026, 3, 31), None, date(2025, 4, 1)).is_odd
    assert Period(date(2025, 12, 31), None, date(2025, 4, 1)).is_odd
    assert not Period(date(2025, 9, 30), 2, date(2025, 4, 1)).is_odd


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("1,483", 1_483_000_000),
        ("△120", -120_000_000),
        ("▲1.5", -1_500_000),
        ("(45)", -45_000_000),
        ("−831.651", -831_651_000),
        ("12億円", 1_200_000_000),
        ("3,400千円", 3_400_000),
        ("１２億", 1_200_000_000),
        ("0", 0),
        ("  ", None),
    ],
)
def test_an_amount_is_read_with_its_own_unit_or_the_tables(text: str, yen: int | None) -> None:
    assert parse_amount(text) == yen


@pytest.mark.parametrize("text", ["約12", "12ドル", "1e9", "9" * 30, "12億3", "--5", "nan"])
def test_what_is_no_amount_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse_amount(text)
    assert any(word in refused.value.messages[0] for word in ("例:", "単位", "桁"))


@given(st.integers(-(10**16), 10**16))
def test_what_is_shown_for_typing_reads_back_the_same(yen: int) -> None:
    assert parse_amount(typed(yen)) == yen
