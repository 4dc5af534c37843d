"""The plans of everybody, of one account, and one plan's page."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.frame import frame
from accounts.models import Account
from success_plans.beginning import begin
from success_plans.completeness import letters_together
from success_plans.forms import PlanForm
from success_plans.models import PlanTemplate, SuccessPlan
from success_plans.models.plan import OPEN, WRITING, PlanState
from success_plans.objectives import Full
from success_plans.periods import Period, proposals, quarters
from success_plans.pieces import answer
from success_plans.queries import letters_of_plans, with_dates
from success_plans.reading import read_plan
from success_plans.template_editing import chosen as chosen_type
from success_plans.template_editing import rules_of, type_choices
from success_plans.templating import make_plan
from success_plans.views.objectives import in_bin
from tenants.models import Membership
from tenants.once import KEY_FIELD, once
from tenants.permissions import NONE, OWN, action, may, reach
from tenants.requests import TenantRequest
from ui.pages import go, page
from ui.paging import keyset_page

STATES = {
    "open": OPEN,
    "draft": WRITING,
    "submitted": (PlanState.SUBMITTED,),
    "approved": (PlanState.APPROVED,),
    "active": (PlanState.ACTIVE,),
    "closed": (PlanState.COMPLETED, PlanState.CANCELLED),
}


@action("plan.read")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    """Every plan the person may see, the one that ends first on top."""
    today, member = timezone.localdate(), request.member
    chosen = Chosen.of(request.GET, member)
    plans = with_dates(chosen.plans(member), today).select_related("account", "unit", "own_type")
    found = keyset_page(
        plans, order=("ends_on", "id"), after=request.GET.get("after"), before=request.GET.get("before")
    )
    context = {"found": found, "rows": rows_of(found.rows), "chosen": chosen, "today": today}
    return page(request, "success_plans/plans/index.html", context, fragment="rows")


@action("plan.read", Account)
@require_GET
def of_account(request: TenantRequest, account: Account) -> HttpResponse:
    """One account's plans; open ones first."""
    today = timezone.localdate()
    plans = (
        with_dates(SuccessPlan.objects.filter(account=account), today)
        .select_related("unit", "own_type")
        .order_by("-ends_on", "-id")
    )
    rows = rows_of(list(plans))
    context = {
        **frame(request, account),
        "open_rows": [row for row in rows if row.plan.is_open],
        "closed_rows": [row for row in rows if not row.plan.is_open],
        "may_add": may(request.member, "plan.edit", account),
        "today": today,
    }
    return page(request, "success_plans/plans/of_account.html", context)


@action("plan.edit", Account)
@require_http_methods(["GET", "POST"])
@once
def add(request: TenantRequest, account: Account) -> HttpResponse:
    """A plan for one of the customer's own periods, or for dates of one's own."""
    today = timezone.localdate()
    periods, of_quarters = proposals(account.closing, today), quarters(account.closing, today)
    types = types_for(request.member, account)
    form = PlanForm(request.POST or None, periods=[*periods, *of_quarters], types=types)
    plan = None
    if request.method == "POST" and form.is_valid():
        plan = made(account, form)
    if plan is not None:
        return go(request, reverse("success_plans:plan", args=[plan.pk]))
    context = {
        **frame(request, account),
        "form": form,
        "periods": periods,
        "quarters": of_quarters,
        "types": [(value, label, rules_of(value)) for value, label in types],
        "templates": templates_for(types),
        "taken": taken_periods(account, [*periods, *of_quarters]),
        "closing": account.closing,
        "key": request.POST.get(KEY_FIELD) or uuid4().hex,
    }
    return page(request, "success_plans/plans/add.html", context, status=422 if form.errors else 200)


@action("plan.read", SuccessPlan)
@require_GET
def show(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``?back=`` an objective in the bin that finds no room: the page asks which one it replaces."""
    view = read_plan(plan, request.member, timezone.localdate())
    back = in_bin(plan, request.GET["back"]) if "back" in request.GET and view.is_full else None
    context = {**frame(request, plan.account), "plan": plan, "view": view, "today": view.today, "back": back}
    return page(request, "success_plans/plans/show.html", context)


@action("plan.read", SuccessPlan)
@require_GET
def figures(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """What is computed from the fields, after one of them was saved: swapped in beside what is being typed."""
    return answer(request, plan)


def types_for(member: Membership, account: Account) -> list[tuple[str, Any]]:
    """The types of plan that the person may write for the account: sales account plans alone (S3 3.9)."""
    return [
        (value, label)
        for value, label in type_choices()
        if may(member, "plan.edit", SuccessPlan(account=account, plan_type=rules_of(value)))
    ]


def templates_for(types: list[tuple[str, Any]]) -> Any:
    """The templates by whose rules the person may write plans."""
    rules = {rules_of(value) for value, _label in types}
    return PlanTemplate.objects.filter(plan_type__in=rules).select_related("own_type").order_by("name", "pk")


def made(account: Account, form: PlanForm) -> SuccessPlan | None:
    """The plan, from a template if one was chosen; None where that holds more than its type takes."""
    given = dict(form.cleaned_data)
    template = given.pop("template", None)
    if template is None:
        return begin(account, **given)
    try:
        return make_plan(template, account, timezone.localdate(), **given)
    except Full as full:
        form.add_error("template", full)
        return None


@dataclass(frozen=True)
class Row:
    plan: Any
    letters: dict[str, str]


def rows_of(plans: list[Any]) -> list[Row]:
    letters = letters_of_plans([plan.pk for plan in plans])
    return [Row(plan, letters.get(plan.pk) or letters_together([])) for plan in plans]


def taken_periods(account: Account, periods: list[Period]) -> set[str]:
    """Keys of the periods that an open plan of the account already covers exactly."""
    dates = set(SuccessPlan.objects.open().filter(account=account).values_list("starts_on", "ends_on"))
    return {period.key for period in periods if (period.starts_on, period.ends_on) in dates}


@dataclass(frozen=True)
class Chosen:
    """What the list is narrowed to: whose accounts, in which state, and of which type."""

    whose: str
    state: str
    type: str
    may_own: bool

    @property
    def types(self) -> list[tuple[str, Any]]:
        return [("", _("すべての種類")), *type_choices()]

    @property
    def states(self) -> list[tuple[str, Any]]:
        return [
            ("open", _("進めている")),
            ("draft", PlanState.DRAFT.label),
            ("submitted", PlanState.SUBMITTED.label),
            ("active", PlanState.ACTIVE.label),
            ("closed", _("終わった")),
        ]

    @classmethod
    def of(cls, query: Any, member: Membership) -> "Chosen":
        may_own = reach(member, "plan.edit") is not NONE
        default = "mine" if reach(member, "plan.edit") is OWN else "all"
        whose, state, of_type = query.get("whose", default), query.get("state", "open"), query.get("type", "")
        return cls(
            whose if whose in ("mine", "all") else default,
            state if state in STATES else "open",
            of_type if chosen_type(of_type) else "",
            may_own,
        )

    def plans(self, member: Membership) -> Any:
        accounts = Account.objects.visible_to(member)
        if self.whose == "mine":
            accounts = accounts.owned_by(member)
        plans = SuccessPlan.objects.filter(account__in=accounts, state__in=STATES[self.state])
        found = chosen_type(self.type)
        if found is None:
            return plans
        return plans.filter(own_type=found.own_type) if found.own_type else plans.filter(plan_type=self.type)
