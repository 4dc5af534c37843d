"""A plan as a workbook: two sheets that say what the plan says, and nothing in them that a spreadsheet would run."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl

from accounts.models import KeyPerson
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.roles import Role
from tests import make
from tests.success_plans.conftest import Browser
from tests.world import World


def book_of(response: Any) -> Any:
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content))


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The table below the lines that say what it is, by its heads."""
    rows = list(sheet.iter_rows(values_only=True))
    at = next(n for n, row in enumerate(rows) if row[0] == "目標")
    return [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :]]


def test_goals_stand_on_the_first_sheet_and_actions_on_the_second(
    plan: SuccessPlan, suzuki: Browser, world: World, within: Any
) -> None:
    with within():
        objective = Objective.objects.get(plan=plan)
        person = make.row(KeyPerson, plan.account, name="若槻 智子")
        make.row(
            Criterion,
            plan.account,
            objective=objective,
            position=2,
            metric="自己解決率",
            baseline=38,
            target=55,
        )
        make.row(
            ActionItem,
            plan.account,
            plan=plan,
            objective=objective,
            position=2,
            text="台本を直す",
            customer_assignee=person,
        )
    book = book_of(suzuki.get(f"plans/{plan.pk}/plan.xlsx"))
    assert book.sheetnames == ["基本情報", "アクションスケジュール"]
    first, second = rows_of(book["基本情報"])
    assert (first["目標"], second["目標"]) == ("入電を月31,500件へ減らす", None)
    assert (first["指標"], first["はじめ"], first["目標値"], first["向き"]) == (
        "入電数",
        42_000,
        31_500,
        "下げる",
    )
    assert first["達成期日"].date() == date(2027, 3, 31)
    assert first["管理番号(目標)"] == second["管理番号(目標)"] == str(objective.pk)
    one, two = rows_of(book["アクションスケジュール"])
    assert (one["アクション"], one["状態"]) == ("シナリオを12本に広げる", "未着手")
    assert one["期日"].date() == date(2026, 10, 31)
    assert (two["主体者"], two["こちら・先方"]) == ("若槻 智子", "先方")


def test_it_prints_on_a4_as_wide_as_the_page_with_the_heads_on_every_one(
    plan: SuccessPlan, suzuki: Browser
) -> None:
    for sheet in book_of(suzuki.get(f"plans/{plan.pk}/plan.xlsx")).worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        head = next(row for row in sheet.iter_rows() if row[0].value == "目標")
        assert sheet.print_title_rows == f"${head[0].row}:${head[0].row}"
        assert sheet.freeze_panes == f"A{head[0].row + 1}"


def test_no_text_of_a_plan_is_a_formula(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        Objective.objects.filter(plan=plan).update(
            statement='=HYPERLINK("http://x.example")', why="+1", evidence="@SUM(A1)"
        )
        ActionItem.objects.filter(plan=plan).update(text="=1+1", quantity="-2")
        SuccessPlan.objects.filter(pk=plan.pk).update(title="=cmd|'/c calc'!A1")
    for sheet in book_of(suzuki.get(f"plans/{plan.pk}/plan.xlsx")).worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert any(str(cell.value).startswith("=") for cell in cells)


def test_a_long_number_loses_no_digit(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        Criterion.objects.filter(objective__plan=plan).update(baseline=Decimal("12345678901234.5678"))
    (first,) = rows_of(book_of(suzuki.get(f"plans/{plan.pk}/plan.xlsx"))["基本情報"])
    assert first["はじめ"] == "12345678901234.5678"


def test_what_lies_in_the_bin_is_not_in_the_file(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        make.row(Objective, plan.account, plan=plan, statement="消した目標").put_in_bin()
        ActionItem.objects.get(plan=plan).put_in_bin()
    book = book_of(suzuki.get(f"plans/{plan.pk}/plan.xlsx"))
    assert len(rows_of(book["基本情報"])) == 1
    assert rows_of(book["アクションスケジュール"]) == []


def test_only_who_may_take_files_away_gets_one(plan: SuccessPlan, world: World, sign_in: Any) -> None:
    viewer, helper = (Browser(sign_in(world.member(role))) for role in (Role.VIEWER, Role.CONTRIBUTOR))
    answer = viewer.get(f"plans/{plan.pk}/plan.xlsx")
    assert answer.status_code == 200
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert helper.get(f"plans/{plan.pk}/plan.xlsx").status_code == 404
