"""What of the company's own types and templates of plans is edited in place, and what people choose from."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.choices import metrics
from success_plans.models import OwnPlanType, PlanTemplate, TemplateFeature, TemplateLine
from success_plans.models.plan import PlanType
from success_plans.models.template import LONGEST, LineKind
from tenants.editing import Choice, editable, register
from tenants.editing.fields import for_column
from tenants.scope import current_scope

EDITS = "plan_template.edit"
OWN = "own:"
CELLS = {
    LineKind.OBJECTIVE: ("text", "detail", "section"),
    LineKind.CRITERION: (
        "text",
        "direction",
        "target",
        "unit",
        "detail",
        "measured_by",
        "due_month",
        "review_month",
    ),
    LineKind.ACTION: ("text", "doer", "due_month", "detail"),
}
"""The fields that each kind of line has."""


@dataclass(frozen=True)
class Chosen:
    """What a choice of a type stands for: one of the four, and the company's own if it is one."""

    plan_type: str
    own_type: OwnPlanType | None = None

    @property
    def columns(self) -> dict[str, Any]:
        return {"plan_type": self.plan_type, "own_type": self.own_type}


def own_types() -> list[OwnPlanType]:
    """Those in use, by name; asked once per request."""
    cache = current_scope().cache
    if "own_plan_types" not in cache:
        cache["own_plan_types"] = list(OwnPlanType.objects.filter(is_retired=False).order_by("name", "pk"))
    return cache["own_plan_types"]  # type: ignore[no-any-return]


def type_choices() -> list[Choice]:
    """The four types, then the company's own."""
    return [
        *((str(value), str(label)) for value, label in PlanType.choices),
        *((f"{OWN}{one.pk}", one.name) for one in own_types()),
    ]


def chosen(value: str) -> Chosen | None:
    """What ``value`` of ``type_choices`` means; None for what is no choice."""
    if value in PlanType.values:
        return Chosen(value)
    own = next((one for one in own_types() if f"{OWN}{one.pk}" == value), None)
    return Chosen(own.plan_type, own) if own else None


def rules_of(value: str) -> str:
    """The one of the four types by whose rules a choice goes; empty for what is no choice."""
    found = chosen(value)
    return found.plan_type if found else ""


MEASURED_BY = for_column(
    TemplateLine,
    "measured_by",
    choices=lambda line: metrics(line, "measured_by_id"),
    hint=_("手で書く"),
)


def metric_to_read(typed: str, line: TemplateLine) -> Any:
    """A criterion counts in one way."""
    value = MEASURED_BY.parse(typed, line)
    if value and line.pk and TemplateFeature.objects.filter(line=line).exists():
        raise ValidationError(_now("使う機能を数える基準です。指標から読む基準は、別に足してください"))
    return value


register(
    "own_plan_type",
    OwnPlanType,
    for_column(OwnPlanType, "name"),
    for_column(OwnPlanType, "note", hint=_("どんなときに作りますか")),
    for_column(OwnPlanType, "is_retired"),
    action=EDITS,
    label=_("プランの種類"),
)

register(
    "plan_template",
    PlanTemplate,
    for_column(PlanTemplate, "name"),
    for_column(PlanTemplate, "note", hint=_("どんなお客様に使いますか")),
    for_column(PlanTemplate, "external_id", hint=_("ほかのシステムでの番号は何ですか")),
    action=EDITS,
    label=_("ひな型"),
)

register(
    "template_line",
    TemplateLine,
    for_column(TemplateLine, "text", widget="textarea"),
    for_column(TemplateLine, "detail", hint=_("書き添える")),
    for_column(TemplateLine, "section"),
    for_column(TemplateLine, "direction"),
    for_column(TemplateLine, "unit", hint=_("単位は")),
    for_column(TemplateLine, "target", hint=_("いくつへ")),
    replace(MEASURED_BY, parse=metric_to_read),
    for_column(TemplateLine, "due_month", lowest=1, highest=LONGEST, hint=_("期末")),
    for_column(TemplateLine, "review_month", lowest=1, highest=LONGEST, hint=_("決めない")),
    for_column(TemplateLine, "doer"),
    action=EDITS,
    label=_("ひな型の行"),
)

assert all(set(keys) <= editable("template_line").fields.keys() for keys in CELLS.values())
