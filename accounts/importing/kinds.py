"""What kind of file this is, by its first bytes and its name together; anything else is refused by what it is."""

import re
from pathlib import Path

from .findings import Refusal
from .limits import FILE_BYTES

_TEXT_ENDINGS = (".csv", ".tsv", ".txt")
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype|<html|<\?xml|<table|\{\\rtf)", re.IGNORECASE)
_BLOCK = 1 << 20
_BINARY = (
    b"%PDF",
    b"MZ",
    b"\x7fELF",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BZh",
)


def kind_of(path: Path, name: str) -> str:
    """Return "text" or "xlsx". Raises Refusal."""
    size = path.stat().st_size
    if size == 0:
        raise Refusal("file_empty")
    if size > FILE_BYTES:
        raise Refusal("file_too_big", size=size >> 20, most=FILE_BYTES >> 20)
    with path.open("rb") as file:
        head = file.read(512)
    ending = Path(name).suffix.lower()
    if ending == ".xls":
        raise Refusal("file_is_xls")
    if ending in (".xlsm", ".xlsb", ".xltm"):
        raise Refusal("zip_macro", name=name)
    if ending == ".xlsx":
        if head.startswith(_OLE):
            raise Refusal(_kind_of_ole(path), ending=ending)
        if not head.startswith(_ZIP):
            raise Refusal("file_kind_mismatch", ending=ending)
        return "xlsx"
    if ending not in _TEXT_ENDINGS:
        raise Refusal("file_kind_unknown", ending=ending or name)
    if head.startswith((_ZIP, _OLE, *_BINARY)) or _MARKUP.match(head):
        raise Refusal("file_kind_mismatch", ending=ending)
    return "text"


def _kind_of_ole(path: Path) -> str:
    """What Excel writes with a password and what it wrote until 2003 begin alike; the names of their streams tell."""
    tail, old = b"", False
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            seen = tail + block
            if _LOCKED in seen:
                return "file_encrypted"
            old = old or any(name in seen for name in _BOOKS)
            tail = block[-len(_LOCKED) :]
    return "file_is_xls" if old else "file_kind_mismatch"
