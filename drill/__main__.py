"""Run the drills of this package, every one or those named, and print what was tried and what survived."""

import argparse
import os
import pkgutil
import sys
from importlib import import_module
from types import ModuleType

import django

import drill

TOOLS = {"__main__", "outcome", "ground", "rendered", "nasty", "site", "ledger", "network"}
"""Modules that drills share. Every other module is a drill: its docstring says what it attacks, and its
``run(*, small)`` yields one ``Outcome`` after another."""


def main() -> int:
    known = sorted(module.name for module in pkgutil.iter_modules(drill.__path__) if module.name not in TOOLS)
    parser = argparse.ArgumentParser("run.py drill", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(known)}")
    parser.add_argument("--small", action="store_true", help="the size that the tests run")
    options = parser.parse_args()
    if unknown := set(options.names) - set(known):
        parser.error(f"no such drill: {', '.join(sorted(unknown))} (there are {', '.join(known)})")
    os.environ |= {"DJANGO_SETTINGS_MODULE": "cs_planner.settings", "MASUME_ENV": "test"}
    django.setup()
    print(f"  {'':<58}{'tried':>9}{'survived':>10}", flush=True)
    held = [outcome_held(import_module(f"drill.{name}"), options.small) for name in options.names or known]
    return 0 if all(held) else 1


def outcome_held(module: ModuleType, small: bool) -> bool:
    """Run one drill; True if every case of it held."""
    print(f"■ {module.__name__.removeprefix('drill.')}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
    held = []
    for outcome in module.run(small=small):
        print(outcome.line(), flush=True)
        held.append(outcome.held)
    return bool(held) and all(held)


if __name__ == "__main__":
    sys.exit(main())
