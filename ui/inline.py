"""The markup of a field that is written in place. Python and not templates: an account has two dozen of them, a plan
a hundred, and two includes for each were half the time of those pages.

Whatever a record holds passes ``fill``, which escapes it; what stands here literally has no values in it.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ui.markup import fill, joined

FORMATTED = ("date", "number", "money", "month", "time")
"""These rest under their written form (3,840万円), not under what is typed, unless there is a choice."""

NOTHING = mark_safe("")
FIELD = (
    '<inline-edit{classes} id="edit-{name}" data-url="{url}" data-field="{field}" data-kind="{kind}" data-record="{pk}"'
    ' data-version="{version}" data-widget="{widget}"{flags} data-hint="{hint}"{empty}{owner}>{control}{face}'
    "</inline-edit>"
)
READ = '<span class="{classes}" id="edit-{name}">{text}</span>'
BOX = '<label class="check"><input type="checkbox" id="in-{name}" name="{field}"{checked}>{label}</label>'
INPUT = (
    '<input class="inline{kind}" id="in-{name}" name="{field}" value="{value}" aria-label="{label}"{rest}>'
)
AREA = (
    '<textarea class="inline" id="in-{name}" name="{field}" aria-label="{label}" rows="1">{value}</textarea>'
)
SELECT = '<select class="inline" id="in-{name}" name="{field}" aria-label="{label}">{options}</select>'
OPTION = '<option value="{value}">{label}</option>'
FACE = '<span class="face" aria-hidden="true">{text}</span>'
CHECKED = mark_safe(" checked")


def inline_edit(cell: Any, classes: str = "") -> SafeString:
    """An ``<inline-edit>`` for a ``tenants.editing.Cell``; plain text where the person may not edit."""
    hint = cell.blank_hint or _("まだ分かりません")
    if not cell.may_edit:
        known = "" if cell.display else "unknown "
        return fill(READ, name=name_of(cell), classes=f"{known}{classes}", text=cell.display or hint)
    is_box = cell.widget == "check"
    return fill(
        FIELD,
        classes=fill(' class="{classes}"', classes=classes) if classes else NOTHING,
        name=name_of(cell),
        url=cell.url,
        field=cell.field,
        kind=cell.kind,
        pk=cell.pk,
        version=cell.version,
        widget=cell.widget,
        flags=flags(cell),
        hint=hint,
        empty=mark_safe(" data-empty") if not cell.value and not is_box else NOTHING,
        owner=fill(' data-owner="{owner}"', owner=cell.owner) if cell.owner else NOTHING,
        control=control(cell),
        face=NOTHING if is_box else face(cell, hint),
    )


def name_of(cell: Any) -> str:
    """What makes the field's ids unique on a page."""
    return f"{cell.kind}-{cell.pk}-{cell.field}"


def flags(cell: Any) -> SafeString:
    if cell.widget not in FORMATTED or cell.choices:
        return NOTHING
    return mark_safe(" data-formats data-face" if cell.display else " data-formats")


def face(cell: Any, hint: str) -> SafeString:
    """What is read while nobody writes."""
    return fill(FACE, text=cell.display if cell.value else hint)


def control(cell: Any) -> SafeString:
    return CONTROLS.get(cell.widget, text)(cell)


def box(cell: Any) -> SafeString:
    checked = NOTHING if cell.value in (None, "", "false", "False") else CHECKED
    return fill(BOX, name=name_of(cell), field=cell.field, checked=checked, label=cell.label)


def area(cell: Any) -> SafeString:
    return fill(AREA, name=name_of(cell), field=cell.field, label=cell.label, value=cell.value)


def select(cell: Any) -> SafeString:
    offered = options(tuple(cell.choices))
    before = fill(' value="{value}"', value=cell.value)
    chosen = mark_safe(offered.replace(before, f"{before} selected", 1))
    return fill(SELECT, name=name_of(cell), field=cell.field, label=cell.label, options=chosen)


@lru_cache(maxsize=128)
def options(choices: tuple[tuple[str, str], ...]) -> SafeString:
    """The same choices stand in every row of a list. No label can be taken for a value: its quotes are escaped."""
    return joined(fill(OPTION, value=value, label=label) for value, label in choices)


def month(cell: Any) -> SafeString:
    return select(cell) if cell.choices else month_input(cell)


def typed(rest: str, kind: str = "") -> Callable[[Any], SafeString]:
    """An input whose other attributes are always the same."""
    attributes = mark_safe(rest)

    def drawn(cell: Any) -> SafeString:
        return fill(
            INPUT,
            kind=kind,
            name=name_of(cell),
            field=cell.field,
            value=cell.value,
            label=cell.label,
            rest=attributes,
        )

    return drawn


text = typed(' type="text" autocomplete="off"')
month_input = typed(' type="month"')
CONTROLS: dict[str, Callable[[Any], SafeString]] = {
    "check": box,
    "date": typed(' type="date"'),
    "money": typed(' type="text" inputmode="numeric" autocomplete="off"', " num"),
    "month": month,
    "number": typed(' type="text" inputmode="decimal" autocomplete="off"', " num"),
    "select": select,
    "textarea": area,
    "time": typed(' type="time"'),
}
