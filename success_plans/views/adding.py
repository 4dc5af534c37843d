"""What adding a row by one line of text has in common."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from django.http import HttpRequest, HttpResponse

from tenants.editing.fields import for_column


def typed(request: HttpRequest, model: type[Model], key: str) -> str | HttpResponse:
    """The posted ``text`` as the column ``key`` takes it, or a 422 that says what is wrong with it."""
    try:
        return str(for_column(model, key).parse(request.POST.get("text", ""), None))
    except ValidationError as error:
        return HttpResponse(error.messages[0], status=422, content_type="text/plain; charset=utf-8")


def next_position(rows: Any) -> int:
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1
