"""What a drill reports: one line per case."""

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
