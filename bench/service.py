"""What a page weighs on the wire, what a worker holds after 10,000 requests, and how long it takes to come up."""

import re
import time
from itertools import cycle
from pathlib import Path
from statistics import median
from urllib.parse import urljoin

from bench import pages, servers
from bench.figures import Figure
from bench.load import Answer, Ask, Visitor
from bench.servers import FLOOR, OURS, Server

ASSET = re.compile(
    r"""<(?:script|link|img)\b[^>]*?\b(?:src|href)=["']?([^"'\s>]+)["']?[^>]*>""", re.IGNORECASE
)
DRAWN = re.compile(r"rel=[\"']?(?:stylesheet|icon|shortcut|preload|modulepreload)", re.IGNORECASE)
NETBOX_KB = {"first visit to the list": 268.0, "HTML of the list": 14.0, "HTML of an account": 9.0}
"""The lightest of the peers, if it were gzipped; goals are shares of it."""
REQUESTS = 10_000
FIRST = 1_000
STARTS = 3


def measure(requests: int = REQUESTS) -> list[Figure]:
    with pages.both_sides() as sides:
        found = weights(sides.visitor)
        memory = memories(sides, requests)
        return [*found, *memory, cold_start(sides)]


# Weight ---------------------------------------------------------------------------------------------------------


def weights(visitor: Visitor) -> list[Figure]:
    """The goals: 80 KB in six requests for the first visit, 0.8 of NetBox for the HTML, only the HTML afterwards."""
    account, _plan = pages.rich_accounts()[0]
    listed = visitor.ask(Ask(f"{pages.MOUNT}/accounts/"))
    shown = visitor.ask(Ask(f"{pages.MOUNT}/accounts/{account}/"))
    assets = [visitor.ask(Ask(path)) for path in assets_of(listed)]
    again = sum("immutable" not in answer.headers.get("Cache-Control", "") for answer in assets)
    first = listed.size + sum(answer.size for answer in assets)
    return [
        weight("first visit to the list", first, 0.3, f"{1 + len(assets)} requests (at most 6), {again} of them again"),
        weight("HTML of the list", listed.size, 0.8, f"{len(listed.text.encode()) / 1024:.0f} KB before gzip"),
        weight("HTML of an account", shown.size, 0.8, f"{len(shown.text.encode()) / 1024:.0f} KB before gzip"),
    ]  # fmt: skip


def assets_of(page: Answer) -> list[str]:
    """The files of this server that a browser fetches with the page."""
    named = [
        match
        for match in ASSET.finditer(page.text)
        if not match[0].startswith("<link") or DRAWN.search(match[0])
    ]
    paths = dict.fromkeys(
        urljoin("/", match[1]) for match in named if not match[1].startswith(("data:", "http"))
    )
    return list(paths)


def weight(name: str, size: int, share: float, note: str) -> Figure:
    ours, peer = size / 1024, NETBOX_KB[name]
    return Figure(name, ours, peer, ours / peer, goal=share, unit="KB", note=note)


# Memory and start -----------------------------------------------------------------------------------------------


def memories(sides: pages.Sides, requests: int) -> list[Figure]:
    """A worker of ours beside one of the floor after as many requests, and what it grew after the first thousand."""
    ours, early = worked(sides.visitor, pages.pages_of(sides.visitor), sides.ours, requests)
    account, _plan = pages.rich_accounts()[0]
    floor_pages = cycle([Ask("/accounts/"), Ask(f"/accounts/{account}/")])
    sides.least.block(lambda: next(floor_pages), min(FIRST, requests), 4, sides.floor.pids)
    floor = servers.proportional_memory(sides.floor.workers) / len(sides.floor.workers)
    return [
        Figure(f"a worker after {requests:,} requests", ours, floor, ours / floor, goal=2.4, unit="MB"),
        Figure("grown since the first 1,000", ours, early, ours / early, goal=1.05, unit="MB"),
    ]


def worked(visitor: Visitor, asked: list[pages.Page], server: Server, requests: int) -> tuple[float, float]:
    """Megabytes of a worker at the end, and early on."""
    turns = cycle(page.ours for page in asked)
    ask = lambda: next(turns)()  # noqa: E731
    count = len(server.workers)
    visitor.block(ask, min(FIRST, requests), 4, server.pids)
    early = servers.proportional_memory(server.workers) / count
    visitor.block(ask, max(requests - FIRST, 0), 4, server.pids)
    return servers.proportional_memory(server.workers) / count, early


def cold_start(sides: pages.Sides) -> Figure:
    """From the command to the first list, one worker."""
    mine, least = Ask(f"{pages.MOUNT}/accounts/"), Ask("/accounts/")
    ours = median(started(OURS, sides.home, sides.visitor, mine) for _start in range(STARTS))
    floor = median(started(FLOOR, sides.home, sides.least, least) for _start in range(STARTS))
    return Figure("cold start to the first list", ours, floor, ours / floor, goal=3)


def started(application: str, home: Path, visitor: Visitor, ask: Ask) -> float:
    begun = time.perf_counter()
    server = servers.start(application, home)
    try:
        Visitor(server.port, visitor.cookies, visitor.headers).ask(ask)
        return 1000 * (time.perf_counter() - begun)
    finally:
        servers.stop(server)
