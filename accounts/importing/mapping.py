"""Propose which column goes to which field, from the headings and the values below them.

A mapping that was used before for the same headings wins over every proposal.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .fields import Field, RecordType, Target
from .tables import fold
from .values import UNITS

CERTAIN, LIKELY, ASK = 3, 2, 1
_UNIT_IN_HEADING = re.compile(r"[(\[（]\s*(?:単位\s*[::]?\s*)?(億|百万|万|千)?円\s*[)\]）]")
_UNIT_BY_WORD = {"億": 100_000_000, "百万": 1_000_000, "万": 10_000, "千": 1_000, None: 1}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a column goes (empty target: nowhere), how sure that is (3 to 1, 0 without a target), and why."""

    column: int
    target: str
    certainty: int
    reason: str = ""
    count: int = 0


def signature(header: Sequence[str]) -> str:
    """The same for every file with the same headings, whatever their width and spacing."""
    folded = json.dumps([fold(name) for name in header], ensure_ascii=False)
    return hashlib.sha256(folded.encode()).hexdigest()


def propose(
    record_type: RecordType,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    remembered: Mapping[str, str] | None = None,
) -> list[Proposal]:
    """One proposal per column. `rows` are example rows; `remembered` maps folded headings to targets."""
    if remembered is not None:
        return [_as_remembered(record_type, column, name, remembered) for column, name in enumerate(header)]
    columns = [[row[column] for row in rows] for column in range(len(header))]
    scored = [
        (score, -column, each)
        for column, name in enumerate(header)
        for each in record_type.fields
        if (score := _score(each, name))
    ]
    chosen: dict[int, Field] = {}
    for _score_of_pair, negated, each in sorted(scored, key=lambda item: item[:2], reverse=True):
        if -negated not in chosen and each not in chosen.values():
            chosen[-negated] = each
    for column, samples in enumerate(columns):
        found = None if column in chosen else _by_values(record_type, samples)
        if found and found not in chosen.values():
            chosen[column] = found
    public_list = any(each.key == "edinet_code" for each in chosen.values())
    return [
        _judge(chosen.get(column), column, header[column], columns[column], public_list=public_list)
        for column in range(len(header))
    ]


def remember(header: Sequence[str], targets: Sequence[str]) -> dict[str, str]:
    """What to keep of a mapping that was used."""
    return {fold(name): target for name, target in zip(header, targets, strict=True)}


def _as_remembered(
    record_type: RecordType, column: int, name: str, remembered: Mapping[str, str]
) -> Proposal:
    target = remembered.get(fold(name), "")
    known = Target.parse(target).field in record_type.by_key
    return Proposal(column, target if known else "", CERTAIN if known else 0, "remembered" if known else "")


def _score(each: Field, name: str) -> int:
    """How well a heading names a field: 3 exactly, 2 but for a unit or bracket, 1 when it contains a hint."""
    plain = fold(name)
    if plain in {fold(known) for known in each.names}:
        return 3
    if fold(_without_brackets(name)) in {fold(known) for known in each.names}:
        return 2
    return 1 if any(fold(hint) in plain for hint in each.hints) else 0


def _without_brackets(name: str) -> str:
    return re.sub(r"[(\[].*?[)\]]", "", unicodedata.normalize("NFKC", name))


def _by_values(record_type: RecordType, samples: Sequence[str]) -> Field | None:
    """A column without a telling heading whose values all pass a check digit is what they say they are."""
    each = record_type.by_key.get("corporate_number")
    filled = [sample for sample in samples if sample.strip()]
    if each is None or len(filled) < 3:
        return None
    read = each.reader(1)
    return each if all(read(sample).value for sample in filled) else None


def _judge(
    each: Field | None, column: int, name: str, samples: Sequence[str], *, public_list: bool
) -> Proposal:
    if each is None:
        return Proposal(column, "", 0)
    unit, said = _unit(each, name, public_list=public_list)
    target = str(Target(each.key, unit))
    filled = [sample for sample in samples if sample.strip()]
    read = each.reader(unit)
    readings = [read(sample) for sample in filled]
    good = sum(reading.value is not None for reading in readings)
    if len(each.units) > 1 and not said:
        return Proposal(column, target, ASK, "unit", good)
    if filled and good * 2 < len(filled):
        return Proposal(column, target, ASK, "values", good)
    if any(
        str(reading.value) != sample.strip()
        for reading, sample in zip(readings, filled, strict=True)
        if each.key == "securities_code" and reading.value
    ):
        return Proposal(column, target, LIKELY, "securities_code", good)
    return Proposal(column, target, CERTAIN if _score(each, name) == 3 else LIKELY, "", good)


def _unit(each: Field, name: str, *, public_list: bool) -> tuple[int, bool]:
    """The unit of a money column and whether the heading says so; the EDINET list writes 百万円 without saying it."""
    if len(each.units) == 1:
        return each.units[0], True
    if found := _UNIT_IN_HEADING.search(unicodedata.normalize("NFKC", name)):
        return _UNIT_BY_WORD[found[1]], True
    return (1_000_000 if public_list and 1_000_000 in each.units else 1), False


def target_label(each: Field, unit: int) -> str:
    """The field as the person chooses it: with the unit where there is a choice."""
    return str(each.label) if len(each.units) == 1 else f"{each.label}({UNITS[unit]})"
