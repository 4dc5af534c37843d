"""Asking a server over kept-alive connections, one at a time or sixteen, and what that cost it."""

import gzip
import http.client
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Ask:
    """One request; with a form it is a POST. ``holds`` has to stand in the answer."""

    path: str
    form: Mapping[str, str] | None = None
    holds: str = ""


@dataclass(frozen=True)
class Answer:
    seconds: float
    size: int
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Block:
    """Seconds of each call, and the CPU seconds that the server and its database spent on all of them."""

    seconds: Sequence[float]
    cpu: float

    @property
    def cpu_each(self) -> float:
        return self.cpu / len(self.seconds)


@dataclass
class Visitor:
    """Somebody signed in at one server; anything but 200 with the right text ends the bench."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, ask: Ask, connection: http.client.HTTPConnection | None = None) -> Answer:
        connection = connection or self.connect()
        body = None if ask.form is None else urlencode(ask.form)
        headers = {
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        connection.request("POST" if body is not None else "GET", ask.path, body, headers | self.headers)
        response = connection.getresponse()
        data = response.read()
        seconds = time.perf_counter() - begun
        size = len(data)
        if response.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        text = data.decode("utf-8", "replace")
        assert response.status == 200 and ask.holds in text, (ask, response.status, text[:500])
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return Answer(seconds, size, text, dict(response.headers.items()))

    def block(
        self, asks: Callable[[], Ask], calls: int, concurrency: int, pids: Callable[[], list[int]]
    ) -> Block:
        """``calls`` requests from ``concurrency`` connections."""
        seconds: list[float] = []
        todo = iter(range(calls))
        problems: list[BaseException] = []

        def work() -> None:
            try:
                connection = self.connect()
                while not problems and next(todo, None) is not None:
                    seconds.append(self.ask(asks(), connection).seconds)
                connection.close()
            except BaseException as problem:
                problems.append(problem)

        watched = pids()
        before = cpu_seconds(watched)
        threads = [threading.Thread(target=work) for _ in range(concurrency)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if problems:
            raise problems[0]
        return Block(seconds, cpu_seconds(watched) - before)


def cpu_seconds(pids: Sequence[int]) -> float:
    """User and system time that these processes have used so far."""
    return sum(ticks(pid) for pid in pids) / TICKS


def ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
