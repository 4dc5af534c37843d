"""Putting records into the bin and taking them out again: two URLs per kind of record, and the bin's own page."""

from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tenants.bin import DAYS, in_bin
from tenants.editing.registry import Editable, all_editables
from tenants.editing.saving import Refused
from tenants.permissions import action
from ui.pages import go, page, toast, toast_next


def urls() -> list[URLPattern]:
    return [
        pattern
        for found in all_editables()
        if found.is_binned
        for pattern in (
            path(f"delete/{found.kind}/<uuid:pk>/", delete_view(found), name=f"delete_{found.kind}"),
            path(f"restore/{found.kind}/<uuid:pk>/", restore_view(found), name=f"restore_{found.kind}"),
        )
    ]


def delete_view(found: Editable) -> Any:
    @action(found.removal, found.model)
    @require_POST
    def delete(request: HttpRequest, record: Any) -> HttpResponse:
        """Into the bin. htmx takes the row away (``hx-swap="delete"`` on a target with an id); 元に戻す of a toast has
        no row to take away and loads the page anew; a plain form goes back to where it was."""
        record.put_in_bin()
        text = _("%(what)s「%(name)s」を削除しました") % {"what": found.label, "name": found.called(record)}
        undo = reverse(f"restore_{found.kind}", args=[record.pk])
        htmx = getattr(request, "htmx", None)
        if htmx and htmx.target:
            return toast(HttpResponse(), text, undo=undo)
        toast_next(request, text, undo=undo)
        return HttpResponse(headers={"HX-Refresh": "true"}) if htmx else go(request, back(request))

    return delete


def restore_view(found: Editable) -> Any:
    @action(found.removal, found.model, binned=True)
    @require_POST
    def restore(request: HttpRequest, record: Any) -> HttpResponse:
        came_back, text = taken_out(found, record)
        toast_next(request, text)
        if not came_back and (way := found.way_back(record)):
            return go(request, way)
        if getattr(request, "htmx", None):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return go(request, back(request))

    return restore


def taken_out(found: Editable, record: Any) -> tuple[bool, str]:
    """Whether it is back, and what happened in words: back where it was, or why it cannot go there."""
    name = found.called(record)
    try:
        with transaction.atomic():
            record.take_out_of_bin()
    except IntegrityError as error:
        text = _("%(what)s「%(name)s」は戻せませんでした。%(why)s")
        why = Refused.by(found.model, error).messages[0]
        return False, text % {"what": found.label, "name": name, "why": why}
    return True, _("%(what)s「%(name)s」をごみ箱から戻しました") % {"what": found.label, "name": name}


def back(request: HttpRequest) -> str:
    """The page the form stood on, if it was one of ours."""
    came_from = request.headers.get("Referer", "")
    ours = f"{request.scheme}://{request.get_host()}"
    return came_from if came_from.startswith(f"{ours}/") else reverse("tenants:bin")


@action("bin.read")
@require_GET
def bin_page(request: HttpRequest) -> HttpResponse:
    shown = in_bin(after=request.GET.get("after", ""))
    return page(request, "tenants/bin.html", {"shown": shown, "days": DAYS})
