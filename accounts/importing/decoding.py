"""Which encoding a text file is in: byte order mark, strict UTF-8, strict CP932, otherwise a person is asked.

No detector guesses: EUC-JP decodes "validly" as CP932, into half-width kana, Latin-1 into rare kanji, and a wrong
guess is silent damage.
"""

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from .findings import Question, Refusal
from .limits import LINES, ROWS

CHOICES = ("utf-8", "cp932", "euc_jp", "utf-16-le", "utf-16-be", "iso2022_jp")
"""What a person can choose. CP932 and not Shift_JIS: the latter has no ㈱ and another wave dash."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 20
_PREVIEW_ROWS = 20
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_HALF_WIDTH_KANA = re.compile(r"[\uff61-\uff9f]+")
_PAIRS_WITH_A_LETTER = bytes(
    byte
    for lead in range(0xE0, 0xFD)
    for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    for byte in (lead, letter)
)
_LIKE_WESTERN = re.compile(
    "[" + re.escape("".join(sorted(set(_PAIRS_WITH_A_LETTER.decode("cp932", "ignore"))))) + "]"
)
"""Kanji whose bytes are an accented letter of Latin-1 and a plain one: é and s of "Désirée" read as 駸."""
_PRIVATE_USE = re.compile(r"[\ue000-\uf8ff]")


def encoding_of(path: Path, chosen: str | None = None) -> str:
    """The encoding to open the file with. Raises Refusal (too_many_rows, nul_byte, …) or Question("encoding")."""
    if max(sum(block.count(end) for block in _blocks(path)) for end in (b"\n", b"\r")) > LINES:
        raise Refusal("too_many_rows", most=ROWS)
    if chosen:
        encoding = "utf-8-sig" if chosen == "utf-8" else chosen
        if chosen not in CHOICES or not _decodes(path, encoding):
            raise Refusal("encoding_wrong", encoding=chosen)
        return encoding
    with path.open("rb") as file:
        head = file.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            if not _decodes(path, encoding):
                raise Refusal("encoding_wrong", encoding=encoding)
            return encoding
    _refuse_zero_bytes(path)
    if _has_escape_sequences(path):
        raise _question(path)
    if _decodes(path, "utf-8"):
        return "utf-8"
    if _decodes_as_japanese(path):
        return "cp932"
    raise _question(path)


def _refuse_zero_bytes(path: Path) -> None:
    """Text has no zero bytes; a file full of them is UTF-16 without its mark, which a person can say."""
    zeros, size, lines, first = 0, 0, 1, 0
    for block in _blocks(path):
        size += len(block)
        if zero := block.count(0):
            if not zeros:
                first = lines + block[: block.index(0)].count(b"\n")
            zeros += zero
        lines += block.count(b"\n")
    if zeros > size / 10:
        raise _question(path)
    if zeros:
        raise Refusal("nul_byte", first)


def _has_escape_sequences(path: Path) -> bool:
    """ISO-2022-JP is seven-bit, so it would pass as UTF-8 with its escapes shown as text."""
    return any(b"\x1b$" in block or b"\x1b(" in block for block in _blocks(path))


def _decodes(path: Path, encoding: str) -> bool:
    try:
        for _text in _texts(path, encoding):
            pass
    except UnicodeError:
        return False
    return True


def _decodes_as_japanese(path: Path) -> bool:
    """Strict CP932 without private-use characters, and not mostly what EUC-JP and Latin-1 look like in it."""
    other = doubtful = 0
    try:
        for text in _texts(path, "cp932"):
            if _PRIVATE_USE.search(text):
                return False
            other += sum(map(len, _NON_ASCII.findall(text)))
            doubtful += sum(map(len, _HALF_WIDTH_KANA.findall(text))) + len(_LIKE_WESTERN.findall(text))
    except UnicodeError:
        return False
    return doubtful * 2 <= other


def passes_for_cp932(line: str) -> bool:
    """Whether a line that was read as CP932 was written in UTF-8: 株式会社 would read as 譬ｪ蠑丈ｼ夂､ｾ."""
    if line.isascii():
        return False
    try:
        return max(line.encode("cp932").decode("utf-8")) > "\u07ff"
    except UnicodeError:
        return False


def _question(path: Path) -> Question:
    """Offer every encoding the whole file decodes in, with its first rows as they would read."""
    answers = {}
    for encoding in CHOICES:
        if _decodes(path, encoding):
            with path.open(encoding=encoding, newline=None) as file:
                rows = [line.rstrip("\n")[:400] for line in islice(file, _PREVIEW_ROWS)]
            if not any("\0" in row for row in rows):
                answers[encoding] = rows
    if not answers:
        raise Refusal("encoding_unknown")
    return Question("encoding", answers)


def _texts(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for block in _blocks(path):
        yield decoder.decode(block)
    yield decoder.decode(b"", True)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
