"""Who stands above whom, when rows of one file may name each other: circles, and what is too deep to be meant.

Every record has one above it at most, so that a walk that looks at each of them once finds every circle.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

LEVELS = 30
"""No group of companies is as deep; a file that is has its columns mixed up."""
NAMED = 8

Node = TypeVar("Node", bound=Hashable)


def circles(above: Mapping[Node, Node]) -> list[list[Node]]:
    """Those who come back to themselves, each circle once and in its order."""
    seen: set[Node] = set()
    found = []
    for start in above:
        way: list[Node] = []
        place: dict[Node, int] = {}
        node = start
        while node in above and node not in seen:
            seen.add(node)
            place[node] = len(way)
            way.append(node)
            node = above[node]
        if node in place:
            found.append(way[place[node] :])
    return found


def too_deep(above: Mapping[Node, Node], most: int) -> set[Node]:
    """Those with more than so many others above them; who stands in or below a circle does not count."""
    in_circles = {node for circle in circles(above) for node in circle}
    depths: dict[Node, int | None] = dict.fromkeys(in_circles)
    for start in above:
        way = []
        node = start
        while node in above and node not in depths:
            way.append(node)
            node = above[node]
        depth = depths.get(node, 0)
        for each in reversed(way):
            depth = None if depth is None else depth + 1
            depths[each] = depth
    return {node for node, depth in depths.items() if depth is not None and depth > most}


def said_around(circle: Sequence[Node], place: int, names: Mapping[Node, str]) -> str:
    """A → B → A, beginning with the one at ``place``; of a long circle the first few."""
    told = [names[circle[(place + n) % len(circle)]] for n in range(min(len(circle), NAMED))]
    return " → ".join([*told, *(["…"] if len(circle) > NAMED else []), told[0]])
