"""The people of a tenant: who they are, what they may do, when they are away."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tenants import membership, role_words, settings_tabs, succession
from tenants.models import Invitation, Membership
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from tenants.roles import Role
from tenants.scope import current_tenant
from ui.pages import go, page, toast_next

ORDER = {role: place for place, role in enumerate(Role)}
FACTORS = {
    Authenticator.Type.WEBAUTHN: gettext_lazy("パスキー"),
    Authenticator.Type.TOTP: gettext_lazy("認証アプリ"),
}


@dataclass(frozen=True)
class Line:
    """One member as the list shows them."""

    member: Membership
    accounts: int
    factor: Any
    is_away: bool

    @property
    def last_seen_on(self) -> date | None:
        return timezone.localdate(self.member.last_seen_at) if self.member.last_seen_at else None


def active() -> list[Membership]:
    found = Membership.objects.active().in_tenant(current_tenant()).select_related("deputy__user")
    return sorted(found, key=lambda member: (ORDER[Role(member.role)], member.joined_at, member.pk))


def lines(members: list[Membership]) -> list[Line]:
    load, factors, today = succession.accounts_per_member(), factors_of(members), timezone.localdate()
    return [
        Line(member, load[member.pk], factors.get(member.user_id, ""), member.is_away(today))
        for member in members
    ]


def factors_of(members: list[Membership]) -> dict[UUID, Any]:
    """The best second factor of each person."""
    known = Authenticator.objects.filter(
        user__in=[member.user_id for member in members], type__in=FACTORS
    ).values_list("user_id", "type")
    return {user: FACTORS[Authenticator.Type(kind)] for user, kind in sorted(known, key=lambda row: row[1])}


@action("member.read")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    members = active()
    by = request.member
    pending = Invitation.objects.of(current_tenant()).pending().select_related("invited_by__user")
    roles = Counter(member.get_role_display() for member in members)
    return page(
        request,
        "tenants/members/index.html",
        {
            "tabs": settings_tabs.tabs(request),
            "lines": lines(members),
            "by_role": "、".join(f"{role} {count}" for role, count in roles.items()),
            "role_choices": [(value, label) for value, label in Role.choices if value != Role.GUEST],
            "may_edit": may(by, "member.edit"),
            "may_remove": may(by, "member.remove"),
            "may_invite": may(by, "member.invite"),
            "may_read_history": may(by, "member.history"),
            "may_plan_leave": may(by, "member.leave"),
            "invitations": [
                (one, may(by, "invitation.handle", one)) for one in pending.order_by("-created_at")
            ]
            if may(by, "member.invite")
            else [],
            "leaves": upcoming(members),
            "today": timezone.localdate(),
            "roles": role_words.SHOWN,
            "can": role_words.table(),
        },
    )


def upcoming(members: list[Membership]) -> list[Membership]:
    today = timezone.localdate()
    away = [m for m in members if m.leave_from and (m.leave_until is None or m.leave_until >= today)]
    return sorted(away, key=lambda member: member.leave_from or today)


def standing(member: Membership) -> Membership:
    """Who left stands in history only."""
    if member.removed_at:
        raise Http404
    return member


@action("member.edit", Membership)
@require_POST
def role(request: HttpRequest, member: Membership) -> HttpResponse:
    try:
        membership.change_role(
            standing(member), request.POST.get("role", ""), seen=request.POST.get("seen", "")
        )
    except ValidationError as error:
        toast_next(request, error.messages[0])
    else:
        member.refresh_from_db()
        said = {"name": member.name, "role": member.get_role_display()}
        toast_next(request, _("%(name)sを%(role)sにしました") % said)
    return go(request, reverse("tenants:member_index"))


class LeaveForm(forms.Form):
    leave_from = forms.DateField(label=gettext_lazy("休みの初日"), required=False)
    leave_until = forms.DateField(label=gettext_lazy("休みの最終日"), required=False)
    deputy = forms.ChoiceField(
        label=gettext_lazy("代理"),
        required=False,
        help_text=gettext_lazy("休みのあいだ、新しいCTAは代理にも届きます"),
    )

    def __init__(self, member: Membership, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(other.pk): other for other in active() if other.pk != member.pk}
        for name in ("leave_from", "leave_until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields["deputy"].choices = [("", _("まだ決めない"))] + [  # type: ignore[attr-defined]
            (key, other.name) for key, other in self.others.items()
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("leave_until") and not given.get("leave_from"):
            raise forms.ValidationError(_("休みの初日も入れてください"))
        return given


@action("member.leave", Membership)
def leave(request: HttpRequest, member: Membership) -> HttpResponse:
    return plan_leave(request, standing(member))


@action("self.use")
def own_leave(request: TenantRequest) -> HttpResponse:
    return plan_leave(request, request.member)


def plan_leave(request: HttpRequest, member: Membership) -> HttpResponse:
    now = {"leave_from": member.leave_from, "leave_until": member.leave_until, "deputy": member.deputy_id}
    form = LeaveForm(member, request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            membership.plan_leave(
                member, given["leave_from"], given["leave_until"], form.others.get(given["deputy"])
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            toast_next(request, _("%(name)sの休みと代理を保存しました") % {"name": member.name})
            return go(request, reverse("tenants:member_index"))
    return page(request, "tenants/members/leave.html", {"form": form, "who": member})
