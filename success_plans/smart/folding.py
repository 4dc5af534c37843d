"""A text in one width of letters, with the way back: what is found in the folded text is marked in what was typed."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

SAME = str.maketrans(
    {"~": "〜", "∼": "〜", "⇒": "→", "➡": "→", "➔": "→", "⟶": "→", "−": "-", "‐": "-", "–": "-", "—": "-", "\n": "。",
     "\r": " ", "\t": " ", "\u3000": " ", "’": "'", "‘": "'", "“": '"', "”": '"', ";": ";", "･": "・"}
)  # fmt: skip
KANJI = "一二三四五六七八九"
NUMERAL = re.compile(
    rf"(?<![{KANJI}十百千第])[{KANJI}](?=割|分[^野類析]|週間|[かヶカ箇]月|日(?:以内|後)|年以内|倍|段階|回|件|名(?!簿)|人(?!事)|時間|ポイント|項目|枚|通)"
)


@dataclass(frozen=True)
class Folded:
    """``at[n]`` is where the folded letter ``n`` stood in ``typed``; one more entry for the end."""

    typed: str
    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded ``text[start:end]`` stands in what was typed."""
        return self.at[start], (self.at[end - 1] + 1 if end > start else self.at[start])

    @cached_property
    def is_japanese(self) -> bool:
        return any("ぁ" <= letter <= "ヿ" or "一" <= letter <= "鿿" for letter in self.text)


def fold(typed: str) -> Folded:
    letters: list[str] = []
    at: list[int] = []
    for place, letter in enumerate(typed):
        for piece in narrow(letter):
            letters.append(piece)
            at.append(place)
    return Folded(
        typed, NUMERAL.sub(lambda match: str(KANJI.index(match[0]) + 1), "".join(letters)), (*at, len(typed))
    )


def narrow(letter: str) -> str:
    """One letter as its plain form; ㈱ is 株, for brackets have a meaning of their own."""
    plain = unicodedata.normalize("NFKC", letter).translate(SAME)
    return plain.strip("()") if len(plain) > 2 else plain
