"""Every id in every path, query and form of every page, swapped for the other tenant's: the answer of a random id."""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.test import Client

from drill import ground
from drill.alternating import client_of
from drill.outcome import Outcome
from tenants.models import Membership
from tenants.readiness import tenant_tables
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.doors import DOORS, Door
from tests.fingerprint import differences, fingerprint
from tests.furnish import Key, furnish
from tests.world import World, build_world
from tests.writes import Desk, write_for

PEOPLE = (Role.ADMIN, Role.CSM, Role.MANAGER, Role.SALES)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
RESTLESS = re.compile(
    rf"""{ID.pattern}|[0-9a-f]{{32}}|nonce[-=]"?[\w+/=-]{{16,}}|(?:value|content)="[\w-]{{22,}}"|\d\d:\d\d(:\d\d)?"""
)
AT_LEAST = 2_000
FEW = 150


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("foreign_ids"), transaction.atomic():
        build_world()
        world = World()
        yield from attack(world, furnish(world), small=small)
        transaction.set_rollback(True)


def attack(world: World, rows: dict[Key, UUID], *, small: bool) -> Iterator[Outcome]:
    """Runs inside one transaction; every request is taken back."""
    logging.disable(logging.ERROR)
    try:
        swapping = Swapping(world, rows, PEOPLE[:1] if small else PEOPLE)
        swaps = swapping.swaps()
        if small:
            swaps = Random(20261119).sample(swaps, FEW)
        for swap in swaps:
            swapping.try_one(swap)
    finally:
        logging.disable(logging.NOTSET)
    said = (
        f"{swapping.pages} pages read, {len(swapping.asked)} requests found, {swapping.written} of them wrote"
    )
    wrong = swapping.wrong
    yield Outcome(
        "ids swapped for the other tenant's",
        swapping.tried,
        swapping.tried - len(wrong),
        "; ".join([*wrong[:3], said]),
    )
    if not small:
        yield Outcome(f"at least {AT_LEAST:,} of them", AT_LEAST, min(AT_LEAST, swapping.tried))


# ── What a page can ask


@dataclass(frozen=True)
class Ask:
    """One request a page can send. ``said`` are its values, each with a name."""

    method: str
    path: str
    said: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()

    @property
    def slots(self) -> Iterator[tuple[str, int, str]]:
        """Where an id stands: in the path, or in the n-th value of the query or the form."""
        yield from (("path", n, found) for n, found in enumerate(ID.findall(self.path)))
        for place, pairs in (("query", self.query), ("said", self.said)):
            yield from (
                (place, n, found) for n, (_name, value) in enumerate(pairs) for found in ID.findall(value)[:1]
            )

    def swapped(self, place: str, n: int, old: str, new: str) -> "Ask":
        if place == "path":
            return replace(self, path=self.path.replace(old, new))
        pairs = list(getattr(self, place))
        pairs[n] = (pairs[n][0], pairs[n][1].replace(old, new))
        return replace(self, **{place: tuple(pairs)})

    def shape(self, place: str, n: int) -> tuple[Any, ...]:
        """The same question about another row is no new question."""
        told = dict(self.said).get("field", "")
        name = getattr(self, place)[n][0] if place != "path" else n
        return self.method, ID.sub("#", self.path), told, place, name

    def send(self, client: Client) -> Any:
        client.cookies.pop("messages", None)  # the toasts of a request before, which no savepoint takes back
        address = self.path + (f"?{urlencode(self.query)}" if self.query else "")
        if self.method == "get":
            return client.get(address, list(self.said) and dict(self.said))
        body = urlencode(self.said)
        return client.generic(
            self.method.upper(), address, body, content_type="application/x-www-form-urlencoded"
        )


@dataclass
class Form:
    method: str
    url: str
    pairs: list[tuple[str, str]] = field(default_factory=list)


class Reader(HTMLParser):
    """Collects what a page's links, forms and attributes would send."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.asks, self.open, self.select = path, set[Ask](), list[Form](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        told = json.loads(has["hx-vals"]) if has.get("hx-vals", "").startswith("{") else {}
        pairs = [(name, str(value)) for name, value in told.items()]
        if tag == "a" and has.get("href", "").startswith(("/", "?")):
            self.note("get", has["href"], [])
        for verb in ("get", "post", "delete"):
            if url := has.get(f"hx-{verb}"):
                self.note(verb, url, pairs)
                if tag == "form":
                    self.open.append(Form(verb, url, pairs))
        if tag == "form" and not {"hx-get", "hx-post", "hx-delete"} & has.keys():
            self.open.append(Form(has.get("method", "get").lower(), has.get("action", ""), pairs))
        elif tag in ("inline-edit", "quick-add"):
            self.open.append(
                Form("post", has["data-url"], [("field", has.get("data-field", "")), ("base", "")])
            )
        elif tag in ("input", "button", "textarea") and self.open:
            self.value(has.get("name", ""), has.get("value", ""))
        elif tag == "select":
            self.select = has.get("name", "")
        elif tag == "option" and self.open:
            self.value(self.select, has.get("value", ""))

    def value(self, name: str, value: str) -> None:
        """One request for each id a control could send: the browser would send one of them."""
        form = self.open[-1]
        name = name or "value"
        if ID.search(value):
            self.note(form.method, form.url, [*form.pairs, (name, value)])
        elif name != "csrfmiddlewaretoken":
            form.pairs = [pair for pair in form.pairs if pair[0] != name] + [(name, value)]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("form", "inline-edit", "quick-add") and self.open:
            form = self.open.pop()
            self.note(form.method, form.url, form.pairs)
        elif tag == "select":
            self.select = ""

    def note(self, method: str, url: str, pairs: list[tuple[str, str]]) -> None:
        parts = urlsplit(url)
        path = parts.path or self.path
        if path.startswith("/t/"):
            self.asks.add(Ask(method, path, tuple(pairs), tuple(parse_qsl(parts.query))))


# ── Swapping


@dataclass(frozen=True)
class Swap:
    role: str
    ask: Ask
    place: str
    n: int
    old: str
    new: str


class Swapping:
    def __init__(self, world: World, rows: dict[Key, UUID], people: tuple[Role, ...] = PEOPLE) -> None:
        self.world, self.rows = world, rows
        self.clients = {role: client_of(world, role, "midori") for role in people}
        self.desk = Desk(world, rows)
        self.before = fingerprint("midori", "aoba")
        self.ours, self.theirs = ids("midori", world), ids("aoba", world)
        self.asked: set[tuple[str, Ask]] = set()
        self.pages = self.tried = self.written = 0
        self.wrong: list[str] = []
        self.controls: dict[Swap, tuple[int, str, Any]] = {}

    def swaps(self) -> list[Swap]:
        self.asked = {(role, ask) for role in self.clients for ask in self.crawl(role)}
        self.asked |= {(Role.ADMIN, ask) for ask in self.listed()}
        found: dict[tuple[Any, ...], Swap] = {}
        for role, ask in sorted(self.asked, key=repr):
            for place, n, old in ask.slots:
                for kind, new in self.candidates(old):
                    found.setdefault((role, *ask.shape(place, n), kind), Swap(role, ask, place, n, old, new))
        return list(found.values())

    def crawl(self, role: str) -> Iterator[Ask]:
        """Every page of midori's, and every URL itself with the id of a row."""
        for door in DOORS:
            for path in self.paths(door):
                for verb in ("get", "post"):
                    yield Ask(verb, path)
                for headers in ({}, {"HX-Request": "true"}):
                    answer = self.clients[role].get(path, headers=headers)
                    if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                        self.pages += 1
                        reader = Reader(path)
                        reader.feed(answer.content.decode())
                        yield from reader.asks

    def paths(self, door: Door) -> Iterable[str]:
        pk = str(self.rows[door.subject, door.binned, "mine"]) if door.subject else ""
        words = ("industry", "csm") if "<slug" in door.route else ("",)
        return {
            re.sub(r"<slug:\w+>", word, f"/t/midori/{door.route}".replace("<uuid:pk>", pk)) for word in words
        }

    def listed(self) -> Iterator[Ask]:
        """The valid writes, whole: with them the swapped id is the only thing wrong."""
        for door in DOORS:
            if (write := write_for(door, self.desk)) is not None:
                path = re.sub(r"<slug:\w+>", write.key, door.route).replace(
                    "<uuid:pk>", str(self.desk.pk(door))
                )
                said = [
                    (name, str(value))
                    for name, values in write.form.items()
                    for value in (values if isinstance(values, list) else [values])
                ]
                yield Ask("post", f"/t/midori/{path}", tuple(said), tuple(parse_qsl(write.query)))

    def candidates(self, old: str) -> Iterator[tuple[str, str]]:
        """Ids of the other tenant: of the same kind, and of kinds that are everywhere."""
        kinds = {self.ours.get(old, "accounts_account"), "accounts_account", Membership._meta.db_table}
        for kind in sorted(kinds):
            new = next((pk for pk, table in self.theirs.items() if table == kind), None)
            if new:
                yield kind, new

    def try_one(self, swap: Swap) -> None:
        self.tried += 1
        slot = replace(swap, new="")
        random, theirs = self.control(slot), self.outcome(swap, swap.new)
        if random[1] != theirs[1]:  # pages say how many minutes ago something was: once more, side by side
            del self.controls[slot]
            random, theirs = self.control(slot), self.outcome(swap, swap.new)
        if random[:2] != theirs[:2]:
            self.report(swap, f"random id → {random[0]}, theirs → {theirs[0]}")
        elif random[2] != theirs[2]:
            self.report(swap, f"rows {random[2]} and {theirs[2]}")
        elif theirs[0] in (401, 403) or theirs[0] >= 500:
            self.report(swap, f"{theirs[0]}")

    def control(self, slot: Swap) -> tuple[int, str, Any]:
        """What a random id gets there."""
        if slot not in self.controls:
            self.controls[slot] = self.outcome(slot, str(uuid4()))
        return self.controls[slot]

    def outcome(self, swap: Swap, new: str) -> tuple[int, str, Any]:
        """Status, answer without what differs each time, and what moved: never a row of theirs, never to it."""
        point = transaction.savepoint()
        answer = swap.ask.swapped(swap.place, swap.n, swap.old, new).send(self.clients[swap.role])
        moved = differences(self.before, fingerprint("midori", "aoba")) if swap.ask.method != "get" else {}
        transaction.savepoint_rollback(point)
        self.written += bool(moved)
        if any(table.startswith("aoba/") for table in moved):
            self.report(swap, f"wrote {moved}")
        text = answer.content.decode(errors="replace") + str(sorted(answer.headers.items()))
        return answer.status_code, RESTLESS.sub("·", text), moved

    def report(self, swap: Swap, what: str) -> None:
        self.wrong.append(
            f"{swap.role} {swap.ask.method} {swap.ask.path} {swap.place} {swap.ask.said}: {what}"
        )


def ids(slug: str, world: World) -> dict[str, str]:
    """The table of every row of a tenant, by its id."""
    tables = [
        *sorted(table for table in tenant_tables() if not table.endswith("event")),
        Membership._meta.db_table,
    ]
    parts = " UNION ALL ".join(
        f"SELECT id::text, '{table}' FROM \"{table}\" WHERE tenant_id = %s" for table in tables
    )
    with tenant_scope(world.tenant(slug), actor="drill"), connection.cursor() as cursor:
        cursor.execute(parts, [world.tenant(slug).pk] * len(tables))
        return dict(cursor.fetchall())
