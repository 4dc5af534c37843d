"""Answers, navigation and files, without a database."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from ui import navigation
from ui.exports import attachment, safe_cell
from ui.pages import go, toast, toast_next, wants_fragment


def asked(path: str = "/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return request


def test_htmx_is_given_the_fragment_and_the_back_button_the_page() -> None:
    assert wants_fragment(asked(**{"HX-Request": "true"}))
    assert not wants_fragment(asked())
    assert not wants_fragment(asked(**{"HX-Request": "true", "HX-Boosted": "true"}))
    assert not wants_fragment(asked(**{"HX-Request": "true", "HX-History-Restore-Request": "true"}))


def test_a_toast_travels_in_a_header_that_is_ascii() -> None:
    response = toast(HttpResponse(), "完了にしました", undo="/undo/")
    assert response["HX-Trigger"].isascii()
    assert json.loads(response["HX-Trigger"]) == {"toast": {"text": "完了にしました", "undo": "/undo/"}}


def test_a_toast_may_wait_for_the_next_page() -> None:
    request = asked()
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    toast_next(request, "招きました", undo="/undo/")
    [message] = get_messages(request)
    assert (str(message), message.extra_tags) == ("招きました", "/undo/")


def test_going_elsewhere_works_for_htmx_and_for_forms() -> None:
    assert go(asked(), "/a/").status_code == 303
    assert go(asked(), "/a/")["Location"] == "/a/"
    assert go(asked(**{"HX-Request": "true"}), "/a/")["HX-Redirect"] == "/a/"


@pytest.mark.parametrize("name", ["403.html", "404.html", "500.html"])
def test_error_pages_need_neither_request_nor_database(name: str) -> None:
    html = engines["django"].get_template(name).render()
    assert "<h1>" in html


@pytest.fixture
def empty_navigation(monkeypatch: Any) -> None:
    monkeypatch.setattr(navigation, "_main", {})
    monkeypatch.setattr(navigation, "_may", [])


@pytest.mark.usefixtures("empty_navigation")
class TestNavigation:
    def test_lines_stand_in_order_with_their_counts(self) -> None:
        navigation.register("b", None, "plan", url="/b/", label="B", order=20)
        navigation.register("a", None, "today", url="/a/", label="A", order=10, count=lambda request: 7)
        lines = navigation.main(asked())
        assert [(line.href, line.count) for line in lines] == [("/a/", 7), ("/b/", None)]

    def test_a_line_without_its_page_or_its_right_is_left_out(self) -> None:
        navigation.register("gone", "nowhere:index", "plan", label="?")
        navigation.register("rules", None, "rules", url="/rules/", label="ルール", action="rule.edit")
        navigation.allowed_by(lambda request, action: False)
        assert navigation.main(asked()) == []

    def test_the_line_of_the_page_is_current(self) -> None:
        navigation.register("a", None, "today", url="/a/", label="A", matches="accounts: imports:")
        request = asked()
        request.resolver_match = SimpleNamespace(view_name="imports:mapping")  # type: ignore[assignment]
        assert [line.current for line in navigation.main(request)] == [True]


@pytest.mark.parametrize("text", ["=1+1", "+81", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["東嶺ダイレクト", -7, 3.5, ""])
def test_other_cells_stay_as_they_are(value: Any) -> None:
    assert safe_cell(value) == value


def test_a_file_keeps_its_japanese_name() -> None:
    header = attachment("顧客一覧.csv")
    assert header.isascii()
    assert "filename*=utf-8''%E9%A1%A7" in header
