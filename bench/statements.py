"""How many statements a page really sends: a gate before PostgreSQL that counts them on the wire.

Whatever Django logs leaves out what other layers send (the check of a kept connection, the binding of the tenant);
on the wire BEGIN, COMMIT and SET are statements like any other.
"""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

QUERY, PARSE = b"Q", b"P"


class Gate(socketserver.ThreadingTCPServer):
    """Passes every byte both ways and counts the statements of the clients."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, host: str, port: int) -> None:
        super().__init__(("127.0.0.1", 0), Passage)
        self.beyond = (host, port)
        self.seen: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Passage(socketserver.BaseRequestHandler):
    server: Gate

    def handle(self) -> None:
        with socket.create_connection(self.server.beyond) as beyond:
            threading.Thread(target=pass_on, args=(beyond, self.request), daemon=True).start()
            client = self.request.makefile("rb")
            while message := self.read_startup(client) or self.read_message(client):
                beyond.sendall(message)

    started = False

    def read_startup(self, client: "socket.SocketIO") -> bytes:
        """The first packet has no kind, only a length."""
        if self.started:
            return b""
        self.started = True
        length = client.read(4)
        return length + client.read(int.from_bytes(length) - 4)

    def read_message(self, client: "socket.SocketIO") -> bytes:
        head = client.read(5)
        if len(head) < 5:
            return b""
        body = client.read(int.from_bytes(head[1:]) - 4)
        if head[:1] in (QUERY, PARSE):
            self.server.seen.append(body.rstrip(b"\0").decode("utf-8", "replace"))
        return head + body


def pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass


@contextmanager
def gate(host: str, port: int) -> Iterator[Gate]:
    with Gate(host, port) as passage:
        threading.Thread(target=passage.serve_forever, daemon=True).start()
        yield passage
        passage.shutdown()
