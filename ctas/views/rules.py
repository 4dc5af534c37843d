"""The rules of the tenant: each is its sentence, its values are changed inside it, with what that would do first."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Account
from accounts.models.account import Tier
from ctas import registry, ruling
from ctas.models import Mode, NightRun
from ctas.options import MODE
from ctas.registry import KIND_HINTS, Kind, Rule
from tenants import settings_tabs
from tenants.permissions import action, may, visible_or_404
from tenants.requests import TenantRequest
from tenants.scope import current_member
from ui.pages import go, page, toast_next

STATES = {"on": _("動いている"), "dry_run": _("試している"), "off": _("止めている")}


@action("rule.read")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    today = timezone.localdate()
    lines = ruling.lines(registry.all_rules(), today)
    chosen = registry.find(request.GET.get("rule", ""))
    context: dict[str, Any] = {
        "today": today,
        "kinds": by_kind([line for line in lines if request.GET.get("state", line.mode) in (line.mode, "")]),
        "total": len(lines),
        "running": sum(line.mode == Mode.ON for line in lines),
        "states": [(key, label, sum(line.mode == key for line in lines)) for key, label in STATES.items()],
        "state": request.GET.get("state", ""),
        "night": NightRun.objects.filter(on=today).first(),
        "may_edit": may(current_member(), "rule.edit"),
        "chosen": chosen,
        "tabs": settings_tabs.tabs(request),
    }
    if chosen:
        context |= pane(chosen, request.GET)
    return page(request, "ctas/rules.html", context, fragment="pane" if chosen else None)


def by_kind(lines: list[ruling.Line]) -> list[tuple[Any, Any, list[ruling.Line]]]:
    found = [
        (kind.label, KIND_HINTS[kind], [line for line in lines if line.rule.kind == kind]) for kind in Kind
    ]
    return [(label, hint, own) for label, hint, own in found if own]


def pane(rule: Rule, query: QueryDict) -> dict[str, Any]:
    """One rule opened: its fields as typed, what they would do, its past weeks, and where its values come from."""
    today = timezone.localdate()
    present = rule.values().tenant
    fields, laid_over = [], {}
    for option in rule.options:
        typed = query.get(option.key, present[option.key])
        error = ""
        try:
            laid_over[option.key] = option.parse(typed)
        except ValidationError as invalid:
            error = invalid.messages[0]
        fields.append(
            {
                "option": option,
                "typed": typed,
                "error": error,
                "now": option.show(present[option.key]),
                "is_changed": laid_over.get(option.key) not in (None, present[option.key]),
                "sources": ruling.sources(rule, option),
            }
        )
    weeks = ruling.past_weeks(rule, today)
    return {
        "fields": fields,
        "is_changed": any(field["is_changed"] for field in fields),
        "preview": None
        if any(field["error"] for field in fields)
        else ruling.preview(rule, {**laid_over, MODE: Mode.ON}, today),
        "weeks": weeks,
        "lately": sum(week.count for week in weeks),
        "tiers": Tier.choices,
        "account": level_of(query)[1],
    }


@action("rule.edit")
@require_POST
def values(request: TenantRequest) -> HttpResponse:
    """Set values of one rule for everybody, a tier or an account; those named by ``follow`` follow the next level again."""
    given = request.POST if "rule" in request.POST else request.GET
    rule = registry.find(given.get("rule", ""))
    if rule is None:
        raise Http404
    tier, account = level_of(given)
    new = dict.fromkeys((key for key in given.getlist("follow") if ruling.option_of(rule, key)), "")
    for key in given:
        option = ruling.option_of(rule, key)
        if option is None or not given[key]:
            continue
        try:
            new[key] = option.parse(given[key])
        except ValidationError as invalid:
            return HttpResponse(f"{option.label}: {invalid.messages[0]}", status=422)
    today = timezone.localdate()
    before = {
        key: ruling.put(rule, key, value, today, tier=tier, account=account) for key, value in new.items()
    }
    undo = back_to(rule, before, tier, account)
    toast_next(request, _("%(rule)sの値を変えました。次の朝から使います") % {"rule": rule.label}, undo=undo)
    return go(request, f"{reverse('ctas:rule_index')}?rule={rule.code}#{rule.code}")


def back_to(rule: Rule, before: dict[str, str], tier: str, account: Account | None) -> str:
    """The address that sets what was there before; a level without a value of its own follows again."""
    values = [("rule", rule.code), ("tier", tier), ("account", str(account.pk) if account else "")]
    values += [(key, value) if value else ("follow", key) for key, value in before.items()]
    return f"{reverse('ctas:rule_values')}?{urlencode(values)}"


def level_of(given: QueryDict) -> tuple[str, Account | None]:
    tier = given.get("tier", "")
    if tier and tier not in Tier.values:
        raise Http404
    return tier, visible_or_404(Account, str(given["account"])) if given.get("account") else None
