"""Numbers that name a Japanese company: 法人番号 (13 digits, the first one checks the rest) and securities codes."""

import re
import unicodedata

_SECURITIES_CODE = re.compile(r"[0-9][0-9A-Z][0-9][0-9A-Z]")


class NumberProblem(ValueError):
    """Why a number is refused: a code, and the first digit that would fit where that is the reason."""

    def __init__(self, code: str, expected: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.expected = expected


def corporate_number(text: str) -> str:
    """The 13 digits of a 法人番号; hyphens, spaces and full-width digits are read. Raises NumberProblem."""
    digits = re.sub(r"[\s\-‐–−ー]", "", unicodedata.normalize("NFKC", text))
    if not digits.isascii() or not digits.isdigit():
        raise NumberProblem("corporate_number_characters")
    if len(digits) != 13:
        raise NumberProblem("corporate_number_length")
    expected = check_digit(digits[1:])
    if int(digits[0]) != expected:
        raise NumberProblem("corporate_number_check_digit", expected)
    return digits


def check_digit(base: str) -> int:
    """The first digit of a 法人番号, from its other twelve: 9 − (Σ digit × 1 or 2, from the right) mod 9."""
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(base)))
    return 9 - total % 9


def securities_code(text: str) -> str:
    """The 4 characters of a securities code; public lists carry a fifth, which is 0. Raises NumberProblem."""
    code = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if len(code) == 5 and code.endswith("0"):
        code = code[:4]
    if not _SECURITIES_CODE.fullmatch(code):
        raise NumberProblem("securities_code_shape")
    return code
