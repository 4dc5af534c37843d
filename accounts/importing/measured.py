"""Values with their units, as tables of figures write them: 42.5%, 12件, 応対時間(秒), 売上(百万円)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from accounts.importing import values
from accounts.importing.values import NOTHING, Reading, folded

_WITH_UNIT = re.compile(r"(?P<number>.*[\d)])(?P<unit>[^\d.,]{1,12})")
_BRACKETS = re.compile(r"(?P<name>.+?)[(\[【](?P<unit>[^()\[\]【】]{1,20})[)\]】]")
_SCALES = (("億", 100_000_000), ("百万", 1_000_000), ("万", 10_000), ("千", 1_000), ("k", 1_000))
PERCENT = frozenset(map(folded, ("%", "パーセント", "percent", "pct")))


@dataclass(frozen=True, slots=True)
class Measured:
    """An amount as it is written, and the unit behind it, if there is one."""

    amount: Decimal
    unit: str = ""


@lru_cache(maxsize=4096)
def measured(raw: str) -> Reading:
    """A value with or without its unit."""
    plain, read = folded(raw), values.decimal(4)
    whole = read(raw)
    if whole.code != "number_unreadable":
        return Reading(Measured(Decimal(whole.value))) if whole.value is not None else whole
    found = _WITH_UNIT.fullmatch(plain)
    number = read(found["number"]) if found else NOTHING
    if found is None or number.value is None:
        return whole
    return Reading(Measured(Decimal(number.value), found["unit"]))


def name_and_unit(text: str) -> tuple[str, str]:
    """応対時間(秒) → 応対時間, 秒; without brackets the unit is empty."""
    found = _BRACKETS.fullmatch(folded(text))
    return (found["name"], found["unit"]) if found else (text, "")


def factor(said: Iterable[str], unit: str) -> Decimal | None:
    """By what a value is multiplied that is said to be in such units, to be one in ``unit``; None when they differ."""
    found = {scale for text in map(folded, said) if text for scale in (_scale(text, folded(unit)),)}
    if None in found or len(found) > 1:
        return None
    return next(iter(found), Decimal(1))


def _scale(said: str, unit: str) -> Decimal | None:
    said = said.removeprefix("単位").lstrip(":")
    if said == unit or {said, unit} <= PERCENT:
        return Decimal(1)
    scale = next((Decimal(size) for prefix, size in _SCALES if said in (prefix, prefix + unit)), None)
    return scale or (None if unit else Decimal(1))  # a metric without a unit takes any
