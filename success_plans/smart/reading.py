"""One reading of a statement, shared by all checks: days, amounts, what is to change, who, and the sentence around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from success_plans.smart import dues, owners
from success_plans.smart.amounts import Amount, amounts_in
from success_plans.smart.calendar import Calendar
from success_plans.smart.change import Change, baseline_in, changes_in
from success_plans.smart.days import Day, Undated, days_in, undated_in
from success_plans.smart.folding import Folded, fold
from success_plans.smart.statement import Statement
from success_plans.smart.words import Word, words_of

BREAK = re.compile(r"[。、()「」/／;:]|(?<=[a-z0-9%])[.,](?=\s)")
BRACKETS = re.compile(r"\([^()]*\)|「[^」]*」")


@dataclass(frozen=True)
class Reading:
    statement: Statement

    @cached_property
    def folded(self) -> Folded:
        return fold(self.statement.text)

    @property
    def text(self) -> str:
        return self.folded.text

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self.statement.context.as_of, self.statement.context.closing)

    @cached_property
    def words(self) -> Sequence[Word]:
        return words_of(self.text) if self.folded.is_japanese else ()

    @cached_property
    def days(self) -> list[Day]:
        return days_in(self.text, self.calendar)

    @cached_property
    def undated(self) -> list[Undated]:
        return undated_in(self.text, self.calendar)

    @cached_property
    def amounts(self) -> list[Amount]:
        return amounts_in(self.text, [*self.days, *self.undated])

    @cached_property
    def changes(self) -> list[Change]:
        return changes_in(self.text, self.amounts)

    @property
    def change(self) -> Change | None:
        """The first one says what the statement is about."""
        return self.changes[0] if self.changes else None

    @cached_property
    def due(self) -> dues.Due | None:
        return dues.due_of(self.text, self.days)

    @property
    def due_on(self) -> date | None:
        return self.statement.fields.due or (self.due.on if self.due else None)

    @cached_property
    def owner(self) -> owners.Owner | None:
        return owners.owner_in(self.text, self.words)

    @cached_property
    def head(self) -> tuple[int, int]:
        """Where the text says what is to change: from the break before it to its figures. Words in there name the metric,
        and neither how it is measured nor when it is looked at."""
        if self.change is None:
            return 0, 0
        breaks = [match.end() for match in BREAK.finditer(self.text) if match.end() <= self.change.start]
        return max(breaks, default=0), self.change.end

    @cached_property
    def subject(self) -> str:
        """The sentence up to its figures: 訪問回数:年6回⇒年18回."""
        end = self.change.end if self.change else len(self.text)
        return self.text[max(self.text.rfind(mark, 0, self.head[0]) for mark in "。(/") + 1 : end]

    @cached_property
    def core(self) -> str:
        """The sentence without brackets, dates and full stops: its last words are what is to be done."""
        text = self.text
        for day in reversed(self.days):
            text = text[: day.start] + text[day.end :]
        return re.sub(r"(?:まで(?:に)?|期限は?|まで)[。、\s]*$", "", BRACKETS.sub("", text)).strip(" 。、.!")

    @property
    def baseline(self) -> Decimal | None:
        given = self.statement.fields.baseline
        if given is not None:
            return given
        found = (self.change.baseline if self.change else None) or baseline_in(self.text, self.amounts)
        return found.value if found else None

    @property
    def target(self) -> Decimal | None:
        given = self.statement.fields.target
        if given is not None:
            return given
        stated = self.change if self.change and not self.change.relative else None
        return stated.target.value if stated and stated.target else None

    @property
    def unit(self) -> str:
        amount = self.change.target if self.change else None
        if amount is None or not amount.unit:
            return self.statement.fields.unit
        return f"{amount.unit}/{amount.per}" if amount.per and amount.per[-1] in "月週日年" else amount.unit

    def everywhere(self, *names: str) -> str:
        """The text and some of the fields, for words that may stand in either."""
        given = self.statement.fields
        return "。".join([self.text, *(fold(getattr(given, name)).text for name in names)])


def content_words(text: str) -> set[str]:
    """What a Japanese or English text is about, for comparing two of them."""
    folded = fold(text)
    if folded.is_japanese:
        return {word.base for word in words_of(folded.text) if word.is_content}
    return {word for word in re.findall(r"[a-z]{4,}", folded.text.lower()) if word not in COMMON}


COMMON = {"with", "from", "into", "each", "only", "that", "this", "before", "after", "until", "year", "month", "week", "days", "case", "business", "contract", "included"}  # fmt: skip
