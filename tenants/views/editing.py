from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.views.decorators.http import require_POST

from tenants.editing import Conflict, EditField, Mark, save_field
from tenants.editing.registry import Editable, all_editables
from tenants.editing.saving import NOTHING
from tenants.history_reading import last_change
from tenants.permissions import action, require


def urls() -> list[URLPattern]:
    """One URL per kind of record, so that each has its own declared action."""
    return [
        path(f"edit/{found.kind}/<uuid:pk>/", view_for(found), name=f"edit_{found.kind}")
        for found in all_editables()
    ]


def view_for(found: Editable) -> Any:
    @action(found.action, found.model)
    @require_POST
    def edit(request: HttpRequest, record: Any) -> HttpResponse:
        key = request.POST.get("field", "")
        field = found.field(key, record)
        if field is None:
            raise Http404
        if field.action:
            require(field.action, record)
        try:
            outcome = save_field(
                found,
                record,
                key,
                request.POST.get("value", ""),
                base=request.POST.get("base", ""),
                mark=mark_of(request),
            )
        except ValidationError as error:
            return JsonResponse({"message": error.messages[0]}, status=422)
        if isinstance(outcome, Conflict):
            return conflict(request, field, record, outcome)
        return JsonResponse(
            {
                "version": outcome.version,
                "value": outcome.value,
                "display": outcome.display,
                "superseded": outcome.superseded,
                "saved_at": f"{timezone.localtime():%H:%M}",
            }
        )

    return edit


def mark_of(request: HttpRequest) -> Mark | None:
    editor, seq = request.POST.get("editor", "").replace("\x00", "")[:64], counted(request, "seq")
    return Mark(editor, seq, counted(request, "answered")) if editor and seq != NOTHING else None


def counted(request: HttpRequest, name: str) -> int:
    """Where a page is in its count of saves; ``NOTHING`` for what is no number."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else NOTHING


def conflict(request: HttpRequest, field: EditField, record: Any, outcome: Conflict) -> HttpResponse:
    """409 with both texts: a block to put beside the field, and the values for programs.

    The page's mark is kept: when the network brings the same save once more, later, it is refused again, even if the
    value that it was based on stands there by then.
    """
    who, when = last_change(record, field)
    block = render_to_string(
        "ui/conflict.html",
        {
            "label": field.label,
            "base": request.POST.get("base", ""),
            "mine": outcome.mine,
            "theirs": outcome.theirs_display or outcome.theirs,
            "theirs_by": who,
            "theirs_at": when,
        },
        request,
    )
    said = {"html": block, "theirs": outcome.theirs, "version": outcome.version}
    response = JsonResponse(said, status=409)
    response.keeps_its_writes = True  # type: ignore[attr-defined]
    return response
