"""What somebody is to us: roles that begin and end, and moves that end several at once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import moving
from accounts.models import Account, KeyPerson, PersonMove, PersonRole
from accounts.models.key_person import RoleKind
from accounts.models.person_move import MoveKind
from accounts.views.persons import refused, url_of
from tenants.editing import editable, save_field
from tenants.ids import id_in
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import go, toast_next


@action("person.edit", Account)
@require_POST
@once
def add(request: TenantRequest, account: Account) -> HttpResponse:
    """From today on, a person of this account has one more role."""
    kind = request.POST.get("kind", "")
    person = by_id(account, request.POST.get("person", ""))
    if person is None or kind not in RoleKind.values:
        raise Http404
    role = PersonRole.objects.create(
        account=account, person=person, kind=kind, starts_on=timezone.localdate()
    )
    words = {"name": person.addressed, "role": RoleKind(kind).label}
    undo = reverse("delete_person_role", args=[role.pk])
    toast_next(request, _("%(name)sを%(role)sにしました") % words, undo=undo)
    return go(request, url_of(person))


def by_id(account: Account, typed: str) -> KeyPerson | None:
    return next((person for person in account.key_persons.all() if str(person.pk) == typed), None)


@action("person.edit", PersonRole)
@require_POST
def end(request: TenantRequest, role: PersonRole) -> HttpResponse:
    """The role ends today; the record of it stays."""
    today = timezone.localdate().isoformat()
    try:
        save_field(editable("person_role"), role, "ends_on", today, base=None, mark=None)
    except ValidationError as error:  # it begins only later
        toast_next(request, error.messages[0])
    else:
        words = {"name": role.person.addressed, "role": role.get_kind_display()}
        toast_next(request, _("%(name)sの%(role)sを今日で終えました") % words)
    return go(request, url_of(role.person))


@action("person.edit", KeyPerson)
@require_POST
@once
def move(request: TenantRequest, person: KeyPerson) -> HttpResponse:
    """異動, 退職 or 昇進: roles end, stay, or go to a successor, in one step."""
    try:
        made = moving.move(person, step_of(request, person))
    except ValidationError as error:
        return refused(request, person, problem=error.messages[0])
    words = {"name": person.addressed, "what": made.get_kind_display(), "day": f"{made.on:%Y/%m/%d}"}
    undo = reverse("accounts:person_move_undo", args=[made.pk])
    toast_next(request, _("%(name)sの%(day)sの%(what)sを記録しました") % words, undo=undo)
    return go(request, url_of(person))


def step_of(request: TenantRequest, person: KeyPerson) -> moving.Step:
    typed: Any = request.POST
    if typed.get("kind") not in MoveKind.values:
        raise ValidationError(_("異動・退職・昇進のどれかを選んでください"))
    fields = editable("person").fields
    successor = by_id(person.account, typed.get("successor", ""))
    if successor is None and (
        name := fields["name"].parse(typed["new_name"], person) if typed.get("new_name", "").strip() else ""
    ):
        successor = KeyPerson(
            account=person.account, name=name, department=person.department, title=person.title
        )
    return moving.Step(
        kind=MoveKind(typed["kind"]),
        on=moving.parse_day(typed.get("on", "")),
        department=fields["department"].parse(typed.get("department", ""), person),
        title=fields["title"].parse(typed.get("title", ""), person),
        successor=successor,
        passed_on=set(filter(None, map(id_in, typed.getlist("pass_on")))),
    )


@action("person.edit", PersonMove)
@require_POST
def take_back(request: TenantRequest, made: PersonMove) -> HttpResponse:
    """As if the move had not happened."""
    person = made.person
    try:
        moving.take_back(made)
    except ValidationError as error:
        toast_next(request, error.messages[0])
    else:
        toast_next(request, _("%(name)sの異動・昇進を取り消しました") % {"name": person.addressed})
    return (
        HttpResponse(headers={"HX-Refresh": "true"})
        if getattr(request, "htmx", None)
        else go(request, url_of(person))
    )
