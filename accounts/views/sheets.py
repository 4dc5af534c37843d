"""設定 → 基本情報シート: what the sheet asks, changed in a draft and brought into force as a new edition (S1 1.42)."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Account, SheetEdition, SheetField, SheetSection
from accounts.models.sheet import FieldKind
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

SHOWN = ("label", "section", "question", "owner", "needed_by", "months")
ADDING = ("label", "section", "kind", "question", "owner", "needed_by", "months", "choices")
ADDING_SECTION = ("title", "meter")
STEPS = {"up": -1, "down": 1}


@action("tenant.read")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    return shown(request)


def shown(
    request: TenantRequest,
    adding: Draft | None = None,
    adding_section: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    """The draft where there is one, else the edition in force."""
    draft = editions.draft_or_none()
    newest = SheetEdition.objects.newest().first()
    asked = editions.whole(draft) if draft else editions.template()
    may_edit = may(request.member, "sheet.edit")
    context = {
        "tabs": settings_tabs.tabs(request),
        "draft": draft,
        "number": draft.number if draft else newest.number if newest else editions.FIRST,
        "newest": newest,
        "sections": parts_of(asked, is_draft=draft is not None and may_edit),
        "count": sum(not field.is_retired for field in asked.fields),
        "left_behind": Account.objects.filter(sheet_edition__isnull=False).count(),
        "may_edit": may_edit,
        "adding": adding or new_field(draft, {"months": "12"}),
        "adding_section": adding_section or Draft(editable("sheet_section"), ADDING_SECTION),
    }
    return page(request, "accounts/sheets/index.html", context, status=status)


def new_field(draft: SheetEdition | None, typed: Any) -> Draft:
    return Draft(editable("sheet_field"), ADDING, typed, like=SheetField(of=draft) if draft else None)


def parts_of(asked: editions.Template, *, is_draft: bool) -> list[dict[str, Any]]:
    """Every section with its fields, in order; with cells to edit in a draft. Of the edition in force only what asks
    something is shown."""
    within: dict[str, list[SheetField]] = {section.key: [] for section in asked.sections}
    for field in asked.fields:
        within[field.section].append(field)
    return [
        {
            "section": section,
            "is_kept": section.key in editions.KEPT,
            "cells": cells_of(section, *ADDING_SECTION) if is_draft else None,
            "fields": [(field, cells(field) if is_draft else None) for field in within[section.key]],
        }
        for section in asked.sections
        if is_draft or within[section.key]
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
    adding = new_field(editions.draft_or_none(), request.POST)
    adding.is_valid()
    adding.errors.update(problem_of(adding))
    if adding.errors:
        return shown(request, adding, status=422)
    draft = editions.begin_draft()
    place = editions.next_place(SheetField.objects.filter(of=draft))
    field = adding.create(of=draft, key=editions.next_key(SheetField), position=place)
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


@action("sheet.edit")
@require_POST
@once
def add_section(request: TenantRequest) -> HttpResponse:
    """A section behind the others; begins a draft where there is none."""
    adding = Draft(editable("sheet_section"), ADDING_SECTION, request.POST)
    if not adding.is_valid():
        return shown(request, adding_section=adding, status=422)
    draft = editions.begin_draft()
    place = editions.next_place(SheetSection.objects.filter(of=draft))
    section = adding.create(of=draft, key=editions.next_key(SheetSection), position=place)
    if section is None:
        return shown(request, adding_section=adding, status=422)
    toast_next(
        request, _("区分「%(name)s」を加えました。項目を加えるか、ほかの区分から移します") % {"name": section}
    )
    return go(request, f"{back()}#{section.key}")


@action("sheet.edit", SheetField)
@require_POST
def retire(request: TenantRequest, field: SheetField) -> HttpResponse:
    return changed(request, field.section, lambda: editions.retire(field))


@action("sheet.edit", SheetField)
@require_POST
def move(request: TenantRequest, field: SheetField) -> HttpResponse:
    return moved(request, field.section, lambda step: editions.move(field, step))


@action("sheet.edit", SheetSection)
@require_POST
def retire_section(request: TenantRequest, section: SheetSection) -> HttpResponse:
    return changed(request, section.key, lambda: editions.retire_section(section))


@action("sheet.edit", SheetSection)
@require_POST
def move_section(request: TenantRequest, section: SheetSection) -> HttpResponse:
    return moved(request, section.key, lambda step: editions.move_section(section, step))


def moved(request: TenantRequest, at: str, move: Callable[[int], None]) -> HttpResponse:
    step = STEPS.get(request.POST.get("to", ""))
    if step is None:
        return HttpResponse(_("上か下かを選んでください"), status=422)
    return changed(request, at, lambda: move(step))


def changed(request: TenantRequest, at: str, change: Callable[[], None]) -> HttpResponse:
    """Back to the section ``at``, or why not."""
    try:
        change()
    except ValidationError as error:
        return HttpResponse(error.messages[0], status=422)
    return go(request, f"{back()}#{at}")


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
        path("settings/sheet/sections/", add_section, name="sheet_section_add"),
        path("settings/sheet/sections/<uuid:pk>/retirement/", retire_section, name="sheet_section_retire"),
        path("settings/sheet/sections/<uuid:pk>/position/", move_section, name="sheet_section_move"),
        path("accounts/<uuid:pk>/sheet/renewal/", renew, name="sheet_renew"),
    ]
