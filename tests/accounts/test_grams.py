from hypothesis import assume, given
from hypothesis import strategies as st

from accounts.grams import grams, normalise, query_grams


def finds(query, *texts):
    return set(query_grams(query)) <= set(grams(*texts))


def test_two_characters_of_japanese_find_a_name():
    assert finds("林業", "住友林業株式会社")
    assert finds("りんぎょう", "リンギョウ")
    assert finds("ﾘﾝｷﾞｮｳ", "スミトモリンギョウ")
    assert finds("高島", "髙島屋")
    assert finds("abc", "ＡＢＣ商事")
    assert not finds("農業", "住友林業株式会社")


def test_one_character_and_several_words():
    assert finds("林", "住友林業")
    assert finds("住友 株式", "住友林業株式会社")
    assert not finds("住友 銀行", "住友林業株式会社")


@given(st.text(min_size=1, max_size=30), st.data())
def test_every_piece_of_a_name_finds_it(name, data):
    folded = normalise(name)
    if not folded:
        return
    start = data.draw(st.integers(0, len(folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded)))
    piece = folded[start:end]
    assume(normalise(piece) == piece)  # a combining mark at its start would join nothing
    assert finds(piece, name)


@given(st.text(st.characters(max_codepoint=0x9FFF, exclude_categories=["Mn", "Lm", "Sk"]), max_size=40))
def test_normalising_again_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)
