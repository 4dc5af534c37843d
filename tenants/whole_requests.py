"""A connection that breaks in the middle of a form must not be taken for a shorter form."""

from collections.abc import Callable
from io import IOBase
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class CutShort(BadRequest):
    """Less of the request came than it said: nobody waits for the answer any more."""


class WholeRequestMiddleware:
    """Neither Django nor gunicorn compares what came with ``Content-Length``; half a text would be stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isdecimal():
            request._stream = WholeStream(request._stream, int(length))  # type: ignore[assignment]
        return self.get_response(request)


class WholeStream(IOBase):
    """Reads like the stream it wraps, and raises ``CutShort`` where that one ends too early."""

    def __init__(self, stream: Any, length: int) -> None:
        self.stream, self.missing = stream, length

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self.missing if size is None or size < 0 else min(size, self.missing)
        data = self.counted(self.stream.read(wanted), wanted)
        while len(data) < wanted:
            data += self.counted(self.stream.read(wanted - len(data)), wanted)
        return data

    def readline(self, size: int | None = -1, /) -> bytes:
        return self.counted(self.stream.readline(-1 if size is None else size), self.missing)

    def counted(self, data: bytes, wanted: int) -> bytes:
        if wanted and not data:
            raise CutShort("the request ends before its Content-Length")
        self.missing -= len(data)
        return data
