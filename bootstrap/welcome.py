"""The address and the sign-ins that a started Masume shows."""

import unicodedata
from typing import Any

ROLES = {
    "admin": "管理者", "manager": "マネージャー", "csm": "CSM", "sales": "営業",
    "contributor": "協力", "viewer": "閲覧", "guest": "顧客",
}  # fmt: skip


def text(url: str, tenants: list[dict[str, Any]], seconds: float) -> str:
    """What to print for the demo's answer: one small table of people per tenant."""
    blocks = [f"Masume が動いています({seconds:.1f} 秒)。", f"  {url}"]
    for tenant in tenants:
        people = [
            (user["email"], user["password"], ROLES.get(user["role"], user["role"]))
            for user in tenant["users"]
        ]
        blocks.append("\n".join([f"  {tenant['name']}", *table([("メール", "パスワード", "役割"), *people])]))
    blocks.append("  Ctrl-C で止まります。データは残ります。")
    return "\n\n".join(["", *blocks, ""])


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Lines with aligned columns, a Japanese letter counting as two."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [cell + " " * (space - width(cell)) for cell, space in zip(row, widths, strict=True)]
        lines.append("    " + "   ".join(cells).rstrip())
    return lines


def width(word: str) -> int:
    """The columns a word takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in word)
