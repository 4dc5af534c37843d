"""What reading a stranger's file cost: processor time and the most memory, of the process that reads and of ours."""

import resource
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

LOOK_EVERY = 0.005


class Meter:
    """Within the block; afterwards ``seconds`` on the clock, ``processor`` seconds of the reader, and megabytes.

    ``reader`` is the most the reading process had. ``ours`` is how much this process grew. Linux only: a child's
    ``ru_maxrss`` would begin with what its parent had, so the memory is read from /proc while it lives.
    """

    def __enter__(self) -> "Meter":
        self.reader = 0.0
        self._end = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        self._before, self._began, self._used = peak("self"), time.monotonic(), _used()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds, self.processor = time.monotonic() - self._began, _used() - self._used
        self._end.set()
        self._thread.join()
        self.ours = peak("self") - self._before

    def _watch(self) -> None:
        while not self._end.wait(LOOK_EVERY):
            for child in _children():
                self.reader = max(self.reader, peak(child))


def peak(pid: str) -> float:
    """The most memory a process ever had, in megabytes; 0 when it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _children() -> list[str]:
    """Processes of ours that read files; not those that have not become such yet and still count our memory."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            found += [pid for pid in (task / "children").read_text().split() if _reads(pid)]
    return found


def _reads(pid: str) -> bool:
    with suppress(OSError):
        return b"parse_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
