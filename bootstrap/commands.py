"""The commands of run.py."""

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
from types import FrameType

from . import environment as environments
from . import home as homes
from . import processes, services, serving, supervisor, testing
from .application import MANAGE, Application
from .home import Home
from .progress import Failure, say, step

ABOUT = """使い方: python3 run.py [--port N] [--no-demo]    用意をして起動します(Ctrl-C で終わります)
        python3 run.py stop                       動いている Masume を止めます
        python3 run.py reset [--yes]              データを消します(環境と控えは残ります)
        python3 run.py test [pytest の引数]       試験をします
        python3 run.py drill [名前 …] [--small]    長い攻撃の試験をします
        python3 run.py bench [名前 …]             速さを測り、下限との比で示します
        python3 run.py manage 命令 …              管理の命令を実行します(一覧: run.py manage help)
        python3 run.py services                   開発用に PostgreSQL と Valkey だけを動かします

どの命令にも --help があります。データ・秘密・環境は MASUME_HOME(既定は .masume)に置かれます。
終了コード: 0 すべて済んだ、1 一部または全部ができなかった、2 使い方の誤り"""
WITHOUT_TABLES = {
    "migrate",
    "makemigrations",
    "showmigrations",
    "check",
    "help",
    "collectstatic",
    "backup",
    "restore",
}


def main(arguments: list[str]) -> int:
    """Carries out a command line; returns the exit status (0 all done, 1 not all, 2 wrong use)."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    commands = {
        "stop": stop,
        "reset": reset,
        "test": test,
        "drill": drill,
        "bench": bench,
        "manage": manage,
        "services": run_services,
    }
    try:
        if name in ("-h", "--help", "help"):
            print(ABOUT)
            return 0
        return commands.get(name, start)(rest if name in commands else arguments)
    except Failure as failure:
        say(f"\n{failure}")
        return failure.status
    except KeyboardInterrupt:
        say("\n中断しました。")
        return 130


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def start(arguments: list[str]) -> int:
    """run.py: sets up and runs Masume."""
    parser = argparse.ArgumentParser("run.py", usage=ABOUT.removeprefix("使い方: "))
    parser.add_argument("--port", type=_port, default=os.environ.get("MASUME_PORT") or "0")
    parser.add_argument("--no-demo", action="store_true")
    options = parser.parse_args(arguments)
    return serving.serve(homes.locate(), options.port, not options.no_demo)


def _port(word: str) -> int:
    if not word.isdecimal() or int(word) > 65535:
        raise argparse.ArgumentTypeError(f"{word}: 1 から 65535 の数を指定してください")
    return int(word)


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
        outside = (home.path / "postgres.path").exists()
        shutil.rmtree(database.data.parent if outside else database.data, ignore_errors=True)
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


def drill(arguments: list[str]) -> int:
    """run.py drill: the attacks of drill/, on throw-away servers."""
    return testing.run_module("drill", homes.locate(), arguments)


def bench(arguments: list[str]) -> int:
    """run.py bench: the measurements of bench/, on throw-away servers."""
    return testing.run_module("bench", homes.locate(), arguments)


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
        if arguments[0] == "restore":
            home.write("prepared", {})  # the tables may be of another version now
            home.write("demo", {})
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
        running = services.find(home, environment)
        running.start()
        home.update("run", keep=True)
    known = Application(home, environment, running).settings
    for name in (*running.urls, "MASUME_HOME", "MASUME_ENV", "MASUME_SECRET_KEY"):
        print(f"export {name}={shlex.quote(known[name])}")
    return 0
