"""Values of metrics from files: matched like people's companies, one per day, corrected by the next file, taken back."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.importing import batches
from accounts.models import Account, BusinessUnit, Import, ImportMapping, MetricDefinition, MetricSample
from accounts.models.imports import ImportState
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

USAGE = """取引先コード,会社名,部門,指標,計測日,値
CRM-1,㈱東嶺ダイレクト,,自己解決率,2026/10/20,44.6
CRM-1,,仙台センター,weekly_seats,2026/10/20,"1,074"
CRM-1,,,weekly_seats,R8.10.20,362
"""


@pytest.fixture
def torei(world: World) -> Any:
    with tenant_scope(world.tenant(), member=world.member(Role.ADMIN)):
        account = make.account(name="東嶺ダイレクト株式会社", external_id="CRM-1", csm=world.csm)
        BusinessUnit.objects.create(account=account, name="仙台センター")
        MetricDefinition.objects.create(name="自己解決率", unit="%", decimals=1, external_id="self_service")
        MetricDefinition.objects.create(name="週に一度は使う席", unit="席", external_id="weekly_seats")
        yield account


def looked(world: World, text: str, name: str = "usage.csv") -> Import:
    upload = SimpleUploadedFile(name, text.encode())
    batch = batches.keep(upload, "metric_samples", world.member(Role.ADMIN))
    batches.read(batch)
    return batch


def taken(world: World, text: str, name: str = "usage.csv", **choices: Any) -> Import:
    batch = looked(world, text, name)
    batch.choices, batch.state = choices, ImportState.APPLYING
    batch.save()
    batches.write(batch)
    return batch


def stored() -> dict[tuple[str, str, str], tuple[Decimal, str, str]]:
    rows = MetricSample.objects.select_related("metric", "unit")
    return {
        (one.metric.external_id or "", one.unit.name if one.unit else "", f"{one.on}"): (
            one.value.normalize(),
            one.origin,
            one.source,
        )
        for one in rows
    }


def test_rows_find_their_account_unit_and_metric(world: World, torei: Account) -> None:
    batch = taken(world, USAGE)
    assert batch.problem == {}
    assert stored() == {
        ("self_service", "", "2026-10-20"): (Decimal("44.6"), "import", "usage.csv"),
        ("weekly_seats", "仙台センター", "2026-10-20"): (Decimal(1074).normalize(), "import", "usage.csv"),
        ("weekly_seats", "", "2026-10-20"): (Decimal(362), "import", "usage.csv"),
    }
    assert ImportMapping.objects.filter(record_type="metric_samples").exists()


@pytest.mark.parametrize(
    ("row", "code", "value"),
    [
        ("知らない商事,,自己解決率,2026/10/20,1", "account_unknown", "知らない商事"),
        (",,自己解決率,2026/10/20,1", "sample_without_account", ""),
        ("東嶺ダイレクト,,知らない率,2026/10/20,1", "metric_unknown", "知らない率"),
        ("東嶺ダイレクト,,古い率,2026/10/20,1", "metric_retired", "古い率"),
        ("東嶺ダイレクト,大阪,自己解決率,2026/10/20,1", "unit_unknown", "大阪"),
        ("東嶺ダイレクト,,自己解決率,2099/10/20,1", "sample_to_come", "2099/10/20"),
        ("東嶺ダイレクト,,自己解決率,,1", "cell_missing", ""),
        ("東嶺ダイレクト,,自己解決率,10月ごろ,1", "date_unreadable", "10月ごろ"),
        ("東嶺ダイレクト,,自己解決率,2026/10/20,多め", "number_unreadable", "多め"),
        ("東嶺ダイレクト,,自己解決率,2026/10/20,", "value_absent", ""),
    ],
)
def test_a_row_that_says_no_value_is_named_by_line_and_column(
    world: World, torei: Account, row: str, code: str, value: str
) -> None:
    MetricDefinition.objects.create(name="古い率", is_retired=True)
    batch = looked(world, f"会社名,部門,指標,計測日,値\n{row}\n")
    (found,) = batch.findings.exclude(severity="note")
    assert (found.code, found.line, found.value) == (code, 2, value)
    assert batch.summary["new"] == 0


def test_an_absent_value_is_never_zero(world: World, torei: Account) -> None:
    batch = taken(
        world,
        "会社名,指標,日付,値\n東嶺ダイレクト,自己解決率,2026/10/20,-\n東嶺ダイレクト,自己解決率,2026/10/21,0\n",
    )
    assert list(stored().values()) == [(Decimal(0), "import", "usage.csv")]
    assert [found.code for found in batch.findings.all()] == ["value_absent"]


def test_two_rows_of_one_day_ask_which_one(world: World, torei: Account) -> None:
    line = "東嶺ダイレクト,自己解決率,2026/10/20"
    batch = looked(world, f"会社名,指標,日付,値\n{line},1\n{line},2\n")
    assert [(found.code, found.line) for found in batch.findings.order_by("line")] == [
        ("sample_twice", 2),
        ("sample_twice", 3),
    ]


def test_the_same_day_again_corrects_what_a_file_brought_and_keeps_what_a_person_wrote(
    world: World, torei: Account, sign_in: Any
) -> None:
    taken(world, USAGE)
    MetricSample.objects.filter(metric__external_id="self_service").update(origin="hand", value=45)
    newer = USAGE.replace("44.6", "46.6").replace("362", "370")
    batch = looked(world, newer, "usage-2.csv")
    assert (batch.summary["changed"], batch.summary["same"], batch.summary["kept"]["value"]) == (1, 2, 1)
    client: Client = sign_in(world.member(Role.ADMIN))
    text = client.get(f"/t/midori/imports/{batch.pk}/").content.decode()
    assert "同じ日の値がもうあるときは、新しい値に書き直します" in text
    assert "東嶺ダイレクト株式会社 週に一度は使う席 2026/10/20" in text
    assert "人が書いた値" in text
    batch.choices, batch.state = {}, ImportState.APPLYING
    batch.save()
    batches.write(batch)
    found = stored()
    assert found["self_service", "", "2026-10-20"][:2] == (Decimal(45), "hand")
    assert found["weekly_seats", "", "2026-10-20"] == (Decimal(370).normalize(), "import", "usage-2.csv")
    sample = MetricSample.objects.get(metric__external_id="weekly_seats", unit=None)
    assert {int(value) for value in sample.events.values_list("value", flat=True)} == {362, 370}


def test_it_is_taken_back_as_a_whole(world: World, torei: Account) -> None:
    taken(world, USAGE)
    before = stored()
    batch = taken(world, USAGE.replace("362", "370") + "CRM-1,,,weekly_seats,2026/11/20,380\n", "usage-2.csv")
    assert len(stored()) == 4
    batch.state = ImportState.UNDOING
    batch.save()
    batches.take_back(batch)
    assert stored() == before
