"""What the facts of a result review say, before anybody gives an opinion (S4 4.20–4.23). Pure functions.

Result and execution make four fields. Enough was done and nothing came of it: the issue was drawn wrongly. Too little was
done: nothing can be said of the measures yet, so first see why, and whether it can be mended.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from success_plans.models.result import Quality, Verdict
from success_plans.progress import UP

ENOUGH_PERCENT = 80
"""So much of what was planned has to be done before a result says something about the plan."""
ENOUGH_QUALITY = (Quality.AIMED, Quality.MOSTLY)


@dataclass(frozen=True)
class Line:
    """The whole of one metric. Whichever figure is not known is None."""

    direction: str
    previous: Decimal | None
    planned: Decimal | None
    actual: Decimal | None

    @property
    def is_known(self) -> bool:
        return self.planned is not None and self.actual is not None

    @property
    def is_reached(self) -> bool:
        return (
            self.planned is not None and self.actual is not None and _holds(self, self.actual, self.planned)
        )

    @property
    def gain(self) -> Decimal | None:
        """By how much it is better than before; negative when worse, None while one of both is unknown."""
        if self.previous is None or self.actual is None:
            return None
        change = self.actual - self.previous
        return change if self.direction == UP else -change

    @property
    def share(self) -> Decimal | None:
        """How much of the way from before to the plan was covered, where there was one to cover."""
        if self.previous is None or self.planned is None or self.actual is None:
            return None
        way = self.planned - self.previous
        return (self.actual - self.previous) / way if way else None


@dataclass(frozen=True)
class Facts:
    lines: Sequence[Line]
    quantity: int | None
    quality: str

    @property
    def are_complete(self) -> bool:
        return bool(self.lines) and all(line.is_known for line in self.lines) and self.has_execution

    @property
    def has_execution(self) -> bool:
        return self.quantity is not None and bool(self.quality)

    @property
    def is_reached(self) -> bool:
        return all(line.is_reached for line in self.lines)

    @property
    def is_improved(self) -> bool:
        """Something got better and nothing got worse, as far as it is known."""
        gains = [line.gain for line in self.lines if line.gain is not None]
        return any(gain > 0 for gain in gains) and all(gain >= 0 for gain in gains)

    @property
    def is_executed(self) -> bool:
        return (self.quantity or 0) >= ENOUGH_PERCENT and self.quality in ENOUGH_QUALITY


def verdict_of(facts: Facts) -> Verdict | None:
    """The field the facts lie in; None as long as one of them is missing."""
    if not facts.are_complete:
        return None
    if facts.is_reached:
        return Verdict.SPREAD if facts.is_executed else Verdict.EXAMINE
    return Verdict.REDRAW if facts.is_executed else Verdict.EXECUTE


def explained(facts: Facts) -> list[str]:
    """Why, in sentences: what came out, what was done, and what follows."""
    found = verdict_of(facts)
    return [] if found is None else [_result(facts), _execution(facts), *_next(facts, found)]


def _result(facts: Facts) -> str:
    if facts.is_reached:
        return _("計画に届きました")
    missed = sum(not line.is_reached for line in facts.lines)
    words = {"n": missed, "all": len(facts.lines)}
    said = _("計画に届いていません(%(all)sつの指標のうち%(n)sつ)") % words
    if facts.is_improved:
        return said + _("。ただ、前回より良くなっています")
    return said


def _execution(facts: Facts) -> str:
    words = {"quantity": facts.quantity, "quality": Quality(facts.quality).label, "enough": ENOUGH_PERCENT}
    if facts.is_executed:
        return _("実行は十分です(量%(quantity)s%%、質「%(quality)s」)") % words
    said = _("実行が足りません(量%(quantity)s%%、質「%(quality)s」)。") % words
    return said + _("量が%(enough)s%%以上で、質がおおむね狙いどおりなら十分とみます") % words


def _next(facts: Facts, found: Verdict) -> Iterator[str]:
    if found == Verdict.SPREAD:
        yield _("施策は効いたと言えます。続けて、ほかの部門や次の水準へ広げます")
    elif found == Verdict.EXAMINE:
        yield _(
            "実行が足りないのに届いたので、ほかの理由かもしれません。広げる前に、何が効いたかを確かめます"
        )
    elif found == Verdict.REDRAW:
        yield _("計画どおりに実行して届かなかったので、課題か仮説が違います。描きなおします")
    elif facts.is_improved:
        yield _("良くはなっているので、施策は効いていると考えられます。実行度を高めて続けます")
    else:
        yield _("施策が効いたかどうかは、まだ言えません。実行できなかった要因と、直せるかどうかを調べます")


def _holds(line: Line, actual: Decimal, planned: Decimal) -> bool:
    return actual >= planned if line.direction == UP else actual <= planned
