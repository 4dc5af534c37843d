import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.corporate_number import NumberProblem, check_digit, corporate_number, securities_code

bases = st.text("0123456789", min_size=12, max_size=12)


@given(bases)
def test_only_one_first_digit_fits(base):
    fitting = []
    for digit in "0123456789":
        try:
            fitting.append(corporate_number(digit + base))
        except NumberProblem as problem:
            assert (problem.code, problem.expected) == ("corporate_number_check_digit", check_digit(base))
    assert fitting == [f"{check_digit(base)}{base}"]


@given(bases, st.integers(0, 11), st.integers(1, 8))
def test_one_wrong_digit_is_noticed(base, place, shift):
    digit = int(base[place])
    other = (digit + shift) % 9 if digit != 9 else shift % 9
    if other % 9 == digit % 9:
        return
    wrong = base[:place] + str(other) + base[place + 1 :]
    with pytest.raises(NumberProblem):
        corporate_number(f"{check_digit(base)}{wrong}")


@pytest.mark.parametrize(
    "text", ["6100001003151", "６１００００１００３１５１", "6-1000-0100-3151", " 6100001003151 "]
)
def test_spellings_of_a_real_number(text):
    assert corporate_number(text) == "6100001003151"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("610000100315", "corporate_number_length"),
        ("6.10E+12", "corporate_number_characters"),
        ("T6100001003151", "corporate_number_characters"),
    ],
)
def test_what_is_no_number_says_why(text, code):
    with pytest.raises(NumberProblem) as caught:
        corporate_number(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"), [("13790", "1379"), ("7203", "7203"), ("130A0", "130A"), ("１３７９", "1379")]
)
def test_securities_codes_lose_their_fifth_character(text, code):
    assert securities_code(text) == code


@pytest.mark.parametrize("text", ["13791", "12", "トヨタ", "72033"])
def test_other_shapes_are_refused(text):
    with pytest.raises(NumberProblem):
        securities_code(text)
