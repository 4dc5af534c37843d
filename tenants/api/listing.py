"""Lists: narrowed by the query string, read page by page after the last row of the page before."""

from collections.abc import Callable, Mapping
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
from tenants.api.queries import Query, Rows, asked_of, filter_by
from tenants.api.resources import Resource
from tenants.api.shapes import boolean_shape, text_shape, uuid_shape
from tenants.owned import TenantOwned
from tenants.permissions import require
from tenants.scope import current_member, current_tenant_id

SIZE, MOST = 50, 200
SEVERAL = 50
"""So many values a condition takes at most."""


def queries_of(resource: Resource) -> list[Query]:
    """The parameters that the list of a resource takes; any other is refused."""
    found = [*(filter_by(resource.model, name) for name in resource.filters), *resource.queries]
    if resource.matching:
        found.append(Query("q", {"type": "string", "maxLength": 200}, searched(resource), _("ことばで探す")))
    if resource.has_version:
        since = {"type": "string", "format": "date-time"}
        found.append(Query("updated_since", since, changed_since, _("この時刻から後に変わったもの")))
    if resource.is_binned:
        found.append(Query("in_bin", boolean_shape().schema, said_clearly, _("trueなら、ごみ箱にあるもの")))
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": SIZE}
    return [
        *found,
        Query("limit", limit, None, _("1回に返す数")),
        Query("cursor", {"type": "string", "format": "uuid"}, None, _("next に入っている、続きの位置")),
    ]


def page_of(resource: Resource, request: Request) -> tuple[list[Any], str]:
    """The rows of one page, and the query string of the next (empty at the end). Order: as they were made."""
    queries = {query.name: query for query in queries_of(resource)}
    asked: dict[str, list[str]] = dict(request.query_params.lists())
    faults = [Fault(key[:80], _("そのような条件はありません")) for key in asked if key not in queries]
    member = current_member()
    assert member
    rows = resource.visible(start_of(resource, asked), member)
    for key in asked.keys() & queries.keys():
        try:
            rows = narrowed(rows, queries[key], asked[key])
        except ValidationError as error:
            faults.append(Fault(key, error.messages[0]))
    try:
        limit = limit_of(asked["limit"][0]) if "limit" in asked else SIZE
        cursor = cursor_of(asked["cursor"][0]) if "cursor" in asked else None
    except ValidationError as error:
        faults.append(Fault(error.code or "", error.messages[0]))
    if faults:
        raise Problem.invalid(*faults)
    if cursor:
        rows = rows.filter(pk__gt=cursor)
    window = list(resource.rows(rows).order_by("pk")[: limit + 1])
    if len(window) <= limit:
        return window, ""
    return window[:limit], urlencode({**asked, "cursor": str(window[limit - 1].pk)}, doseq=True)


def start_of(resource: Resource, asked: Mapping[str, list[str]]) -> Rows:
    if resource.is_binned and asked.get("in_bin") == ["true"]:
        require("bin.read")
        return resource.model.everything.in_bin()  # type: ignore[no-any-return]
    rows: Rows = resource.model.objects.all()
    if issubclass(resource.model, TenantOwned):
        return rows
    return rows.filter(tenant=current_tenant_id())  # members are kept in a global table


def said_clearly(rows: Rows, value: str) -> Rows:
    asked_of(boolean_shape(), value)
    return rows


def narrowed(rows: Rows, query: Query, values: list[str]) -> Rows:
    most = SEVERAL if query.many else 1
    if len(values) > most:
        raise ValidationError(_("この条件に書ける値は%(most)s個までです") % {"most": most})
    if query.apply is None:
        return rows
    return query.apply(rows, values if query.many else values[0])


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
    if not (value.isascii() and value.isdigit() and len(value) < 5 and 1 <= int(value) <= MOST):
        raise ValidationError(_("1から%(most)sまでの数です") % {"most": MOST}, code="limit")
    return int(value)


def cursor_of(value: str) -> UUID:
    try:
        return UUID(uuid_shape().text(value))
    except ValidationError as error:
        raise ValidationError(error.messages[0], code="cursor") from None
