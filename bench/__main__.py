"""Measure Masume beside the least the same work can cost: ``run.py bench [PART …] [--json]``."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from importlib import import_module
from typing import Any, NamedTuple

import django

from bench.figures import HEAD, Figure


class Part(NamedTuple):
    """A module with ``measure(**takes) -> list[Figure]``; ``shares`` the database that is filled once for several."""

    module: str
    shares: bool = False
    takes: tuple[str, ...] = ()
    asked_only: bool = False


PARTS = {
    "pages": Part("pages", shares=True, takes=("rounds",)),
    "service": Part("service", shares=True),
    "import": Part("importing", shares=True),
    "night": Part("night", shares=True),
    "coach": Part("coach"),
    "growth": Part("growth", asked_only=True),
    "nights": Part("nights", takes=("tenants",), asked_only=True),
    "search": Part("searching", asked_only=True),
    "desk": Part("desk", takes=("rounds",), asked_only=True),
}


def main() -> None:
    options = asked()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "cs_planner.settings", "MASUME_ENV": "test"}
    django.setup()
    figures = list(measure(options))
    if options.json:
        json.dump([figure.as_dict() for figure in figures], sys.stdout, ensure_ascii=False)
        return
    print(HEAD)
    for figure in figures:
        print(figure.line())


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser("run.py bench", description=__doc__)
    long = ", ".join(name for name, part in PARTS.items() if part.asked_only)
    add = parser.add_argument
    add("parts", nargs="*", choices=[*PARTS, []], help=f"default: all but {long}, which take half an hour")
    add("--accounts", type=int, default=10_000, help="accounts of the tenant (default 10000)")
    add("--rounds", type=int, default=5, help="interleaved rounds per page (default 5)")
    add("--tenants", type=int, default=20, help="tenants of 5,000 accounts in nights (default 20)")
    add("--json", action="store_true", help="one object per figure, for programs")
    options = parser.parse_args()
    options.parts = options.parts or [name for name, part in PARTS.items() if not part.asked_only]
    return options


def measure(options: Any) -> Iterator[Figure]:
    """Every figure of the parts, in databases made for this and dropped afterwards."""
    from bench import world

    parts = [PARTS[name] for name in options.parts]
    shared = [part for part in parts if part.shares]
    with world.database(options.accounts) if shared else nullcontext():
        yield from figures_of(shared, options)
    yield from figures_of([part for part in parts if not part.shares], options)


def figures_of(parts: Iterable[Part], options: Any) -> Iterator[Figure]:
    for part in parts:
        yield from import_module(f"bench.{part.module}").measure(
            **{key: getattr(options, key) for key in part.takes}
        )


if __name__ == "__main__":
    main()
