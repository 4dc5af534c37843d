from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.financials.pasting import Pasted, read_paste

TODAY = date(2026, 11, 19)


def read(table: str, unit: str = "百万円") -> Pasted:
    return read_paste(table, unit, TODAY)


def plain(pasted: Pasted) -> dict[str, int | None]:
    return {f"{period.label} {line}": amount for (period, line), amount in pasted.figures.items()}


def test_periods_across_and_lines_down() -> None:
    found = read("\t25/3期\t26/3期\n売上高\t1,455\t1,483\n営業利益\t△37\t－\n")
    assert plain(found) == {
        "25/3期 revenue": 1_455_000_000,
        "26/3期 revenue": 1_483_000_000,
        "25/3期 operating_profit": -37_000_000,
        "26/3期 operating_profit": None,
    }
    assert found.findings == []


def test_lines_across_and_periods_down_with_the_unit_in_the_head() -> None:
    found = read(
        "決算期\t売上高(億円)\t現金及び現金同等物\n2026年3月期\t1,483\t70,598\n".replace("決算期", "")
    )
    assert plain(found) == {"26/3期 revenue": 148_300_000_000, "26/3期 cash": 70_598_000_000}


def test_the_unit_in_the_corner_counts_for_all_and_a_cells_own_wins() -> None:
    found = read("(単位:億円)\t26/3\n売上高\t1,483\n純資産\t15,698百万円\n")
    assert plain(found) == {"26/3期 revenue": 148_300_000_000, "26/3期 equity": 15_698_000_000}


@pytest.mark.parametrize(
    ("table", "place", "said"),
    [
        ("売上高 1,483", (1, 1), "タブ"),
        ("\t26/3\n経常利益\t40\n", (2, 1), "扱っていない科目"),
        ("\t27/3\n売上高\t40\n", (1, 2), "まだ終わっていません"),
        ("\t26/3\n売上高\t約40\n", (2, 2), "金額として読めません"),
        ("\t26/3\t26/3\n売上高\t40\t41\n", (2, 3), "2度"),
        ("\t26/3\n売上高\t40\t41\n", (2, 3), "見出しのない列"),
        ("\t\n\t\n", (1, 1), "見つかりません"),
        ("\t26/3\n売上高\t12億ドル\n", (2, 2), "単位"),
    ],
)
def test_what_cannot_be_read_is_named_with_line_and_column(
    table: str, place: tuple[int, int], said: str
) -> None:
    found = read(table)
    assert [(finding.line, finding.column) for finding in found.findings][:1] == [place]
    assert said in found.findings[0].text
    assert found.figures == {}, "nothing is half read"


@given(st.text(alphabet="売上高営業利益\t\n0123456789/-△期(億円)", max_size=80))
def test_any_paste_is_read_or_said_why_not(table: str) -> None:
    found = read(table)
    assert found.figures or found.findings
