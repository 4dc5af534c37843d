"""The small drawings of a row, each rendered once: fifty rows share a few dozen different ones."""

from datetime import date
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.fiscal import FiscalClosing
from accounts.fiscal import strip as strip_of
from ui.drawing import path_through
from ui.templatetags import ui
from workspace.account_list.seals import Seal

NOTHING = mark_safe("")
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 64, 20, 3


def health(score: int | None, band: str) -> SafeString:
    return _health(score, band, get_language())


def delta(change: int | None) -> SafeString:
    return NOTHING if change is None else _delta(change, get_language())


def seal(kind: str, seal: Seal) -> SafeString:
    return _seal(kind, seal.state, "、".join(seal.names), get_language())


def smart(letters: tuple[str, ...] | None) -> SafeString:
    return NOTHING if letters is None else _smart(letters, get_language())


def fiscal_strip(closing: FiscalClosing | None, phase: str, renewal_x: float | None) -> SafeString:
    return _fiscal_strip(closing, phase, renewal_x, timezone.localdate(), get_language())


def phase_words(phase: str) -> str:
    return {
        "season": _("予算策定中"),
        "settling": _("予算確定の間際・確定後"),
        "soon": _("半年以内に予算期"),
        "later": _("予算期は先"),
        "unknown": _("決算月が未入力"),
    }[phase]


@lru_cache(maxsize=1024)
def _health(score: int | None, band: str, language: str) -> SafeString:
    return render_to_string("ui/health.html", ui.health(score, band))


@lru_cache(maxsize=512)
def _delta(change: int, language: str) -> SafeString:
    return render_to_string("ui/delta.html", ui.delta(change, _("4週で")))


@lru_cache(maxsize=4096)
def _seal(kind: str, state: str, names: str, language: str) -> SafeString:
    return render_to_string("ui/seal.html", ui.seal(kind, state, names))


@lru_cache(maxsize=512)
def _smart(letters: tuple[str, ...], language: str) -> SafeString:
    return render_to_string("ui/smart.html", ui.smart(letters))


@lru_cache(maxsize=8192)
def _fiscal_strip(
    closing: FiscalClosing | None, phase: str, renewal_x: float | None, today: date, language: str
) -> SafeString:
    drawn = strip_of(today, closing)
    label = f"{closing.label}、{phase_words(phase)}" if closing else phase_words(phase)
    months = [cell.mark for cell in drawn.cells]
    return render_to_string("ui/fiscal_strip.html", ui.fiscal_strip(months, renewal_x, drawn.now_x, label))


@lru_cache(maxsize=4096)
def spark(weeks: tuple[int, ...], band: str) -> SafeString:
    """A line of weekly scores with a dot on today's; nothing for fewer than two."""
    if len(weeks) < 2:
        return NOTHING
    low, high = min(weeks), max(weeks)
    step = (SPARK_WIDTH - 4) / (len(weeks) - 1)
    reach = max(high - low, 8)  # a change of two points must not look like a cliff
    points = [
        (
            1 + index * step,
            SPARK_EDGE + (SPARK_HEIGHT - 2 * SPARK_EDGE) * (0.5 + ((high + low) / 2 - value) / reach),
        )
        for index, value in enumerate(weeks)
    ]
    x, y = (f"{value:.1f}" for value in points[-1])
    return format_html(
        '<svg class="spark" data-kind="{}" width="64" height="20" viewBox="0 0 64 20" aria-hidden="true">'
        '<path d="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        band, path_through(points), x, y,
    )  # fmt: skip
