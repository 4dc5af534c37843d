"""What a kind of record declares so that it can be imported: its fields, its keys, and how each field is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

from .values import Reader

KEEP_OUT = ""
"""The target of a column that is not imported."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field a column can go to. `names` are headings known to mean it; `reader` makes its reader for a unit."""

    key: str
    label: str | Promise
    reader: Callable[[int], Reader]
    names: Sequence[str] = ()
    hints: Sequence[str] = ()
    units: Sequence[int] = (1,)
    required: bool = False
    is_key: bool = False

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
class RecordType:
    """One kind of record: its name in addresses, its fields, and the keys that tell whether it is known already."""

    name: str
    label: str | Promise
    fields: Sequence[Field]
    keys: Sequence[str]
    by_key: dict[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {each.key: each for each in self.fields})
