"""Lists: narrowed by the query string, read page by page after the last row of the page before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework.request import Request

from tenants.api.problems import Fault, Problem
from tenants.api.resources import Resource, Rows
from tenants.api.shapes import Schema, of_column, text_shape, uuid_shape
from tenants.owned import TenantOwned
from tenants.scope import current_member, current_tenant_id

SIZE, MOST = 50, 200


@dataclass(frozen=True)
class Query:
    """One parameter of a list: what it looks like, and how it narrows the rows (None: it does not)."""

    name: str
    schema: Schema
    apply: Callable[[Rows, str], Rows] | None
    label: str = ""


def queries_of(resource: Resource) -> list[Query]:
    """The parameters that the list of a resource takes; any other is refused."""
    found = [filter_by(resource, name) for name in resource.filters]
    if resource.matching:
        found.append(Query("q", {"type": "string", "maxLength": 200}, searched(resource), _("ことばで探す")))
    if resource.has_version:
        since = {"type": "string", "format": "date-time"}
        found.append(Query("updated_since", since, changed_since, _("この時刻から後に変わったもの")))
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": SIZE}
    return [
        *found,
        Query("limit", limit, None, _("1回に返す数")),
        Query("cursor", {"type": "string", "format": "uuid"}, None, _("next に入っている、続きの位置")),
    ]


def page_of(resource: Resource, request: Request) -> tuple[list[Any], str]:
    """The rows of one page, and the query string of the next (empty at the end). Order: as they were made."""
    queries = {query.name: query for query in queries_of(resource)}
    asked = {key: values[-1] for key, values in request.query_params.lists()}
    faults = [Fault(key[:80], _("そのような条件はありません")) for key in asked if key not in queries]
    member = current_member()
    assert member
    rows = resource.visible(start_of(resource), member)
    for key, value in asked.items():
        if key in queries:
            try:
                rows = (queries[key].apply or unchanged)(rows, value)
            except ValidationError as error:
                faults.append(Fault(key, error.messages[0]))
    try:
        limit, cursor = limit_of(asked.get("limit", "")), cursor_of(asked.get("cursor", ""))
    except ValidationError as error:
        faults.append(Fault(error.code or "", error.messages[0]))
    if faults:
        raise Problem.invalid(*faults)
    if cursor:
        rows = rows.filter(pk__gt=cursor)
    window = list(resource.rows(rows).order_by("pk")[: limit + 1])
    if len(window) <= limit:
        return window, ""
    return window[:limit], urlencode({**asked, "cursor": str(window[limit - 1].pk)})


def start_of(resource: Resource) -> Rows:
    rows: Rows = resource.model.objects.all()
    if issubclass(resource.model, TenantOwned):
        return rows
    return rows.filter(tenant=current_tenant_id())  # members are kept in a global table


def unchanged(rows: Rows, value: str) -> Rows:
    return rows


def filter_by(resource: Resource, name: str) -> Query:
    found: Any = resource.model._meta.get_field(name)
    shape = of_column(found)
    kind = shape.schema["type"]
    schema = {**shape.schema, "type": kind[0] if isinstance(kind, list) else kind}

    def apply(rows: Rows, value: str) -> Rows:
        asked = shape.asked(value)
        shape.text(asked)
        return rows.filter(**{found.attname: asked})

    return Query(name, schema, apply, str(found.verbose_name) if hasattr(found, "verbose_name") else "")


def searched(resource: Resource) -> Callable[[Rows, str], Rows]:
    def apply(rows: Rows, value: str) -> Rows:
        words = text_shape(200).text(value)
        if len(words) > 200:
            raise ValidationError(_("200文字までです"))
        return resource.matching(rows, words) if resource.matching and words.strip() else rows

    return apply


def changed_since(rows: Rows, value: str) -> Rows:
    return rows.filter(updated_at__gte=moment_of(value))


def moment_of(value: str) -> datetime:
    try:
        found = parse_datetime(value)
    except ValueError:
        found = None
    if found is None or not 1950 <= found.year <= 2150:
        raise ValidationError(_("2026-11-19T09:00:00Z のように送ってください(+ は %2B と書きます)"))
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def limit_of(value: str) -> int:
    if not value:
        return SIZE
    if not (value.isascii() and value.isdigit() and len(value) < 5 and 1 <= int(value) <= MOST):
        raise ValidationError(_("1から%(most)sまでの数です") % {"most": MOST}, code="limit")
    return int(value)


def cursor_of(value: str) -> UUID | None:
    try:
        return UUID(uuid_shape().text(value)) if value else None
    except ValidationError as error:
        raise ValidationError(error.messages[0], code="cursor") from None
