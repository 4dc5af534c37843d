"""The commands of run.py."""

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
import urllib.request
from contextlib import suppress
from types import FrameType
from typing import Any

from . import environment as environments
from . import home as homes
from . import processes, services, supervisor, testing
from .application import MANAGE, Application
from .home import Home
from .progress import Failure, say, step, tail

ABOUT = """使い方: python3 run.py [--port N] [--no-demo]    用意をして起動します(Ctrl-C で終わります)
        python3 run.py stop                       動いている Masume を止めます
        python3 run.py reset [--yes]              データを消します(環境と控えは残ります)
        python3 run.py test [pytest の引数]       試験をします
        python3 run.py manage 命令 …              管理の命令を実行します(一覧: run.py manage help)
        python3 run.py services                   開発用に PostgreSQL と Valkey だけを動かします

どの命令にも --help があります。データ・秘密・環境は MASUME_HOME(既定は .masume)に置かれます。
終了コード: 0 すべて済んだ、1 一部または全部ができなかった、2 使い方の誤り"""
WITHOUT_TABLES = {
    "migrate",
    "makemigrations",
    "showmigrations",
    "sqlmigrate",
    "check",
    "help",
    "collectstatic",
}


def main(arguments: list[str]) -> int:
    """Carries out a command line; returns the exit status (0 all done, 1 not all, 2 wrong use)."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    commands = {"stop": stop, "reset": reset, "test": test, "manage": manage, "services": run_services}
    try:
        if name in ("-h", "--help", "help"):
            print(ABOUT)
            return 0
        return commands[name](rest) if name in commands else serve(arguments)
    except Failure as failure:
        say(f"\n{failure}")
        return failure.status
    except KeyboardInterrupt:
        say("\n中断しました。")
        return 130


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def serve(arguments: list[str]) -> int:
    """run.py: everything from the environment to the address on the screen, until Ctrl-C."""
    parser = argparse.ArgumentParser("run.py", usage=ABOUT.removeprefix("使い方: "))
    parser.add_argument("--port", type=int, default=int(os.environ.get("MASUME_PORT") or 0))
    parser.add_argument("--no-demo", action="store_true")
    options = parser.parse_args(arguments)
    home = homes.locate()
    began = time.monotonic()
    with home.locked("supervisor", wait=False) as alone:
        if not alone:
            raise Failure(f"もう動いています: {home.read('run').get('url', '')}(止めるには run.py stop)")
        home.update("run", supervisor=[os.getpid(), processes.birth(os.getpid())], keep=False)
        return _serve(home, options, began)


def _serve(home: Home, options: argparse.Namespace, began: float) -> int:
    servers: list[supervisor.Part] = []
    programs: list[supervisor.Part] = []
    try:
        with home.locked("users", shared=True):
            say(f"Masume を起動します({home.path})")
            supervisor.stop_leftovers(home)
            with home.locked("start"):
                environment = environments.ensure(home)
                running = services.start(home, environment)
                servers = supervisor.server_parts(running)
                port = _web_port(home, options.port)
                home.update("ports", web=port)
                masume = Application(home, environment, running)
                home.update("run", url=masume.settings["MASUME_URL"])
                masume.prepare()
            users = [] if options.no_demo else masume.demo()
            programs = supervisor.program_parts(home, environment, masume.settings_of_programs)
            with step("Web サーバーを起動しています"):
                for part in programs:
                    part.begin()
                    if part.label == "web":
                        _wait_for_page(home, port, part)
            _welcome(masume.settings["MASUME_URL"], users, time.monotonic() - began)
            supervisor.watch(servers + programs)
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
    if wanted and not homes.is_free(wanted):
        raise Failure(f"ポート {wanted} は使われています。")
    return wanted or homes.free_port(home.port("web"), *range(8000, 8100))


def _wait_for_page(home: Home, port: int, web: supervisor.Part) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def answers() -> bool:
        with suppress(OSError):
            return bool(opener.open(f"http://127.0.0.1:{port}/livez", timeout=5).status == 200)
        return False

    processes.wait_until(lambda: answers() or not processes.alive(web.pid), 90, 0.1)
    if not answers():
        raise Failure(
            f"Web サーバーが起動しません(記録: {home.log('web')})。{tail(home.log('web').read_bytes())}"
        )


def _welcome(url: str, tenants: list[dict[str, Any]], seconds: float) -> None:
    print(f"\nMasume が動いています({seconds:.1f} 秒)。\n\n  {url}\n", flush=True)
    for tenant in tenants:
        rows = [
            ("メール", "パスワード", "役割"),
            *((u["email"], u["password"], u["role"]) for u in tenant["users"]),
        ]
        widths = [max(_width(row[column]) for row in rows) for column in range(3)]
        print(f"  {tenant['name']}")
        for row in rows:
            print(
                "    "
                + "   ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True))
            )
        print(flush=True)
    print("  Ctrl-C で止まります。データは残ります。\n", flush=True)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def stop(arguments: list[str]) -> int:
    """run.py stop: ends a running Masume of this home, whoever started its parts."""
    argparse.ArgumentParser("run.py stop", description="動いている Masume を止めます。").parse_args(arguments)
    home = homes.locate()
    pid, birth = home.read("run").get("supervisor") or [0, ""]
    if pid and processes.birth(pid) == birth:
        with step("Masume を止めています"):
            os.kill(pid, signal.SIGTERM)
            if not processes.wait_until(lambda: processes.birth(pid) != birth, 90):
                raise Failure(f"run.py(プロセス {pid})が止まりません。")
    with home.locked("start"):
        supervisor.stop_leftovers(home)
        if environments.exists(home):
            with step("データベースとブローカーを止めています"):
                services.own(home, environments.of(home)).stop()
        home.write("run", {})
    return 0


def reset(arguments: list[str]) -> int:
    """run.py reset: back to an empty home; the environment and the backups stay."""
    parser = argparse.ArgumentParser("run.py reset", description="データを消します。環境と控えは残ります。")
    parser.add_argument("--yes", action="store_true", help="たずねずに消します")
    options = parser.parse_args(arguments)
    home = homes.locate()
    if not options.yes:
        if not sys.stdin.isatty():
            raise Failure("確かめられないので消しません。消してよければ --yes を付けてください。", 2)
        if input(f"{home.path} のデータを消します。よければ yes と入れてください: ") != "yes":
            raise Failure("何も消していません。")
    stop([])
    if environments.exists(home) and (database := services.own(home, environments.of(home)).database):
        shutil.rmtree(database.data, ignore_errors=True)  # for root it may lie outside the home
    for entry in home.path.iterdir():
        if entry.name not in ("env", "env-test", "tools", "backups") and not entry.name.endswith(".lock"):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    say("データを消しました。")
    return 0


def test(arguments: list[str]) -> int:
    """run.py test: the checks and the tests."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(
            "使い方: python3 run.py test [pytest の引数]\n\n使い捨てのサーバーで試験をします。引数があれば pytest だけを、"
        )
        print("なければ ruff・mypy・import-linter も実行します。")
        return 0
    return testing.run(homes.locate(), arguments)


def manage(arguments: list[str]) -> int:
    """run.py manage: a management command with this home's services, started for its time if need be."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print("使い方: python3 run.py manage 命令 …\n\n一覧: python3 run.py manage help")
        print("各命令の説明: python3 run.py manage 命令 --help")
        return 0 if arguments else 2
    home = homes.locate()
    with home.locked("start"):
        environment = environments.ensure(home)
    with services.running(home, environment) as running:
        masume = Application(home, environment, running)
        if arguments[0] not in WITHOUT_TABLES and not _served(home):
            with home.locked("start"):
                masume.prepare()
        child = subprocess.Popen([environment.python, MANAGE, *arguments], env=masume.settings)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command as well
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        status = child.wait()
    return status if status >= 0 else 128 - status


def _served(home: Home) -> bool:
    """Whether a run.py serves this home now; then the code it runs decides about the tables, not ours."""
    pid, birth = home.read("run").get("supervisor") or [0, ""]
    return bool(pid) and processes.birth(pid) == birth


def run_services(arguments: list[str]) -> int:
    """run.py services: the database and the broker in the background, for people who develop Masume."""
    text = 'PostgreSQL と Valkey だけを背景で動かします: eval "$(python3 run.py services)"。止めるには run.py stop。'
    argparse.ArgumentParser("run.py services", description=text).parse_args(arguments)
    home = homes.locate()
    with home.locked("start"):
        environment = environments.ensure(home)
        running = services.start(home, environment)
        home.update("run", keep=True)
    known = Application(home, environment, running).settings
    for name in (*running.urls, "MASUME_HOME", "MASUME_ENV", "MASUME_SECRET_KEY"):
        print(f"export {name}={shlex.quote(known[name])}")
    return 0
