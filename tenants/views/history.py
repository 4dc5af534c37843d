"""Putting one field back to what stood there before: shown first with its effect, then saved like any other edit."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tenants.editing import Conflict, Edit, EditField, save_field
from tenants.editing.registry import Editable
from tenants.history_reading import last_change, value_before
from tenants.permissions import action, require
from ui.pages import page, toast_next


def urls(kinds: list[Editable]) -> list[URLPattern]:
    return [
        path(f"revert/{found.kind}/<uuid:pk>/", revert_view(found), name=f"revert_{found.kind}")
        for found in kinds
        if hasattr(found.model, "events")
    ]


def revert_view(found: Editable) -> Any:
    @action(found.action, found.model)
    @require_http_methods(["GET", "POST"])
    def revert(request: HttpRequest, record: Any) -> HttpResponse:
        """GET shows the value to come back, the present one and the effect; POST saves, if the present one still
        stands. ``?event`` is the change to take back, ``?field`` the field."""
        field, value = asked(request, found, record)
        typed, stands = field.raw(value), field.raw(field.standing(record))
        if request.method == "GET":
            return panel(request, found, record, field, value, stands)
        try:
            outcome = save_field(found, record, field.key, typed, base=request.POST.get("base"), mark=None)
        except ValidationError as error:
            return panel(request, found, record, field, value, stands, problem=error.messages[0])
        if isinstance(outcome, Conflict):
            problem = _("開いているあいだに、ほかの人が変えました。いまの値を見てから決めてください")
            return panel(request, found, record, field, value, outcome.theirs, problem=problem, status=409)
        undo = f"{reverse(f'revert_{found.kind}', args=[record.pk])}?event={newest(record)}&field={field.key}"
        toast_next(request, _("%(field)sを元の値に戻しました") % {"field": field.label}, undo=undo)
        return HttpResponse(headers={"HX-Refresh": "true"})

    return revert


def asked(request: HttpRequest, found: Editable, record: Any) -> tuple[EditField, Any]:
    field = found.fields.get(request.GET.get("field", ""))
    try:
        event = UUID(request.GET.get("event", ""))
        if field is None:
            raise Http404
        if field.action:
            require(field.action, record)
        return field, value_before(found, record.pk, event, field)
    except (ValueError, LookupError):
        raise Http404 from None


def panel(
    request: HttpRequest,
    found: Editable,
    record: Any,
    field: EditField,
    value: Any,
    stands: str,
    problem: str = "",
    status: int = 0,
) -> HttpResponse:
    now = field.standing(type(record)._base_manager.get(pk=record.pk))
    who, when = last_change(record, field)
    context = {
        "label": field.label,
        "back": field.show(value, record),
        "now": field.show(now, record),
        "now_by": who,
        "now_at": when,
        "effects": effects(found, Edit(record, field, value)),
        "unchanged": field.raw(value) == stands,
        "base": stands,
        "problem": problem,
        "url": request.get_full_path(),
    }
    return page(request, "tenants/_revert.html", context, status=status or (422 if problem else 200))


def effects(found: Editable, edit: Edit) -> list[str]:
    """The words for the columns that change along with the field."""
    names: list[Any] = [found.model._meta.get_field(name.removesuffix("_id")) for name in found.also(edit)]
    return [str(column.verbose_name) for column in names]


def newest(record: Any) -> UUID:
    return record.events.order_by("-pgh_id").values_list("pgh_id", flat=True)[0]
