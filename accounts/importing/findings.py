"""What was noticed in a file: where, which value, and a code; the words for the codes are in `words`.

A Refusal ends the reading of a file; a Question asks the person to decide something and to start again.
"""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one place: physical line, column heading, value as written, code and its parameters."""

    code: str
    line: int = 0
    column: str = ""
    value: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Refusal(Exception):
    """The file cannot be read at all, and why."""

    def __init__(self, code: str, line: int = 0, **params: Any) -> None:
        super().__init__(code)
        self.finding = Finding(code, line, params=params)


class Question(Exception):
    """Only a person can tell: what is asked, and for each possible answer the first lines as they would read."""

    def __init__(self, about: str, answers: dict[str, list[str]]) -> None:
        super().__init__(about)
        self.about = about
        self.answers = answers
