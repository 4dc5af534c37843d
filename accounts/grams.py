"""Search by pieces of one and two characters, so that two Japanese characters find a name.

The index holds the pieces of the folded text; a query matches when every piece of it is there.
"""

import unicodedata

_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_VARIANTS = str.maketrans("髙﨑栁德濵濱邊邉齋齊圡", "高崎柳徳浜浜辺辺斎斉土")
"""Characters people type in their common form; compatibility folding leaves these apart."""


def normalise(text: str) -> str:
    """Fold what should match: width, case, katakana to hiragana, variant kanji; spaces go."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split()).translate(_TO_HIRAGANA).translate(_VARIANTS)


def grams(*texts: str | None) -> list[str]:
    """All pieces of one and two characters of the texts, each once, in a stable order."""
    found: dict[str, None] = {}
    for text in texts:
        folded = normalise(text or "")
        found.update(dict.fromkeys(folded))
        found.update(dict.fromkeys(map("".join, zip(folded, folded[1:], strict=False))))
    return list(found)


def query_grams(query: str) -> list[str]:
    """The pieces a match must contain: pairs of every word, or the character itself for a word of one."""
    found: dict[str, None] = {}
    for word in unicodedata.normalize("NFKC", query).split():
        folded = normalise(word)
        pairs = list(map("".join, zip(folded, folded[1:], strict=False)))
        found.update(dict.fromkeys(pairs or ([folded] if folded else [])))
    return list(found)
