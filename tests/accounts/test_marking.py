"""Hits are marked where the search found them, however they were written."""

import pytest

from accounts.marking import holds, marked


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("稟議の締めは11/30", "稟議", "<mark>稟議</mark>の締めは11/30"),
        ("ミドリ銀行", "みどり", "<mark>ミドリ</mark>銀行"),
        ("ｶﾞｽ料金", "ガス", "<mark>ｶﾞｽ</mark>料金"),
        ("ＡＢＣ商事", "abc", "<mark>ＡＢＣ</mark>商事"),
        ("日の 丸", "日の丸", "<mark>日の 丸</mark>"),
        ("㈱見本", "株)見", "<mark>㈱見</mark>本"),
        ("来期予算と来期の席", "来期 予算", "<mark>来期予算</mark>と<mark>来期</mark>の席"),
        ("<b>稟議</b>", "稟議", "&lt;b&gt;<mark>稟議</mark>&lt;/b&gt;"),
        ("か\u3099ぎ", "が", "<mark>か\u3099</mark>ぎ"),
        ("ない", "ある", "ない"),
    ],
)
def test_every_hit_is_marked_and_everything_else_escaped(text: str, query: str, expected: str) -> None:
    assert marked(text, query) == expected


def test_an_excerpt_begins_a_little_before_the_first_hit() -> None:
    text = marked("あ" * 300 + "稟議" + "い" * 300, "稟議")
    assert text.startswith("…" + "あ" * 40 + "<mark>稟議</mark>い")
    assert text.endswith("い…")
    assert len(text) < 200


def test_a_text_without_the_words_holds_nothing() -> None:
    assert holds("予算の話", "ヨサン") is False
    assert holds("ヨサンの話", "よさん") is True
