"""Which of the days of a text is the due date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from success_plans.smart.days import Day

BEFORE = re.compile(
    r"(?:期限|期日|納期|締切|〆切|by|until|due|deadline|no later than|before|through|to)[はを::\s=＝]{0,3}(?:the\s)?$",
    re.I,
)
AFTER = re.compile(r"^(?:\)|\s)?(?:までに?|期限|〆|締|判定|に判定|に達成|に完了|を期限|付)")
REVIEWED = re.compile(
    r"^[^。、)]{0,10}?(?:に(?:中間|途中)|の?(?:中間|途中|事前)|に?振り?返|に(?:確認|点検|レビュー)|頃?に確認|試行|から|〜|(?:の)?定例で)|^の[^。、)]{0,8}(?:に振|で確認|の翌)"
)
REVIEWED_ENGLISH = re.compile(
    r"(?:trial(?: run)?|review(?:ed)?|check(?:ed|-in)?|mid-?(?:term|point))\b[^.;,]{0,20}$|\b(?:from|since)\s$",
    re.I,
)
RANGE = re.compile(r"\bfrom\b[^.;]{0,30}\b(?:to|until|through)\s$", re.IGNORECASE | re.ASCII)
STRONG, PLAIN, WEAK = 2, 1, 0


@dataclass(frozen=True)
class Due:
    """``is_sure`` when the text says that this is the due date, and does not only name the day."""

    on: date
    start: int
    end: int
    is_sure: bool


def due_of(text: str, days: Sequence[Day]) -> Due | None:
    """The day with the plainest mark; among equals the last one."""
    ranked = [(rank(text, day), day.on, day) for day in days]
    if not ranked:
        return None
    best, _on, day = max(ranked, key=lambda found: (found[0], found[1]))
    if best == WEAK:
        return None
    alone = best == PLAIN and len([one for one in ranked if one[0] >= PLAIN]) == 1
    ends = alone and re.match(r"^\s?(?:$|[)。.])", text[day.end :]) is not None
    return Due(day.on, day.start, day.end, best == STRONG or ends)


def rank(text: str, day: Day) -> int:
    before, after = text[: day.start], text[day.end :]
    if AFTER.match(after) or (
        BEFORE.search(before) and not re.search(r"from[^.;]{0,24}\bto\s$", before, re.IGNORECASE | re.ASCII)
    ):
        return STRONG
    if RANGE.search(before):
        return PLAIN
    if REVIEWED.match(after) or REVIEWED_ENGLISH.search(before):
        return WEAK
    return STRONG if day.is_end else PLAIN
