"""All checks on one statement, and the result in the shape of ``smart-examples.jsonl``."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from success_plans.smart.checks import CHECKS
from success_plans.smart.codes import LETTERS, Code
from success_plans.smart.owners import owner_given
from success_plans.smart.reading import Reading
from success_plans.smart.statement import Statement


@dataclass(frozen=True)
class Reason:
    """``marks`` are places in the text as it was typed."""

    code: Code
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Judgement:
    """Five letters, the reasons of those that fail, and what was read out of text and fields."""

    reasons: tuple[Reason, ...]
    baseline: Decimal | None
    target: Decimal | None
    unit: str
    due: date | None
    owner: str

    @property
    def is_smart(self) -> bool:
        return not self.reasons

    @property
    def letters(self) -> dict[str, bool]:
        failed = {reason.code.letter for reason in self.reasons}
        return {letter: letter not in failed for letter in LETTERS}

    def as_json(self) -> dict[str, Any]:
        labels: dict[str, Any] = {
            LETTERS[letter]: "pass" if passes else "fail" for letter, passes in self.letters.items()
        }
        labels["reasons"] = [reason.code.name for reason in self.reasons]
        read = {
            "baseline": number(self.baseline),
            "target": number(self.target),
            "unit": self.unit or None,
            "due": self.due.isoformat() if self.due else None,
            "owner": self.owner or None,
        }
        return {"labels": labels, "smart": self.is_smart, "read": read}


@lru_cache(maxsize=4096)
def judge(statement: Statement) -> Judgement:
    reading = Reading(statement)
    found = {finding.code: finding for check in CHECKS for finding in check(reading)}
    reasons = tuple(
        Reason(code, tuple(reading.folded.span(*place) for place in found[code].places))
        for code in Code
        if code in found
    )
    given, stated = owner_given(statement.fields.owner), reading.owner
    owner = next((one.name for one in (given, stated) if one and not one.is_vague), "")
    return Judgement(
        reasons,
        reading.baseline,
        reading.target,
        reading.unit,
        reading.due_on,
        owner if statement.is_action else "",
    )


def number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
