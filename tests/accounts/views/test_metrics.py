"""What is counted and its values: settings, the customer's page, entry by keyboard, correction, and the course."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.metrics.chart import line_of
from accounts.metrics.figures import difference, figure, with_unit
from accounts.metrics.readings import reading
from accounts.metrics.series import Point, Series, series_of
from accounts.models import Account, BusinessUnit, MetricDefinition, MetricSample
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World

SETTINGS = "/t/midori/settings/metrics/"


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def mine(world: World) -> Iterator[Account]:
    with tenant_scope(world.tenant(), member=world.csm):
        yield world.account()


@pytest.fixture
def solved(mine: Account) -> MetricDefinition:
    return MetricDefinition.objects.create(
        name="自己解決率", unit="%", decimals=1, external_id="self_service"
    )


def url(world: World, rest: str = "") -> str:
    return f"/t/midori/accounts/{world.account_id()}/metrics/{rest}"


def measured(account: Account, metric: MetricDefinition, on: date, value: Any, **more: Any) -> MetricSample:
    return MetricSample.objects.create(account=account, metric=metric, on=on, value=value, **more)


# ── Definitions


def test_a_manager_defines_a_metric_and_a_csm_reads_it(world: World, sign_in: Any) -> None:
    manager = sign_in(world.member(Role.MANAGER))
    given = {"name": "週に一度は使う席", "unit": "席", "direction": "up", "meaning": "月曜から日曜"}
    assert manager.post(f"{SETTINGS}new/", given).status_code == 303
    csm = sign_in(world.csm)
    assert "月曜から日曜" in csm.get(SETTINGS).content.decode()
    assert csm.post(f"{SETTINGS}new/", {"name": "勝手な指標"}).status_code == 403
    again = manager.post(f"{SETTINGS}new/", given)
    assert (again.status_code, "同じ名前の指標がもうあります" in again.content.decode()) == (422, True)
    far = manager.post(f"{SETTINGS}new/", {"name": "細かすぎる", "decimals": "5"})
    assert (far.status_code, "4以下の数で" in far.content.decode()) == (422, True)


def test_a_retired_metric_asks_for_no_more_values_and_keeps_its_own(
    client: Client, world: World, mine: Account, solved: MetricDefinition
) -> None:
    measured(mine, solved, timezone.localdate(), 46)
    MetricDefinition.objects.filter(pk=solved.pk).update(is_retired=True)
    text = client.get(url(world)).content.decode()
    assert f"value-{solved.pk}" not in text
    assert "もう使わない" in text
    assert "46.0%" in text


# ── Entry


def test_the_days_values_are_written_together_and_what_was_not_measured_stays_absent(
    client: Client, world: World, mine: Account, solved: MetricDefinition
) -> None:
    seats = MetricDefinition.objects.create(name="使う席", unit="席")
    today = timezone.localdate()
    given = {"on": f"{today}", "source": "月次集計", f"value-{solved.pk}": "４６.２", f"value-{seats.pk}": ""}
    assert client.post(url(world, "new/"), given).status_code == 303
    (sample,) = MetricSample.objects.all()
    assert (sample.metric, sample.value, sample.source, sample.on) == (
        solved,
        Decimal("46.2"),
        "月次集計",
        today,
    )
    assert not MetricSample.objects.filter(metric=seats).exists()
    nothing = client.post(url(world, "new/"), {"on": f"{today}"})
    assert (nothing.status_code, "値をひとつ以上入力してください" in nothing.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("on", "typed", "said"),
    [
        (0, "四十六", "数字で入力してください"),
        (1, "46", "まだ来ていない日の値は書けません"),
        (-1, "46", "の値はもうあります(40.0%)"),
        (0, "1e30", "数が大きすぎます"),
    ],
)
def test_a_table_with_one_wrong_value_writes_none_and_keeps_what_was_typed(
    client: Client, world: World, mine: Account, solved: MetricDefinition, on: int, typed: str, said: str
) -> None:
    seats = MetricDefinition.objects.create(name="使う席", unit="席")
    today = timezone.localdate()
    measured(mine, solved, today - timedelta(days=1), 40)
    day = today + timedelta(days=on)
    answer = client.post(
        url(world, "new/"), {"on": f"{day}", f"value-{solved.pk}": typed, f"value-{seats.pk}": "31"}
    )
    text = answer.content.decode()
    assert (answer.status_code, said in text) == (422, True)
    assert 'value="31"' in text
    assert MetricSample.objects.count() == 1


def test_a_day_has_one_value_of_the_account_and_one_of_each_unit(
    client: Client, world: World, mine: Account, solved: MetricDefinition
) -> None:
    unit = BusinessUnit.objects.create(account=mine, name="仙台センター")
    today = timezone.localdate()
    given = {"on": f"{today}", f"value-{solved.pk}": "46"}
    assert client.post(url(world, "new/"), given).status_code == 303
    assert client.post(url(world, "new/"), {**given, "unit": f"{unit.pk}"}).status_code == 303
    assert client.post(url(world, "new/"), {**given, "unit": f"{unit.pk}"}).status_code == 422
    assert {sample.unit_id for sample in MetricSample.objects.all()} == {None, unit.pk}
    assert MetricSample.objects.count() == 2


def test_a_unit_of_another_account_is_the_whole_account(
    client: Client, world: World, mine: Account, solved: MetricDefinition
) -> None:
    foreign = BusinessUnit.objects.create(account=world.account("other"), name="よその部門")
    given = {"on": f"{timezone.localdate()}", f"value-{solved.pk}": "46", "unit": f"{foreign.pk}"}
    client.post(url(world, "new/"), given)
    assert MetricSample.objects.get().unit_id is None


def test_a_correction_keeps_what_stood_there_and_a_value_goes_into_the_bin(
    client: Client, world: World, mine: Account, solved: MetricDefinition
) -> None:
    sample = measured(mine, solved, timezone.localdate(), 46, origin="import")
    path = f"/t/midori/edit/metric_sample/{sample.pk}/"
    assert client.post(path, {"field": "value", "value": "47.5", "base": "46"}).status_code == 200
    sample.refresh_from_db()
    assert (sample.value, sample.origin) == (Decimal("47.5"), "hand")
    assert set(sample.events.values_list("value", flat=True)) == {Decimal(46), Decimal("47.5")}
    empty = client.post(path, {"field": "value", "value": "", "base": "47.5"})
    assert (empty.status_code, "値は空にできません" in str(empty.json())) == (422, True)
    assert client.post(f"/t/midori/delete/metric_sample/{sample.pk}/").status_code == 303
    assert "値はまだありません" in client.get(url(world)).content.decode()


# ── The course


def test_a_course_states_its_numbers_and_no_verdict(mine: Account, solved: MetricDefinition) -> None:
    days = [date(2025, 11, 20), date(2026, 10, 20), date(2026, 11, 20)]
    series = Series(
        solved, [Point(day, Decimal(v)) for day, v in zip(days, ("38", "44.6", "46"), strict=True)]
    )
    said = "2026/11/20は46.0%。前回(2026/10/20)の44.6%から+1.4pt。1年前(2025/11/20)の38.0%から+8.0pt。"
    assert reading(series) == said
    line = line_of(series)
    assert [word.text for word in line.words if word.css == "t-strong"] == ["46.0"]
    assert "2025/11/20 38.0%、2026/10/20 44.6%、2026/11/20 46.0%" in line.label
    assert line.path.count("L") == 2


def test_a_single_value_and_a_flat_course_are_drawn(mine: Account, solved: MetricDefinition) -> None:
    day = date(2026, 11, 20)
    alone = line_of(Series(solved, [Point(day, Decimal(0))]))
    assert (alone.path, alone.reading) == ("M120.0 48.0", "2026/11/20は0.0%。")
    flat = Series(solved, [Point(day - timedelta(days=30), Decimal(5)), Point(day, Decimal(5))])
    assert "前回(2026/10/21)の5.0%から±0pt。" in line_of(flat).reading


def test_figures_never_round_a_value_down_to_nothing(mine: Account, solved: MetricDefinition) -> None:
    whole = MetricDefinition(name="比", unit="", decimals=0)
    assert figure(Decimal("0.0400"), 0) == "0.04"
    assert with_unit(Decimal("1234.5678"), solved) == "1,234.6%"
    assert difference(Decimal(12), Decimal(7), whole) == "−5"


def test_of_a_week_the_last_value_is_drawn_and_other_accounts_are_not(
    mine: Account, world: World, solved: MetricDefinition
) -> None:
    monday = date(2026, 11, 16)
    for n, value in enumerate((40, 41, 42)):
        measured(mine, solved, monday + timedelta(days=n), value)
    measured(world.account("other"), solved, monday + timedelta(days=5), 99)
    measured(mine, solved, date(2024, 1, 10), 1)
    (found,) = series_of(mine, None, date(2026, 11, 22))
    assert [(point.on.day, int(point.value)) for point in found.points] == [(18, 42)]


def test_pages_show_older_values_one_page_after_the_other(
    client: Client, world: World, mine: Account, solved: MetricDefinition
) -> None:
    start = timezone.localdate() - timedelta(days=60)
    for n in range(30):
        measured(mine, solved, start + timedelta(days=n), n + 100)
    first = client.get(url(world))
    page = first.context["page"]
    assert [int(sample.value) for sample in page.rows][:2] == [129, 128]
    second = client.get(url(world), {"after": page.after})
    assert [int(sample.value) for sample in second.context["page"].rows] == [105, 104, 103, 102, 101, 100]
