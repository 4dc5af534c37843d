"""What of metrics and their values is edited in place, and typed into forms."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import choices
from accounts.editing import origin
from accounts.metrics.figures import figure
from accounts.models import MetricDefinition, MetricSample
from accounts.models.metric import MOST_DECIMALS
from tenants.editing import Edit, EditField
from tenants.editing import register as make_editable
from tenants.editing.fields import for_column, parse_number

DEFINITION_FIELDS = ("name", "unit", "direction", "decimals", "meaning", "feature", "external_id")


def not_to_come(typed: str, record: Any) -> date:
    """A day on which somebody can have measured."""
    day: date = _ON.parse(typed, record)
    if day > timezone.localdate():
        raise ValidationError(_now("まだ来ていない日の値は書けません。日付を確かめてください"))
    return day


def a_value(typed: str, record: Any) -> Any:
    value = parse_number(typed)
    if value is None:
        raise ValidationError(_now("値は空にできません。測っていない日なら、この行を削除します"))
    return value


def shown(value: Any, sample: MetricSample) -> str:
    metric = choices.metric_of(sample.metric_id)
    return "" if value is None else figure(value, metric.decimals if metric else MOST_DECIMALS)


def who_wrote(edit: Edit) -> dict[str, object]:
    return {"origin": origin()}


def called(sample: MetricSample) -> str:
    metric = choices.metric_of(sample.metric_id)
    return f"{metric.name if metric else ''} {sample}".strip()


_ON: EditField = for_column(MetricSample, "on")
VALUE = for_column(MetricSample, "value", hint=_("いくつでしたか"))

make_editable(
    "metric",
    MetricDefinition,
    for_column(MetricDefinition, "name"),
    for_column(MetricDefinition, "unit", hint=_("人、%、件など")),
    for_column(MetricDefinition, "direction"),
    for_column(MetricDefinition, "decimals", lowest=0, highest=MOST_DECIMALS),
    for_column(MetricDefinition, "meaning", widget="textarea", hint=_("何を、いつ、どこで数えた値ですか")),
    for_column(MetricDefinition, "feature", choices=choices.features, hint=_("製品全体の指標です")),
    for_column(MetricDefinition, "external_id", hint=_("CSVやAPIで使う短い名前は")),
    for_column(MetricDefinition, "is_retired"),
    action="metric.edit",
    label=_("指標"),
)

make_editable(
    "metric_sample",
    MetricSample,
    for_column(MetricSample, "metric", choices=choices.metrics),
    for_column(MetricSample, "unit", choices=choices.units, hint=_("全社")),
    replace(_ON, parse=not_to_come),
    replace(VALUE, parse=a_value, show=shown),
    for_column(MetricSample, "source", hint=_("どこの数字ですか")),
    for_column(MetricSample, "external_id", hint=_("ほかのシステムでの番号は何ですか")),
    action="account.edit",
    label=_("計測値"),
    also=who_wrote,
    called=called,
)
