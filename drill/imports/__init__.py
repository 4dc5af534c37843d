"""Files that lie and break: text is exact or refused, every fault is named where it stands, nothing is half-saved."""

from collections.abc import Iterator

from drill import ground
from drill.imports import bombs, faults, kills, texts
from drill.outcome import Outcome
from tests.world import World, build_world

SEED = 20261123


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("imports"):
        build_world()
        yield from attack(World(), small=small)
        yield from bombs.attack(World(), small=small)
    yield from kills.attack(**(kills.SMALL if small else kills.FULL), seed=SEED)


def attack(world: World, *, small: bool) -> Iterator[Outcome]:
    yield from texts.attack(world)
    yield from faults.attack(world, rows=3_000 if small else 100_000, seed=SEED)
