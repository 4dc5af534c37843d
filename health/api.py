"""What of this room programs read: the health of an account now, why, and day by day. Only the night writes it."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.api import of_csm
from accounts.visible import on_visible_accounts
from health import explaining
from health.models import AccountScore, Band, Scorecard, ScoreDay
from tenants.api import Resource, Shape, Shown, between, column
from tenants.api.shapes import (
    date_shape,
    enum_shape,
    figure_shape,
    list_shape,
    nullable,
    object_shape,
    text_shape,
)

POINTS = Shape(
    {
        "type": "object",
        "title": str(_("測定項目ごとの点")),
        "description": str(_("測定項目の名前と、0から100の点。分からないものはnull")),
        "additionalProperties": {"type": ["integer", "null"], "minimum": 0, "maximum": 100},
    },
    str,
)

# Why: one line for each measure, as the page says it

KNOWN = {
    "points": (figure_shape(0, 100), _("点")),
    "band": (enum_shape([band.value for band in Band]), _("帯")),
    "weight": (figure_shape(0), _("重み")),
    "share": (figure_shape(0, 100), _("実際の重み(%)。分からない測定項目の分が配られたあと")),
    "contribution": (figure_shape(whole=False), _("スコアのうち、この測定項目の分")),
    "change": (figure_shape(), _("4週前からの点の動き")),
    "moved": (figure_shape(whole=False), _("4週前からスコアを動かした分")),
}
SAID = {
    "code": (lambda line: line.measure.code, _("測定項目")),
    "label": (lambda line: str(line.measure.label), _("測定項目の名前")),
    "value": (lambda line: str(line.reading.value), _("いまの値")),
    "text": (lambda line: str(line.reading.text), _("なぜこの点か")),
    "goal": (lambda line: str(line.reading.goal), _("満点の目安")),
}


def of_line(line: explaining.Line, key: str) -> Any:
    return SAID[key][0](line) if key in SAID else getattr(line, key)


REASON = object_shape(
    {
        **{key: text_shape(2_000).titled(title) for key, (_value, title) in SAID.items()},
        **{key: shape.titled(title) for key, (shape, title) in KNOWN.items()},
    },
    of_line,
)


def reasons(score: AccountScore) -> list[explaining.Line]:
    return explaining.explain(score.account, timezone.localdate()).lines


def compared(scores: Any) -> Any:
    """Along with each score: of which night it is, and how it stood four weeks ago."""
    today = timezone.localdate()
    nights = ScoreDay.objects.filter(account=OuterRef("account"), on__lte=today).order_by("-on")
    return scores.with_change(today).annotate(as_of=Subquery(nights.values("on")[:1]))


SCORES = Resource(
    name="scores",
    model=AccountScore,
    label=_("ヘルス"),
    reads="health.read",
    lists="health.read",
    shows={
        "account": column(AccountScore, "account"),
        "score": column(AccountScore, "score", _("スコア")),
        "band": column(AccountScore, "band", _("帯")),
        "since": column(AccountScore, "since", _("この値になった日")),
        "as_of": Shown(nullable(date_shape()).titled(_("いつの夜のものか")), lambda score: score.as_of),
        "before": Shown(figure_shape(0, 100).titled(_("4週前のスコア")), lambda score: score.before),
        "change": Shown(figure_shape(-100, 100).titled(_("4週前からの動き")), lambda score: score.change),
        "parts": Shown(POINTS, lambda score: score.parts),
    },
    alone={
        "reasons": Shown(
            list_shape(REASON).titled(_("なぜこの値か"), _("1件を読むときだけ。画面と同じことば")), reasons
        )
    },
    filters=("account", "band"),
    queries=(of_csm(AccountScore),),
    visible=on_visible_accounts,
    rows=compared,
)

SCORE_DAYS = Resource(
    name="score-days",
    model=ScoreDay,
    label=_("日ごとのヘルス"),
    reads="health.read",
    lists="health.read",
    shows={
        "account": column(ScoreDay, "account"),
        "on": column(ScoreDay, "on", _("日付")),
        "score": column(ScoreDay, "score", _("スコア")),
        "band": column(ScoreDay, "band", _("帯")),
        "parts": Shown(POINTS, lambda day: day.parts),
    },
    filters=("account", "band", "on"),
    queries=(of_csm(ScoreDay), *between(ScoreDay, "on")),
    visible=on_visible_accounts,
)

RESOURCES = (SCORES, SCORE_DAYS)
WITHOUT = {Scorecard: "no page changes it; it is set once, with whoever introduces Masume"}
