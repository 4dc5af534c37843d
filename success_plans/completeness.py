"""SMART read purely from which fields are filled. What the words say is judged elsewhere; this only sees blanks.

ok: there. warn: partly there, or nobody has confirmed it yet. none: missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from success_plans.progress import is_backwards

LETTERS = "SMART"
OK, WARN, NONE = "ok", "warn", "none"

Letters = dict[str, str]


@dataclass(frozen=True)
class Measure:
    """What a success criterion says. ``key`` names its record, for links to the blank."""

    direction: str = "up"
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    due_on: date | None = None
    method: str = ""
    review_on: date | None = None
    key: Any = None


@dataclass(frozen=True)
class Aim:
    """What an objective says, with its criteria."""

    statement: str = ""
    why: str = ""
    evidence: str = ""
    has_customer_owner: bool = False
    measures: Sequence[Measure] = ()


@dataclass(frozen=True)
class Gap:
    """One blank: the letter it counts for, the question to ask, and the record and field that would hold the answer."""

    letter: str
    question: Any
    kind: str
    key: Any
    field: str


def letters_of(aim: Aim) -> Letters:
    """The five states of one objective."""
    return {
        "S": (OK if aim.has_customer_owner else WARN) if aim.statement.strip() else NONE,
        "M": _measurable(aim.measures),
        "A": OK if aim.evidence.strip() else WARN,
        "R": OK if aim.why.strip() else NONE,
        "T": _state([measure.due_on is not None for measure in aim.measures]),
    }


def letters_together(objectives: Iterable[Letters]) -> Letters:
    """One row of cells for a plan or an account: full when all are full, empty when all are, half otherwise."""
    found = list(objectives)
    if not found:
        return dict.fromkeys(LETTERS, NONE)
    return {letter: _one_state({states[letter] for states in found}) for letter in LETTERS}


def gaps_of(aim: Aim) -> list[Gap]:
    """The questions an objective still leaves open, letter by letter, at most one for each blank."""
    return [*_about_itself(aim), *_about_measures(aim)]


def has_gap(aim: Aim) -> bool:
    """Something a person can fill in today is blank. A, which only waits to be confirmed, does not count."""
    letters = letters_of(aim)
    return any(letters[letter] != OK for letter in "SMRT")


def _about_itself(aim: Aim) -> Iterable[Gap]:
    if not aim.statement.strip():
        yield Gap("S", _("何がどうなれば達成ですか"), "objective", None, "statement")
    elif not aim.has_customer_owner:
        yield Gap("S", _("先方では誰が責任を持ちますか"), "objective", None, "customer_owner")
    if not aim.evidence.strip():
        yield Gap("A", _("なぜ達成できそうですか。根拠はまだ未確認です"), "objective", None, "evidence")
    if not aim.why.strip():
        yield Gap("R", _("お客様のどの課題に効きますか"), "objective", None, "why")


def _about_measures(aim: Aim) -> Iterable[Gap]:
    if not aim.measures:
        yield Gap("M", _("誰が見ても同じに読める成功の基準は何ですか"), "objective", None, "criterion")
        yield Gap("T", _("いつまでに達成しますか"), "objective", None, "criterion")
    for measure in aim.measures:
        for field, question in _missing(measure):
            yield Gap("M", question, "criterion", measure.key, field)
        if measure.due_on is None:
            yield Gap("T", _("いつまでですか"), "criterion", measure.key, "due_on")


def _missing(measure: Measure) -> Iterable[tuple[str, Any]]:
    if measure.baseline is None:
        yield "baseline", _("はじめの値はいくつですか")
    if measure.target is None:
        yield "target", _("どの値になれば達成ですか")
    elif is_backwards(measure.direction, measure.baseline, measure.target):
        yield "target", _("目標が、はじめの値より後ろ向きです。向きと値のどちらを直しますか")
    if not measure.unit.strip():
        yield "unit", _("単位は何ですか")
    if not measure.method.strip():
        yield "method", _("どこの数字で、どう測りますか")
    if measure.review_on is None:
        yield "review_on", _("いつ振り返りますか")


def _measurable(measures: Sequence[Measure]) -> str:
    if not any(measure.target is not None for measure in measures):
        return NONE
    return OK if not any(True for measure in measures for _gap in _missing(measure)) else WARN


def _state(filled: Sequence[bool]) -> str:
    return NONE if not any(filled) else OK if all(filled) else WARN


def _one_state(states: set[str]) -> str:
    return states.pop() if len(states) == 1 else WARN
