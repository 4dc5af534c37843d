"""Days, amounts and marks, over everything that people write."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.fiscal import FiscalClosing
from success_plans.smart import Context, Fields, Statement, judge, statement_from
from success_plans.smart.calendar import Calendar
from success_plans.smart.days import days_in
from success_plans.smart.folding import fold
from success_plans.smart.statement import ACTION, OBJECTIVE

AS_OF = date(2025, 4, 14)
TABLE = [
    ("年度内", "2026-03-31", "2025-12-31"), ("今期末", "2026-03-31", "2025-12-31"), ("上期末", "2025-09-30", "2025-06-30"),
    ("来期上期末", "2026-09-30", "2026-06-30"), ("FY25 2Q末", "2025-09-30", "2025-06-30"), ("第3四半期末", "2025-12-31", "2025-09-30"),
    ("四半期末", "2025-06-30", "2025-06-30"), ("年内", "2025-12-31", "2025-12-31"), ("R7.12.31", "2025-12-31", "2025-12-31"),
    ("令和8年3月末", "2026-03-31", "2026-03-31"), ("9月末", "2025-09-30", "2025-09-30"), ("３月末", "2026-03-31", "2026-03-31"),
    ("来月末", "2025-05-31", "2025-05-31"), ("90日以内", "2025-07-13", "2025-07-13"), ("2025／9／30", "2025-09-30", "2025-09-30"),
    ("by end of Q3", "2025-12-31", "2025-09-30"), ("by month-end", "2025-04-30", "2025-04-30"), ("by 31 Dec 2025", "2025-12-31", "2025-12-31"),
]  # fmt: skip


def days_of(text: str, month: int = 3) -> list[date]:
    return [day.on for day in days_in(fold(text).text, Calendar(AS_OF, FiscalClosing(month)))]


@pytest.mark.parametrize(("text", "march", "december"), TABLE, ids=[text for text, *_ in TABLE])
def test_the_table_of_due_dates(text: str, march: str, december: str) -> None:
    assert days_of(text) == [date.fromisoformat(march)]
    assert days_of(text, 12) == [date.fromisoformat(december)]


@pytest.mark.parametrize(
    "text",
    [
        "月60件",
        "毎月末に確認",
        "24/7",
        "第1営業日",
        "月末在庫の評価",
        "FY",
        "13月末",
        "2025年2月30日",
        "v2.5",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert days_of(text) == []


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(1, 12))
def test_a_written_day_is_read_in_every_spelling(day: date, month: int) -> None:
    spellings = [
        f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}", f"{day:%Y-%m-%d}", f"{day.year}.{day.month}.{day.day}",
        f"R{day.year - 2018}.{day.month}.{day.day}", f"令和{day.year - 2018}年{day.month}月{day.day}日", f"{day.day} {day:%B} {day.year}",
        f"{day:%b} {day.day}, {day.year}",
    ]  # fmt: skip
    for text in spellings:
        assert days_of(f"({text}まで)", month) == [day], text


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(1, 12))
def test_the_ends_of_periods_lie_ahead_and_close_a_quarter(as_of: date, month: int) -> None:
    calendar = Calendar(as_of, FiscalClosing(month))
    for text in ("年度末", "上期末", "下期末", "2Q末", "四半期末", "期末"):
        (day,) = days_in(text, calendar)
        assert as_of <= day.on <= as_of + timedelta(days=366)
        assert (day.on + timedelta(days=1)).day == 1 and (day.on.month - month) % 3 == 0


@given(st.text(max_size=400), st.sampled_from([OBJECTIVE, ACTION]))
def test_any_text_is_read_and_marks_lie_inside_it(text: str, kind: str) -> None:
    for reason in judge(Statement(text, Context(AS_OF), kind)).reasons:
        assert reason.code.question
        for start, end in reason.marks:
            assert 0 <= start <= end <= len(text)


def test_a_mark_stands_on_the_words_as_they_were_typed() -> None:
    text = "ＣＳＭ藤原が、①導入を㈱見本と検討する(５／１５)"
    (mark,) = [
        mark
        for reason in judge(Statement(text, Context(AS_OF), ACTION)).reasons
        if reason.code.name == "VAGUE_VERB"
        for mark in reason.marks
    ]
    assert text[slice(*mark)].endswith("検討する")


def test_the_command_answers_line_by_line_and_names_what_it_cannot_read() -> None:
    good = {
        "id": "A1",
        "kind": "action",
        "text": "CSM 藤原が手順書を5/15までに送る",
        "context": {"as_of": "2025-04-14", "fy_end_month": 3},
    }
    lines = "\n".join(
        [
            json.dumps(good),
            "",
            "{",
            json.dumps({"id": "A2", "text": "x", "context": {}}),
            json.dumps({**good, "id": "A3"}),
        ]
    )
    run = [sys.executable, "manage.py", "smart_check"]
    done = subprocess.run(run, input=lines, capture_output=True, text=True, cwd=Path(__file__).parents[3])
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in told] == ["A1", "A3"]
    assert told[0]["smart"] and told[0]["read"] == {
        "baseline": None,
        "target": None,
        "unit": None,
        "due": "2025-05-15",
        "owner": "CSM 藤原",
    }
    assert done.returncode == 1 and "3行目" in done.stderr and "4行目は読めませんでした: as_of" in done.stderr


@pytest.mark.parametrize("words", ["来期上期末", "2026年度下期末", "2Q末", "FY27末", "今年度中"])
def test_without_a_known_closing_no_fiscal_date_is_guessed_and_the_coach_asks(words: str) -> None:
    text = f"{words}までに、入電を月1,000件から700件にする(受付ログで集計、毎月10日に確認)"
    judged = judge(Statement(text, Context(AS_OF), OBJECTIVE))
    assert judged.due is None
    (said,) = [reason for reason in judged.reasons if reason.code.letter == "T"]
    assert said.code.name == "FISCAL_YEAR_UNKNOWN"
    assert text[slice(*said.marks[0])].startswith(words[:2])
    known = judge(Statement(text, Context(AS_OF, FiscalClosing(3)), OBJECTIVE))
    assert known.due is not None and "FISCAL_YEAR_UNKNOWN" not in {r.code.name for r in known.reasons}


def test_days_of_the_calendar_need_no_closing() -> None:
    text = "2026年9月末までに、入電を月1,000件から700件にする(受付ログで集計、毎月10日に確認)"
    assert judge(Statement(text, Context(AS_OF), OBJECTIVE)).due == date(2026, 9, 30)
    filled = Fields(due=date(2026, 9, 30))
    told = judge(
        Statement("上期末までに、入電を月1,000件から700件にする", Context(AS_OF), OBJECTIVE, filled)
    ).reasons
    assert "T" not in {reason.code.letter for reason in told}


def test_the_command_does_not_guess_either() -> None:
    record = {
        "id": "A1",
        "text": "上期末までに入電を1,000件から700件にする",
        "context": {"as_of": "2026-04-14"},
    }
    assert judge(statement_from(record)).as_json()["read"]["due"] is None
