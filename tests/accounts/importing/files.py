"""Files with the oddities of real ones, made on the spot."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from accounts.corporate_number import check_digit

EDINET_METADATA = ["ダウンロード実行日", "2019年01月10日現在", "件数", "9688件"]
EDINET_HEADER = [
    "ＥＤＩＮＥＴコード", "提出者種別", "上場区分", "連結の有無", "資本金", "決算日", "提出者名", "提出者名（英字）",
    "提出者名（ヨミ）", "所在地", "提出者業種", "証券コード", "提出者法人番号",
]  # fmt: skip
CLOSINGS = [" 3月31日", "12月 1日", "2月末日", "3月20日", "", "12月31日", " 2月28日"]


def number(base: int) -> str:
    """A 法人番号 with the right first digit."""
    digits = f"{base:012d}"
    return f"{check_digit(digits)}{digits}"


def edinet_row(index: int, **changes: str) -> list[str]:
    """One row as the EDINET code list writes it; changes by (part of) the heading."""
    row = dict(
        zip(
            EDINET_HEADER,
            [
                f"E{index:05d}", "内国法人・組合", "上場", "有", str(1000 + index), CLOSINGS[index % len(CLOSINGS)],
                f"㈱髙島第{index}商事", f"TAKASHIMA {index} CO.,LTD.", f"カブシキガイシャタカシマダイ{index}ショウジ",
                f"千代田区大手町一丁目{index}番", "卸売業", f"{1000 + index % 9000}0", number(100001000000 + index),
            ],
            strict=True,
        )
    )  # fmt: skip
    row.update(changes)
    return list(row.values())


def csv_bytes(rows: Sequence[Sequence[str]], encoding: str = "cp932", newline: str = "\r\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=newline).writerows(rows)
    return out.getvalue().encode(encoding)


def edinet_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Metadata line, heading, rows: CP932 with CRLF, the first two lines without quotes."""
    plain = "".join(",".join(line) + "\r\n" for line in (EDINET_METADATA, EDINET_HEADER))
    return plain.encode("cp932") + csv_bytes(rows)


def xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path
