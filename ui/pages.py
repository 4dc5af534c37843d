"""Answers of views: a page or the fragment of it that htmx asked for, and the toast that goes with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event
from django_htmx.middleware import HtmxDetails


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The rendered template; only its partial `fragment` when htmx asks for a part of the page."""
    if fragment and wants_fragment(request):
        template = f"{template}#{fragment}"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx will swap the answer into a part of the page (not a boosted link, not the back button)."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def toast(response: HttpResponse, text: str, *, undo: str | None = None) -> HttpResponse:
    """The response, announcing `text` in a toast; 元に戻す posts to the URL `undo`."""
    trigger_client_event(response, "toast", {"text": str(text), "undo": undo})
    return response


def toast_next(request: HttpRequest, text: str, *, undo: str | None = None) -> None:
    """Announce `text` on the next full page, for views that answer with a redirect."""
    messages.info(request, text, extra_tags=undo or "")


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to `url`, whether the request came from htmx or from a plain form."""
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(url)
    return HttpResponse(status=303, headers={"Location": url})
