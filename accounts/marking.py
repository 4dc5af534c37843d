"""Marking what was searched for in a text, the way the search itself folds: width, case, kana and spaces do not matter."""

import unicodedata
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

AROUND = 40
LENGTH = 160
VOICED = "\u3099\u309a\uff9e\uff9f"


def fold(char: str) -> str:
    """One character, with a voice mark that follows it, as the search compares it."""
    folded = unicodedata.normalize("NFKC", char).lower()
    return "".join(chr(ord(c) - 96) if "ァ" <= c <= "ヶ" else c for c in folded)


def words_of(query: str) -> list[str]:
    """The words of a query, folded."""
    return [
        "".join(fold(part) for part, _at in parts(word))
        for word in unicodedata.normalize("NFKC", query).split()
    ]


def parts(text: str) -> list[tuple[str, int]]:
    """The characters of ``text`` with where they begin; a voice mark stays with its character."""
    found: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if char in VOICED and found:
            found[-1] = (found[-1][0] + char, found[-1][1])
        else:
            found.append((char, at))
    return found


def spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand in ``text``, in its own characters, in order and apart from each other."""
    folded, starts = [], []
    for part, at in parts(text):
        for char in fold(part):
            if char not in " \t":
                folded.append(char)
                starts.append(at)
    line, starts = "".join(folded), [*starts, len(text)]
    found = []
    for word in filter(None, words):
        at = line.find(word)
        while at >= 0:
            found.append((starts[at], end_of(starts, at + len(word), text)))
            at = line.find(word, at + len(word))
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def end_of(starts: Sequence[int], at: int, text: str) -> int:
    """Where a hit ends: before the next character that counts, without the space between."""
    end = starts[at]
    if at and end == starts[at - 1]:  # one written character became several
        end = next((start for start in starts[at:] if start > end), len(text))
    while end > 0 and text[end - 1] in " \t\u3000":
        end -= 1
    return end


def marked(text: str, query: str, *, length: int = LENGTH) -> SafeString:
    """An excerpt of ``text`` around the first hit, escaped, with every hit in ``<mark>``."""
    words = words_of(query)
    hits = spans(text, words)
    begin = max(hits[0][0] - AROUND, 0) if hits else 0
    end = min(begin + length, len(text))
    pieces: list[str] = ["…" if begin else ""]
    at = begin
    for start, stop in hits:
        if start >= end:
            break
        pieces += [text[at:start], format_html("<mark>{}</mark>", text[start : min(stop, end)])]
        at = min(stop, end)
    pieces += [text[at:end], "…" if end < len(text) else ""]
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def holds(text: str, query: str) -> bool:
    return bool(spans(text, words_of(query)))
