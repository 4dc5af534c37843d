"""Locks taken away one by one: for each of them a test of the suite must fail, and is named."""

from collections.abc import Iterable, Iterator

from drill import ground
from drill.mutants import code, database, declared
from drill.mutants.kinds import Kind, Mutant
from drill.outcome import Outcome, row
from tests.world import World, build_world

FEW = 2  # of each kind, in the tests


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("mutants"):
        build_world()
        yield from attack(World(), small=small)
    if not small:
        yield from code.attack()


def attack(world: World, *, small: bool) -> Iterator[Outcome]:
    """Locks of the database and of what is registered, walked; each is put back before the next one goes."""
    kinds = [*database.kinds(), *declared.kinds()]
    standing = [kind.name for kind in kinds if not passes(kind, world)]
    yield row("kinds whose tests pass while every lock is there", len(kinds), standing)
    for kind in kinds:
        mutants = spread(kind.mutants, FEW) if small else kind.mutants
        survivors = [mutant.name for mutant in mutants if not caught(kind, mutant, world)]
        yield row(kind.name, len(mutants), survivors, f"caught by {', '.join(kind.says)}")
    again = [kind.name for kind in kinds if not passes(kind, world)]
    yield row("kinds whose tests pass again at the end", len(kinds), again)


def passes(kind: Kind, world: World) -> bool:
    return all(check(world) is None for check in kind.checks.values())


def caught(kind: Kind, mutant: Mutant, world: World) -> bool:
    with mutant.applied():
        found = [name for name, check in kind.checks.items() if check(world) is not None]
    kind.says.update(found)
    return bool(found)


def spread(mutants: list[Mutant], count: int) -> list[Mutant]:
    """Some from everywhere in the list."""
    return mutants[:: max(1, len(mutants) // count)][:count]


__all__: Iterable[str] = ["attack", "run"]
