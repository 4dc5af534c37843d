"""Files people take away: cells a spreadsheet will not run as a formula, and names a header can carry."""

from typing import Any
from urllib.parse import quote

# A text that begins so is run as a formula by spreadsheets.
RISKY = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> Any:
    """The value for a CSV or xlsx cell: numbers as they are, risky text behind an apostrophe, None empty."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value


def attachment(filename: str) -> str:
    """A Content-Disposition for `filename`, Japanese names included."""
    plain = filename.encode("ascii", "ignore").decode().replace('"', "") or "download"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"
