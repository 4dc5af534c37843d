"""A site of two pages for the browser tests of the parts. Its answers to saves are set by the test."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import include, path

from ui.pages import page, toast
from ui.views import components

Answer = Callable[[dict[str, str]], HttpResponse]


def saved(post: dict[str, str]) -> HttpResponse:
    """What the server says when all is well."""
    number = int(post["seq"]) + 100
    return JsonResponse(
        {"version": number, "value": post["value"], "display": f"〈{post['value']}〉", "saved_at": "14:32"}
    )


def held(post: dict[str, str]) -> HttpResponse:
    """Saved, when the test lets it go."""
    server.gate.wait(timeout=20)
    return saved(post)


def refused(post: dict[str, str]) -> HttpResponse:
    """Not a value."""
    return JsonResponse({"message": "数字で入力してください。例:21"}, status=422)


def broken(post: dict[str, str]) -> HttpResponse:
    """The server is in trouble."""
    return HttpResponse(status=503)


def conflict(post: dict[str, str]) -> HttpResponse:
    """Somebody else wrote 6分20秒 into the same field."""
    context = {"label": "目標", "mine": post["value"], "theirs": "6分20秒", "theirs_by": "平賀さん"}
    html = render_to_string("ui/conflict.html", context)
    return JsonResponse({"html": html, "theirs": "6分20秒", "version": 200}, status=409)


@dataclass
class Server:
    """What the test told the server to answer, and what the server was asked."""

    answers: Iterator[Answer] = field(default_factory=lambda: iter(()))
    posts: list[dict[str, str]] = field(default_factory=list)
    undone: int = 0
    asked: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def will_answer(self, *answers: Answer) -> None:
        self.answers = iter(answers)


server = Server()


def desk(request: HttpRequest) -> HttpResponse:
    cells = {
        "target": components.Sample("target", "目標", value="6分30秒", display="6分30秒"),
        "method": components.Sample("method", "測り方", "textarea", value="CTI月報"),
        "arr": components.Sample("arr", "ARR", "money", value="3840", display="3,840万円"),
        "contact": components.Sample("contact", "購買の窓口", blank_hint="誰と交渉したか"),
    }
    request.tenant = SimpleNamespace(pk="tsumugi", name="ツムギデスク株式会社")  # type: ignore[attr-defined]
    return page(request, "ui_tests/desk.html", {"cells": cells, "rows": ["一", "二", "三"]})


def edit(request: HttpRequest) -> HttpResponse:
    post = {**request.POST.dict(), "key": request.headers.get("Idempotency-Key", "")}
    server.posts.append(post)
    return next(server.answers, saved)(post)


def close(request: HttpRequest) -> HttpResponse:
    return toast(HttpResponse("済み"), "「日程を打診する」を完了にしました", undo="/undo/")


def undo(request: HttpRequest) -> HttpResponse:
    server.undone += 1
    return HttpResponse(status=204)


def fail(request: HttpRequest) -> HttpResponse:
    return next(server.answers)(request.GET.dict())


def palette(request: HttpRequest) -> HttpResponse:
    query = request.GET["q"]
    server.asked.append(query)
    items: list[dict[str, Any]] = [
        {"label": f"{query}ダイレクト", "url": "/?went=1", "note": "アカウント", "band": "caution"},
        {"label": "サクセスプラン", "url": "/?went=2", "note": query, "icon": "plan"},
    ]
    return page(request, "ui/palette_items.html", {"items": items, "query": query})


workspace = ([path("palette/", palette, name="palette")], "workspace")

urlpatterns = [
    path("", desk),
    path("parts/", include("ui.urls")),
    path("edit/", edit),
    path("close/", close),
    path("undo/", undo),
    path("fail/", fail),
    path("", include(workspace)),
]
