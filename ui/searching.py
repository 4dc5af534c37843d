from collections.abc import Mapping

MOST = 100


def searched(asked: Mapping[str, str]) -> str:
    """The words that a query string asks for, as ``q``; PostgreSQL takes no NUL."""
    return asked.get("q", "").replace("\x00", "").strip()[:MOST]
