"""What plans lack, one line for each, in the columns of design 07: of its objectives, its actions, its reviews, and of the
people who decide. A heat map by person and letter stands above it (``success_plans.queue``)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Subquery, When, Window
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import PersonRole
from accounts.models.key_person import RoleKind
from success_plans.models import ActionItem, Criterion, JudgedObjective, Objective, PlanVersion, SuccessPlan
from success_plans.models.action import OPEN as OPEN_ACTION
from success_plans.models.plan import PlanState
from success_plans.queue import backwards, lacks
from tenants.ids import id_in
from tenants.models import Membership

MOST = 100
"""Plans in the table: those that wait first, then those that end first."""
NOBODY = "none"
TOP = 3


@dataclass(frozen=True)
class Column:
    """``asks`` is what an objective needs so that it can be looked at: criteria, actions, or nothing. Without any of them
    in the plan there is nothing to count."""

    key: str
    label: Any
    asks: str = ""


@dataclass(frozen=True)
class Group:
    label: Any
    columns: Sequence[Column]


GROUPS = (
    Group(
        _("目標"),
        (
            Column("specific", _("具体性")),
            Column("scale", _("尺度")),
            Column("method", _("測り方")),
            Column("evidence", _("根拠")),
            Column("issue", _("課題")),
            Column("due", _("期日")),
        ),
    ),
    Group(
        _("アクション"),
        (
            Column("doer", _("主体"), "actions"),
            Column("action_due", _("期日"), "actions"),
            Column("quantity", _("分量"), "actions"),
        ),
    ),
    Group(_("振り返り"), (Column("review", _("日程"), "criteria"),)),
    Group(
        _("関係者"),
        (Column(RoleKind.ECONOMIC_BUYER.value, _("決裁者")), Column(RoleKind.CHAMPION.value, _("推進者"))),
    ),
)
COLUMNS = [column for group in GROUPS for column in group.columns]
ROLES = (RoleKind.ECONOMIC_BUYER, RoleKind.CHAMPION)


@dataclass(frozen=True)
class Cell:
    """How many objectives of the plan lack it; None where there is nothing yet that could have it."""

    column: Column
    missing: int | None

    @property
    def heat(self) -> str:
        return "x" if self.missing is None else str(min(self.missing, 3))


@dataclass(frozen=True)
class Line:
    plan: Any  # with ``approved``, the number of its newest version
    cells: Sequence[Cell]

    @property
    def waits(self) -> bool:
        return bool(self.plan.state == PlanState.SUBMITTED)


@dataclass(frozen=True)
class Owner:
    """A CSM with the plans of their accounts; ``member`` is None for accounts without one."""

    member: Membership | None
    lines: Sequence[Line]


@dataclass(frozen=True)
class PlanMap:
    lines: Sequence[Line]
    total: int

    @cached_property
    def owners(self) -> list[Owner]:
        by_owner = groupby(self.lines, key=lambda line: line.plan.account.csm)
        return [Owner(member, list(lines)) for member, lines in by_owner]

    @property
    def groups(self) -> Sequence[Group]:
        return GROUPS

    @property
    def columns(self) -> Sequence[Column]:
        return COLUMNS

    @property
    def width(self) -> int:
        return len(COLUMNS) + 1

    @cached_property
    def shares(self) -> list[tuple[int, bool]]:
        """By column, the percentage of plans that lack something, and whether it is among the highest."""
        found = [
            round(100 * sum(bool(line.cells[n].missing) for line in self.lines) / len(self.lines))
            for n in range(len(COLUMNS))
        ]
        least = sorted(found, reverse=True)[TOP - 1]
        return [(share, bool(share) and share >= least) for share in found]


def plan_map(today: date, whose: str = "") -> PlanMap:
    """Of everybody, or of the CSM with the id ``whose`` (``NOBODY``: of accounts without one). Three statements."""
    plans = list(chosen(whose)[:MOST])
    if not plans:
        return PlanMap([], 0)
    counts, held = counted(plans), roles_of(plans, today)
    lines = [
        Line(plan, cells_of(counts.get(plan.pk, NOTHING), held.get(plan.account_id, set()))) for plan in plans
    ]
    return PlanMap(sorted(lines, key=by_owner_then_thinnest), plans[0].all)


def chosen(whose: str) -> Any:
    newest = PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("-number").values("number")[:1]
    plans = SuccessPlan.objects.open().select_related("account__csm__user", "own_type")
    if whose == NOBODY:
        plans = plans.filter(account__csm=None)
    elif csm := id_in(whose):
        plans = plans.filter(account__csm=csm)
    waiting = Case(When(state=PlanState.SUBMITTED, then=0), default=1, output_field=IntegerField())
    along = plans.annotate(approved=Subquery(newest), all=Window(Count("pk")))
    return along.order_by(waiting, "ends_on", "pk")


NOTHING: Mapping[str, int] = {"objectives": 0, "actions": 0, "criteria": 0}


def counted(plans: Iterable[SuccessPlan]) -> dict[UUID, Mapping[str, int]]:
    """By plan, how many of its objectives lack each column, and how many have criteria and actions at all."""
    flags = {f"lacks_{key}": condition for key, condition in missing().items()}
    counts: dict[str, Any] = {key[6:]: Count("pk", filter=Q(**{key: True})) for key in flags}
    rows = Objective.objects.filter(plan__in=[plan.pk for plan in plans]).alias(
        has_actions=Exists(ActionItem.objects.filter(objective=OuterRef("pk"))),
        has_criteria=Exists(Criterion.objects.filter(objective=OuterRef("pk"))),
        **flags,
    )
    found = (
        rows.order_by()
        .values("plan")
        .annotate(
            objectives=Count("pk"),
            actions=Count("pk", filter=Q(has_actions=True)),
            criteria=Count("pk", filter=Q(has_criteria=True)),
            **counts,
        )
    )
    return {row["plan"]: row for row in found}


def missing() -> dict[str, Q]:
    """When an objective lacks a column: blanks, and what the coach said of plans that wait."""
    criteria = Criterion.objects.filter(objective=OuterRef("pk"))
    actions = ActionItem.objects.filter(objective=OuterRef("pk"), state__in=OPEN_ACTION)
    said = JudgedObjective.objects.filter(objective=OuterRef("pk"), letters__contains="M")
    no_scale = Q(baseline__isnull=True) | Q(target__isnull=True) | Q(unit="") | backwards()
    no_criterion = Q(~Exists(criteria))
    return {
        "specific": lacks("S"),
        "scale": no_criterion
        | Q(Exists(criteria.filter(no_scale)))
        | Q(Exists(said), plan__state=PlanState.SUBMITTED),
        "method": no_criterion | Q(Exists(criteria.filter(method=""))),
        "evidence": lacks("A"),
        "issue": lacks("R"),
        "due": lacks("T"),
        "doer": Q(Exists(actions.filter(assignee__isnull=True, customer_assignee__isnull=True))),
        "action_due": Q(Exists(actions.filter(due_on__isnull=True))),
        "quantity": Q(Exists(actions.filter(quantity=""))),
        "review": no_criterion | Q(Exists(criteria.filter(review_on__isnull=True))),
    }


def roles_of(plans: Iterable[SuccessPlan], today: date) -> dict[UUID, set[str]]:
    """By account, which of the two roles somebody holds."""
    held = PersonRole.objects.held_on(today).filter(
        account__in={plan.account_id for plan in plans}, kind__in=ROLES
    )
    found: dict[UUID, set[str]] = {}
    for account, kind in held.order_by().values_list("account", "kind").distinct():
        found.setdefault(account, set()).add(kind)
    return found


def cells_of(counts: Mapping[str, int], held: set[str]) -> list[Cell]:
    return [Cell(column, cell_of(column, counts, held)) for column in COLUMNS]


def cell_of(column: Column, counts: Mapping[str, int], held: set[str]) -> int | None:
    if column.key in ROLES:
        return int(column.key not in held)
    return counts[column.key] if counts[column.asks or "objectives"] else None


def by_owner_then_thinnest(line: Line) -> Any:
    csm = line.plan.account.csm
    return (
        csm is None,
        csm.name if csm else "",
        str(csm and csm.pk),
        -sum(cell.missing or 0 for cell in line.cells),
    )
