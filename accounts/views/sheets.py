"""設定 → 基本情報シート: what the sheet asks, changed in a draft and brought into force as a new edition (S1 1.42)."""

from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Account, SheetEdition, SheetField
from accounts.models.sheet import FieldKind, SheetSection
from accounts.sheet import editions
from accounts.sheet.counting import count_accounts, count_all
from tenants import settings_tabs
from tenants.editing import editable
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next

SHOWN = ("label", "question", "owner", "needed_by", "months")
ADDING = ("label", "section", "kind", "question", "owner", "needed_by", "months", "choices")
STEPS = {"up": -1, "down": 1}


@action("tenant.read")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    return shown(request)


def shown(request: TenantRequest, adding: Draft | None = None, status: int = 200) -> HttpResponse:
    """The draft where there is one, else the edition in force."""
    draft = editions.draft_or_none()
    newest = SheetEdition.objects.newest().first()
    fields = list(SheetField.objects.filter(of=draft)) if draft else editions.template().fields
    context = {
        "tabs": settings_tabs.tabs(request),
        "draft": draft,
        "number": draft.number if draft else newest.number if newest else editions.FIRST,
        "newest": newest,
        "sections": sections_of(fields, is_draft=draft is not None and may(request.member, "sheet.edit")),
        "count": sum(not field.is_retired for field in fields),
        "left_behind": Account.objects.filter(sheet_edition__isnull=False).count(),
        "may_edit": may(request.member, "sheet.edit"),
        "adding": adding or Draft(editable("sheet_field"), ADDING, {"months": "12"}),
    }
    return page(request, "accounts/sheets/index.html", context, status=status)


def sections_of(fields: Any, *, is_draft: bool) -> list[dict[str, Any]]:
    """Every section with its fields in order; with cells to edit in a draft."""
    order = list(SheetSection)
    found = sorted(fields, key=lambda field: (order.index(SheetSection(field.section)), field.position))
    return [
        {
            "title": SheetSection(section).label,
            "slug": section,
            "fields": [(field, cells(field) if is_draft else None) for field in members],
        }
        for section, members in groupby(found, key=lambda field: field.section)
    ]


def cells(field: SheetField) -> dict[str, Any]:
    return cells_of(field, *SHOWN, *(("choices",) if field.kind == FieldKind.CHOICE else ()))


def back() -> str:
    return reverse("accounts:sheet_index")


@action("sheet.edit")
@require_POST
def begin(request: TenantRequest) -> HttpResponse:
    editions.begin_draft()
    return go(request, back())


@action("sheet.edit")
@require_POST
def discard(request: TenantRequest) -> HttpResponse:
    if draft := editions.draft_or_none():
        editions.discard(draft)
        toast_next(request, _("編集中の版をやめました。公開している版はそのままです"))
    return go(request, back())


@action("sheet.edit")
@require_POST
def publish(request: TenantRequest) -> HttpResponse:
    """``everyone``: accounts that are there already are asked by it, too."""
    if draft := editions.draft_or_none():
        editions.publish(draft, request.member, for_all="everyone" in request.POST)
        count_all()
        toast_next(request, _("第%(number)s版を公開しました") % {"number": draft.number})
    return go(request, back())


@action("sheet.edit")
@require_POST
@once
def add(request: TenantRequest) -> HttpResponse:
    """A field without a column, at the end of its section; begins a draft where there is none."""
    adding = Draft(editable("sheet_field"), ADDING, request.POST)
    if adding.is_valid() and (problem := problem_of(adding)):
        adding.errors.update(problem)
        return shown(request, adding, status=422)
    draft = editions.begin_draft()
    last = SheetField.objects.filter(of=draft).count()
    field = adding.create(of=draft, key=editions.next_key(), position=last)
    if field is None:
        return shown(request, adding, status=422)
    toast_next(request, _("「%(name)s」を加えました。公開すると聞き始めます") % {"name": field})
    return go(request, f"{back()}#{field.section}")


def problem_of(adding: Draft) -> dict[str, str]:
    kind = adding.values.get("kind")
    if kind == FieldKind.COLUMN:
        return {"kind": _("書き方を選んでください")}
    if kind == FieldKind.CHOICE and not str(adding.values.get("choices", "")).strip():
        return {"choices": _("選択肢を1行に1つ書いてください")}
    return {}


@action("sheet.edit", SheetField)
@require_POST
def retire(request: TenantRequest, field: SheetField) -> HttpResponse:
    return changed(request, field, lambda: editions.retire(field))


@action("sheet.edit", SheetField)
@require_POST
def move(request: TenantRequest, field: SheetField) -> HttpResponse:
    step = STEPS.get(request.POST.get("to", ""))
    if step is None:
        return HttpResponse(_("上か下かを選んでください"), status=422)
    return changed(request, field, lambda: editions.move(field, step))


def changed(request: TenantRequest, field: SheetField, change: Any) -> HttpResponse:
    try:
        change()
    except ValidationError as error:
        return HttpResponse(error.messages[0], status=422)
    return go(request, f"{back()}#{field.section}")


@action("account.edit", Account)
@require_POST
def renew(request: TenantRequest, account: Account) -> HttpResponse:
    """Ask this account by the newest edition from now on."""
    Account.objects.filter(pk=account.pk).update(sheet_edition=None)
    count_accounts([account.pk])
    toast_next(request, _("最新の版の項目にしました"))
    return go(request, reverse("accounts:account", args=[account.pk]))


def urls() -> list[URLPattern]:
    return [
        path("settings/sheet/", index, name="sheet_index"),
        path("settings/sheet/draft/", begin, name="sheet_draft"),
        path("settings/sheet/draft/discard/", discard, name="sheet_discard"),
        path("settings/sheet/publication/", publish, name="sheet_publish"),
        path("settings/sheet/fields/", add, name="sheet_field_add"),
        path("settings/sheet/fields/<uuid:pk>/retirement/", retire, name="sheet_field_retire"),
        path("settings/sheet/fields/<uuid:pk>/position/", move, name="sheet_field_move"),
        path("accounts/<uuid:pk>/sheet/renewal/", renew, name="sheet_renew"),
    ]
