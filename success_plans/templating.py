"""Plans from templates, and templates from plans. A template counts months; a plan has days of the customer's fiscal
calendar, because its period begins where theirs does."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.fiscal import months_after
from accounts.models import Account, PersonRole, ProductFeature
from accounts.models.key_person import RoleKind
from success_plans import adoption, objectives
from success_plans.beginning import begin
from success_plans.models import (
    ActionItem,
    Criterion,
    Objective,
    PlanTemplate,
    SuccessPlan,
    TemplateFeature,
    TemplateLine,
)
from success_plans.models.objective import MOST_IN_RECOVERY, Direction
from success_plans.models.plan import PlanType
from success_plans.models.template import LONGEST, Doer, LineKind
from success_plans.objectives import PutIn, write
from success_plans.views.adding import next_position
from tenants.editing.saving import Refused

Below = dict[UUID | None, list[TemplateLine]]


# A plan from a template


@transaction.atomic
def make_plan(template: PlanTemplate, account: Account, today: date, **columns: Any) -> SuccessPlan:
    """All of it or nothing; a template with too many objectives for its type says so (``objectives.Full``)."""
    whole = {**columns, "plan_type": template.plan_type, "own_type": template.own_type}
    plan = begin(account, **whole)
    fill(plan, template, today)
    return plan


def fill(plan: SuccessPlan, template: PlanTemplate, today: date) -> None:
    below = lines_of(template)
    for line in below[None]:
        objectives.add(objective_of(plan, line, below, today))


def objective_of(plan: SuccessPlan, line: TemplateLine, below: Below, today: date) -> PutIn:
    """One objective of a template with its criteria and actions, for a plan."""

    def put_in() -> Objective:
        made = write(
            plan,
            line.text,
            why=line.detail,
            section=line.section if plan.is_shared_with_sales else "",
            arises_from=_("ひな型「%(name)s」") % {"name": line.template.name},
        )()
        rows = below[line.pk]
        for one in [one for one in rows if one.kind == LineKind.CRITERION]:
            criterion = criterion_of(plan, made, one)
            criterion.save()
            if counted := counted_by(one):
                adoption.count_features(criterion, counted, today)
        actions = [one for one in rows if one.kind == LineKind.ACTION]
        doers = doers_of(plan.account, today) if actions else {}
        ActionItem.objects.bulk_create(action_of(plan, made, one, doers) for one in actions)
        return made

    return put_in


def criterion_of(plan: SuccessPlan, objective: Objective, line: TemplateLine) -> Criterion:
    return Criterion(
        account_id=plan.account_id, objective=objective, position=line.position, metric=line.text[:120],
        method=line.detail, direction=line.direction, unit=line.unit, target=line.target,
        measured_by_id=line.measured_by_id, due_on=day_of(plan, line.due_month) or plan.ends_on,
        review_on=day_of(plan, line.review_month),
    )  # fmt: skip


def action_of(
    plan: SuccessPlan, objective: Objective, line: TemplateLine, doers: dict[str, dict[str, Any]]
) -> ActionItem:
    return ActionItem(
        account_id=plan.account_id, plan=plan, objective=objective, position=line.position, text=line.text,
        quantity=line.detail[:60], due_on=day_of(plan, line.due_month) or plan.ends_on, **doers.get(line.doer, {}),
    )  # fmt: skip


def day_of(plan: SuccessPlan, month: int | None) -> date | None:
    """The last day of so many months of the plan's period, and never one after its end."""
    if month is None:
        return None
    return min(months_after(plan.starts_on, month) - timedelta(days=1), plan.ends_on)


def month_of(plan: SuccessPlan, day: date | None) -> int | None:
    """The month of the plan's period that a day lies in; the other way round than ``day_of``."""
    if day is None or day < plan.starts_on:
        return None
    month = 1
    while month < LONGEST and months_after(plan.starts_on, month) <= day:
        month += 1
    return month


def doers_of(account: Account, today: date) -> dict[str, dict[str, Any]]:
    """The columns of an action by the place of whoever does it; a place that nobody holds stays blank."""
    held = PersonRole.objects.filter(account=account, kind=RoleKind.CHAMPION, person__deleted_at=None)
    champion = held.held_on(today).order_by("starts_on", "pk").values_list("person", flat=True).first()
    return {
        Doer.CSM: {"assignee_id": account.csm_id},
        Doer.DEPUTY: {"assignee_id": account.deputy_id},
        Doer.SALES: {"assignee_id": account.commercial_owner_id},
        Doer.CHAMPION: {"customer_assignee_id": champion},
    }


def lines_of(template: PlanTemplate) -> Below:
    """The lines of a template by what they stand below; its objectives below None."""
    found: Below = defaultdict(list)
    lines = TemplateLine.objects.filter(template=template).prefetch_related("features__feature__product")
    for line in lines.order_by("position", "pk"):
        line.template = template
        found[line.below_id].append(line)
    return found


def counted_by(line: TemplateLine) -> list[ProductFeature]:
    """The features that a criterion counts, by name, without those of products in the bin."""
    found = (one.feature for one in line.features.all())  # type: ignore[attr-defined]
    standing = (feature for feature in found if feature.product.deleted_at is None)
    return sorted(standing, key=lambda feature: (feature.name, feature.pk))


# One objective of a template


def offered_to(plan: SuccessPlan) -> Any:
    """The objectives of all templates by whose rules the plan goes too."""
    lines = TemplateLine.objects.filter(
        kind=LineKind.OBJECTIVE, template__plan_type=plan.plan_type, template__deleted_at=None
    )
    return lines.select_related("template").order_by("template__name", "template", "position", "pk")


def line_for(plan: SuccessPlan, pk: str) -> TemplateLine | None:
    return objectives.find(offered_to(plan), pk)  # type: ignore[no-any-return]


def from_line(line: TemplateLine, plan: SuccessPlan, today: date) -> PutIn:
    return objective_of(plan, line, lines_of(line.template), today)


# A template from a plan


@transaction.atomic
def save_as(plan: SuccessPlan, name: str) -> PlanTemplate:
    """What is the same for every customer: people, figures reached and where it began are left out."""
    made = PlanTemplate(name=name.strip()[:120], plan_type=plan.plan_type, own_type_id=plan.own_type_id)
    if not made.name:
        raise ValidationError(_("ひな型の名前を書いてください"))
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise Refused.by(PlanTemplate, error) from error
    rows = list(Objective.objects.filter(plan=plan).order_by("position", "pk"))
    criteria = Criterion.objects.filter(objective__in=rows).prefetch_related("features")
    actions = ActionItem.objects.filter(objective__in=rows)
    for place, objective in enumerate(rows, 1):
        line = TemplateLine.objects.create(
            template=made, position=place, text=objective.statement[:300], detail=objective.why[:200],
            section=objective.section,
        )  # fmt: skip
        for one in [one for one in criteria if one.objective_id == objective.pk]:
            below = line_of_criterion(plan, line, one)
            below.save()
            TemplateFeature.objects.bulk_create(
                TemplateFeature(line=below, feature_id=counted.feature_id) for counted in one.features.all()
            )
        TemplateLine.objects.bulk_create(
            line_of_action(plan, line, one) for one in actions if one.objective_id == objective.pk
        )
    return made


def line_of_criterion(plan: SuccessPlan, line: TemplateLine, one: Criterion) -> TemplateLine:
    return TemplateLine(
        template=line.template, below=line, kind=LineKind.CRITERION, position=one.position, text=one.metric,
        detail=one.method, direction=one.direction, unit=one.unit, target=one.target,
        measured_by_id=one.measured_by_id, due_month=month_of(plan, one.due_on),
        review_month=month_of(plan, one.review_on),
    )  # fmt: skip


def line_of_action(plan: SuccessPlan, line: TemplateLine, one: ActionItem) -> TemplateLine:
    account = plan.account
    places = {
        account.commercial_owner_id: Doer.SALES,
        account.deputy_id: Doer.DEPUTY,
        account.csm_id: Doer.CSM,
    }
    doer = places.get(one.assignee_id, Doer.NOBODY) if one.assignee_id else Doer.NOBODY
    return TemplateLine(
        template=line.template, below=line, kind=LineKind.ACTION, position=one.position, text=one.text,
        doer=doer, due_month=month_of(plan, one.due_on),
    )  # fmt: skip


# Writing a template


def add_objective(template: PlanTemplate, text: str) -> TemplateLine:
    """One more; ValidationError where plans of this type take no more."""
    check_room(template, LineKind.OBJECTIVE)
    rows = TemplateLine.objects.filter(template=template, kind=LineKind.OBJECTIVE)
    return TemplateLine.objects.create(template=template, text=text, position=next_position(rows))  # type: ignore[no-any-return]


def check_room(template: PlanTemplate, kind: str) -> None:
    """A template of a recovery plan holds what such a plan holds; plans made from one that came to hold more say so."""
    rows = TemplateLine.objects.filter(template=template, kind=LineKind.OBJECTIVE)
    is_short = template.plan_type == PlanType.RECOVERY and kind == LineKind.OBJECTIVE
    if is_short and rows.count() >= MOST_IN_RECOVERY:
        raise ValidationError(_("回復計画の目標は4つまでです。どれかを削除してから足してください"))


def add_below(line: TemplateLine, kind: str, text: str) -> TemplateLine:
    rows = TemplateLine.objects.filter(below=line, kind=kind)
    return TemplateLine.objects.create(  # type: ignore[no-any-return]
        template=line.template, below=line, kind=kind, text=text, direction=Direction.UP,
        position=next_position(rows),
    )  # fmt: skip


def count_features(line: TemplateLine, chosen: Sequence[str]) -> None:
    """From now on a criterion of a template counts the features with these ids; none makes it one of figures again."""
    if line.kind != LineKind.CRITERION:
        raise ValidationError(_("機能を数えるのは、成功の基準だけです"))
    found = adoption.the_features(chosen) if chosen else []
    counted = TemplateFeature.objects.filter(line=line)
    counted.exclude(feature__in=found).delete()
    known = set(counted.values_list("feature", flat=True))
    TemplateFeature.objects.bulk_create(
        TemplateFeature(line=line, feature=one) for one in found if one.pk not in known
    )
    if found:
        line.measured_by, line.direction, line.unit, line.target = None, Direction.UP, _("機能"), len(found)
        line.save(update_fields=["measured_by", "direction", "unit", "target"])
