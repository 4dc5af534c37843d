"""The account list, a search, an account, a plan and the saving of one field, each in turn with the floor."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench import servers, world
from bench.figures import Figure
from bench.load import Ask, Block, Visitor, percentile
from bench.servers import FLOOR, OURS, Server
from bench.statements import gate

TOKEN = "b" * 32
MOUNT = f"/t/{world.SLUG}"
CALLS = {1: 20, 16: 48}
TAIL = {1: 1.5, 16: 2.5}
NEXT = re.compile(r'rel="next" href="([^"]+)"')
DEEP = 30
"""So many pages are turned before the deep page is measured."""


@dataclass(frozen=True)
class Page:
    """What is asked of us and of the floor, the most our time may be of the floor's, the most statements."""

    name: str
    ours: Callable[[], Ask]
    floor: Callable[[], Ask]
    goal: float = 0
    statements: int = 0


@dataclass(frozen=True)
class Sides:
    """Both servers up, somebody signed in at each."""

    home: Path
    ours: Server
    floor: Server
    visitor: Visitor
    least: Visitor


def measure(rounds: int, concurrencies: tuple[int, ...] = (1, 16)) -> list[Figure]:
    with both_sides() as sides:
        pages = pages_of(sides.visitor)
        counted = statements([page.ours for page in pages], sides)
        found = []
        for concurrency in concurrencies:
            for page, asked in zip(pages, counted, strict=True):
                found += beside(page, sides, rounds, concurrency, asked)
        return found + deep_beside_first(sides, rounds)


@contextmanager
def both_sides(activities: int = 0) -> Iterator[Sides]:
    world.live_on(timezone.localdate(), activities)
    with servers.prepared_home() as home:
        copy_for_the_floor()
        with servers.serving(OURS, home) as ours, servers.serving(FLOOR, home) as floor:
            yield Sides(home, ours, floor, signed_in(ours.port), at_the_floor(floor.port))


def copy_for_the_floor() -> None:
    """The floor's rows are those of the product, without tenants and policies; only the app sees them."""
    with world.within(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO floor.account SELECT a.id, 1, name, stage, tier, industry, arr, coalesce(score, 0), renews_on"
            " FROM accounts_account a LEFT JOIN health_accountscore s ON s.account_id = a.id"
        )
        cursor.execute("INSERT INTO floor.person SELECT id, account_id, name, title FROM accounts_keyperson")
        cursor.execute(
            'INSERT INTO floor.note SELECT id, account_id, "on", kind, title FROM accounts_activity'
        )
    connected = world.owner()
    with connected.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connected.close()


def signed_in(port: int) -> Visitor:
    from tenants.models import User

    client = Client()
    client.force_login(User.objects.get(email=world.EMAIL), backend=settings.AUTHENTICATION_BACKENDS[0])
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return Visitor(port, cookies | {settings.CSRF_COOKIE_NAME: TOKEN}, {"X-CSRFToken": TOKEN})


def at_the_floor(port: int) -> Visitor:
    visitor = Visitor(port)
    visitor.ask(Ask("/enter/"))
    return visitor


# What is measured -----------------------------------------------------------------------------------------------


def pages_of(visitor: Visitor) -> list[Page]:
    rich = rich_accounts()
    accounts, plans = cycle(account for account, _plan in rich), cycle(plan for _account, plan in rich)
    least_saved = cycle(account for account, _plan in rich)
    account = lambda: Ask(f"/accounts/{next(accounts)}/", holds="定例の打ち合わせ")  # noqa: E731
    return [
        Page("account list, first page", listed(), least_list(), 2.5, 11),
        Page("account list, deep", always(deep(visitor)), least_list(), 0, 11),
        Page("search, two characters", listed(q="青葉"), least_list(q="青葉"), 2.5, 11),
        Page("search, three characters", listed(q="日ノ出"), least_list(q="日ノ出"), 2.5, 11),
        Page("account page", lambda: Ask(f"{MOUNT}/accounts/{next(accounts)}/", holds="</html>"), account, 3, 18),
        Page("timeline of an account", lambda: Ask(f"{MOUNT}/accounts/{next(accounts)}/timeline/"), account),
        Page("plan (floor: account)", lambda: Ask(f"{MOUNT}/plans/{next(plans)}/", holds="入電数"), account),
        Page(
            "save one field",
            saving([account for account, _plan in rich]),
            lambda: Ask(f"/save/{next(least_saved)}/", {}),
            2.5,
            15,
        ),
    ]  # fmt: skip


def saving(accounts: list[Any]) -> Callable[[], Ask]:
    """One account after the other, as the open page of one person sends it: a new text and the one it replaces."""
    numbers = count()

    def ask() -> Ask:
        number = next(numbers)
        turn, place = divmod(number, len(accounts))
        before = f"所在地{turn - 1}" if turn else ""
        form = {
            "field": "address",
            "value": f"所在地{turn}",
            "base": before,
            "editor": TOKEN,
            "seq": str(number),
        }
        return Ask(f"{MOUNT}/edit/account/{accounts[place]}/", form, holds='"superseded": false')

    return ask


def listed(**query: str) -> Callable[[], Ask]:
    asked = "&".join(f"{key}={quote(value)}" for key, value in query.items())
    return always(Ask(f"{MOUNT}/accounts/?{asked}", holds="data-row"))


def least_list(**query: str) -> Callable[[], Ask]:
    asked = "&".join(f"{key}={quote(value)}" for key, value in query.items())
    return always(Ask(f"/accounts/?{asked}", holds="<tr"))


def always(ask: Ask) -> Callable[[], Ask]:
    return lambda: ask


def rich_accounts() -> list[tuple[Any, Any]]:
    """Accounts with twenty notes, each with its plan."""
    from success_plans.models import SuccessPlan

    with world.within():
        return list(SuccessPlan.objects.order_by("pk").values_list("account", "pk")[: world.RICH])


def deep(visitor: Visitor) -> Ask:
    """The page that somebody reaches who turns page after page, or the last there is."""
    ask = Ask(f"{MOUNT}/accounts/?", holds="data-row")
    for _page in range(DEEP):
        following = NEXT.search(visitor.ask(ask).text)
        if following is None:
            break
        ask = Ask(urlsplit(ask.path).path + following[1].replace("&amp;", "&"), holds="data-row")
    return ask


# Measuring ------------------------------------------------------------------------------------------------------


def beside(page: Page, sides: Sides, rounds: int, concurrency: int, asked: int) -> list[Figure]:
    ours, floor = blocks(
        (sides.visitor, page.ours, sides.ours), (sides.least, page.floor, sides.floor), rounds, concurrency
    )
    name = page.name if concurrency == 1 else f"{page.name}, {concurrency} at once"
    ratio = median(p50(mine) / p50(least) for mine, least in zip(ours, floor, strict=True))
    cpu = median(mine.cpu_each / least.cpu_each for mine, least in zip(ours, floor, strict=True))
    each = [1000 * median(block.cpu_each for block in side) for side in (ours, floor)]
    tail = median(percentile(block.seconds, 0.95) / p50(block) for block in ours)
    least_tail = median(percentile(block.seconds, 0.95) / p50(block) for block in floor)
    note = f"CPU {each[0]:.1f} / {each[1]:.1f} ms = {cpu:.2f}×  p95/p50 {tail:.2f} (floor {least_tail:.2f})"
    if page.statements and asked > page.statements:
        note += f"  ✗ at most {page.statements} statements"
    if tail > TAIL[concurrency]:
        note += f"  ✗ p95 ≤ {TAIL[concurrency]} × p50"
    mine, least = (1000 * median(p50(block) for block in side) for side in (ours, floor))
    return [Figure(name, mine, least, ratio, asked if concurrency == 1 else 0, page.goal, note=note)]


def deep_beside_first(sides: Sides, rounds: int) -> list[Figure]:
    """Goal 2 has our own first page as its floor."""
    deep_page = always(deep(sides.visitor))
    ours, floor = blocks(
        (sides.visitor, deep_page, sides.ours), (sides.visitor, listed(), sides.ours), rounds, 1
    )
    ratio = median(p50(mine) / p50(first) for mine, first in zip(ours, floor, strict=True))
    mine, first = (1000 * median(p50(block) for block in side) for side in (ours, floor))
    return [Figure("deep page (floor: our first)", mine, first, ratio, goal=1.1)]


Side = tuple[Visitor, Callable[[], Ask], Server]


def blocks(ours: Side, floor: Side, rounds: int, concurrency: int) -> tuple[list[Block], list[Block]]:
    """Blocks of calls in turn, so that noise hits both alike."""
    for visitor, asks, server in (ours, floor):
        visitor.block(asks, 2 * concurrency + 4, concurrency, server.pids)
    calls = CALLS[concurrency]
    pairs = [
        [visitor.block(asks, calls, concurrency, server.pids) for visitor, asks, server in (ours, floor)]
        for _round in range(rounds)
    ]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def p50(block: Block) -> float:
    return percentile(block.seconds, 0.5)


def statements(asks: list[Callable[[], Ask]], sides: Sides) -> list[int]:
    """What each page sends to PostgreSQL, BEGIN and COMMIT and the binding counted."""
    with (
        gate(settings.DATABASES["default"]["HOST"], int(settings.DATABASES["default"]["PORT"])) as passage,
        servers.serving(OURS, sides.home, workers=1, threads=1, through=passage.port) as server,
    ):
        visitor = Visitor(server.port, sides.visitor.cookies, sides.visitor.headers)
        found = []
        for ask in asks:
            for _warm in range(2):
                visitor.ask(ask())
            passage.seen.clear()
            visitor.ask(ask())
            found.append(len(passage.seen))
        return found
