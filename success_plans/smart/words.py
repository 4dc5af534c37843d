"""Words of a Japanese sentence by SudachiPy (decision 0015); the dictionary is opened at the first sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sudachipy import Dictionary, SplitMode


@dataclass(frozen=True)
class Word:
    """``kind`` are the parts of speech from the general to the special one; ``base`` is the form of the dictionary."""

    surface: str
    kind: tuple[str, ...]
    base: str
    start: int
    end: int

    def is_a(self, *kind: str) -> bool:
        return self.kind[: len(kind)] == kind

    @property
    def is_surname(self) -> bool:
        return self.is_a("名詞", "固有名詞", "人名")

    @property
    def is_content(self) -> bool:
        """A noun or verb that says what a sentence is about."""
        if self.is_a("名詞"):
            return self.kind[1] in ("普通名詞", "固有名詞") and len(self.surface) > 1
        return self.is_a("動詞", "一般") or self.is_a("形容詞", "一般")


@cache
def tokenizer() -> Any:
    return Dictionary(dict="small").tokenizer(SplitMode.C)


@lru_cache(maxsize=512)
def words_of(text: str) -> Sequence[Word]:
    return [
        Word(m.surface(), tuple(m.part_of_speech()[:4]), m.dictionary_form(), m.begin(), m.end())
        for m in tokenizer().tokenize(text)
    ]
