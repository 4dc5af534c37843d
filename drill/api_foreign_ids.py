"""Every id in every path, query and body of the API, swapped for the other tenant's: the answer of a random id."""

import logging
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction

from drill import ground
from drill.foreign_ids import ID, PEOPLE, Swap, Swapping
from drill.outcome import Outcome
from tenants.roles import Role
from tests.api.asks import Ask, Asks
from tests.api.program import Program
from tests.furnish import Key, furnish
from tests.world import World, build_world

FEW = 60
Step = str | int


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("api_foreign_ids"), transaction.atomic():
        build_world()
        world = World()
        yield from attack(world, furnish(world), small=small)
        transaction.set_rollback(True)


def attack(world: World, rows: dict[Key, UUID], *, small: bool) -> Iterator[Outcome]:
    """Runs inside one transaction; every request is taken back."""
    logging.disable(logging.ERROR)
    try:
        swapping = ApiSwapping(world, rows, PEOPLE[:1] if small else PEOPLE)
        swaps = swapping.swaps()
        for swap in Random(20261119).sample(swaps, FEW) if small else swaps:
            swapping.try_one(swap)
    finally:
        logging.disable(logging.NOTSET)
    places = ", ".join(f"{swapping.places[place]} in a {place}" for place in sorted(swapping.places))
    yield swapping.outcome_of(f"ids of the API swapped for the other tenant's ({places})")


@dataclass(frozen=True, eq=False)
class Question:
    """One valid request, of which one id is swapped."""

    ask: Ask

    @property
    def method(self) -> str:
        return self.ask.op.method.lower()

    @property
    def path(self) -> str:
        return self.ask.path

    @property
    def said(self) -> Any:
        return self.ask.body

    @property
    def slots(self) -> Iterator[tuple[str, int, str]]:
        """Where an id stands: the n-th in the address, or the n-th leaf of the body."""
        address, _mark, query = self.ask.path.partition("?")
        yield from (("path", n, found) for n, found in enumerate(ID.findall(address)))
        yield from (("query", n, found) for n, found in enumerate(ID.findall(query)))
        for n, (_where, value) in enumerate(leaves(self.ask.body)):
            if isinstance(value, str) and ID.fullmatch(value):
                yield "body", n, value

    def swapped(self, place: str, n: int, old: str, new: str) -> "Question":
        if place != "body":
            return Question(replace(self.ask, path=self.ask.path.replace(old, new)))
        body = deepcopy(self.ask.body)
        where, _value = list(leaves(body))[n]
        holder: Any = body
        for step in where[:-1]:
            holder = holder[step]
        holder[where[-1]] = new
        return Question(replace(self.ask, body=body))

    def shape(self, place: str, n: int) -> tuple[Any, ...]:
        where = list(leaves(self.ask.body))[n][0] if place == "body" else (n,)
        return self.ask.op.id, ID.sub("#", self.ask.path), len(self.ask.before), place, where

    def send(self, program: Program) -> Any:
        self.ask.prepare(program)
        return self.ask.send(program)


def leaves(found: Any, where: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Every value of a body that is neither an object nor an array, with the way to it."""
    steps = (
        found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else None
    )
    if steps is None:
        yield where, found
        return
    for step, value in steps:
        yield from leaves(value, (*where, step))


class ApiSwapping(Swapping):
    """As on the pages, but the requests come from the declarations of the operations."""

    def __init__(self, world: World, rows: dict[Key, UUID], people: tuple[Role, ...]) -> None:
        super().__init__(world, rows, people)
        self.clients = {role: Program(world.member(role)) for role in people}
        self.places: dict[str, int] = {}

    def swaps(self) -> list[Swap]:
        found: dict[tuple[Any, ...], Swap] = {}
        for role, program in self.clients.items():
            asks = Asks(self.world, self.rows, program)
            for ask in (*asks.writes(grown=True), *asks.reads()):
                question = Question(ask)
                for place, n, old in question.slots:
                    for kind, new in self.candidates(old):
                        key = (role, *question.shape(place, n), kind)
                        found.setdefault(key, Swap(role, question, place, n, old, new))
        return list(found.values())

    def try_one(self, swap: Swap) -> None:
        self.places[swap.place] = self.places.get(swap.place, 0) + 1
        super().try_one(swap)

    def outcome_of(self, case: str) -> Outcome:
        said = f"{len(self.clients)} roles, {self.written} of the requests wrote"
        return Outcome(case, self.tried, self.tried - len(self.wrong), "; ".join([*self.wrong[:3], said]))
