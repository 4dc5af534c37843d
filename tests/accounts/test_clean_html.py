"""Copied HTML becomes the text it showed; everything else stays as it was typed."""

import pytest

from accounts.clean_html import as_text
from accounts.markdown import render

COPIED = """<html><head><title>x</title><style>p{color:red}</style></head><body><h2>議事</h2>
<p>今日は<b>重要</b>な話。<br>次は&nbsp;11/30</p><ul><li>一つ</li><li>二つ</ul><ol><li>先</li><li>後</li></ol>
<script>alert(1)</script><a href="https://x.example/">資料</a> <a href="javascript:alert(1)">罠</a>
<table><tr><td>甲</td><td>乙</td></tr></table></body></html>"""


def test_what_a_reader_saw_is_kept_and_the_rest_is_gone() -> None:
    text = as_text(COPIED)
    assert "## 議事" in text
    assert "今日は**重要**な話。\n次は" in text
    assert "- 一つ\n- 二つ" in text
    assert "1. 先\n2. 後" in text
    assert "[資料](https://x.example/)" in text
    assert "甲 乙" in text
    for gone in ("<", "alert", "color", "javascript"):
        assert gone not in text
    assert "<li>一つ</li>" in render(text)


@pytest.mark.parametrize(
    "typed", ["a < b かつ <担当> 3<5", "<div> というタグの話", "# 見出し\n- **太字**", ""]
)
def test_text_stays_as_it_was_typed(typed: str) -> None:
    assert as_text(typed) == typed


def test_open_and_crossed_tags_do_no_harm() -> None:
    assert as_text("<p>一<ul><li>二</p></a></ul><p>三").split() == ["一", "-", "二", "三"]
