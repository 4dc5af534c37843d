"""A bad network: a proxy between a browser and a site that delays, loses, doubles, reorders and cuts what it carries."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socket import SHUT_RDWR, create_connection, socket
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Lock, Thread

SOON = 0.15  # seconds; longer than a save takes

FATES = (
    "through",
    "late",
    "answer late",
    "answer lost",
    "request lost",
    "twice",
    "twice at once",
    "lost, then late",
    "request cut",
    "answer cut",
    "bad gateway",
    "silence",
)


@dataclass
class Network:
    """``fate_of(method, path)`` says what becomes of each request; ``met`` counts what was done."""

    site: tuple[str, int]
    fate_of: Callable[[str, str], str] = lambda method, path: "through"
    met: dict[str, int] = field(default_factory=dict)
    port: int = 0
    under_way: int = 0
    lock: Lock = field(default_factory=Lock)

    def carry(self, browser: socket, request: bytes) -> None:
        method, path = request.split(b" ", 2)[:2]
        fate = self.fate_of(method.decode(), path.decode())
        with self.lock:
            self.met[fate] = self.met.get(fate, 0) + 1
        browser.sendall(self.deliver(fate, request))
        if fate == "silence":
            browser.recv(1)  # until the browser gives up

    def deliver(self, fate: str, request: bytes) -> bytes:
        """What the browser gets back; nothing when it only sees its connection end."""
        if fate == "late":
            time.sleep(SOON)
        if fate == "lost, then late":
            self.later(request)
        if fate in ("request lost", "lost, then late"):
            return b""
        if fate == "request cut":
            return self.ask(half(request))[:0]
        if fate == "twice at once":
            self.later(request, after=0)
        answer = self.ask(request)
        if fate == "twice":
            answer = self.ask(request)
        if fate == "answer late":
            time.sleep(SOON)
        if fate == "answer cut":
            return half(answer)
        if fate == "bad gateway":
            return b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        return b"" if fate in ("answer lost", "silence") else answer

    def ask(self, request: bytes) -> bytes:
        """The site's whole answer. One connection each, so that nothing waits for anything else."""
        answer = b""
        with create_connection(self.site, timeout=60) as upstream, suppress(ConnectionError):
            upstream.sendall(request)
            if not is_whole(request):
                upstream.shutdown(SHUT_RDWR)
                return b""
            while part := upstream.recv(65536):
                answer += part
        return answer

    def later(self, request: bytes, after: float = 3 * SOON) -> None:
        with self.lock:
            self.under_way += 1

        def arrive() -> None:
            time.sleep(after)
            try:
                self.ask(request)
            finally:
                with self.lock:
                    self.under_way -= 1

        Thread(target=arrive, daemon=True).start()

    def settle(self) -> None:
        """Until everything that was held back has arrived."""
        while self.under_way:
            time.sleep(0.02)


def half(message: bytes) -> bytes:
    """All of its head, half of its body."""
    return message[: len(message) - len(message.partition(b"\r\n\r\n")[2]) // 2 - 1]


def is_whole(request: bytes) -> bool:
    head, _blank, body = request.partition(b"\r\n\r\n")
    return len(body) >= length_of(head)


def length_of(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    return next((int(value) for name, _colon, value in lines if name == b"content-length"), 0)


@contextmanager
def between(host: str, port: int) -> Iterator[Network]:
    """A network before the site at ``host:port``; the browser goes to ``127.0.0.1:<network.port>``."""
    network = Network((host, port))

    class Connection(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(ConnectionError, TimeoutError):
                if request := one_request(self.request):
                    network.carry(self.request, request)

    ThreadingTCPServer.allow_reuse_address = ThreadingTCPServer.daemon_threads = True
    with ThreadingTCPServer(("127.0.0.1", 0), Connection) as server:
        network.port = server.server_address[1]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield network
            network.settle()
        finally:
            server.shutdown()


def one_request(browser: socket) -> bytes:
    """Head and body, with the wish that the connection ends with the answer; empty when the browser sent nothing."""
    browser.settimeout(60)
    text = b""
    while b"\r\n\r\n" not in text or not is_whole(text):
        part = browser.recv(65536)
        if not part:
            return b""
        text += part
    head, _blank, body = text.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"Connection: close", b"", body])
