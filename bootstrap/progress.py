"""Plain progress lines. They go to standard error, so that standard output stays clean for programs."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Failure(Exception):
    """Something the person at the terminal has to know; its text is shown as it is."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Shows one step of the work and, at its end, the seconds it took."""
    began = time.monotonic()
    print(f"  {text} … ", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException as error:
        say("中断しました" if isinstance(error, KeyboardInterrupt) else "できませんでした")
        raise
    say(f"{time.monotonic() - began:.1f} 秒")


def tail(text: str | bytes, lines: int = 15) -> str:
    """The last lines of a program's output, indented to stand below a message."""
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    return "".join(f"\n    {line}" for line in text.strip().splitlines()[-lines:])
