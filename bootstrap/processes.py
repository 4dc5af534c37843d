"""Processes that outlive the one that started them: told apart by pid and birth, stopped with patience."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

PROC = Path("/proc")
_children: dict[int, subprocess.Popen[bytes]] = {}


def spawn(command: Sequence[str | Path], log: Path, **options: Any) -> int:
    """Starts a server in a session of its own, its output appended to `log`; returns the pid."""
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as output:
        child = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, **options,
        )  # fmt: skip
    _children[child.pid] = child
    return child.pid


def birth(pid: int) -> str:
    """When a process began, in the system's own words; "" when it is gone or is a zombie.

    A zombie counts as gone: without an init nobody ever reaps it. Pid and birth together name one process.
    """
    if pid in _children:
        _children[pid].poll()
    if (PROC / "self/stat").exists():
        try:
            fields = (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] in (b"Z", b"X") else f"{boot()}-{fields[19].decode()}"
    answer = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True)
    state, _, began = answer.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else began.strip()


def boot() -> str:
    """Names the time since this machine was started; where the system does not tell, it never matches."""
    with suppress(OSError):
        return (PROC / "sys/kernel/random/boot_id").read_text()[:8]
    return "?"


def alive(pid: int) -> bool:
    return bool(pid and birth(pid))


def working_in(folder: Path) -> list[int]:
    """Pids of the processes whose working directory is `folder`: a server's own processes, orphans included."""
    folder = folder.resolve()
    if PROC.joinpath("self/cwd").exists():
        entries = (entry for entry in PROC.iterdir() if entry.name.isdigit())
        return [int(entry.name) for entry in entries if _cwd(entry) == folder]
    if not shutil.which("lsof"):
        return []
    answer = subprocess.run(["lsof", "-a", "-d", "cwd", "-Fpn"], capture_output=True, text=True)
    pairs = answer.stdout.replace("\nfcwd", "").replace("\nn", "\t").splitlines()
    return [int(p[1:]) for p, _, name in (pair.partition("\t") for pair in pairs) if name == str(folder)]


def _cwd(entry: Path) -> Path | None:
    with suppress(OSError):  # gone, a zombie, or another user's
        return entry.joinpath("cwd").readlink()
    return None


def stop(pid: int, *signals: tuple[signal.Signals, float]) -> bool:
    """Sends each signal in turn until the process is gone, waiting the seconds that stand beside it."""
    began = birth(pid)
    for number, patience in (*signals, (signal.SIGKILL, 5.0)):
        if not began or birth(pid) != began:
            return True
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        wait_until(lambda: birth(pid) != began, patience)
    return birth(pid) != began


def kill_group(leader: int) -> None:
    """Ends what a dead or dying leader left behind in its session (a beat, a web worker)."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.03) -> bool:
    """Polls `condition` until it is true or the time is over; says which it was."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
