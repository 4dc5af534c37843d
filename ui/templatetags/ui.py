"""Template tags and filters of the parts. Each draws `templates/ui/<name>.html`; STYLE.md lists them all."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from ui import bundles, wording
from ui.inline import inline_edit
from ui.words import WORDS

register = template.Library()

BANDS = {"good": _("良好"), "caution": _("注意"), "risk": _("危険"), "none": _("未計測")}
SMART = {
    "S": _("具体性"),
    "M": _("計測"),
    "A": _("達成可能性"),
    "R": _("関連性"),
    "T": _("期限"),
}
SMART_GAPS = {"warn": _("要確認"), "none": _("未記入")}
RULER_EM = 3.2  # percent of the ruler that one full-width letter takes
SEALS = {"decider": ("決", _("決裁者")), "champion": ("推", _("推進者"))}
SEAL_STATES = {
    "": _("30日以内に接触"),
    "stale": _("30日以上接触なし"),
    "lost": _("異動・離脱"),
    "unknown": _("未特定"),
}


# The frame of the page


@register.simple_tag
def stylesheets() -> SafeString:
    """The one style sheet of the product."""
    return format_html('<link rel="stylesheet" href="{}">', static(bundles.SHEET))


@register.simple_tag(takes_context=True)
def scripts(context: Context) -> SafeString:
    """The one module of custom elements, and the sentences they say."""
    return format_html(
        '{}<script type="module" src="{}" nonce="{}"></script>',
        json_script({key: str(text) for key, text in WORDS.items()}, "ui-words"),
        static(bundles.SCRIPT),
        _nonce(context),
    )


def _nonce(context: Context) -> str:
    return getattr(context.get("request"), "csp_nonce", "")


# Small marks


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite. Decorative unless `label` names it; `size` is "" or "s"."""
    classes = "ico ico--s" if size == "s" else "ico"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="#i-{}"/></svg>', classes, label, name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', classes, name)


@register.simple_tag
def health_shape(band: str | None) -> SafeString:
    """Only the shape of a band (● ▲ ■ ◌), where word or number stands next to it."""
    return format_html(
        '<svg class="hl-i" viewBox="0 0 12 12" aria-hidden="true"><use href="#h-{}"/></svg>', _band(band)
    )


@register.inclusion_tag("ui/health.html")
def health(score: int | None, band: str | None, size: str = "") -> dict[str, Any]:
    """Shape, number and word of a score. `band`: good, caution, risk; anything else is 未計測."""
    key = _band(band)
    return {"score": score, "band": key, "word": BANDS[key], "size": size}


@register.inclusion_tag("ui/delta.html")
def delta(change: int | None, span: str = "") -> dict[str, Any]:
    """A change with its direction. `span` is read aloud before it, e.g. 4週で."""
    direction = "" if not change else "up" if change > 0 else "down"
    return {"change": change, "direction": direction, "span": span}


def _band(band: str | None) -> str:
    return str(band) if band and str(band) in BANDS else "none"


@register.inclusion_tag("ui/smart.html")
def smart(letters: Mapping[str, str] | Sequence[str], size: str = "") -> dict[str, Any]:
    """Five SMART cells. `letters`: {"S": "ok", "M": "warn", "A": "none", …} or five states in order."""
    states = letters if isinstance(letters, Mapping) else dict(zip(SMART, letters, strict=True))
    cells = [{"letter": letter, "state": states.get(letter, "none")} for letter in SMART]
    gaps = [
        f"{SMART[cell['letter']]}{SMART_GAPS[cell['state']]}" for cell in cells if cell["state"] in SMART_GAPS
    ]
    return {"cells": cells, "gaps": gaps, "met": len(cells) - len(gaps), "size": size}


@register.simple_tag
def smart_name(letter: str) -> str:
    """What a letter of SMART asks for, in a word."""
    return str(SMART[letter])


@register.inclusion_tag("ui/seal.html")
def seal(kind: str, state: str = "", name: str = "", size: str = "") -> dict[str, Any]:
    """決 (`decider`) or 推 (`champion`). `state`: "" in touch, stale, lost, unknown."""
    letter, role = SEALS[kind]
    return {
        "letter": letter,
        "role": role,
        "state": state,
        "said": SEAL_STATES[state],
        "name": name,
        "size": size,
    }


@register.inclusion_tag("ui/avatar.html")
def avatar(name: str, kind: str = "", size: str = "") -> dict[str, Any]:
    """The first letter of a name. `kind`: "" ours, "fuji" sales, "cust" the customer's; `size`: "", s, l."""
    return {"letter": name[:1], "kind": kind, "size": size}


@register.simple_tag
def badge(text: str, kind: str = "") -> SafeString:
    """A tag. `kind`: ai, fuji, good, caution, risk, line."""
    return format_html('<span class="tag{}">{}</span>', f" tag--{kind}" if kind else "", text)


@register.inclusion_tag("ui/due.html")
def due(day: date | None, today: date, words: str = "deadline") -> dict[str, Any]:
    """A due date in its state. `words`: deadline (残り…日) or near (11/26(木)); overdue always says so."""
    state = wording.due_state(day, today)
    said = wording.near_date(day) if words == "near" and not state else wording.deadline(day, today)
    return {"day": day, "state": state, "said": said}


# Figures on an axis; positions are percentages computed by the caller


@register.inclusion_tag("ui/fiscal_strip.html")
def fiscal_strip(
    months: Sequence[str], renew: float | None = None, now: float | None = None, label: str = ""
) -> dict[str, Any]:
    """Twelve cells ("budget", "close" or ""), the renewal ◆ and today's line at a percentage of the axis."""
    return {"months": months, "renew": percent(renew), "now": percent(now), "label": label}


@register.inclusion_tag("ui/ruler.html")
def ruler(ruler: Any) -> dict[str, Any]:
    """The year of one account: `months` (label, now), `bands` (x, w, label), `marks` (x, kind, label),
    `close` (x, label), `now` (x) and `label`, the sentence that reads it aloud."""
    return {"ruler": ruler}


@register.filter
def needs_flip(mark: Any) -> bool:
    """Whether a mark's label would run out of the ruler, and stands before its mark instead."""
    label, x = (mark[key] if isinstance(mark, Mapping) else getattr(mark, key) for key in ("label", "x"))
    em = sum(1 if ord(letter) > 0x2E7F else 0.55 for letter in label)
    return bool(float(x) + em * RULER_EM > 100)


@register.inclusion_tag("ui/lattice.html")
def lattice(cells: Iterable[str], label: str = "") -> dict[str, Any]:
    """解像度: one state per field: "" (CSM), sales, un-sales, un-csm, ask, old."""
    return {"cells": cells, "label": label}


@register.inclusion_tag("ui/meter.html")
def meter(value: float | None, label: str = "", size: str = "") -> dict[str, Any]:
    """A bar of `value` percent; without `label` a figure must stand beside it."""
    return {"value": percent(value or 0), "label": label, "size": size}


@register.inclusion_tag("ui/bullet.html")
def bullet(actual: float | None, expected: float | None = None) -> dict[str, Any]:
    """Progress in percent of the way from baseline to goal, with what was expected by today."""
    return {"actual": actual, "expected": expected, "v": percent(actual or 0), "e": percent(expected)}


@register.inclusion_tag("ui/tally.html")
def tally(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts under one bar. Rows: label, count, color (ai, mid, good, caution, risk, blank), note."""
    return {"rows": list(rows)}


@register.inclusion_tag("ui/steps.html")
def steps(done: int, total: int) -> dict[str, Any]:
    """`done` of `total` as small cells."""
    return {"cells": range(total), "done": done, "total": total}


@register.inclusion_tag("ui/flow.html")
def flow(steps: Iterable[Mapping[str, str]], label: str) -> dict[str, Any]:
    """The way of something: steps with `label` and `state` (done, back, now or "")."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("ui/work.html")
def work(name: str, done: int, total: int, unit: str = "", left: str = "", stop: str = "") -> dict[str, Any]:
    """Long work: done / total, time left in words, `stop` is the URL that 止める posts to."""
    value = percent(100 * done / total if total else 0)
    return {
        "name": name,
        "done": done,
        "total": total,
        "unit": unit,
        "left": left,
        "stop": stop,
        "value": value,
    }


def percent(value: float | None) -> str | None:
    """A percentage for a custom property, kept inside the axis."""
    return None if value is None else f"{min(max(float(value), 0), 100):.4g}%"


# Blocks


@register.simple_block_tag(takes_context=True)
def panel(
    context: Context, content: str, title: str, no: str = "", note: str = "", id: str = "", level: int = 2
) -> SafeString:
    """A ruled section of a sheet with its heading."""
    return _draw("panel", content, title=title, no=no, note=note, id=id, level=level)


@register.simple_block_tag(takes_context=True)
def empty(context: Context, content: str, title: str, text: str = "") -> SafeString:
    """Nothing here yet: what will be here and when; the block holds one action."""
    return _draw("empty", content, title=title, text=text)


@register.simple_block_tag(takes_context=True)
def unknown(context: Context, content: str, question: str, owner: str = "csm") -> SafeString:
    """A blank on squared paper: who fills it (`csm` or `sales`), what to ask; the block holds the actions."""
    return _draw("unknown", content, question=question, owner=owner)


@register.simple_block_tag(takes_context=True)
def note(context: Context, content: str, kind: str = "", role: str = "") -> SafeString:
    """A notice. `kind`: "" information, caution, risk."""
    return _draw("note", content, kind=kind, role=role)


@register.simple_block_tag(takes_context=True)
def menu(
    context: Context, content: str, label: str, icon: str = "", button: str = "btn", side: str = ""
) -> SafeString:
    """A `<details>` menu; the block holds links and buttons. `button=""` with an icon makes an icon button."""
    return _draw("menu", content, label=label, icon=icon, button=button, side=side)


@register.simple_block_tag(takes_context=True)
def scrollbox(context: Context, content: str, label: str) -> SafeString:
    """A wide table that scrolls sideways, reachable and named for the keyboard."""
    return _draw("scrollbox", content, label=label)


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, id: str, title: str) -> SafeString:
    """A modal question, only for what cannot be undone. Open it with `<button commandfor command>` or data-opens."""
    return _draw("dialog", content, id=id, title=title)


def _draw(name: str, content: str, **values: Any) -> SafeString:
    # `content` was rendered, and escaped, by the surrounding template.
    rendered = render_to_string(f"ui/{name}.html", {"content": mark_safe(content), **values})
    return mark_safe(rendered)


@register.inclusion_tag("ui/tabs.html")
def tabs(
    items: Iterable[Mapping[str, Any]], label: str, kind: str = "", keys: bool = False
) -> dict[str, Any]:
    """Tabs that are links: items with `label`, `url`, `current`, `count`. `keys` opens them with 1–7."""
    return {"items": items, "label": label, "kind": kind, "keys": keys}


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Context, page: Any, shown: str = "") -> dict[str, Any]:
    """Next and previous of a `ui.paging.Page`, keeping the other parameters of the address."""
    return {"page": page, "shown": shown, "request": context.get("request")}


@register.inclusion_tag("ui/save_state.html")
def save_state(time: str = "") -> dict[str, Any]:
    """Where the page says, in words, whether what was typed is saved."""
    return {"time": time}


@register.simple_tag
def idempotency_key() -> SafeString:
    """For forms that create: the same form sent twice makes one row (`tenants.once`)."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', secrets.token_hex(16))


# Editing in place


@register.simple_tag
def editable(record: Any, field: str = "", classes: str = "") -> SafeString:
    """An `<inline-edit>` for a cell, or for `cells[field]`; plain text where the person may not edit."""
    return inline_edit(record[field] if field else record, classes)


# Dates and figures


@register.filter
def table_date(day: date | None) -> str:
    return wording.table_date(day)


@register.filter
def band_word(band: str) -> str:
    return str(BANDS[_band(band)])


@register.filter
def near_date(day: date | None) -> str:
    return wording.near_date(day)


@register.filter
def prose_date(day: date | None) -> str:
    return wording.prose_date(day)


@register.filter
def long_date(day: date | None) -> str:
    return wording.long_date(day)


@register.filter
def recency(day: date | None, today: date) -> str:
    return wording.recency(day, today)


@register.filter
def deadline(day: date | None, today: date) -> str:
    return wording.deadline(day, today)


@register.filter
def yen(amount: Any) -> str:
    return wording.yen(amount)


@register.filter
def man_yen(amount: Any) -> str:
    return wording.man_yen(amount)


@register.filter
def number(value: Any) -> str:
    return wording.number(value)


@register.filter
def change(value: Any) -> str:
    return wording.change(value)
