"""Values that programs fall over, as the bytes a client sends. Percent-encoded they fit any form or address."""

from urllib.parse import quote_from_bytes

TEXTS = (
    "\x00", "a\x00b", "\x1b[31m", "\r\nX-Injected: 1", "\ufffe", "\u202e逆", "𠮷" * 40, "é" * 500, "あ" * 100_000,
    "１２３", "△１，２３４", "10^30", "1" + "0" * 30, "-1", "1e400", "NaN", "Infinity", "-0", "0x10", "１e５",
    "0000-00-00", "2026-02-30", "9999-12-31", "10000-01-01", "0001-01-01", "令和99年99月99日", "2026-11-23T25:61:61+99:99",
    "25:99", "null", "true", "[]", "{}", "[" * 5_000, '{"a":' * 2_000, "00000000-0000-0000-0000-000000000000", "not-a-uuid",
    "{" + "0" * 36 + "}", "%s%n%(x)s", "{{7*7}}{% debug %}", "../../etc/passwd", "' OR 1=1 --", "<script>alert(1)</script>",
    "=1+1", " ", "　", "", "\t", "on", "Infinity円", "１" * 400, "-9223372036854775809", "9223372036854775808",
)  # fmt: skip
RAW = (
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\x80abc",
    b"\x93\xfa\x96{",
    b"%",
    b"%zz",
    b"\xf4\x90\x80\x80",
    b"\xc0\xaf",
)
"""Not UTF-8, or not any encoding; the lone surrogate is the second."""

VALUES: tuple[str, ...] = (
    *(quote_from_bytes(text.encode("utf-8")) for text in TEXTS),
    *map(quote_from_bytes, RAW),
    "%",
    "%zz",
)
"""Each value percent-encoded, ready for a form body or a query string."""

BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b"[" * 20_000),
    ("application/json", b'{"a": 1e999999}'),
    ("application/json", b"\xff\xfe\x00"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xed\xa0\x80\r\n--x--',
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="\x00.csv"\r\n\r\n\x00\r\n',
    ),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"name=+ADw-"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"name=1"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(3_000))),
    ("text/plain", b"\x00" * 1_000),
    ("", b"name=%00"),
)
"""Whole bodies with the content type they claim."""
