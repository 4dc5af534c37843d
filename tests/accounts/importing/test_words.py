import re
from pathlib import Path

import pytest

import accounts.importing
from accounts.importing.findings import Finding
from accounts.importing.words import WORDS, message_of, title_of

USED = {
    "size": 1, "most": 1, "ending": ".x", "reason": "x", "name": "x", "found": 1, "encoding": "x", "columns": 1, "expected": 1,
    "date": "x", "rest": "x", "month": 1, "day": 1, "lines": "1", "keys": "x", "names": "x", "choices": "x",
}  # fmt: skip


@pytest.mark.parametrize("code", WORDS)
def test_every_finding_says_what_to_do(code):
    finding = Finding(code, 3, "列", "値", USED)
    assert title_of(code)
    assert re.search(r"(。|例:\w+)$", message_of(finding))
    assert "%(" not in message_of(finding)


def test_every_code_in_the_readers_has_words():
    folder = Path(accounts.importing.__file__).parent
    source = "\n".join(path.read_text() for path in folder.rglob("*.py") if path.name != "words.py")
    used = set(re.findall(r'(?:Refusal|Finding|NumberProblem)\(\s*"(\w+)"', source)) | set(
        re.findall(r'code="(\w+)"', source)
    )
    assert used <= WORDS.keys()


def test_the_wrong_check_digit_in_words():
    finding = Finding(
        "corporate_number_check_digit",
        131,
        "提出者法人番号",
        "4990001000131",
        {"expected": 9, "rest": "990001000131"},
    )
    assert "990001000131なら先頭は9です" in message_of(finding)
