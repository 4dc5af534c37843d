"""Own types of plans, and templates."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from success_plans import templating
from success_plans.api.common import find
from success_plans.models import (
    OwnPlanType,
    PlanTemplate,
    TemplateLine,
)
from success_plans.models.plan import PlanType
from success_plans.models.template import LineKind
from success_plans.views.adding import next_position
from tenants.api import (
    Adding,
    Fault,
    New,
    Part,
    Problem,
    Resource,
    column,
)
from tenants.api.shapes import (
    list_shape,
    nullable,
    of_column,
    uuid_shape,
)
from tenants.editing import editable


def rules_of_body(new: New) -> dict[str, Any]:
    own_type = find(OwnPlanType, "own_type", new.texts.get("own_type"))
    plan_type = own_type.plan_type if own_type else new.texts.get("plan_type") or PlanType.CUSTOMER_OBJECTIVE
    return {"plan_type": plan_type, "own_type": own_type}


def make_line(new: New) -> Any:
    """An objective, or what stands ``below`` one of the same template."""
    template, kind = new.parent, new.texts.get("kind") or LineKind.OBJECTIVE
    below = find(TemplateLine, "below", new.texts.get("below"))
    if (kind == LineKind.OBJECTIVE) != (below is None):
        raise Problem.invalid(Fault.at("below", _now("基準とアクションは、どの目標の下かを送ってください")))
    if below and (below.template_id != template.pk or below.kind != LineKind.OBJECTIVE):
        raise Problem.invalid(Fault.at("below", _now("同じひな型の目標を送ってください")))
    try:
        templating.check_room(template, kind)
    except ValidationError as error:
        raise Problem.invalid(Fault.at("template", error.messages[0])) from None
    rows = TemplateLine.objects.filter(template=template, below=below, kind=kind)
    return new.create(template=template, below=below, kind=kind, position=next_position(rows))


def write_features(line: Any, keys: list[str]) -> None:
    if not keys and line.kind != LineKind.CRITERION:
        return
    try:
        templating.count_features(line, keys)
    except ValidationError as error:
        raise Problem.invalid(Fault.at("features", error.messages[0])) from None


FEATURES = Part(
    list_shape(uuid_shape()).titled(_("使う機能"), _("数える機能のID。成功の基準だけが持つ")),
    lambda line: sorted(one.feature_id for one in line.features.all()),
    write_features,
)

OWN_TYPES = Resource(
    name="plan-types",
    model=OwnPlanType,
    label=_("自社の種類"),
    reads="plan_template.read",
    lists="plan_template.read",
    found=editable("own_plan_type"),
    shows={"plan_type": column(OwnPlanType, "plan_type")},
    filters=("plan_type", "is_retired"),
    adds=Adding(
        "plan_template.edit",
        inputs={
            "plan_type": of_column(OwnPlanType._meta.get_field("plan_type")).titled(_("どの種類の決まりで"))
        },
        make=lambda new: new.create(plan_type=new.texts.get("plan_type") or PlanType.CUSTOMER_OBJECTIVE),
    ),
)

TEMPLATES = Resource(
    name="plan-templates",
    model=PlanTemplate,
    label=_("ひな型"),
    reads="plan_template.read",
    lists="plan_template.read",
    found=editable("plan_template"),
    shows={key: column(PlanTemplate, key) for key in ("plan_type", "own_type")},
    filters=("plan_type", "own_type", "external_id"),
    adds=Adding(
        "plan_template.edit",
        inputs={
            "plan_type": of_column(PlanTemplate._meta.get_field("plan_type")).titled(_("種類")),
            "own_type": nullable(uuid_shape()).titled(_("自社の種類")),
        },
        make=lambda new: new.create(**rules_of_body(new)),
    ),
)

TEMPLATE_LINES = Resource(
    name="template-lines",
    model=TemplateLine,
    label=_("ひな型の行"),
    reads="plan_template.read",
    lists="plan_template.read",
    found=editable("template_line"),
    shows={
        "template": column(TemplateLine, "template"),
        "below": column(TemplateLine, "below", _("どの目標の下か")),
        "kind": column(TemplateLine, "kind", _("行の種類")),
        "position": column(TemplateLine, "position", _("並び順")),
    },
    parts={"features": FEATURES},
    filters=("template", "kind"),
    rows=lambda rows: rows.prefetch_related("features"),
    adds=Adding(
        "plan_template.edit",
        "template",
        PlanTemplate,
        inputs={
            "kind": of_column(TemplateLine._meta.get_field("kind")).titled(_("行の種類")),
            "below": nullable(uuid_shape()).titled(_("どの目標の下か")),
        },
        make=make_line,
    ),
)
