"""Measure Masume beside the least the same work can cost: ``run.py bench [pages] [service] [growth] [import] [night] [nights]
[coach] [search] [desk] [--json]``."""

import argparse
import json
import os
import sys
from collections.abc import Callable

import django

from bench.figures import HEAD, Figure


def main() -> None:
    parser = argparse.ArgumentParser("run.py bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        choices=["pages", "service", "growth", "import", "night", "nights", "coach", "search", "desk", []],
        help="default: all but growth, nights, search and desk, which make databases of their own for half an hour",
    )
    parser.add_argument("--accounts", type=int, default=10_000, help="accounts of the tenant (default 10000)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds per page (default 5)")
    parser.add_argument(
        "--tenants", type=int, default=20, help="tenants of 5,000 accounts in nights (default 20)"
    )
    parser.add_argument("--json", action="store_true", help="one object per figure, for programs")
    options = parser.parse_args()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "cs_planner.settings", "MASUME_ENV": "test"}
    django.setup()
    parts = options.parts or ["pages", "service", "import", "night", "coach"]
    figures = measure(
        [part for part in parts if part not in ("nights", "coach", "search", "desk")],
        options.accounts,
        options.rounds,
    )
    if "coach" in parts:
        from bench import coach

        figures += coach.measure()
    if "nights" in parts:
        from bench import nights

        figures += nights.measure(options.tenants)
    if "search" in parts:
        from bench import searching

        figures += searching.measure()
    if "desk" in parts:
        from bench import desk

        figures += desk.measure(options.rounds)
    if options.json:
        json.dump([figure.as_dict() for figure in figures], sys.stdout, ensure_ascii=False)
        return
    print(HEAD)
    for figure in figures:
        print(figure.line())


def measure(parts: list[str], accounts: int, rounds: int) -> list[Figure]:
    """Every figure of the parts, in databases made for this and dropped afterwards."""
    from bench import growth, importing, night, pages, service, world

    grown = growth.measure() if "growth" in parts else []
    if not (parts := [part for part in parts if part != "growth"]):
        return grown
    made: dict[str, Callable[[], list[Figure]]] = {
        "pages": lambda: pages.measure(rounds),
        "service": service.measure,
        "import": importing.measure,
        "night": night.measure,
    }
    with world.database(accounts):
        return [*(figure for part in parts for figure in made[part]()), *grown]


if __name__ == "__main__":
    main()
