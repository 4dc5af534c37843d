import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account, BusinessUnit, Contract, Fact, SheetField
from accounts.sheet.editions import begin_draft, publish
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

EXPORT = "/t/midori/accounts/export"
FORMULA = '=HYPERLINK("http://x","y")'


@pytest.fixture
def accounts(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        account = make.account(name=FORMULA, csm=world.csm, fiscal_month=2, arr=12_345_000, industry="+小売")
        make.row(Contract, account, starts_on=None, renews_on=date(2027, 2, 28))


def test_csv_is_what_the_page_shows_and_runs_nothing(accounts: None, world: World, sign_in) -> None:
    answer = sign_in(world.csm).get(f"{EXPORT}.csv?sort=renewal")
    assert answer.content.startswith(b"\xef\xbb\xbf") and b"\r\n" in answer.content
    assert "filename*=utf-8''" in answer.headers["Content-Disposition"]
    heads, first, second = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    row = dict(zip(heads, first, strict=True))
    assert row["アカウント"] == "'" + FORMULA and row["業種"] == "'+小売"
    assert row["ARR(万円)"] == "1234.5" and row["更新日"] == "2027/02/28" and row["決算月"] == "2月"
    assert second[0] == "東都百貨店株式会社"
    assert "担当CSM" not in heads


def test_xlsx_keeps_texts_numbers_and_dates_apart(accounts: None, world: World, sign_in) -> None:
    answer = sign_in(world.csm).get(f"{EXPORT}.xlsx?view=team&sort=renewal")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    heads = [cell.value for cell in sheet[1]]
    cells = dict(zip(heads, sheet[2], strict=True))
    assert (cells["アカウント"].value, cells["アカウント"].data_type) == (FORMULA, "s")
    assert cells["ARR(万円)"].value == 1234.5
    assert cells["更新日"].value.date() == date(2027, 2, 28)
    assert cells["担当CSM"].value == "鈴木"
    assert sheet.max_row == 4


def test_fields_of_the_own_sheet_are_columns_with_figures_as_figures(
    accounts: None, world: World, sign_in: Any
) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        draft = begin_draft()
        kinds = {"席数": "number", "稼働開始": "date", "雰囲気": "text", "昔の項目": "text"}
        for n, (label, kind) in enumerate(kinds.items()):
            SheetField.objects.create(
                of=draft, key=f"own_{n}", label=label, section="setup", kind=kind, position=900 + n,
                is_retired=label == "昔の項目",
            )  # fmt: skip
        publish(draft, world.member(Role.ADMIN), for_all=True)
        account = Account.objects.get(name=FORMULA)
        for n, value in enumerate(("1200", "2026-04-01", FORMULA, "見えない")):
            make.row(Fact, account, field_key=f"own_{n}", value=value)
        make.row(Fact, account, field_key="own_0", value="7", unit=make.row(BusinessUnit, account))
    answer = sign_in(world.csm).get(f"{EXPORT}.xlsx?sort=renewal")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    heads = [cell.value for cell in sheet[1]]
    cells = dict(zip(heads, sheet[2], strict=True))
    assert (cells["席数"].value, cells["稼働開始"].value.date()) == (1200, date(2026, 4, 1))
    assert (cells["雰囲気"].value, cells["雰囲気"].data_type) == (FORMULA, "s")
    assert "昔の項目" not in heads
    assert dict(zip(heads, sheet[3], strict=True))["席数"].value is None
    text = sign_in(world.csm).get(f"{EXPORT}.csv?sort=renewal").content.decode("utf-8-sig")
    assert "'" + FORMULA.replace('"', '""') in text


def test_filters_hold_for_files(accounts: None, world: World, sign_in) -> None:
    content = sign_in(world.csm).get(f"{EXPORT}.csv?month=3").content.decode("utf-8-sig")
    assert "東都百貨店" in content and "HYPERLINK" not in content


def test_the_command_writes_what_that_person_may_see(accounts: None, world: World, tmp_path: Path) -> None:
    target = tmp_path / "accounts.csv"
    call_command("export_accounts", tenant="midori", email="csm@midori.example", format="csv", out=target)
    lines = target.read_text("utf-8-sig").splitlines()
    assert len(lines) == 4 and lines[0].startswith("アカウント,業種,担当CSM")


@pytest.mark.parametrize(
    ("tenant", "email"),
    [
        ("midori", "csm@aoba.example"),
        ("midori", "removed@midori.example"),
        ("midori", f"{Role.CONTRIBUTOR}@midori.example"),
        ("nowhere", "csm@midori.example"),
    ],
)
def test_the_command_refuses_strangers(world: World, tenant: str, email: str) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("export_accounts", tenant=tenant, email=email, format="xlsx")
    assert refusal.value.returncode == 2
