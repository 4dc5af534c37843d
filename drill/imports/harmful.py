"""Files made to hurt, and what each has to be called: the code of the refusal, or of the rows that are named."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

import openpyxl

from accounts.importing.limits import FILE_BYTES

ROWS, BOOK, TEXTS, STYLES = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECRET = "file:///etc/passwd"
Parts = dict[str, bytes]
Made = Callable[[int], bytes]
"""Makes the file at full size (1) or at a hundredth of it (100), whatever is more than what an honest file has."""


@dataclass(frozen=True)
class Harm:
    """``said``: the code a person is answered with. "" is for a file that may be read, as long as that costs little.

    ``line`` is where it stands, if it stands anywhere. ``is_long``: not among those of the tests.
    """

    case: str
    name: str
    made: Made
    said: str
    line: int = 0
    is_long: bool = False


@cache
def honest() -> tuple[tuple[str, bytes], ...]:
    """The parts of a small honest workbook."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (("外部ID", "社名"), ("X-1", "株式会社高島屋"), ("X-2", "みどり商事")):
        book.active.append(row)
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist())


def zipped(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def workbook(**changed: bytes) -> bytes:
    return zipped({**dict(honest()), **changed})


def with_part(name: str, data: bytes) -> bytes:
    return zipped({**dict(honest()), name: data})


def changed(name: str, old: bytes, new: bytes) -> bytes:
    parts = dict(honest())
    assert old in parts[name], name
    return zipped({**parts, name: parts[name].replace(old, new, 1)})


def with_rows(rows: bytes) -> bytes:
    return changed(ROWS, b"</sheetData>", rows + b"</sheetData>")


def cell(text: bytes, *, at: bytes = b"") -> bytes:
    place = b' r="%s"' % at if at else b""
    return b'<c%s t="inlineStr"><is><t>%s</t></is></c>' % (place, text)


def noise(size: int, seed: int = 0) -> bytes:
    """Text that does not pack: what is counted by its packed size passes."""
    return Random(seed).randbytes(size // 2).hex().encode()


# Archives ---------------------------------------------------------------------------------------------------------


def zip_bomb(_scale: int) -> bytes:
    return with_rows((b"<row>" + cell(b"a" * 1_000) + b"</row>") * 30_000)


def lying_sizes(scale: int) -> bytes:
    """The same, while the directory says that it is small."""
    data = bytearray(zip_bomb(scale))
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            data[start + at : start + at + 4] = struct.pack("<I", 1_000)
            start += 4
    return bytes(data)


def many_small_bombs(_scale: int) -> bytes:
    """Hundreds of parts, each within the ratio, together more than may be unpacked."""
    part = noise(20_000) + b" " * 980_000
    return zipped({**dict(honest()), **{f"xl/media/image{n}.png": part for n in range(600)}})


def overlapping(_scale: int) -> bytes:
    """A thousand entries of the directory that are all the same bytes of the archive."""
    data = workbook(big=b" " * 900_000)
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", data[end + 16 : end + 20])[0]
    directory = data[start:end]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    copies = b"".join(last.replace(b"big", b"%03d" % n) for n in range(1_000))
    directory += copies
    count = struct.unpack("<H", data[end + 10 : end + 12])[0] + 1_000
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    return data[:start] + directory + tail


def link(_scale: int) -> bytes:
    out = io.BytesIO(zipped(dict(honest())))
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("xl/worksheets/sheet9.xml")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def locked(_scale: int) -> bytes:
    """Every part is marked as encrypted with a password."""
    data = bytearray(zipped(dict(honest())))
    for signature, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            data[start + at] |= 1
            start += 4
    return bytes(data)


def encrypted(_scale: int) -> bytes:
    """What Excel writes with a password: an OLE file with a stream of this name."""
    return OLE + bytes(1_000) + "EncryptedPackage".encode("utf-16-le") + bytes(4_000)


def renamed_xls(_scale: int) -> bytes:
    return OLE + bytes(1_000) + "Workbook".encode("utf-16-le") + bytes(4_000)


def document(_scale: int) -> bytes:
    """A .docx: a zip archive, and no workbook."""
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})


def half(_scale: int) -> bytes:
    data = workbook()
    return data[: len(data) // 2]


def broken_part(_scale: int) -> bytes:
    """The directory is whole, the bytes of the rows are not."""
    data = bytearray(workbook())
    at = data.index(ROWS.encode()) + len(ROWS)
    data[at + 20 : at + 60] = bytes(40)
    return bytes(data)


# What is written in a workbook ------------------------------------------------------------------------------------


def laughs(entities: bytes) -> bytes:
    parts = dict(honest())
    head, _, rest = parts[ROWS].partition(b"<worksheet")
    rest = rest.replace(b"<sheetData>", b"<sheetData><row>" + cell(b"&z;") + b"</row>")
    return zipped({**parts, ROWS: head + b"<!DOCTYPE x [" + entities + b"]><worksheet" + rest})


BILLION = b'<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(25)
)  # fmt: skip


TYPE_OF_TEXTS = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def one_text_everywhere(_scale: int) -> bytes:
    """One long text that every cell refers to: three megabytes that are ten thousand million characters."""
    parts = dict(honest())
    text = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 100 + b"</row><!-- %s -->"
    rows = b"".join(row % noise(60, n) for n in range(3_000))
    types = parts["[Content_Types].xml"].replace(b"</Types>", TYPE_OF_TEXTS)
    sheet = parts[ROWS].replace(b"</sheetData>", rows + b"</sheetData>")
    return zipped({**parts, "[Content_Types].xml": types, TEXTS: text % (b"a" * 32_000), ROWS: sheet})


def many_texts(scale: int) -> bytes:
    """Millions of shared texts, which a reader keeps in memory."""
    parts, written = dict(honest()), noise(80_000_000 // scale // 8 * 8)
    texts = (b"<si><t>%s</t></si>" % written[at : at + 8] for at in range(0, len(written), 8))
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    types = parts["[Content_Types].xml"].replace(b"</Types>", TYPE_OF_TEXTS)
    return zipped({**parts, "[Content_Types].xml": types, TEXTS: head + b"".join(texts) + b"</sst>"})


def far_corner(_scale: int) -> bytes:
    """A declared dimension of 17 thousand million cells, and one cell in the last of them."""
    parts = dict(honest())
    xml = parts[ROWS]
    start, end = xml.index(b"<dimension"), xml.index(b"/>", xml.index(b"<dimension"))
    xml = xml[:start] + b'<dimension ref="A1:XFD1048576"' + xml[end:]
    far = b'<row r="1048576">' + cell(b"x", at=b"XFD1048576") + b"</row></sheetData>"
    return zipped({**parts, ROWS: xml.replace(b"</sheetData>", far)})


def beyond_the_last_row(_scale: int) -> bytes:
    return with_rows(b'<row r="2000000000">' + cell(b"x") + b"</row>")


def wide_gaps(_scale: int) -> bytes:
    """A cell in the last column of a hundred thousand rows; a reader fills what is before it."""
    honest_rows = (b"<row>" + cell(b"X") + cell(b"y") + b"</row>") * 60
    rows = b"".join(
        b'<row r="%d"><c r="XFD%d"><v>%d</v></c></row>' % (n, n, n * 7_919) for n in range(64, 100_000)
    )
    return with_rows(honest_rows + rows)


def many_sheets(_scale: int) -> bytes:
    parts = dict(honest())
    return zipped({**parts, **{f"xl/worksheets/sheet{n}.xml": parts[ROWS] for n in range(2, 5_000)}})


def many_names_of_sheets(scale: int) -> bytes:
    """A million sheets in the book's list, one in the archive."""
    one = (
        b'<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        b'name="s%d" sheetId="%d" state="visible" r:id="rId1"/>'
    )
    sheets = b"".join(one % (n, n) for n in range(2, max(1_000_000 // scale, 30_000)))
    return changed(BOOK, b"</sheets>", sheets + b"</sheets>")


def deep_xml(_scale: int) -> bytes:
    return with_rows(b"<row>" + b"<c>" * 90_000 + b"</c>" * 90_000 + b"</row>")


def long_format(_scale: int) -> bytes:
    """A number format of a million zeros: as many digits as a cell is shown with."""
    parts = dict(honest())
    style = (
        b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1">'
        b'<numFmt numFmtId="170" formatCode="%s"/></numFmts><cellXfs count="1"><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    row = b'<row><c s="0"><v>7</v></c><c s="0"><v>8</v></c></row>'
    sheet = parts[ROWS].replace(b"</sheetData>", row * 400 + b"</sheetData>")
    return zipped({**parts, STYLES: style % (b"0" * 900_000), ROWS: sheet})


def values(*written: bytes) -> Made:
    """Rows with a name and one value as it may stand in a file that no spreadsheet wrote."""
    return lambda _scale: with_rows(
        b"".join(b"<row>" + cell(b"X-%d" % n) + each + b"</row>" for n, each in enumerate(written, start=3))
    )


def formulas(_scale: int) -> bytes:
    """Formulas nobody worked out: their row is named, and they are neither run nor fetched."""
    return with_rows(
        b"<row>" + cell(b"X-3") + b"<c><f>WEBSERVICE(&quot;http://127.0.0.1/&quot;)</f></c></row>"
    )


# Text -------------------------------------------------------------------------------------------------------------


def one_line(scale: int) -> bytes:
    return "外部ID,社名\nX-1,".encode() + b"x" * (95_000_000 // scale) + b"\nX-2,\xe3\x81\x82\n"


def open_quote_on_one_line(scale: int) -> bytes:
    return '外部ID,社名\nX-1,"'.encode() + b"x" * (95_000_000 // scale)


def open_quote(scale: int) -> bytes:
    return '外部ID,社名\nX-1,"'.encode() + b"x,y\n" * (160_000 // scale)


def many_open_quotes(scale: int) -> bytes:
    """Every quote takes as many lines as a cell may have before it is given up."""
    return "外部ID,社名\n".encode() + (b'X-1,"a\n' + b'x,""\n' * 498) * (200 // scale)


def columns(scale: int) -> bytes:
    count = max(1_000_000 // scale, 20_000)
    return ",".join(f"列{n}" for n in range(count)).encode() + b"\n" + (b"," * (count - 1) + b"\n") * 50


def short_rows(end: bytes) -> Made:
    return lambda _scale: b"a,b" + end + (b"1,2" + end) * 10_000_000


def quotes(scale: int) -> bytes:
    return b"a,b,c\n" + b'1,2"x,"3\n' * (100_000 // scale)


def zero_byte(_scale: int) -> bytes:
    return "外部ID,社名\nX-1,みどり\nX-2,み\0どり\n".encode() * 3


def deep_gzip(_scale: int) -> bytes:
    data = b"0" * 5_000_000
    for _layer in range(4):
        data = gzip.compress(data)
    return data


def same_key(scale: int) -> bytes:
    """One number that every row claims: told in full, each row would name all the others."""
    return "外部ID,社名\n".encode() + "X-1,みどり商事\n".encode() * (20_000 // scale)


def every_cell_wrong(scale: int) -> bytes:
    head = "社名,法人番号,決算日,資本金(円),従業員数,上場区分,段階,証券コード,EDINETコード\n"
    return head.encode() + "みどり,1,1,あ,い,う,え,お,か\n".encode() * (20_000 // scale)


def too_big(_scale: int) -> bytes:
    return b"a,b\n" + b"x" * FILE_BYTES


HARMS = [
    Harm("zip bomb", "list.xlsx", zip_bomb, "zip_ratio"),
    Harm("zip bomb with lying sizes", "list.xlsx", lying_sizes, "workbook_unreadable"),
    Harm("many bombs, each within the ratio", "list.xlsx", many_small_bombs, "zip_unpacked"),
    Harm("entries that overlap", "list.xlsx", overlapping, "zip_unpacked"),
    Harm("30,000 entries", "list.xlsx", many_sheets, "zip_entries"),
    Harm("archive in the archive", "list.xlsx", lambda _: with_part("xl/media/more.xlsx", workbook()), "zip_nested"),
    Harm("archive under another name", "list.xlsx", lambda _: with_part("xl/media/a.png", workbook()), "zip_nested"),
    Harm("link in the archive", "list.xlsx", link, "zip_paths"),
    Harm("path out of the archive", "list.xlsx", lambda _: with_part("../../../../tmp/masume-was-here", b"x"), "zip_paths"),
    Harm("half an archive", "list.xlsx", half, "workbook_unreadable"),
    Harm("archive with a broken part", "list.xlsx", broken_part, "workbook_unreadable"),
    Harm("parts behind a password", "list.xlsx", locked, "file_encrypted"),
    Harm("workbook behind a password", "list.xlsx", encrypted, "file_encrypted"),
    Harm("macro", "list.xlsm", lambda _: with_part("xl/vbaProject.bin", b"x"), "zip_macro"),
    Harm("macro under another name", "list.xlsx", lambda _: with_part("xl/vbaProject.bin", b"x"), "zip_macro"),
    Harm("links to other files", "list.xlsx", lambda _: with_part("xl/externalLinks/externalLink1.xml", b"x"), "zip_external_links"),
    Harm("billion laughs", "list.xlsx", lambda _: laughs(BILLION), "workbook_unreadable"),
    Harm("entity from outside", "list.xlsx", lambda _: laughs(b'<!ENTITY z SYSTEM "%s">' % SECRET.encode()), "workbook_unreadable"),
    Harm("one text in 300,000 cells", "list.xlsx", one_text_everywhere, "too_much_text", is_long=True),
    Harm("10,000,000 shared texts", "list.xlsx", many_texts, "file_too_heavy", is_long=True),
    Harm("1,000,000 names of sheets", "list.xlsx", many_names_of_sheets, "too_many_sheets"),
    Harm("cell in the far corner", "list.xlsx", far_corner, "columns_too_many", 1_048_576),
    Harm("row beyond the last", "list.xlsx", beyond_the_last_row, "too_many_rows"),
    Harm("last column of 100,000 rows", "list.xlsx", wide_gaps, "file_too_heavy", is_long=True),
    Harm("90,000 elements deep", "list.xlsx", deep_xml, ""),
    Harm("number format of 900,000 zeros", "list.xlsx", long_format, ""),
    Harm("number beyond all", "list.xlsx", values(b"<c><v>1e999</v></c>", b"<c><v>-1e999</v></c>"), "row_unreadable", 4),
    Harm("no number", "list.xlsx", values(b"<c><v>nan</v></c>"), "row_unreadable", 4),
    Harm("number of 10,000 digits", "list.xlsx", values(b"<c><v>" + b"9" * 10_000 + b"</v></c>"), "row_unreadable", 4),
    Harm("text that is not there", "list.xlsx", values(b'<c t="s"><v>999999999</v></c>'), "row_unreadable", 4),
    Harm("truth that is none", "list.xlsx", values(b'<c t="b"><v>maybe</v></c>'), "row_unreadable", 4),
    Harm("formula nobody worked out", "list.xlsx", formulas, "formula_without_value", 4),
    Harm("old workbook", "list.xls", renamed_xls, "file_is_xls"),
    Harm("old workbook under another name", "list.xlsx", renamed_xls, "file_is_xls"),
    Harm("document", "list.xlsx", document, "file_kind_mismatch"),
    Harm("document as text", "list.csv", document, "file_kind_mismatch"),
    Harm("PDF as text", "list.csv", lambda _: b"%PDF-1.7\n" + noise(10_000), "file_kind_mismatch"),
    Harm("picture as text", "list.csv", lambda _: b"\x89PNG\r\n\x1a\n" + noise(10_000), "file_kind_mismatch"),
    Harm("picture as a workbook", "list.xlsx", lambda _: b"\xff\xd8\xff\xe0" + noise(10_000), "file_kind_mismatch"),
    Harm("program as text", "list.csv", lambda _: b"MZ\x90\x00" + noise(10_000), "file_kind_mismatch"),
    Harm("page as text", "list.csv", lambda _: b"<!DOCTYPE html><html><table><tr><td>a</td></tr></table></html>", "file_kind_mismatch"),
    Harm("gzip in gzip", "list.csv", deep_gzip, "file_kind_mismatch"),
    Harm("nothing", "list.csv", lambda _: b"", "file_empty"),
    Harm("more than a file may have", "list.csv", too_big, "file_too_big"),
    Harm("one line of 95 MB", "list.csv", one_line, "cell_too_long", 2),
    Harm("quote never closed on one line", "list.csv", open_quote_on_one_line, "cell_too_long", 2),
    Harm("quote never closed", "list.csv", open_quote, "quote_unclosed", 2),
    Harm("quotes never closed, again and again", "list.csv", many_open_quotes, "quote_unclosed", 2),
    Harm("quotes without sense", "list.csv", quotes, "quote_misplaced"),
    Harm("1,000,000 columns", "list.csv", columns, "too_many_columns", 1),
    Harm("10,000,000 rows", "list.csv", short_rows(b"\n"), "too_many_rows"),
    Harm("10,000,000 rows, ended by CR", "list.csv", short_rows(b"\r"), "too_many_rows"),
    Harm("zero byte", "list.csv", zero_byte, "nul_byte", 3),
    Harm("one key in 20,000 rows", "list.csv", same_key, "duplicate_in_file", 2),
    Harm("160,000 wrong cells", "list.csv", every_cell_wrong, "corporate_number_length", 2),
]  # fmt: skip
