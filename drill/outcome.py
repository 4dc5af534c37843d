"""What a drill reports: one line per case."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """``survived`` of ``tried`` attempts ended as they must; ``note`` says what was counted, or what went wrong."""

    case: str
    tried: int
    survived: int
    note: str = ""

    @property
    def held(self) -> bool:
        return self.tried > 0 and self.survived == self.tried

    def line(self) -> str:
        mark = " " if self.held else "✗"
        return f"{mark} {self.case:<58}{self.tried:>9,}{self.survived:>10,}  {self.note}".rstrip()


def row(case: str, tried: int, wrong: Sequence[str], note: str = "") -> Outcome:
    """One case of which ``wrong`` names what did not end as it must."""
    return Outcome(case, tried, max(0, tried - len(wrong)), "; ".join(wrong[:3]) or note)
