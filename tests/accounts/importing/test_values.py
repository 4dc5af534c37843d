import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.importing import values
from accounts.importing.values import Reading
from accounts.importing.words import WORDS


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("5500", 1_000_000, 5_500_000_000),
        ("¥1,234", 1, 1234),
        ("１，２３４円", 1, 1234),
        ("▲300", 1, -300),
        ("(300)", 1, -300),
        ("−7", 1, -7),
        ("\\1,000", 1, 1000),
        ("1.5億円", 1, 150_000_000),
        ("12.345", 1_000, 12_345),
        ("3,87,16,91,111", 1, 3_871_691_111),
    ],
)
def test_numbers_as_people_write_them(raw, unit, value):
    assert values.number(unit)(raw) == Reading(value)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("約100", "number_unreadable"),
        ("1,5", "number_separators"),
        ("1.5", "number_not_whole"),
        ("20%", "number_unreadable"),
        ("9" * 30, "number_too_big"),
        ("1.2.3", "number_separators"),
    ],
)
def test_numbers_that_are_none(raw, code):
    assert values.number()(raw).code == code


@given(st.integers(-(10**15), 10**15))
def test_every_integer_is_read_back(amount):
    assert values.number()(f"{amount:,}").value == amount
    assert values.number()(f"▲{-amount}" if amount < 0 else str(amount)).value == amount


@pytest.mark.parametrize(
    "raw",
    [
        "2026/11/19",
        "2026-11-19",
        "2026.11.19",
        "20261119",
        "2026年11月19日",
        "２０２６／１１／１９",
        "R8.11.19",
        "令和8年11月19日",
        "2026/11/19(木)",
        "2026-11-19 3:00",
        "2026-11-19T03:00:00Z",
        "19/11/2026",
        "11/19/2026",
        "46345",
    ],
)
def test_dates_as_people_write_them(raw):
    assert values.a_date(raw).value == "2026-11-19"


@given(st.dates())
def test_every_date_is_read_back(day):
    assert values.a_date(f"{day.year:04d}/{day.month}/{day.day}").value == day.isoformat()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2026/02/30", "date_impossible"),
        ("03/04/2026", "date_ambiguous"),
        ("来週", "date_unreadable"),
        ("99999", "date_unreadable"),
    ],
)
def test_dates_that_are_none(raw, code):
    assert values.a_date(raw).code == code


def test_a_serial_says_how_it_was_read():
    assert values.a_date("46345").code == "date_serial"


@pytest.mark.parametrize(
    ("raw", "value"),
    [("有", True), ("無", False), ("TRUE", True), ("True", True), ("非上場", False), ("〇", True)],
)
def test_yes_and_no(raw, value):
    assert values.yes_or_no(raw) == Reading(value)


def test_choices_by_value_or_name():
    read = values.choice({"live": ("契約中", "active"), "prospect": ("見込み",)})
    assert read("契約中").value == read("ACTIVE").value == read(" live ").value == "live"
    assert read("解約").params == {"choices": "契約中・見込み"}


def test_a_wrong_corporate_number_says_which_digit_would_be_right():
    reading = values.corporate_number("4990001000131")
    assert reading.code == "corporate_number_check_digit"
    assert reading.params == {"expected": 9, "rest": "990001000131"}


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        (" 3月31日", [3, None], ""),
        ("2月末日", [2, None], "closing_month_end"),
        ("3月20日", [3, 20], "closing_mid_month"),
        ("2月28日", [2, None], "closing_february"),
        ("13月", None, "closing_impossible"),
        ("毎月", None, "closing_unreadable"),
    ],
)
def test_closings(raw, value, code):
    reading = values.closing(raw)
    assert (reading.value, reading.code) == (value, code)


READERS = [
    values.text(20), values.number(), values.count(), values.a_date, values.yes_or_no, values.choice({"a": ("い",)}),
    values.email, values.corporate_number, values.securities_code, values.edinet_code, values.closing,
]  # fmt: skip


@given(st.text(max_size=40))
def test_every_reader_answers_to_any_text(raw):
    for read in READERS:
        reading = read(raw)
        assert reading.value is not None or reading.code or not values.folded(raw).strip("-ー—―–")
        assert not reading.code or reading.code in WORDS


@pytest.mark.parametrize("raw", ["", "  ", "　"])
def test_empty_cells_say_nothing(raw):
    assert all(read(raw) == Reading() for read in READERS)


def test_text_is_kept_as_written():
    assert values.text(200)("　㈱髙島屋　").value == "㈱髙島屋"
