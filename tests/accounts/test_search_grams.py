from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

KANA = "".join(chr(code) for code in range(0x3041, 0x3100))
TEXT = st.text(st.sampled_from(KANA + "㈱髙島A1Ａ１ｱﾊﾞー・ \t\n銀行é"), max_size=40)


class SearchGrams(TestCase):
    @settings(max_examples=150)
    @given(TEXT)
    def test_grams_are_the_characters_and_pairs_of_each_normal_line(self, text: str) -> None:
        """Written a second time: the searched words are folded by search_normal, so the grams must be too."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT search_grams(%s), search_normal(%s)", [text, text])
            grams, normal = cursor.fetchone()
        lines = normal.replace(" ", "").replace("\t", "").split("\n")
        pairs = {
            line[at : at + size] for line in lines for size in (1, 2) for at in range(len(line) - size + 1)
        }
        assert set(grams) == pairs
