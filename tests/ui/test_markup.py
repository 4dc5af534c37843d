"""Markup drawn in Python: whatever people type stays text, in every kind of field, in a row of the list and of the sheet."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from accounts.sheet.reading import Row as SheetRow
from accounts.sheet_drawing import SheetDrawing
from tenants.editing import Cell
from ui.inline import CONTROLS, inline_edit
from ui.markup import fill
from workspace.account_list.drawing import Drawing
from workspace.account_list.health import Health
from workspace.account_list.rows import Row as ListRow
from workspace.account_list.seals import Seal

TODAY = date(2026, 11, 19)

PK = UUID(int=7)
CALM = "みなも銀行"
NASTY = (
    """"'><script>alert(1)</script>""", "</textarea></select></span><img src=x onerror=alert(1)>", "x onfocus=alert(1)",
    "' onmouseover='x", '" autofocus onfocus="x', "&lt;b&gt;&amp;", "{pk}{0}{name.__class__}", "{{7*7}}{% debug %}", "%(name)s%s",
    "<!--", "]]>", "\x1b\u202e\x00", "<option selected>", "a\nb\tc", "`${x}`", "javascript:alert(1)", "&#60;b&#62;", "<", "&",
)  # fmt: skip


class Skeleton(HTMLParser):
    """Tags and names of attributes apart from what they hold."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.bones: list[Any] = []
        self.held: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bones.append((tag, [name for name, _value in attrs]))
        self.held += [value for _name, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        self.bones.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.bones.append("comment")

    def handle_data(self, data: str) -> None:
        self.held.append(data)


def cell(text: str, widget: str, **changes: Any) -> Cell:
    found = Cell(
        kind="account", pk=PK, version=3, field="name", url=f"/t/x/edit/account/{PK}/", label=text, widget=widget,
        value=text, display=text, choices=[(text, text), ("other", "別")] if widget == "select" else [], may_edit=True,
        blank_hint=text, help=text, owner=text,
    )  # fmt: skip
    return replace(found, **changes)


def list_row(text: str) -> ListRow:
    return ListRow(
        pk=PK, name=text, industry=text, csm=text, health=Health(), arr=None, renews_on=None, days_left=None, closing=None,
        phase="unknown", renewal_x=None, seals={"decider": Seal("", (text,)), "champion": Seal("lost", (text,))}, smart=None,
        resolution=None, deployment=None, last_note=None, note_age=None,
    )  # fmt: skip


def sheet_row(text: str, named: bool, **changes: Any) -> SheetRow:
    author = SimpleNamespace(name=text) if named else None
    fact = SimpleNamespace(state="", source_kind="", as_of=None, author=author, source=text)
    asks = SimpleNamespace(months=None, is_retired=False)
    return SheetRow(cell(text, "text", **changes), fact, SimpleNamespace(pk=PK), asks, TODAY)  # type: ignore[arg-type]


def same(draw: Any, text: str) -> None:
    """The skeleton is that of a harmless text, and the text is in it as it was typed."""
    calm, nasty = Skeleton(draw(CALM)), Skeleton(draw(text))
    assert nasty.bones == calm.bones
    assert [held for held in calm.held if CALM in held]
    for before, now in zip(calm.held, nasty.held, strict=True):
        assert now == before.replace(CALM, text)


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("widget", [*sorted(CONTROLS), "text", "never heard of"])
def test_no_text_leaves_its_field(widget: str, text: str) -> None:
    same(lambda typed: inline_edit(cell(typed, widget), "wide"), text)
    same(lambda typed: inline_edit(cell(typed, widget, may_edit=False), "wide"), text)
    same(lambda typed: inline_edit(cell(typed, widget, may_edit=False, display="", value="")), text)


@pytest.mark.parametrize("text", NASTY)
def test_no_text_leaves_its_row_of_the_list(text: str) -> None:
    for drawing in (Drawing("/a/", True, True), Drawing("/a/", False, False)):
        same(lambda typed, drawing=drawing: drawing.row(list_row(typed)), text)


@pytest.mark.parametrize("text", NASTY)
def test_no_text_leaves_its_row_of_the_sheet(text: str, settings: Any) -> None:
    settings.ROOT_URLCONF = "cs_planner.tenant_urls"
    for changes in ({}, {"may_edit": False}, {"may_edit": False, "value": "", "display": ""}):
        named = text.split() == [text]  # only a surname is shown
        draw = SheetDrawing(SimpleNamespace(pk=PK)).row
        same(
            lambda typed, draw=draw, named=named, changes=changes: draw(sheet_row(typed, named, **changes)),
            text,
        )


@pytest.mark.parametrize("value", [*NASTY, mark_safe("<b>"), gettext_lazy("担当"), None, 7, PK, 3.5])
def test_values_are_escaped_as_templates_do_it(value: Any) -> None:
    assert fill("<i>{value}</i>", value=value) == f"<i>{conditional_escape(value)}</i>"
    assert fill("{value}", value=fill("{value}", value=value)) == conditional_escape(value)
