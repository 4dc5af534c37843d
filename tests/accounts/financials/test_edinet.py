from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.financials.edinet import UnreadableReport, read_report
from tests.accounts.financials.type5 import FIGURES, PARENT, in_ifrs, type5, without

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "edinet" / "type5_csv"
"""Real reports, where they lie beside the project; the tests pass without them."""


def test_the_groups_figures_of_this_year_are_read() -> None:
    report = read_report(type5())
    assert report.figures == {
        "revenue": 1_000_000_000,
        "operating_profit": 100_000_000,
        "ebitda": 120_000_000,
        "sga": 200_000_000,
        "operating_cf": 150_000_000,
        "investing_cf": -80_000_000,
        "cash": 300_000_000,
        "assets": 2_000_000_000,
        "equity": 1_200_000_000,
    }
    assert (report.edinet_code, report.filer, report.is_consolidated) == ("E99991", "見本建設株式会社", True)
    assert (report.period.ends_on, report.period.quarter, report.period.label) == (
        date(2026, 3, 31),
        None,
        "26/3期",
    )


def test_what_the_group_does_not_state_is_undisclosed_and_never_the_parents_figure() -> None:
    report = read_report(
        type5(
            without("NetSales", "NetSalesSummaryOfBusinessResults", "OperatingIncome")
            + (("jppfs_cor:NetSales", "CurrentYearDuration" + PARENT, "700000000"),)
        )
    )
    assert "revenue" not in report.figures
    assert report.undisclosed == ["revenue", "operating_profit", "ebitda"]


def test_a_dash_is_no_figure_and_the_summary_stands_in() -> None:
    figures = (*without("NetSales"), ("jppfs_cor:NetSales", "CurrentYearDuration", "－"))
    assert read_report(type5(figures)).figures["revenue"] == 1_000_000_000


def test_a_company_without_a_group_reports_its_own_figures() -> None:
    alone = tuple(
        (element, context + PARENT, value) for element, context, value in FIGURES if PARENT not in context
    )
    report = read_report(type5(alone, WhetherConsolidated="false"))
    assert not report.is_consolidated
    assert report.figures["operating_profit"] == 100_000_000


def test_ifrs_reports_use_their_own_names() -> None:
    report = read_report(type5(in_ifrs(), AccountingStandards="IFRS"))
    assert report.undisclosed == []
    assert (report.figures["revenue"], report.figures["operating_profit"], report.figures["ebitda"]) == (
        1_000_000_000,
        -40_000_000,
        -10_000_000,
    )


def test_a_short_fiscal_year_is_marked() -> None:
    report = read_report(type5(CurrentPeriodEndDate="2025-12-31"))
    assert report.period.is_odd
    assert report.period.months == 9


def test_a_half_year_is_two_quarters_added_up() -> None:
    half = tuple(
        (
            element,
            context.replace("CurrentYearDuration", "InterimDuration").replace(
                "CurrentYearInstant", "InterimInstant"
            ),
            value,
        )
        for element, context, value in FIGURES
    )
    report = read_report(type5(half, TypeOfCurrentPeriod="HY", CurrentPeriodEndDate="2025-09-30"))
    assert (report.period.label, report.period.is_odd) == ("25/9期 2Q累計", False)
    assert report.figures["revenue"] == 1_000_000_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04zip", "展開して"),
        ("要素ID\t値\r\n".encode("utf-16"), "1行目"),
        ("社名,業種\n見本,小売\n".encode(), "1行目"),
        ("あ".encode("cp932"), "UTF-16"),
        (b"", "1行目"),
        (type5()[:-40], "行目の列が"),
        (type5(EDINETCode="－"), "EDINETコードか会計期間"),
        (type5(CurrentPeriodEndDate="2026-02-30"), "日付ではありません"),
        (type5(TypeOfCurrentPeriod="その他"), "扱えません"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableReport, match=said):
        read_report(content)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_report_or_refused(content: bytes) -> None:
    for each in (content, b"\xff\xfe" + content, type5()[:2000] + content):
        try:
            read_report(each)
        except UnreadableReport as refusal:
            assert str(refusal)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared reports are not beside the project")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "E00304_S100ISXG.tsv",
            {
                "revenue": 27_225_613_000,
                "operating_profit": 2_297_276_000,
                "sga": 3_362_702_000,
                "operating_cf": 2_514_543_000,
                "investing_cf": -831_651_000,
            },
        ),
        ("E26428_S100IOP9.tsv", {"revenue": 37_540_318_000, "operating_profit": 3_324_472_000}),
    ],
)
def test_real_reports_give_the_published_figures(name: str, expected: dict[str, int]) -> None:
    figures = read_report((SHARED / name).read_bytes()).figures
    assert {key: figures[key] for key in expected} == expected
