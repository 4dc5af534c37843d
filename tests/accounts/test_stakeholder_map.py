"""The map's figures: nobody stands on anybody, bosses stand above, who has gone is not drawn."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from accounts.stakeholder_map import ACROSS, HEIGHT, WIDTH, at_edge, bosses_of, middle_of, tree

IDS = [UUID(int=n) for n in range(1, 61)]
FORESTS = st.lists(st.integers(0, 60), min_size=1, max_size=60)


def forest(choices: list[int]) -> dict[UUID, UUID]:
    """Everybody's boss is one of those before them, or nobody."""
    return {IDS[n]: IDS[choice % n] for n, choice in enumerate(choices) if n and choice % (n + 1) != n}


@given(FORESTS, st.sets(st.sampled_from(IDS)))
def test_everybody_has_a_place_of_their_own_below_their_boss(choices: list[int], tied: set[UUID]) -> None:
    people, bosses = IDS[: len(choices)], forest(choices)
    placed = tree(people, bosses, tied)
    assert placed.keys() == set(people)
    for person, boss in bosses.items():
        assert placed[boss][1] + HEIGHT < placed[person][1]
    rows: dict[int, list[int]] = {}
    for x, y in placed.values():
        rows.setdefault(y, []).append(x)
    for xs in rows.values():
        xs.sort()
        assert all(right - left >= WIDTH for left, right in zip(xs, xs[1:], strict=False)), rows
    assert all(x >= 0 and y >= 0 for x, y in placed.values())


def card(pk: int, boss: int | None = None, *, gone: bool = False, successor: int | None = None) -> Any:
    person = SimpleNamespace(
        pk=IDS[pk],
        reports_to_id=None if boss is None else IDS[boss],
        successor_id=None if successor is None else IDS[successor],
        state_since=date(2026, 1, 1),
    )
    return SimpleNamespace(person=person, state="lost" if gone else "")


def test_the_people_of_somebody_who_has_gone_stand_below_the_successor() -> None:
    people = [card(0), card(1, 0, gone=True, successor=2), card(2), card(3, 1)]
    here = [one for one in people if not one.state]
    assert bosses_of(people, here) == {IDS[3]: IDS[2]}


def test_without_a_successor_they_stand_below_the_next_above() -> None:
    people = [card(0), card(1, 0, gone=True), card(3, 1)]
    assert bosses_of(people, [people[0], people[2]]) == {IDS[3]: IDS[0]}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.booleans()), min_size=8, max_size=8))
def test_successors_never_make_a_circle(links: list[tuple[int, int, bool]]) -> None:
    people = [
        card(n, boss if boss < n else None, gone=gone, successor=heir if heir != n else None)
        for n, (boss, heir, gone) in enumerate(links)
    ]
    here = [one for one in people if not one.state]
    bosses = bosses_of(people, here)
    for start in bosses:
        at, steps = start, 0
        while at in bosses:
            at, steps = bosses[at], steps + 1
            assert steps <= len(bosses)
    tree([one.person.pk for one in here], bosses, set())


@given(
    st.tuples(st.integers(0, 2000), st.integers(0, 2000)),
    st.tuples(st.integers(0, 2000), st.integers(0, 2000)),
)
def test_lines_begin_at_the_edge_of_a_box(one: tuple[int, int], other: tuple[int, int]) -> None:
    start, end = middle_of(one), middle_of(other)
    x, y = at_edge(start, end)
    assert abs(x - start[0]) <= WIDTH / 2 + 3.01
    assert abs(y - start[1]) <= HEIGHT / 2 + 3.01
    assert ACROSS > WIDTH
