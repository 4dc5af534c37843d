"""The health check of a worker's container: python -m bootstrap.still_working http://web:8000/readyz

Exits with 1 when the worker takes no work. The third time in a row it also ends the container's first process, for
Compose restarts what ends and not what is unhealthy: politely at first, a minute later by force.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

from .supervisor import SILENT_TIMES, takes_no_work

TOLD = Path(tempfile.gettempdir()) / "masume-silent"
POLITE_TIMES = 2


def main(address: str, pid: int = 1) -> int:
    """The exit status; the count of silent answers lasts as long as the container."""
    if not takes_no_work(address):
        TOLD.unlink(missing_ok=True)
        return 0
    silent = int(TOLD.read_text()) + 1 if TOLD.exists() else 1
    TOLD.write_text(str(silent))
    if silent >= SILENT_TIMES:
        os.kill(pid, signal.SIGTERM)
    if silent >= SILENT_TIMES + POLITE_TIMES:
        end_by_force(pid)
    return 1


def end_by_force(pid: int) -> None:
    """What the first process waits for; the first process of a container itself cannot be killed from inside."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
