import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.importing.csv_reader import read_csv, records
from accounts.importing.findings import Refusal
from accounts.importing.tables import Layout

from .files import EDINET_HEADER, csv_bytes, edinet_csv, edinet_row

cells = st.text(st.characters(blacklist_characters="\0\r", blacklist_categories=["Cs"]), max_size=20)


def read(tmp_path, data, **options):
    path = tmp_path / "file.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    layout, *rows = read_csv(path, **options)
    assert isinstance(layout, Layout)
    return layout, rows


def test_the_edinet_list_as_published(tmp_path):
    layout, rows = read(tmp_path, edinet_csv([edinet_row(index) for index in range(1, 30)]))
    assert layout.encoding == "cp932"
    assert layout.delimiter == ","
    assert layout.header == EDINET_HEADER
    assert (layout.header_line, layout.skipped[0][0]) == (2, 1)
    assert [row.line for row in rows] == list(range(3, 32))
    assert rows[0].cells[6] == "㈱髙島第1商事"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_separator_is_found(tmp_path, delimiter):
    data = f"社名{delimiter}決算月\nあ,い{delimiter}3月\nう{delimiter}12月\n"
    layout, rows = read(tmp_path, data.replace("あ,い", '"あ,い"'))
    assert layout.delimiter == delimiter
    assert rows[0].cells == ["あ,い", "3月"]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    layout, rows = read(tmp_path, 'name,note\r\nA,"one\r\ntwo\r\nthree"\r\n\r\nB,x\r\n')
    assert [(row.line, row.cells[0]) for row in rows] == [(2, "A"), (6, "B")]
    assert rows[0].cells[1] == "one\r\ntwo\r\nthree"


def test_an_open_quote_spoils_only_its_own_line(tmp_path):
    lines = csv_bytes([edinet_row(index) for index in range(1, 12)], "utf-8").decode().splitlines()
    lines[4] = lines[4].replace('番",', "番,", 1)
    data = ",".join(EDINET_HEADER) + "\n" + "\n".join(lines) + "\n"
    layout, rows = read(tmp_path, data)
    assert len(rows) == 11
    spoilt = [row for row in rows if row.problem]
    assert [(row.line, row.problem.code, row.problem.column) for row in spoilt] == [
        (6, "quote_unclosed", "所在地")
    ]
    assert spoilt[0].problem.params["expected"] == 13
    assert spoilt[0].problem.params["found"] == 10


def test_an_open_quote_on_the_last_line(tmp_path):
    _layout, rows = read(tmp_path, 'a,b\n1,2\n3,"4\n')
    assert [(row.line, row.problem and row.problem.code) for row in rows] == [
        (2, None),
        (3, "quote_unclosed"),
    ]


def test_quotes_within_a_value(tmp_path):
    _layout, rows = read(tmp_path, 'a,b\n"He said "hi" twice",2\n3,4\n')
    assert [(row.line, row.problem and row.problem.code) for row in rows] == [
        (2, "quote_misplaced"),
        (3, None),
    ]


def test_rows_that_are_too_short_or_too_long(tmp_path):
    _layout, rows = read(tmp_path, "a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,\n")
    assert [row.problem and (row.problem.code, row.problem.column) for row in rows] == [
        None, ("columns_missing", "c"), ("columns_too_many", "c"), None,
    ]  # fmt: skip
    assert all(len(row.cells) == 3 for row in rows)


def test_headings_that_repeat_or_are_blank_can_be_told_apart(tmp_path):
    layout, _rows = read(tmp_path, "名前,電話,電話,\nあ,1,2,3\n")
    assert layout.header == ["名前", "電話", "電話 (2)", "列4"]


@pytest.mark.parametrize(
    ("data", "code"), [("社名,決算月\n", "no_rows"), ("1,2\n3,4\n", "no_header"), ("\n\n", "no_rows")]
)
def test_without_heading_or_rows_the_file_is_refused(tmp_path, data, code):
    with pytest.raises(Refusal) as refused:
        read(tmp_path, data)
    assert refused.value.finding.code == code


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=12),
    st.sampled_from([",", "\t", ";"]),
)
def test_what_the_standard_writer_writes_is_read_back(rows, delimiter):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    read_back = [row.cells for row in records(iter(io.StringIO(out.getvalue(), newline="")), delimiter)]
    assert read_back == [row for row in rows if any(cell.strip() for cell in row)]


@settings(max_examples=200)
@given(st.text(st.sampled_from('ab",\n\r'), max_size=60))
def test_no_text_stops_the_reader_and_line_numbers_only_grow(text):
    found = [row.line for row in records(iter(io.StringIO(text, newline="")), ",")]
    assert found == sorted(set(found))
