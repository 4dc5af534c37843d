"""A line for every request, a name for each, and what is to be done once the answer is out."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import structlog
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenants.scope import TENANT_URLCONF

log = logging.getLogger("masume.request")
HEADER = "X-Request-ID"
A_NAME = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestLogMiddleware:
    """Counts statements, measures, and writes ids, the route and the status: no address as it was typed, no form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began, counted = time.perf_counter(), Counter()
        name = request.request_id = name_of(request)  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request=name), connection.execute_wrapper(counted):
            response = self.get_response(request)
            line(request, response, round((time.perf_counter() - began) * 1000, 1), counted.statements)
        response.headers[HEADER] = name
        for call in getattr(request, "calls_after_answer", ()):
            response._resource_closers.append(call)  # type: ignore[attr-defined]
        return response


class Counter:
    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)


def name_of(request: HttpRequest) -> str:
    """The one that a proxy gave, if it is one; else a new one. History keeps it with every change."""
    given = request.headers.get(HEADER, "")
    return given if A_NAME.fullmatch(given) else uuid4().hex


def line(request: HttpRequest, response: HttpResponseBase, ms: float, statements: int) -> None:
    status = response.status_code
    facts = {
        "tenant": str(request.tenant.pk) if hasattr(request, "tenant") else None,
        "actor": getattr(request, "actor", None),
        "method": request.method if request.method in METHODS else "OTHER",
        "route": route_of(request),
        "status": status,
        "ms": ms,
        "statements": statements,
    }
    level = logging.ERROR if status >= 500 else logging.INFO
    log.log(level, "request", extra={name: value for name, value in facts.items() if value is not None})


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def route_of(request: HttpRequest) -> str | None:
    """The pattern that answered, never the address itself: people type anything."""
    match = request.resolver_match
    if match is None:
        return None
    return f"t/<slug>/{match.route}" if getattr(request, "urlconf", None) == TENANT_URLCONF else match.route


def after_answer(request: HttpRequest, call: Callable[[], None]) -> None:
    """Do it when the answer is on its way: whoever waits for the answer cannot measure it."""
    calls: list[Callable[[], None]] = request.__dict__.setdefault("calls_after_answer", [])
    calls.append(call)
