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
from success_plans.completeness import letters_together
from success_plans.forms import PlanForm
from success_plans.models import SuccessPlan
from success_plans.models.plan import OPEN, WRITING, PlanState, PlanType
from success_plans.periods import Period, proposals
from success_plans.pieces import answer
from success_plans.queries import letters_of_plans, with_dates
from success_plans.reading import read_plan
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
    plans = with_dates(chosen.plans(member), today).select_related("account", "unit")
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
        .select_related("unit")
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
    periods = proposals(account.closing, timezone.localdate())
    form = PlanForm(request.POST or None, periods=periods)
    if request.method == "POST" and form.is_valid():
        plan = SuccessPlan.objects.create(account=account, **form.cleaned_data)
        return go(request, reverse("success_plans:plan", args=[plan.pk]))
    context = {
        **frame(request, account),
        "form": form,
        "periods": periods,
        "types": PlanType.choices,
        "taken": taken_periods(account, periods),
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
    """What the list is narrowed to: whose accounts, and in which state."""

    whose: str
    state: str
    may_own: bool

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
        whose, state = query.get("whose", default), query.get("state", "open")
        return cls(
            whose if whose in ("mine", "all") else default, state if state in STATES else "open", may_own
        )

    def plans(self, member: Membership) -> Any:
        accounts = Account.objects.visible_to(member)
        if self.whose == "mine":
            accounts = accounts.owned_by(member)
        return SuccessPlan.objects.filter(account__in=accounts, state__in=STATES[self.state])
