"""A kind of lock, the mutants that lack one of them, and the tests of the suite that must notice."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.db import transaction

from tests.world import World

Check = Callable[[World], str | None]


@dataclass(frozen=True)
class Mutant:
    """``applied()`` takes one lock away for as long as the block runs."""

    name: str
    applied: Callable[[], AbstractContextManager[Any]]


@dataclass
class Kind:
    name: str
    checks: dict[str, Check]
    mutants: list[Mutant]
    says: set[str] = field(default_factory=set)


def tests(*functions: Callable[..., Any]) -> dict[str, Check]:
    return {function.__name__: check_of(function) for function in functions}


def check_of(test: Callable[..., Any]) -> Check:
    """A test function as a question: what is wrong, or None. It runs as pytest runs it, with each of its parameters."""

    def check(world: World) -> str | None:
        for given in parameters(test):
            try:
                with transaction.atomic():
                    test(
                        **given, **({"world": world} if "world" in inspect.signature(test).parameters else {})
                    )
                    transaction.set_rollback(True)
            except (Exception, BaseExceptionGroup) as error:
                return f"{type(error).__name__}: {error}"
            except BaseException as error:  # pytest.fail and pytest.raises speak with one of their own
                if type(error).__module__ != "_pytest.outcomes":
                    raise
                return str(error)
        return None

    return check


def parameters(test: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    for values in product(*(mark.args[1] for mark in marks)):
        yield {mark.args[0]: value for mark, value in zip(marks, values, strict=True)}
