import multiprocessing
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bootstrap import processes, welcome
from bootstrap.home import Home, free_port, is_free
from bootstrap.progress import Failure
from bootstrap.supervisor import Part


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_secrets_stay_the_same_and_are_readable_by_their_owner_only(home: Home) -> None:
    assert home.secret() == home.secret()
    assert home.password("masume_app") == home.password("masume_app") != home.password("masume_owner")
    for file in ("secret", "passwords.json"):
        assert (home.path / file).stat().st_mode & 0o777 == 0o600


def test_half_written_facts_count_as_none(home: Home) -> None:
    home.update("run", web=[1, "then"])
    assert home.read("run") == {"web": [1, "then"]}
    (home.path / "run.json").write_text('{"web": [')
    assert home.read("run") == {}


def _hold(path: Path, held: "multiprocessing.synchronize.Event") -> None:
    with Home(path).locked("supervisor"):
        held.set()
        time.sleep(60)


def test_a_lock_is_free_again_when_its_holder_was_killed(home: Home) -> None:
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    holder = context.Process(target=_hold, args=(home.path, held))
    holder.start()
    assert held.wait(20)
    with home.locked("supervisor", wait=False) as alone:
        assert not alone
    holder.kill()
    holder.join()
    with home.locked("supervisor", wait=False) as alone:
        assert alone


def test_a_port_that_is_taken_is_left_for_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(port)
        assert free_port(port, port + 1) != port


def test_a_zombie_counts_as_gone() -> None:
    child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-c", ""])
    assert processes.wait_until(lambda: not processes.alive(child), 10)
    os.waitpid(child, 0)


def test_a_stubborn_process_is_ended_in_the_end() -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as child:
        assert child.stdout and child.stdout.readline()
        assert processes.stop(child.pid, (processes.signal.SIGTERM, 0.2))


def test_a_part_that_keeps_dying_is_restarted_with_growing_pauses(capsys: pytest.CaptureFixture[str]) -> None:
    starts: list[int] = []

    def begin() -> int:
        starts.append(1)
        if len(starts) == 3:
            raise Failure("no")
        return 2**22 + 1  # no process has this number

    part = Part("web", begin, lambda pid: None)
    part.begin()
    pauses = []
    now = part.began
    for _ in range(3):
        part.mend(now)
        before = len(starts)
        part.mend(part.began + 0.01)
        assert len(starts) == before  # not yet
        pauses.append(part._pause())
        part.mend(part.began + part._pause())
        now = part.began + 0.5
    assert pauses == sorted(pauses) and pauses[0] == 1 and pauses[-1] > 1
    assert "web" in capsys.readouterr().err


def test_columns_align_with_japanese_letters() -> None:
    lines = welcome.table([("メール", "役割"), ("a@b.example", "admin")])
    assert {
        welcome.width(line[: line.index(last)]) for line, last in zip(lines, ("役割", "admin"), strict=True)
    } == {18}
