"""What a kind of record declares so that it can be imported: its fields, its keys, and how each field is read."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from .values import Reader

KEEP_OUT = ""
"""The target of a column that is not imported."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field a column of a file can go to.

    `reader` makes its reader for a unit; `columns` are the columns of the record it fills, with their types in SQL
    (several, when one value says several things; none, when it only helps to judge a row). `names` are headings known
    to mean it, `hints` parts of such headings. `also` sets further columns of a known record `a` when this one changes.
    `is_fact`: the value is kept in a fact, under the name of the column. `is_sourced` fields keep where their value comes from.
    What an `is_aside` field says only helps to understand the row.
    """

    key: str
    label: str | Promise
    reader: Callable[[int], Reader]
    columns: Mapping[str, str]
    names: Sequence[str] = ()
    hints: Sequence[str] = ()
    units: Sequence[int] = (1,)
    required: bool = False
    only_when_empty: bool = False
    is_sourced: bool = True
    is_fact: bool = False
    is_aside: bool = False
    also: Mapping[str, str] = field(default_factory=dict)

    def targets(self) -> list["Target"]:
        """The ways a column can go to this field: one per unit."""
        return [Target(self.key, unit) for unit in self.units]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column goes: a field, and the unit its numbers are in. Written as "capital@1000000" or "name"."""

    field: str
    unit: int = 1

    def __str__(self) -> str:
        return self.field if self.unit == 1 else f"{self.field}@{self.unit}"

    @classmethod
    def parse(cls, text: str) -> "Target":
        key, _, unit = text.partition("@")
        return cls(key, int(unit) if unit.isdecimal() else 1)


@dataclass(frozen=True, slots=True)
class Completed:
    """Values by field that follow from several columns, and what is wrong with them together: (code, field)."""

    values: Mapping[str, Any]
    wrong: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RecordType:
    """One kind of record, declared once for the pages, the command and the SQL.

    `keys` tell whether a row is known already, the surest first. `members` are fields that name one of our people,
    `lookups` make the readers of fields that name other records, for one import. `unknowns` are columns whose absence is said, with the
    finding's code. `notable` fields are shown one by one when they change. `leave_out` answers with a finding's code for
    a row that is not meant to be taken in; `complete` says what the values read so far say together, given the fields
    that could not be read.

    `natural` is a condition in SQL between a row `r` and a record `n`, for rows whose keys say nothing: they mean the
    record if exactly one fits. `natural_group` are the columns by which rows of one file mean the same.

    Without facts (`has_facts`) nobody knows who wrote a value: what stands there counts as written by a person, and
    blanks are filled; unless `by_hand` says in SQL which records `a` a person wrote. `known_as` is what a record is
    called, in SQL; `named` are the fields by which a row is recognised. `twice` is the finding for rows that mean the
    same, `again` says what happens to a known record; `defaults` fill new records where the file says nothing. `tree` is
    the column that names a record of the same kind, above: rows that would close a circle are left out. It may be another
    row of the file, whose line then stands in `above_line`. `shape` makes
    the rows of a table that is laid out otherwise, and its layout theirs.
    """

    name: str
    label: str | Promise
    model: str
    fields: Sequence[Field]
    keys: Sequence[str]
    counter: str | Promise = ""
    natural: str = ""
    natural_group: str = ""
    lookups: Mapping[str, Callable[[Any], Reader]] = field(default_factory=dict)
    complete: Callable[[Mapping[str, Any], Set[str]], Completed] = lambda given, failed: Completed({}, ())
    has_facts: bool = True
    members: Sequence[str] = ()
    unknowns: Mapping[str, str] = field(default_factory=dict)
    notable: Sequence[str] = ()
    leave_out: Callable[[Mapping[str, Any]], str] = lambda values: ""
    by_hand: str = ""
    known_as: str = "a.name"
    named: Sequence[str] = ("name", "surname")
    twice: str = "twice_in_file"
    tree: str = ""
    again: str | Promise = ""
    shape: Callable[[Any, Any, Iterator[Any]], Iterator[Any]] = lambda batch, layout, records: records
    defaults: Callable[[Any], dict[str, Any]] = lambda batch: {}
    by_key: dict[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {each.key: each for each in self.fields})

    @property
    def columns(self) -> dict[str, str]:
        """Every column an import can fill, with its type in SQL."""
        return {name: kind for each in self.stored for name, kind in each.columns.items()}

    @property
    def said(self) -> dict[str, str]:
        """Everything that a row says, with its type in SQL."""
        return {name: kind for each in self.fields for name, kind in each.columns.items()}

    @property
    def facts(self) -> list[str]:
        """The columns that facts keep, not the record."""
        return [name for each in self.fields if each.is_fact for name in each.columns]

    @property
    def stored(self) -> list[Field]:
        """The fields that have a column."""
        return [each for each in self.fields if each.columns and not each.is_aside]
