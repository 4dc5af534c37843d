"""What of a result review is written in place, and what has to be there before (S4 4.21). The same gates hold for the
page, the API and whoever makes up a request: they stand in the parsing, and once more as constraints."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from success_plans.models import Checkpoint, Criterion, ResultFigure, ResultReview
from tenants.editing import Edit, EditField, register
from tenants.editing.fields import for_column

DECIDED = _("結論が出ています。直すには、結論を取り消してください")


def open_field(key: str, **words: Any) -> EditField:
    """A field that stands still once there is a verdict."""
    return gated(for_column(ResultReview, key, **words), undecided)


def gated(field: EditField, gate: Any) -> EditField:
    def parse(text: str, record: Any) -> Any:
        gate(record)
        return field.parse(text, record)

    return replace(field, parse=parse)


def undecided(review: ResultReview) -> None:
    if review.is_decided:
        raise ValidationError(DECIDED)


def after_figures(review: ResultReview) -> None:
    undecided(review)
    if not review.figures_at:
        raise ValidationError(_now("先に、結果数値を確かめてください"))


def after_execution(review: ResultReview) -> None:
    after_figures(review)
    if not review.has_execution:
        raise ValidationError(_now("先に、施策の実行度(量と質)を入れてください"))


def execution_field(key: str, **words: Any) -> EditField:
    return gated(for_column(ResultReview, key, **words), after_figures)


def figure_field(key: str, **words: Any) -> EditField:
    """A figure of a review. What the whole came to does not become unknown again once it was looked at."""
    field = for_column(ResultFigure, key, **words)

    def parse(text: str, figure: Any) -> Any:
        undecided(figure.review)
        value = field.parse(text, figure)
        if value is None and key != "previous" and figure.is_total and figure.review.figures_at:
            raise ValidationError(_now("確かめた数値は空にできません"))
        return value

    return replace(field, parse=parse)


def part_field(key: str, **words: Any) -> EditField:
    """Which part of the whole a line tells of; the whole itself is no part."""
    field = for_column(ResultFigure, key, **words)

    def parse(text: str, figure: Any) -> Any:
        undecided(figure.review)
        value = field.parse(text, figure)
        if not figure._state.adding and figure.is_total and value:
            raise ValidationError(_now("合計の行に内訳の名前は付きません。内訳の行を加えてください"))
        if not figure._state.adding and key == "part" and not figure.is_total and not value:
            raise ValidationError(_now("内訳の名前を書いてください"))
        return value

    return replace(field, parse=parse)


def newest_actual(edit: Edit) -> None:
    """The newest checkpoint with a figure is where a criterion stands, unless it reads a metric."""
    point, value = edit.record, edit.value
    if edit.field.key != "actual" or not isinstance(value, Decimal):
        return
    later = Checkpoint.objects.filter(criterion=point.criterion_id, on__gt=point.on, actual__isnull=False)
    if not later.exists():
        Criterion.objects.filter(pk=point.criterion_id, measured_by__isnull=True).update(actual=value)


register(
    "checkpoint",
    Checkpoint,
    for_column(Checkpoint, "on"),
    for_column(Checkpoint, "planned", hint=_("いくつに")),
    for_column(Checkpoint, "actual", hint=_("いくつでしたか")),
    action="plan.edit",
    label=_("チェックポイント"),
    after=newest_actual,
)
register(
    "figure",
    ResultFigure,
    part_field("axis", hint=_("どの軸で")),
    part_field("part", hint=_("どの部分")),
    figure_field("previous", hint=_("不明")),
    figure_field("planned", hint=_("いくつの計画")),
    figure_field("actual", hint=_("いくつでしたか")),
    gated(
        for_column(ResultFigure, "source", hint=_("どこの数字ですか")),
        lambda figure: undecided(figure.review),
    ),
    action="plan.edit",
    label=_("結果数値"),
)
register(
    "result",
    ResultReview,
    open_field("held_on", hint=_("いつ振り返りましたか")),
    execution_field("quantity", hint=_("何%できましたか"), highest=200),
    execution_field("quantity_note", hint=_("何を、どれだけしましたか")),
    execution_field("quality", hint=_("狙いどおりでしたか")),
    execution_field("quality_note", hint=_("なぜそう見ますか")),
    gated(
        for_column(
            ResultReview, "analysis", hint=_("事実から何が言えますか。より深く、全体の中では何を意味しますか")
        ),
        after_execution,
    ),
    action="plan.edit",
    label=_("結果レビュー"),
)
