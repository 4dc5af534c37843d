"""run.py without a command: everything from the environment to the address on the screen, until Ctrl-C."""

import os
import signal
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress

from . import environment as environments
from . import processes, services, supervisor, welcome
from .application import Application
from .home import Home, free_port, is_free
from .progress import Failure, say, step, tail


def serve(home: Home, wanted_port: int, with_demo: bool) -> int:
    """Sets up, starts and watches; returns the exit status when it was told to stop."""
    began = time.monotonic()
    with home.locked("supervisor", wait=False) as alone:
        if not alone:
            raise Failure(f"もう動いています: {home.read('run').get('url', '')}(止めるには run.py stop)")
        home.update("run", supervisor=[os.getpid(), processes.birth(os.getpid())], keep=False)
        return _serve(home, wanted_port, with_demo, began)


def _serve(home: Home, wanted_port: int, with_demo: bool, began: float) -> int:
    servers: list[supervisor.Part] = []
    programs: Sequence[supervisor.Part] = []
    try:
        with home.locked("users", shared=True):
            say(f"Masume を起動します({home.path})")
            supervisor.stop_leftovers(home)
            with home.locked("start"):
                environment = environments.ensure(home)
                running = services.find(home, environment)
                servers = supervisor.server_parts(running)
                running.start()
                for part in servers:
                    part.begin()
                port = _web_port(home, wanted_port)
                home.update("ports", web=port)
                masume = Application(home, environment, running)
                home.update("run", url=masume.settings["MASUME_URL"])
                masume.prepare()
            programs = web, worker = supervisor.program_parts(home, environment, masume.settings_of_programs)
            web.begin()  # it starts up while the demo is loaded
            users = masume.demo() if with_demo else []
            with step("Web サーバーを起動しています"):
                _wait_for_page(home, port, web)
            worker.begin()
            print(welcome.text(masume.settings["MASUME_URL"], users, time.monotonic() - began), flush=True)
            supervisor.watch([*servers, *programs])
    except KeyboardInterrupt:
        say("\nMasume を止めています。")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
        for part in [*programs, *reversed(servers)]:
            part.stop(part.pid)
        home.update("run", web=None, worker=None, supervisor=None)
    say("止めました。データは残っています。")
    return 0


def _web_port(home: Home, wanted: int) -> int:
    if wanted and not is_free(wanted):
        raise Failure(f"ポート {wanted} は使われています。")
    return wanted or free_port(home.port("web"), *range(8000, 8100))


def _wait_for_page(home: Home, port: int, web: supervisor.Part) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def answers() -> bool:
        with suppress(OSError):
            return bool(opener.open(f"http://127.0.0.1:{port}/livez", timeout=5).status == 200)
        return False

    processes.wait_until(lambda: answers() or not processes.alive(web.pid), 90, 0.1)
    if not answers():
        log = home.log("web")
        raise Failure(f"Web サーバーが起動しません(記録: {log})。{tail(log.read_bytes())}")
