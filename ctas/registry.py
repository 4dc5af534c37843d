"""The rules, one file each in ``ctas/rules``: the module's name is the code, its decorated function the condition."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.db.models import Expression, QuerySet, TextChoices, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ctas.models import Cta, Priority
from ctas.options import Option, Values


class Kind(TextChoices):
    RISK = "risk", _("リスク")
    CHANCE = "chance", _("機会")
    LIFECYCLE = "lifecycle", _("ライフサイクル")
    REGULAR = "regular", _("定期")
    QUALITY = "quality", _("品質")


KIND_HINTS = {
    Kind.RISK: _("早く気づき、早く会う"),
    Kind.CHANCE: _("うまくいっているときに、次を話す"),
    Kind.LIFECYCLE: _("契約と、お客様の予算の時期"),
    Kind.REGULAR: _("間隔を空けずに続ける"),
    Kind.QUALITY: _("記録と計画の抜けに気づく"),
}

Condition = Callable[[QuerySet[Any], date, Values], Iterable[QuerySet[Any]]]


@dataclass(frozen=True)
class Step:
    """One step of a rule's playbook: within so many workdays of the CTA's first day, and what to do by then."""

    within: int
    text: Any


@dataclass(frozen=True)
class Rule:
    """A rule as people read it, and its condition.

    ``condition(live, today, values)`` gives querysets of the accounts it holds for. Each row is annotated with
    ``subject`` and ``occurrence`` (text), ``evidence`` (JSON, without anything that changes by itself from day to day)
    and ``opens`` (whether a new CTA opens today; one that is open stays as long as the row is there).
    """

    code: str
    number: str
    label: Any
    kind: Kind
    heading: Callable[[dict[str, Any], date], str]  # the group on 今日: why now
    because: Any  # one sentence under it, or empty
    title: Callable[[dict[str, Any]], str]  # what to do
    why: Callable[[dict[str, Any], date], str]  # the evidence in one line, counted as of that day
    sentence: Any  # what the rules page says, with {option} where a value stands
    options: Sequence[Option]
    endings: dict[str, Any]  # how it closes by itself, in words
    ending: Callable[[date], Expression]  # which of them, as an expression on Cta
    due_in: int  # workdays
    assignees: Any
    condition: Condition
    has_seller: bool = False  # the commercial owner works on it too
    is_for_managers: bool = False  # a manager gets it instead of the CSM
    priority: Priority = Priority.MID
    playbook: Sequence[Step] = ()

    def values(self, laid_over: dict[str, str] | None = None) -> Values:
        return Values.read(self.code, self.options, laid_over)


_rules: dict[str, Rule] = {}


def rule(**words: Any) -> Callable[[Condition], Condition]:
    """Register the decorated condition; the words are the fields of ``Rule``."""

    def register(condition: Condition) -> Condition:
        code = condition.__module__.rpartition(".")[2]
        _rules[code] = Rule(code=code, condition=condition, **words)
        return condition

    return register


def load() -> dict[str, Rule]:
    """Import every module of ``ctas/rules``; called once, when Django is ready."""
    from ctas import rules

    for found in iter_modules(rules.__path__):
        import_module(f"{rules.__name__}.{found.name}")
    return _rules


def all_rules() -> list[Rule]:
    return sorted(_rules.values(), key=lambda rule: rule.number)


def rule_of(cta: Cta) -> Rule:
    """The rule of a CTA; one that the code no longer has keeps its old CTAs readable."""
    return _rules.get(cta.rule) or RETIRED


def find(code: str) -> Rule | None:
    return _rules.get(code)


COMMON_ENDINGS = {"left": _("契約中ではなくなりました")}
RETIRED = Rule(
    code="retired",
    number="",
    label=_("いまはないルール"),
    kind=Kind.QUALITY,
    heading=lambda evidence, today: gettext("そのほか"),
    because="",
    title=lambda evidence: gettext("いまはないルールのCTA"),
    why=lambda evidence, today: "",
    sentence="",
    options=(),
    endings={},
    ending=lambda today: Value(""),
    due_in=0,
    assignees="",
    condition=lambda live, today, values: (),
)
