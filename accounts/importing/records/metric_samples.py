"""Values of metrics, one row each: whose, of which metric, on which day, how much. Exports of usage, lists kept in Excel.

The same day of the same metric is the same value: a file read again corrects what an earlier one brought. A row
without a value is no row, and never 0. A value of a month or of a quarter stands on its last day, that of one still
running on today; quarters are the customer's.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import every_metric
from accounts.fiscal import FiscalClosing, months_after
from accounts.importing import unfolding, values
from accounts.importing.fields import Completed, Field, RecordType
from accounts.importing.known_accounts import any_account
from accounts.importing.measured import Measured, factor, measured, name_and_unit
from accounts.importing.periods import MONTHS, period
from accounts.importing.records.persons import FIELDS as OF_PERSONS
from accounts.importing.records.persons import account_of
from accounts.importing.values import NOTHING, Reader, Reading, folded
from accounts.models import Account, BusinessUnit, MetricDefinition
from tenants.scope import current_scope

WHOLE = frozenset(map(folded, ("全社", "全体", "会社全体", "all", "-")))


def _always(reader: Reader) -> Callable[[int], Reader]:
    return lambda unit: reader


def _headings(names: str) -> tuple[str, ...]:
    return tuple(names.split("、"))


@dataclass(frozen=True, slots=True)
class Named:
    """A metric, and the unit that stands behind its name."""

    metric: MetricDefinition
    unit: str


def metric_reader() -> Reader:
    """Which metric a cell means: by its key or by its name, with or without a unit in brackets."""
    known: dict[str, MetricDefinition] = {}
    for metric in every_metric():
        if not metric.deleted_at:
            for text in filter(None, (metric.name, metric.external_id)):
                known.setdefault(folded(text), metric)

    def read(raw: str) -> Reading:
        if not raw.strip():
            return NOTHING
        name, unit = (raw, "") if folded(raw) in known else name_and_unit(raw)
        metric = known.get(folded(name))
        if metric is None:
            return Reading(code="metric_unknown")
        return Reading(code="metric_retired") if metric.is_retired else Reading(Named(metric, unit))

    return read


def a_day(raw: str) -> Reading:
    """A day, or a period whose last day is meant; which day that is, the account may have to say."""
    found = period(raw)
    return Reading(str(found)) if found else values.a_date(raw)


def complete(given: Mapping[str, Any], failed: Set[str]) -> Completed:
    """The account by number and name, the unit within it, the day, the amount in the metric's unit; and what makes no
    value: none, or one of a day to come."""
    account, wrong = account_of(given, failed, "sample_without_account")
    made: dict[str, Any] = {"account": account} if account else {}
    wrong += [("cell_missing", key) for key in ("metric", "on") if key not in given and key not in failed]
    if "on" in given:
        day, problem = day_of(given["on"], account, timezone.localdate())
        made["on"] = day and day.isoformat()
        wrong += [(problem, "on")] if problem else []
    if "metric" in given:
        made["metric"] = str(given["metric"].metric.pk)
    if "metric" in given and "value" in given:
        made["value"], problem, key = amount_of(given["metric"], given["value"], given.get("counted_in", ""))
        wrong += [(problem, key)] if problem else []
    if "value" not in given and "value" not in failed:
        wrong.append(("value_absent", "value"))
    name = folded(given.get("unit_name", ""))
    if account and name and name not in WHOLE:
        if unit := units().get((account, name)):
            made["unit"] = unit
        else:
            wrong.append(("unit_unknown", "unit_name"))
    return Completed(made, wrong)


def day_of(said: str, account: str, today: date) -> tuple[date | None, str]:
    """The day that a day or a period stands for, or what is wrong with it."""
    found = period(said)
    if found is None:
        day = date.fromisoformat(said)
        return (day, "") if day <= today else (None, "sample_to_come")
    ends = found.ends_on(closings().get(account) if found.is_fiscal else None)
    if ends is None:
        return None, "period_without_closing" if account else ""
    if ends <= today:
        return ends, ""
    begins = months_after(ends, -MONTHS[found.grain]) + timedelta(days=1) if found.grain in MONTHS else ends
    return (None, "sample_to_come") if begins > today else (today, "")


def amount_of(named: Named, value: Measured, counted_in: str) -> tuple[str | None, str, str]:
    """The value in the metric's own unit, or what is wrong and in which field."""
    of_name, of_table = factor([named.unit], named.metric.unit), factor([counted_in], named.metric.unit)
    of_value = factor([value.unit], named.metric.unit)
    if of_name is None or of_table is None:
        return None, "unit_differs", "metric" if of_name is None else "counted_in"
    if of_value is None:
        return None, "unit_differs", "value"
    amount = value.amount * max(of_name, of_table) * of_value
    if abs(amount) >= 10**13:
        return None, "number_too_big", "value"
    return str(round(amount, 4)), "", ""


def closings() -> Mapping[str, FiscalClosing]:
    """When the fiscal year of every account closes, as far as that is known; read once for a file."""
    cache = current_scope().cache
    if "closings" not in cache:
        rows = Account.objects.filter(fiscal_month__isnull=False).values_list(
            "pk", "fiscal_month", "fiscal_day"
        )
        cache["closings"] = {
            str(pk): FiscalClosing.stored(month, day) for pk, month, day in rows if month is not None
        }
    return cache["closings"]  # type: ignore[no-any-return]


def units() -> Mapping[tuple[str, str], str]:
    """The key of every unit by its account and name; read once for a file."""
    cache = current_scope().cache
    if "units_by_name" not in cache:
        rows = BusinessUnit.objects.values_list("pk", "account_id", "name")
        cache["units_by_name"] = {(str(account), folded(name)): str(pk) for pk, account, name in rows}
    return cache["units_by_name"]  # type: ignore[no-any-return]


FIELDS = [
    *(each for each in OF_PERSONS if each.key in ("company", "company_code", "account")),
    Field(
        "metric",
        _("指標(名前かキー)"),
        _always(values.text(120)),
        {"metric_id": "uuid"},
        only_when_empty=True,
        names=_headings(
            "指標、指標名、項目、項目名、メトリクス、KPI、metric、metric name、metric key、measure、kpi"
        ),
        hints=("指標", "metric"),
    ),
    Field(
        "unit_name",
        _("部門"),
        _always(values.text(120)),
        {},
        names=_headings("部門、部門名、部署、部署名、拠点、センター、unit、department、team"),
        hints=("部門", "拠点"),
    ),
    Field("unit", _("部門"), _always(values.text(36)), {"unit_id": "uuid"}, units=(), only_when_empty=True),
    Field(
        "on",
        _("日付"),
        _always(a_day),
        {"on": "date"},
        names=_headings(
            "日付、年月、月、対象月、期間、month、period、計測日、集計日、年月日、対象日、測定日、基準日、date、day、as of、measured on"
        ),
        hints=("日付", "計測日", "date"),
    ),
    Field(
        "value",
        _("値"),
        _always(measured),
        {"value": "numeric"},
        names=_headings("値、計測値、実績、実績値、数値、value、actual、amount"),
        hints=("計測値", "実績", "value"),
        also={"origin": "'import'", "source": "coalesce(nullif(s.source, ''), %(file)s)"},
    ),
    Field(
        "counted_in",
        _("単位(指標の単位と照らす)"),
        _always(values.text(20)),
        {},
        names=_headings("単位、単位名、unit of measure、uom"),
    ),
    Field(
        "source",
        _("出どころ"),
        _always(values.text(200)),
        {"source": "text"},
        names=_headings("出どころ、出典、出所、ソース、source、data source"),
    ),
    Field(
        "external_id",
        _("外部ID(照らし合わせに使う)"),
        _always(values.text(100)),
        {"external_id": "text"},
        names=_headings("外部ID、計測値ID、sample id、external id、id"),
    ),
]

COMPANIES = [name for each in FIELDS if each.key in ("company", "company_code") for name in each.names]

METRIC_SAMPLES = RecordType(
    name="metric_samples",
    label=_("計測値"),
    counter=_("件"),
    model="accounts.MetricSample",
    fields=FIELDS,
    keys=("external_id",),
    natural='n.account_id = r.account_id AND n.metric_id = r.metric_id AND n."on" = r."on" '
    "AND n.unit_id IS NOT DISTINCT FROM r.unit_id",
    natural_group='account_id, metric_id, unit_id, "on"',
    lookups={"company": any_account, "company_code": any_account, "metric": lambda batch: metric_reader()},
    complete=complete,
    notable=("value",),
    has_facts=False,
    by_hand="a.origin = 'hand'",
    known_as="(SELECT concat_ws(' ', c.name, d.name, to_char(a.\"on\", 'YYYY/MM/DD')) FROM accounts_account c "
    "JOIN accounts_metricdefinition d ON d.tenant_id = c.tenant_id AND d.id = a.metric_id "
    "WHERE c.tenant_id = a.tenant_id AND c.id = a.account_id)",
    named=("company", "company_code"),
    twice="sample_twice",
    again=_("同じ日の値がもうあるときは、新しい値に書き直します。前の値は履歴に残ります"),
    shape=lambda batch, layout, records: unfolding.rows_of(batch, layout, records, COMPANIES),
    defaults=lambda batch: {"origin": "import", "source": batch.file_name[:200]},
)
