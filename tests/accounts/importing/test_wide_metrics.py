"""Tables of figures with months or quarters as columns, as customers and colleagues send them."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.importing import batches
from accounts.models import Account, BusinessUnit, Import, MetricDefinition, MetricSample
from accounts.models.imports import ImportState
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.accounts.importing.files import xlsx
from tests.world import World

Stored = dict[tuple[str, str, str], Decimal]


@pytest.fixture
def torei(world: World) -> Any:
    with tenant_scope(world.tenant(), member=world.member(Role.ADMIN)):
        account = make.account(
            name="東嶺ダイレクト株式会社", external_id="CRM-1", fiscal_month=3, csm=world.csm
        )
        BusinessUnit.objects.create(account=account, name="仙台センター")
        MetricDefinition.objects.create(name="自己解決率", unit="%", decimals=1, external_id="self_service")
        MetricDefinition.objects.create(name="週に一度は使う席", unit="席", external_id="seats")
        MetricDefinition.objects.create(name="応対コスト", unit="円", direction="down", external_id="cost")
        yield account


def looked(world: World, content: str | bytes, name: str = "usage.csv", **choices: Any) -> Import:
    upload = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    batch = batches.keep(upload, "metric_samples", world.member(Role.ADMIN), choices=choices)
    batches.read(batch)
    return batch


def written(batch: Import) -> Import:
    batch.state = ImportState.APPLYING
    batch.save()
    batches.write(batch)
    assert batch.state == ImportState.DONE, batch.problem
    return batch


def taken(world: World, content: str | bytes, name: str = "usage.csv", **choices: Any) -> Import:
    return written(looked(world, content, name, **choices))


def stored() -> Stored:
    rows = MetricSample.objects.select_related("metric", "account")
    return {
        (one.account.name[:2], one.metric.external_id or "", f"{one.on}"): one.value.normalize()
        for one in rows
    }


def found(batch: Import) -> list[tuple[str, str, str]]:
    rows = batch.findings.exclude(severity="note").order_by("line", "code")
    return [(row.code, row.column, row.value) for row in rows]


def test_every_month_of_every_metric_is_a_value_of_its_last_day(world: World, torei: Account) -> None:
    batch = taken(
        world,
        "会社名,指標,2026/04,2026年5月,Jun-26,２０２６０７\n"
        '㈱東嶺ダイレクト,週に一度は使う席,"1,074",362,,１２０\n'
        "CRM-1,自己解決率,42.5%,,44.6,-\n",
    )
    assert found(batch) == []
    assert batch.layout["wide"] == ["2026/04", "2026年5月", "Jun-26", "２０２６０７"]
    assert stored() == {
        ("東嶺", "seats", "2026-04-30"): Decimal(1074).normalize(),
        ("東嶺", "seats", "2026-05-31"): Decimal(362),
        ("東嶺", "seats", "2026-07-31"): Decimal(120).normalize(),
        ("東嶺", "self_service", "2026-04-30"): Decimal("42.5"),
        ("東嶺", "self_service", "2026-06-30"): Decimal("44.6"),
    }


def test_quarters_end_where_the_customers_fiscal_year_says(world: World, torei: Account) -> None:
    make.account(name="みなも銀行", fiscal_month=12)
    batch = taken(
        world,
        "会社名,指標,FY25 Q4,FY26 Q1\n東嶺ダイレクト,週に一度は使う席,1,2\nみなも銀行,週に一度は使う席,3,4\n",
    )
    assert found(batch) == []
    assert stored() == {
        ("東嶺", "seats", "2026-03-31"): Decimal(1),
        ("東嶺", "seats", "2026-06-30"): Decimal(2),
        ("みな", "seats", "2025-12-31"): Decimal(3),
        ("みな", "seats", "2026-03-31"): Decimal(4),
    }


def test_a_quarter_of_a_customer_without_a_closing_is_refused_by_place(world: World, torei: Account) -> None:
    make.account(name="知らぬ決算社", fiscal_month=None)
    batch = looked(world, "会社名,指標,FY25 Q4,FY26 Q1\n知らぬ決算社,週に一度は使う席,1,\n")
    assert found(batch) == [("period_without_closing", "年月", "FY2025 Q4")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("応対コスト(百万円),38,39", {"2026-04-30": 38_000_000, "2026-05-31": 39_000_000}),
        ("応対コスト[千円],380,", {"2026-04-30": 380_000}),
        ('応対コスト (円),3.8億,"¥1,200"', {"2026-04-30": 380_000_000, "2026-05-31": 1200}),
        ("週に一度は使う席（席）,12席,３０席", {"2026-04-30": 12, "2026-05-31": 30}),
        ("自己解決率(%),42.5,43.0%", {"2026-04-30": Decimal("42.5"), "2026-05-31": 43}),
        ("cost,▲120,(30)", {"2026-04-30": -120, "2026-05-31": -30}),
    ],
)
def test_units_in_brackets_and_behind_values_are_the_metrics(
    world: World, torei: Account, row: str, said: dict[str, Any]
) -> None:
    batch = taken(world, f"会社名,指標,2026/04,2026/05\n東嶺ダイレクト,{row}\n")
    assert found(batch) == []
    assert {day: value for (_who, _what, day), value in stored().items()} == said


def test_a_column_of_units_is_held_against_the_metric(world: World, torei: Account) -> None:
    batch = taken(
        world,
        "会社名,指標,単位,2026/04,2026/05\n東嶺ダイレクト,応対コスト,百万円,38,39\n東嶺ダイレクト,週に一度は使う席,人,1,2\n",
    )
    assert found(batch) == [("unit_differs", "単位", "人")], "said once for the line"
    assert len(stored()) == 2


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("東嶺ダイレクト,知らない率,1,2", ("metric_unknown", "指標", "知らない率")),
        ("知らない商事,自己解決率,1,2", ("account_unknown", "会社名", "知らない商事")),
        ("東嶺ダイレクト,応対コスト(分),1,2", ("unit_differs", "指標", "応対コスト(分)")),
        ("東嶺ダイレクト,自己解決率,多め,2", ("number_unreadable", "2026/04", "多め")),
        ("東嶺ダイレクト,週に一度は使う席,1,42%", ("unit_differs", "2026/05", "42%")),
    ],
)
def test_what_is_refused_is_named_once_by_line_and_column(
    world: World, torei: Account, sign_in: Any, row: str, place: tuple[str, str, str]
) -> None:
    batch = looked(world, f"作成,総務\n\n会社名,指標,2026/04,2026/05\n東嶺ダイレクト,応対コスト,5,6\n{row}\n")
    assert found(batch) == [place]
    page = sign_in(world.member(Role.ADMIN)).get(f"/t/midori/imports/{batch.pk}/").content.decode()
    assert '<td class="num nw" data-l="行">5</td>' in page
    file = (
        sign_in(world.member(Role.ADMIN))
        .get(f"/t/midori/imports/{batch.pk}/findings.csv")
        .content.decode("utf-8-sig")
    )
    assert file.splitlines()[1].startswith(f"5,{place[1]},{place[2]}")


def test_one_bad_value_leaves_the_rest_of_its_line_in(world: World, torei: Account) -> None:
    taken(world, "会社名,指標,2026/04,2026/05,2026/06\n東嶺ダイレクト,自己解決率,40,多め,42\n")
    assert sorted(day for _who, _what, day in stored()) == ["2026-04-30", "2026-06-30"]


def test_a_value_and_a_name_are_corrected_where_they_stand(
    world: World, torei: Account, sign_in: Any
) -> None:
    admin: Client = sign_in(world.member(Role.ADMIN))
    batch = looked(world, "会社名,指標,2026/04,2026/05\n東嶺ダイレクト,自己解決律,40,多め\n")
    for column in ("指標", "2026/05"):
        row = batch.findings.exclude(severity="note").get(column=column)
        number = batch.layout["header"].index("値" if column != "指標" else column)
        form = {"line": row.line, "column": number, "value": "41" if column != "指標" else "自己解決率"}
        admin.post(f"/t/midori/imports/{batch.pk}/corrections/", form)
        batch.refresh_from_db()
        batches.look(batch)
    assert found(batch) == []
    written(batch)
    assert sorted(stored().values()) == [Decimal(40), Decimal(41)]


def test_the_account_of_merged_cells_is_that_of_the_row_above(world: World, torei: Account) -> None:
    make.account(name="みなも銀行")
    batch = taken(
        world,
        "会社名,部門,指標,2026/04,2026/05\n東嶺ダイレクト,,自己解決率,40,41\n,仙台センター,週に一度は使う席,5,\n"
        "みなも銀行,,自己解決率,50,\n",
    )
    assert found(batch) == []
    assert {who for who, _what, _day in stored()} == {"東嶺", "みな"}
    assert MetricSample.objects.get(unit__name="仙台センター").account_id == torei.pk


def test_accounts_may_stand_above_their_rows_with_the_heading_again(world: World, torei: Account) -> None:
    make.account(name="みなも銀行")
    batch = taken(
        world,
        "お客様名: 東嶺ダイレクト 様,,\n指標,2026/04,2026/05\n自己解決率,40,41\n\nみなも銀行\n指標,2026/04,2026/05\n自己解決率,50,\n",
    )
    assert found(batch) == []
    assert stored() == {
        ("東嶺", "self_service", "2026-04-30"): Decimal(40).normalize(),
        ("東嶺", "self_service", "2026-05-31"): Decimal(41),
        ("みな", "self_service", "2026-04-30"): Decimal(50).normalize(),
    }


def test_a_table_without_a_name_belongs_to_the_account_it_was_given_to(
    world: World, torei: Account, sign_in: Any
) -> None:
    admin: Client = sign_in(world.member(Role.ADMIN))
    html = admin.get(f"/t/midori/accounts/{torei.pk}/metrics/").content.decode()
    assert f'name="account" value="{torei.pk}"' in html
    upload = SimpleUploadedFile("4月.csv", "指標,2026/04,2026/05\n自己解決率,40,41\n".encode())
    form = {"kind": "metric_samples", "account": str(torei.pk), "file": upload}
    admin.post("/t/midori/imports/new/", form)
    batch = Import.objects.get()
    batches.read(batch)
    assert found(batch) == []
    admin.post(f"/t/midori/imports/{batch.pk}/application/", {})
    batch.refresh_from_db()
    batches.write(batch)
    assert len(stored()) == 2
    batch = looked(world, "指標,日付,値\n自己解決率,2026/10/20,45\n", account=str(torei.pk))
    assert (found(batch), batch.summary["new"]) == ([], 1), "rows of one value each, too"


def test_nobody_is_guessed(world: World, torei: Account) -> None:
    batch = looked(world, "指標,2026/04,2026/05\n自己解決率,40,41\n")
    assert found(batch) == [("sample_without_account", "会社名", "")]


def test_a_running_month_is_today_and_one_to_come_is_refused(world: World, torei: Account) -> None:
    today = date.today()  # noqa: DTZ011  as the import asks its clock
    this, later = f"{today:%Y/%m}", f"{today.year + 1}/{today.month:02d}"
    batch = taken(world, f"会社名,指標,{this},{later}\n東嶺ダイレクト,自己解決率,40,41\n")
    assert [code for code, _column, _value in found(batch)] == ["sample_to_come"]
    (day,) = [day for _who, _what, day in stored()]
    assert day <= f"{today}"


def test_the_next_file_corrects_and_the_whole_is_taken_back(world: World, torei: Account) -> None:
    taken(world, "会社名,指標,2026/04,2026/05\n東嶺ダイレクト,自己解決率,40,41\n")
    batch = taken(world, "会社名,指標,2026/04,2026/05,2026/06\n東嶺ダイレクト,自己解決率,40,42,43\n")
    assert (batch.summary["created"], batch.summary["updated"], batch.summary["same"]) == (1, 1, 1)
    batch.state = ImportState.UNDOING
    batch.save()
    batches.take_back(batch)
    assert sorted(stored().values()) == [Decimal(40), Decimal(41)]


def test_the_same_month_twice_asks_which_one(world: World, torei: Account) -> None:
    line = "東嶺ダイレクト,自己解決率"
    batch = looked(world, f"会社名,指標,2026/04,2026/05\n{line},40,41\n{line},,42\n")
    assert [(code, column) for code, column, _value in found(batch)] == [("sample_twice", "2026/05")] * 2
    row = batch.findings.order_by("line").first()
    assert row
    assert row.params["lines"] == "3"
    assert batch.summary["new"] == 1


def test_a_workbook_with_months_as_excel_keeps_them(world: World, torei: Account, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["指標", date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1), "合計"],
        ["自己解決率", 0.4, None, 41, "-"],
        ["週に一度は使う席", 1074, 1080, None, 2154],
    ]
    book = xlsx(tmp_path / "東嶺ダイレクト.xlsx", rows)
    batch = taken(world, book.read_bytes(), "東嶺ダイレクト.xlsx")
    assert found(batch) == []
    assert stored()[("東嶺", "seats", "2026-05-31")] == Decimal(1080).normalize()
    assert len(stored()) == 4


@pytest.mark.parametrize(
    ("title", "months", "days"),
    [
        ("2025年 利用実績", "11月,12月", ["2025-11-30", "2025-12-31"]),
        ("2025年度の利用実績", "4月,5月", ["2025-04-30", "2025-05-31"]),
        ("2025年度の利用実績", "1月,2月", []),
        ("利用実績", "4月,5月", []),
    ],
)
def test_a_year_may_stand_above_its_months_where_it_cannot_mean_another(
    world: World, torei: Account, title: str, months: str, days: list[str]
) -> None:
    batch = looked(world, f"{title},,\n指標,{months}\n自己解決率,40,41\n", account=str(torei.pk))
    assert bool(batch.layout["wide"]) == bool(days)
    if days:
        written(batch)
    assert sorted(day for _who, _what, day in stored()) == days


def test_a_correction_of_a_column_that_is_not_there_changes_nothing(world: World, torei: Account) -> None:
    batch = looked(world, "会社名,指標,2026/04,2026/05\n東嶺ダイレクト,自己解決率,40,41\n")
    batch.corrections, batch.state = {"999999": {"77": "x"}, "4": {"99": "x"}}, ImportState.CHECKING
    batch.save()
    batches.look(batch)
    assert (found(batch), batch.summary["new"]) == ([], 2)


def test_a_table_of_nothing_but_blanks_says_so(world: World, torei: Account) -> None:
    batch = looked(world, "会社名,指標,2026/04,2026/05\n東嶺ダイレクト,自己解決率,-,\n")
    assert (batch.state, batch.problem["code"]) == (ImportState.REFUSED, "no_rows")


def test_the_dry_run_says_how_it_was_read(world: World, torei: Account, sign_in: Any) -> None:
    batch = looked(world, "会社名,指標,2026/04,2026/05\n東嶺ダイレクト,自己解決率,40,41\n")
    page = sign_in(world.member(Role.ADMIN)).get(f"/t/midori/imports/{batch.pk}/").content.decode()
    assert "2件の値を読み取りました。直すところはありません。" in page
    assert "2026/04から2026/05まで2列" in page
