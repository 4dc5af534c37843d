"""What editors were told, held against what the history of the record says. Knows nothing of how Masume saves.

A value is compared as a person would type it. History is one row for each version of the record.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """``body`` is the text of a conflict as the person reads it, ``theirs`` what stands against theirs."""

    status: int
    version: int
    value: str = ""
    theirs: str = ""
    body: str = ""


@dataclass
class Attempt:
    """One text that an editor wants in a field, sent once or several times until an answer comes.

    ``base`` is what they had been told stands there; ``own`` what they sent since, without having been answered.
    """

    actor: str
    field: str
    text: str
    base: str
    own: tuple[str, ...] = ()
    unanswered: int = 0
    answers: list[Answer] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.field}: {self.base!r} → {self.text!r} by {self.actor}"


@dataclass(frozen=True)
class Row:
    """The record as one write left it."""

    version: int
    actor: str
    values: dict[str, str]


@dataclass
class Findings:
    """What must not be. Each list is empty when nobody lost anything."""

    missing: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    wordless: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    writes: int = 0
    acknowledged: int = 0
    conflicts: int = 0


def check(attempts: Sequence[Attempt], history: Sequence[Row], final: dict[str, str]) -> Findings:
    """``history`` begins with the record as every editor first read it."""
    found = Findings()
    rows = {row.version: row for row in history}
    for attempt in attempts:
        for answer in attempt.answers:
            if answer.status == 200:
                found.acknowledged += 1
                found.missing += missing(attempt, answer, rows)
            elif answer.status == 409:
                found.conflicts += 1
                found.wordless += wordless(attempt, answer, rows)
    found.gaps += gaps(history, final)
    replay(attempts, history, found)
    return found


def missing(attempt: Attempt, answer: Answer, rows: dict[int, Row]) -> Iterator[str]:
    """An acknowledgement says: this stood in the record at this version."""
    stood = rows[answer.version].values.get(attempt.field) if answer.version in rows else None
    if stood != answer.value:
        yield f"{attempt}: told {answer.value!r} at {answer.version}, history has {stood!r}"
    elif answer.value != attempt.text:
        yield f"{attempt}: told that {answer.value!r} is saved, and nobody asked"


def wordless(attempt: Attempt, answer: Answer, rows: dict[int, Row]) -> Iterator[str]:
    """A conflict gives both texts: the loser's, and the one that really stands there."""
    stood = rows[answer.version].values.get(attempt.field) if answer.version in rows else None
    if answer.theirs != stood or stood == attempt.text:
        yield f"{attempt}: against {answer.theirs!r} at {answer.version}, history has {stood!r}"
    elif attempt.text not in answer.body:
        yield f"{attempt}: their own text is not in the answer"


def gaps(history: Sequence[Row], final: dict[str, str]) -> Iterator[str]:
    """Each version once, and the record is what its last row says."""
    for before, after in zip(history, history[1:], strict=False):
        if after.version != before.version + 1:
            yield f"version {after.version} follows {before.version}"
    if history[-1].values != final:
        yield f"the record is {final}, its history ends with {history[-1].values}"


def replay(attempts: Sequence[Attempt], history: Sequence[Row], found: Findings) -> None:
    """Every change in the history is one attempt of its actor, taken once, by somebody who knew what stood there."""
    open_ones: dict[tuple[str, str, str], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        open_ones[attempt.actor, attempt.field, attempt.text].append(attempt)
    last: dict[str, Attempt] = {}
    for before, after in zip(history, history[1:], strict=False):
        moved = [key for key in after.values if after.values[key] != before.values[key]]
        found.writes += len(moved)
        if len(moved) != 1:
            found.unexplained.append(f"version {after.version} moved {moved}")
        for key in moved:
            old = before.values[key]
            candidates = open_ones[after.actor, key, after.values[key]]
            attempt = responsible(candidates, after.version, old)
            if attempt is None:
                found.unexplained.append(f"{key}: {old!r} → {after.values[key]!r} by {after.actor}")
                continue
            candidates.remove(attempt)
            last[key] = attempt
            if not knew(attempt, old):
                found.overwritten.append(f"{attempt}: replaced {old!r} unseen")
    found.unfinished += [f"{attempt}: stands there, acknowledged to nobody" for attempt in last.values() if not attempt.answers]  # fmt: skip


def responsible(candidates: Sequence[Attempt], version: int, old: str) -> Attempt | None:
    """The one that was told this version; else one that was sent without an answer at first."""
    told = [one for one in candidates if any(a.status == 200 and a.version == version for a in one.answers)]
    silent = [one for one in candidates if one.unanswered]
    return next((one for one in (*told, *silent) if knew(one, old)), next(iter((*told, *silent)), None))


def knew(attempt: Attempt, old: str) -> bool:
    return old in (attempt.base, *attempt.own)
