"""How Masume writes its log: one line a happening, JSON in production, with tenant, actor and request; never a text that
somebody wrote.

What may carry such texts is left out by kind: messages of exceptions (a database quotes the row that it refuses),
and what other libraries fill their patterns with. What is left says where to look, in the page or in the database.
"""

import logging
from collections.abc import MutableMapping
from pathlib import Path
from traceback import walk_tb
from typing import Any

import structlog
from django.conf import settings
from django.db import Error

from tenants.scope import scope_or_none

Event = MutableMapping[str, Any]
FRAMES = 12
ONLY_PATTERN = ("django", "allauth", "py", "gunicorn")  # libraries that quote what they were sent


def formatter(*, as_json: bool) -> logging.Formatter:
    """For ``LOGGING``: the same for our own lines and for those of libraries."""
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder()],
        pass_foreign_args=True,
        processors=[
            pattern_only,
            structlog.contextvars.merge_contextvars,
            who_and_where,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            without_messages,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            last,
        ],
    )


def pattern_only(logger: Any, method: str, event: Event) -> Event:
    """A library's line without what it was filled with, and without what hangs on it; one that is whole says its name."""
    record, filling = event["_record"], event.pop("positional_args", None)
    if record.name.split(".")[0] not in ONLY_PATTERN:
        return event
    kept = {name: event[name] for name in ("exc_info", "_record", "_from_structlog") if name in event}
    return {"event": str(record.msg) if filling else record.name, **kept}


def who_and_where(logger: Any, method: str, event: Event) -> Event:
    """Ids only: names may change, and a person or a tenant may have to be forgotten."""
    if scope := scope_or_none():
        event.setdefault("tenant", str(scope.tenant.pk))
        event.setdefault("actor", scope.actor)
        if scope.request_id:
            event.setdefault("request", scope.request_id)
    return event


def without_messages(logger: Any, method: str, event: Event) -> Event:
    """An exception as its kind and its place."""
    event.pop("stack_info", None)
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"], event["trace"] = describe(error), trace(error)
    return event


def describe(error: BaseException) -> str:
    """The kind of an exception, for one of the database its code and what it was about, and what it came from."""
    diag = getattr(error.__cause__ if isinstance(error, Error) else error, "diag", None)
    facts = [
        getattr(diag, name, None) for name in ("sqlstate", "table_name", "constraint_name", "column_name")
    ]
    told = " ".join([type(error).__name__, *(fact for fact in facts if fact)])
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{told} ← {describe(before)}" if before and not isinstance(error, Error) else told


def trace(error: BaseException) -> list[str]:
    """The innermost frames: file, line, function."""
    frames = [
        f"{short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return frames[-FRAMES:]


def short(file: str) -> str:
    path = Path(file)
    return (
        str(path.relative_to(settings.ROOT))
        if path.is_relative_to(settings.ROOT)
        else "/".join(path.parts[-3:])
    )
