"""Two tenants take turns on one database connection, every seventh request breaks in the middle: nothing leaks."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import get_script_prefix, get_urlconf

from accounts.models import Account
from drill import ground
from drill.outcome import Outcome
from tenants.roles import Role
from tenants.scope import scope_or_none, tenant_scope
from tests.doors import DOORS
from tests.furnish import HOMES, MARKS, Key, furnish
from tests.world import World, build_world

SLUGS = ("midori", "aoba")
BREAK_EVERY = 7


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("alternating"):
        build_world()
        world = World()
        yield from attack(world, furnish(world), 400 if small else 10_000)


def attack(world: World, rows: dict[Key, UUID], requests: int) -> Iterator[Outcome]:
    logging.disable(logging.ERROR)  # the faults are ours
    try:
        turns = Turns(world, rows)
        turns.play(requests)
    finally:
        logging.disable(logging.NOTSET)
    yield turns.outcome(f"requests on one connection ({turns.broken} broken off)", requests, turns.leaks)
    yield turns.outcome("pages that show their tenant and not the other", turns.shown, turns.strange)
    wrong = list(turns.strangers_in_history())
    yield turns.outcome("writes in the history of their tenant, by its member", turns.events, wrong)


class Turns:
    def __init__(self, world: World, rows: dict[Key, UUID]) -> None:
        self.world, self.leaks, self.strange = world, list[str](), list[str]()
        self.broken = self.shown = self.events = 0
        self.people = {
            slug: [client_of(world, role, slug) for role in (Role.ADMIN, Role.CSM)] for slug in SLUGS
        }
        self.pages = {slug: deque(pages(rows, slug)) for slug in SLUGS}
        self.stands = dict(MARKS)
        self.accounts = {
            slug: rows[Account, False, which] for which, slug in HOMES.items() if which != "other"
        }

    def play(self, requests: int) -> None:
        backend = pid()
        breaks = cycle(BREAKS)
        for n in range(requests):
            slug = SLUGS[n % 2]
            harm = next(breaks) if n % BREAK_EVERY == 0 else nullcontext
            self.broken += harm is not nullcontext
            said = self.ask(slug, n, harm)
            if left := left_behind(backend):
                self.leaks.append(f"#{n} {said}: {left}")

    def ask(self, slug: str, n: int, harm: Callable[[], Any]) -> str:
        """One request of ``slug``; every third writes."""
        client = self.people[slug][n // 2 % 2]
        path = self.pages[slug][0]
        self.pages[slug].rotate(-1)
        with harm() as broken:
            try:
                if n % 3 == 0:
                    path = f"/t/{slug}/edit/account/{self.accounts[slug]}/"
                    answer = client.post(path, self.form(slug, n))
                else:
                    answer = client.get(path)
            except (SystemExit, ZeroDivisionError):
                return path
        if not broken:
            self.look(slug, path, answer)
        if answer.status_code == 405 and len(self.pages[slug]) > 1:
            self.pages[slug].remove(path)
        if n % 3 == 0 and answer.status_code == 200:
            self.stands[slug] = answer.json()["value"]
        return f"{path} {answer.status_code}"

    def form(self, slug: str, n: int) -> dict[str, str]:
        return {"field": "address", "value": f"{MARKS[slug]}{n}", "base": self.stands[slug]}

    def look(self, slug: str, path: str, answer: Any) -> None:
        """A page may show its own tenant's mark, never the other's, nor its rows' addresses."""
        text, other = answer.content.decode(errors="replace"), SLUGS[slug == "midori"]
        if MARKS[other] in text or f"/t/{other}/" in text or str(self.accounts[other]) in text:
            self.strange.append(f"{path} shows {other}")
        if MARKS[slug] in text or f"/t/{slug}/" in text:
            self.shown += 1
        if answer.status_code >= 500:
            self.strange.append(f"{path} answered {answer.status_code}")

    def strangers_in_history(self) -> Iterator[str]:
        for slug in SLUGS:
            members = {f"member:{self.world.member(role, slug).pk}" for role in (Role.ADMIN, Role.CSM)}
            with tenant_scope(self.world.tenant(slug), actor="drill"):
                for event in Account.events.rel.related_model.objects.filter(address__regex=r"\d$"):
                    self.events += 1
                    if not event.address.startswith(MARKS[slug]) or event.pgh_actor not in members:
                        yield f"{slug}: {event.address} by {event.pgh_actor}"

    @staticmethod
    def outcome(case: str, tried: int, wrong: list[str]) -> Outcome:
        return Outcome(case, tried, tried - len(wrong), "; ".join(wrong[:3]))


def client_of(world: World, role: str, slug: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.member(role, slug).user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def pages(rows: dict[Key, UUID], slug: str) -> list[str]:
    """Every address of one tenant that takes no more than the id of a row."""
    which = {"midori": "mine", "aoba": "foreign"}[slug]
    return [
        f"/t/{slug}/{door.path(rows[door.subject, door.binned, which] if door.subject else None)}"
        for door in DOORS
    ]


def pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def left_behind(backend: int) -> str:
    """What a request left on the connection or in the process; empty if nothing."""
    if connection.in_atomic_block or not connection.get_autocommit():
        return "a transaction is still open"
    with connection.cursor() as cursor:
        names = ("app.tenant_id", "app.actor", "app.request")
        cursor.execute(
            "SELECT pg_backend_pid(), " + ", ".join(f"current_setting('{n}', true)" for n in names)
        )
        now, *bound = cursor.fetchone()
        try:
            cursor.execute("SELECT count(*) FROM accounts_account")
            return f"{cursor.fetchone()[0]} accounts are open to nobody"
        except DatabaseError:
            pass  # no tenant is bound: this is how it has to be
    if now != backend:
        return f"backend {backend} became {now}"
    if any(bound) or scope_or_none() is not None:
        return f"bound to {bound}, scope {scope_or_none()}"
    if get_urlconf() not in (None, settings.ROOT_URLCONF) or get_script_prefix() != "/":
        return f"addresses below {get_script_prefix()}"
    return ""


# ── How a request breaks


@dataclass
class Fault:
    """Strikes the n-th statement on a tenant's rows that a request sends, a later one each time."""

    strike: Callable[[Any], Any]
    seen: int = 0
    struck: bool = False

    def __bool__(self) -> bool:
        return self.struck

    def __call__(self, execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        if scope_or_none() is not None:
            self.seen -= 1
            if self.seen < 0 and not self.struck:
                self.struck = True
                self.strike(context["cursor"].cursor)
        return execute(statement, params, many, context)


_depth = count()


def breaking(strike: Callable[[Any], Any]) -> Callable[[], Any]:
    @contextmanager
    def harm() -> Iterator[Fault]:
        fault = Fault(strike, next(_depth) % 12)
        with connection.execute_wrapper(fault):
            yield fault

    return harm


def an_exception(cursor: Any) -> None:
    raise ZeroDivisionError("in the view")


def a_database_error(cursor: Any) -> None:
    cursor.execute("SELECT 1/0")


def a_timeout(cursor: Any) -> None:
    cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")


def the_end_of_a_worker(cursor: Any) -> None:
    raise SystemExit(1)  # what gunicorn does to a request that takes too long


BREAKS = [breaking(strike) for strike in (an_exception, a_database_error, the_end_of_a_worker, a_timeout)]
