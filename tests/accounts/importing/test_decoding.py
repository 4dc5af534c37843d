import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accounts.importing.decoding import encoding_of
from accounts.importing.findings import Question, Refusal

JAPANESE = "社名,決算日\r\n㈱髙島屋,2月末日\r\n東海〜岐阜運輸,３月２０日\r\n"


def read(tmp_path, data, chosen=None):
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    with path.open(encoding=encoding_of(path, chosen), newline="") as file:
        return file.read()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_by_its_mark_or_strictly(tmp_path, encoding):
    assert read(tmp_path, JAPANESE.encode(encoding)) == JAPANESE


def test_cp932_with_its_own_characters(tmp_path):
    text = JAPANESE.replace("〜", "～")
    assert read(tmp_path, text.encode("cp932")) == text


def test_euc_jp_is_asked_for_and_shown(tmp_path):
    data = JAPANESE.replace("㈱", "").replace("髙", "高").replace("〜", "").encode("euc_jp")
    with pytest.raises(Question) as asked:
        read(tmp_path, data)
    assert asked.value.about == "encoding"
    assert asked.value.answers["euc_jp"][1] == "高島屋,2月末日"
    assert read(tmp_path, data, "euc_jp").startswith("社名")


def test_iso_2022_jp_does_not_pass_as_utf_8(tmp_path):
    with pytest.raises(Question) as asked:
        read(tmp_path, "社名,決算日\n高島屋,3月\n".encode("iso2022_jp"))
    assert asked.value.answers["iso2022_jp"][0] == "社名,決算日"


def test_utf_16_without_its_mark_is_asked_for(tmp_path):
    with pytest.raises(Question) as asked:
        read(tmp_path, "id,name\nA1,B\n".encode("utf-16-le"))
    assert asked.value.answers["utf-16-le"][0] == "id,name"


def test_private_use_characters_are_not_taken_for_text(tmp_path):
    with pytest.raises((Question, Refusal)):
        read(tmp_path, "社名\n".encode("cp932") + b"\xf0\x40\n")


def test_a_zero_byte_is_refused_with_its_line(tmp_path):
    with pytest.raises(Refusal) as refused:
        read(tmp_path, "社名,よみ,所在地,業種\nあ,い,う,え\nか\0,き,く,け\n".encode())
    assert (refused.value.finding.code, refused.value.finding.line) == ("nul_byte", 3)


def test_a_choice_that_does_not_fit_is_refused(tmp_path):
    with pytest.raises(Refusal) as refused:
        read(tmp_path, JAPANESE.replace("〜", "").encode("cp932"), "utf-8")
    assert refused.value.finding.code == "encoding_wrong"


@given(
    st.text(
        st.characters(codec="cp932", exclude_characters="¢£¬‖−〜", exclude_categories=["Cc", "Co", "Cs"]),
        min_size=1,
    )
)
def test_cp932_is_never_read_as_something_else_without_asking(tmp_path_factory, text):
    assume(not any("\ue000" <= character <= "\uf8ff" for character in text))
    data = text.encode("cp932")
    try:
        read_back = read(tmp_path_factory.mktemp("cp932"), data)
    except (Question, Refusal):
        return
    try:
        assert read_back == data.decode("utf-8")
    except UnicodeDecodeError:
        assert read_back == data.decode("cp932")
