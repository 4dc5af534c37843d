"""Encodings and their mixtures, newlines and quotes: what arrives is what was written, or somebody is asked."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from accounts.models import Account
from accounts.models.imports import ImportState
from drill.imports import door
from drill.outcome import Outcome
from tenants.models import Membership
from tenants.roles import Role
from tests.world import World

HEAD = ("外部ID", "社名", "よみ", "本社所在地")
Row = tuple[str, str, str, str]

JAPANESE = [
    ("X-1", "株式会社高島屋", "カブシキガイシャタカシマヤ", "大阪市中央区難波五丁目1番5号"),
    ("X-2", "東都銀行", "トウトギンコウ", "千代田区丸の内一丁目"),
    ("X-3", "みどり商事〜本店", "ミドリショウジ", "横浜市西区―みなとみらい"),
]
WINDOWS = [
    *JAPANESE[:2],
    ("X-3", "みどり商事～本店", "ミドリショウジ", "横浜市西区―みなとみらい"),
]  # its own wave dash
EXTENSIONS = [
    *WINDOWS,
    ("X-4", "㈱髙島﨑商店①", "タカシマザキ", "№3ビル㌔"),
]  # NEC and IBM: in CP932, not in Shift_JIS
HALF_WIDTH = [("X-1", "ｶﾌﾞｼｷｶﾞｲｼｬﾐﾄﾞﾘ", "ﾐﾄﾞﾘｼｮｳｼﾞ", "ｵｵｻｶｼﾁｭｳｵｳｸ")]
MANY_SCRIPTS = [*EXTENSIONS, ("X-5", "Désirée & Söhne 株式会社🌿", "デジレ", "𠮟る町1丁目")]
SEVEN_BITS = [("X-1", "+MKIw6zCm- Ltd", "A+-B", "&AOk-")]
WESTERN = [
    ("X-1", "Désirée & Söhne", "", "Zürich, Straße 5"),
    ("X-2", "Café Ésope", "", "Genève"),
    ("X-3", "Señor Ibáñez", "", "Málaga"),
]
ACCENTS = [
    (f"X-{n}", name, "", "")
    for n, name in enumerate(("Désirée", "Thérèse", "Hélène", "Agnès et Cie", "Frère"))
]
LOOKALIKES = [(f"X-{n}", "株式会社", "", "") for n in range(6)]


@dataclass(frozen=True)
class Writing:
    """Rows as bytes. ``is_plain``: nothing about it can be mistaken, so it must be read without a question."""

    name: str
    rows: list[Row]
    encoded: Callable[[str], bytes]
    answer: str = ""
    is_plain: bool = False


def codec(encoding: str, mark: bytes = b"") -> Callable[[str], bytes]:
    return lambda text: mark + text.encode(encoding)


def lines_in_turn(*encodings: str) -> Callable[[str], bytes]:
    """Each line in the next of these encodings."""

    def encoded(text: str) -> bytes:
        lines = text.splitlines(keepends=True)
        return b"".join(line.encode(encodings[n % len(encodings)]) for n, line in enumerate(lines))

    return encoded


def with_zero_byte(before: Callable[[str], bytes], zero: bytes = b"\0") -> Callable[[str], bytes]:
    def encoded(text: str) -> bytes:
        whole, tail = before(text), "高島屋".encode("utf-8" if zero == b"\0" else "utf-16-le")
        return whole.replace(tail, tail + zero)

    return encoded


WRITINGS = [
    Writing("UTF-8", MANY_SCRIPTS, codec("utf-8"), is_plain=True),
    Writing("UTF-8 with its mark", MANY_SCRIPTS, codec("utf-8-sig"), is_plain=True),
    Writing("CP932", EXTENSIONS, codec("cp932"), is_plain=True),
    Writing("Shift_JIS", [row for row in JAPANESE if "〜" not in row[1]], codec("shift_jis"), is_plain=True),
    Writing("EUC-JP", JAPANESE, codec("euc_jp"), "euc_jp"),
    Writing("ISO-2022-JP", JAPANESE, codec("iso2022_jp"), "iso2022_jp"),
    Writing("UTF-16 LE with its mark", MANY_SCRIPTS, codec("utf-16-le", b"\xff\xfe"), is_plain=True),
    Writing("UTF-16 BE with its mark", MANY_SCRIPTS, codec("utf-16-be", b"\xfe\xff"), is_plain=True),
    Writing("UTF-16 LE", MANY_SCRIPTS, codec("utf-16-le"), "utf-16-le"),
    Writing("UTF-16 BE", MANY_SCRIPTS, codec("utf-16-be"), "utf-16-be"),
    Writing("what looks like UTF-7", SEVEN_BITS, codec("utf-8"), is_plain=True),
    Writing("Latin-1", WESTERN, lambda text: _western_head(text).encode("latin-1", "replace")),
    Writing("half-width kana in CP932", HALF_WIDTH, codec("cp932"), "cp932"),
    Writing("half-width kana in UTF-8", HALF_WIDTH, codec("utf-8"), is_plain=True),
    Writing("Latin-1 that passes for CP932", ACCENTS, lambda text: _western_head(text).encode("latin-1", "replace")),
    Writing("CP932 and UTF-8 that passes for it", LOOKALIKES, lines_in_turn("cp932", "cp932", "utf-8")),
    Writing("UTF-8 that passes for CP932, one line not", LOOKALIKES, lines_in_turn("utf-8", "utf-8", "cp932")),
    Writing("CP932 and UTF-8 by turns", JAPANESE, lines_in_turn("cp932", "cp932", "utf-8")),
    Writing("UTF-8 and CP932 by turns", JAPANESE, lines_in_turn("utf-8", "utf-8", "cp932")),
    Writing("CP932 and EUC-JP by turns", JAPANESE, lines_in_turn("cp932", "cp932", "euc_jp")),
    Writing("a zero byte in UTF-8", JAPANESE, with_zero_byte(codec("utf-8"))),
    Writing("a zero byte behind the mark", JAPANESE, with_zero_byte(codec("utf-8-sig"))),
    Writing(
        "a zero character in UTF-16",
        JAPANESE,
        with_zero_byte(codec("utf-16-le", b"\xff\xfe"), b"\0\0"),
    ),
    Writing("half a character at the end", JAPANESE, lambda text: text.encode()[:-2]),
    Writing("a lone surrogate", JAPANESE, lambda text: text.encode() + b"X-9,\xed\xa0\x80,,\n"),
]  # fmt: skip


def _western_head(text: str) -> str:
    return text.replace(",".join(HEAD), "external id,company name,kana,address")


Layer = Callable[[list[Row]], str]


def plain(newline: str, *, last: bool = True) -> Layer:
    def written(rows: list[Row]) -> str:
        text = newline.join(",".join(_quoted(cell) for cell in row) for row in (HEAD, *rows))
        return text + newline * last

    return written


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\r\n') else cell


def mixed_newlines(rows: list[Row]) -> str:
    ends = ("\r\n", "\n", "\r")
    return "".join(",".join(map(_quoted, row)) + ends[n % 3] for n, row in enumerate((HEAD, *rows)))


def all_quoted(rows: list[Row]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in (HEAD, *rows))


def with_tabs(rows: list[Row]) -> str:
    return "".join("\t".join(row) + "\n" for row in (HEAD, *rows))


def with_blank_lines(rows: list[Row]) -> str:
    return "\n\n" + plain("\n\n")(rows) + ",,,\n\n"


def with_a_note_above(rows: list[Row]) -> str:
    return "お客様一覧,2026年11月19日現在\n\n" + plain("\n")(rows)


LAYERS: dict[str, Layer] = {
    "LF": plain("\n"),
    "CRLF, no end": plain("\r\n", last=False),
    "CR": plain("\r"),
    "mixed newlines": mixed_newlines,
    "all quoted": all_quoted,
    "tabs": with_tabs,
    "blank lines": with_blank_lines,
    "a note above": with_a_note_above,
}
ODD_CELLS: dict[str, tuple[str, str]] = {
    "doubled quotes": ('株式会社"みどり"商事', '株式会社"みどり"商事'),
    "comma": ("みどり,商事", "みどり,商事"),
    "newline in a cell": ("みどり\n商事", "みどり 商事"),
    "CRLF in a cell": ("みどり\r\n商事", "みどり 商事"),
    "CR in a cell": ("みどり\r商事", "みどり 商事"),
    "full-width space inside": ("みどり　商事", "みどり　商事"),
    "spaces around": ("  みどり商事　", "みどり商事"),
    "line separator": ("みどり\u2028商事", "みどり\u2028商事"),
    "next line": ("みどり\x85商事", "みどり\x85商事"),
    "form feed": ("みどり\x0c商事", "みどり\x0c商事"),
    "mark inside": ("みどり\ufeff商事", "みどり\ufeff商事"),
    "combining": ("みどり\u3099商事", "みどり\u3099商事"),
    "right to left": ("みどり\u202e商事", "みどり\u202e商事"),
    "inches": ('24"モニター商会', '24"モニター商会'),
    "formula": ("=1+1 商会", "=1+1 商会"),
    "backslash": ("みどり\\商事\\n", "みどり\\商事\\n"),
    "ideographic zero": ("〇〇商事", "〇〇商事"),
}


def attack(world: World, *, layers: int = len(LAYERS)) -> Iterator[Outcome]:
    """``layers``: so many newline and quote styles for each encoding, the next ones for the next."""
    admin, styles = world.member(Role.ADMIN), cycle(LAYERS.items())
    for writing in WRITINGS:
        some = list(islice(styles, layers))
        wrong = [f"{name}: {said}" for name, layer in some if (said := trial(admin, writing, layer))]
        yield Outcome(f"text: {writing.name}", layers, layers - len(wrong), "; ".join(wrong)[:300])
    wrong = [f"{name}: {said}" for name, pair in ODD_CELLS.items() if (said := odd_cell(admin, *pair))]
    yield Outcome(
        "text: strange characters in a cell",
        len(ODD_CELLS),
        len(ODD_CELLS) - len(wrong),
        "; ".join(wrong)[:300],
    )


def trial(admin: Membership, writing: Writing, layer: Layer) -> str:
    """What was wrong, "" when the text arrived whole or somebody was asked or told."""
    with door.rehearsal(admin):
        batch = door.look(admin, writing.encoded(layer(writing.rows)))
        if batch.state == ImportState.ASKING and writing.answer:
            if writing.answer not in batch.problem["answers"]:
                return f"{writing.answer} is not offered"
            batch = door.look(admin, writing.encoded(layer(writing.rows)), encoding=writing.answer)
        elif writing.answer and batch.state == ImportState.REFUSED:
            return ""
        if batch.state == ImportState.CHECKED:
            return compared(writing, batch)
        if writing.is_plain or not batch.problem:
            return f"{batch.state} {batch.problem.get('code', '')}"
        return ""
    return ""


def compared(writing: Writing, batch: object) -> str:
    """Every row that was written is exact; one that is not must have been named."""
    named = Counter(batch.findings.filter(severity="error").values_list("line", flat=True))  # type: ignore[attr-defined]
    door.write(batch)  # type: ignore[arg-type]
    truth = {row[0]: row for row in writing.rows}
    found = Account.objects.filter(external_id__startswith="X-")
    rows = {each.external_id: (each.external_id, each.name, each.kana, each.address) for each in found}
    if strange := [row for key, row in rows.items() if truth.get(str(key)) != row]:
        return f"SILENT {strange[0]}"
    missing = len(truth) - len(rows)
    if missing and (writing.is_plain or sum(named.values()) < missing):
        return f"{missing} rows are missing, {sum(named.values())} named"
    return ""


def odd_cell(admin: Membership, written: str, expected: str) -> str:
    row = ("X-1", written, "", "千代田区")
    with door.rehearsal(admin):
        batch = door.look(admin, plain("\n")([row]).encode())
        if batch.state != ImportState.CHECKED:
            return f"{batch.state} {batch.problem}"
        door.write(batch)
        names = list(Account.objects.filter(external_id="X-1").values_list("name", flat=True))
        return "" if names == [expected] else repr(names)
    return ""
