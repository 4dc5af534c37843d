"""Fifty editors save two hundred times each into one record, over HTTP, each keeping a ledger of what they were told."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPResponse
from random import Random
from socket import SHUT_RDWR
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.validators import MaxLengthValidator
from django.db import connection, models, transaction

from accounts.models import Account, Activity
from drill import ground, ledger, site
from drill.outcome import Outcome, row
from tenants.editing import EditField, editable
from tenants.models import Membership
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World, build_member, build_world

SEED = 20261119
FATES = {"answered": 80, "answer lost": 6, "twice": 6, "cut off": 4, "late": 4}
LEFT_OUT = {
    "fiscal_month",
    "fiscal_day",
    "parent",
}  # another month takes its day with it: two fields are one fact there; a parent has to be another customer
CREATE_EVERY = 20
PRODUCTION = {"MASUME_ENV": "production", "MASUME_BEHIND_PROXY": "1", "MASUME_ALLOWED_HOSTS": "127.0.0.1"}


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("editors") as name:
        build_world()
        yield from attack(name, World(), *((8, 20) if small else (50, 200)))


def attack(name: str, world: World, editors: int, saves: int) -> Iterator[Outcome]:
    record = world.account_id()
    fields = fields_of_one_record()
    sessions = [signed_in(world, n) for n in range(editors)]
    start = history_of(world, record, fields)
    with site.serving(ground.url("DATABASE_URL", name), **PRODUCTION) as port:
        desks = [
            Desk(port, session, actor, record, fields, start[-1].values, n, saves)
            for n, (session, actor) in enumerate(sessions)
        ]
        with ThreadPoolExecutor(editors) as pool:
            for done in [pool.submit(desk.work) for desk in desks]:
                done.result()
    attempts = [attempt for desk in desks for attempt in desk.attempts]
    found = ledger.check(attempts, history_of(world, record, fields), stands(world, record, fields))
    yield from outcomes(desks, attempts, found, len(fields))
    yield creates(world, record, desks)


def outcomes(
    desks: Sequence["Desk"], attempts: Sequence[ledger.Attempt], found: ledger.Findings, fields: int
) -> Iterator[Outcome]:
    sent = sum(desk.sent for desk in desks)
    strange = [said for desk in desks for said in desk.strange]
    counted = f"{sent} requests, {len(attempts)} texts, {fields} fields"
    yield row("answers that a person can act on", sent, strange, counted)
    yield row("acknowledged writes in the history", found.acknowledged, found.missing)
    yield row("writes by somebody who knew what they replaced", found.writes, found.overwritten)
    yield row("writes of the history that somebody asked for, once", found.writes, found.unexplained)
    yield row("conflicts with the loser's text and the winner's", found.conflicts, found.wordless)
    yield row("versions without a gap, the last one is the record", found.writes, found.gaps)
    yield row("fields that end with an acknowledged write", fields, found.unfinished)


def creates(world: World, record: UUID, desks: Sequence["Desk"]) -> Outcome:
    with tenant_scope(world.tenant(), actor="drill"):
        titles = list(Activity.objects.filter(account=record).values_list("title", flat=True))
    asked = [title for desk in desks for title in desk.notes]
    wrong = [f"{title}: {titles.count(title)} times" for title in asked if titles.count(title) != 1]
    return row("notes made once, asked for again and again", len(asked), wrong)


def signed_in(world: World, n: int) -> tuple[str, str]:
    """The session of a member of their own, and what history calls them."""
    with transaction.atomic():
        member = build_member(world.tenant(), f"editor-{n}", f"編集 {n}号", Role.MANAGER)
    return site.session_of(member.user), f"member:{member.pk}"


# ── What is written


@dataclass(frozen=True)
class Written:
    """One field as the drill understands it, from the type of its column alone."""

    key: str
    column: str
    typed: Callable[[Any], str]  # what a person types for a stored value
    another: Callable[[Random, str], Any]  # a stored value; the text tells apart where the type allows


def fields_of_one_record() -> list[Written]:
    """Every field of an account that takes more than one value."""
    found = editable("account")
    return [written for one in found.fields.values() if (written := how_to_write(found.model, one))]


def how_to_write(model: type[models.Model], one: EditField) -> Written | None:
    column: Any = model._meta.get_field(one.key)
    checks = [check for check in column._validators if not isinstance(check, MaxLengthValidator)]
    if one.key in LEFT_OUT or checks or (column.max_length or 99) < 20 and not column.choices:
        return None
    typed: Callable[[Any], str] = lambda stored: "" if stored is None else str(stored)  # noqa: E731
    if isinstance(column, models.ForeignKey):
        members = [str(pk) for pk in Membership.objects.active().filter(tenant__slug="midori", role=Role.MANAGER).values_list("pk", flat=True)]  # fmt: skip
        return Written(one.key, column.attname, typed, lambda chance, text: chance.choice(members))
    if column.choices:
        keys = [str(key) for key, _label in column.choices]
        return Written(one.key, column.attname, typed, lambda chance, text: chance.choice(keys))
    if isinstance(column, models.BooleanField):
        typed = lambda stored: {True: "yes", False: "no", None: ""}[stored]  # noqa: E731
        return Written(one.key, column.attname, typed, lambda chance, text: chance.choice([True, False]))
    if isinstance(column, models.DateField):
        return Written(one.key, column.attname, typed, lambda chance, text: date(chance.randint(2000, 2099), 4, 1))  # fmt: skip
    if isinstance(column, models.IntegerField):
        if one.widget == "money":
            typed = lambda stored: "" if stored is None else f"{stored // 10_000:,}"  # noqa: E731
            return Written(one.key, column.attname, typed, lambda chance, text: chance.randrange(10**8) * 10_000)  # fmt: skip
        return Written(one.key, column.attname, typed, lambda chance, text: chance.randrange(10**8))
    return Written(one.key, column.attname, typed, lambda chance, text: text)


def history_of(world: World, record: UUID, fields: Sequence[Written]) -> list[ledger.Row]:
    with tenant_scope(world.tenant(), actor="drill"), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT version, pgh_actor, {', '.join(one.column for one in fields)} "
            "FROM accounts_accountevent WHERE pgh_obj_id = %s ORDER BY version, pgh_id",
            [record],
        )
        rows = cursor.fetchall()
    return [ledger.Row(version, actor, typed(fields, values)) for version, actor, *values in rows]


def stands(world: World, record: UUID, fields: Sequence[Written]) -> dict[str, str]:
    with tenant_scope(world.tenant(), actor="drill"):
        return typed(fields, Account.objects.values_list(*(one.column for one in fields)).get(pk=record))


def typed(fields: Sequence[Written], values: Sequence[Any]) -> dict[str, str]:
    return {one.key: one.typed(value) for one, value in zip(fields, values, strict=True)}


# ── Who writes


@dataclass
class Desk:
    """One person at one open page: what they believe, what they sent, what they were told."""

    port: int
    session: str
    actor: str
    record: UUID
    fields: Sequence[Written]
    first_read: dict[str, str]
    number: int
    saves: int
    attempts: list[ledger.Attempt] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sent: int = 0
    seq: int = 0
    answered: dict[str, int] = field(default_factory=dict)

    def work(self) -> None:
        self.chance = Random(SEED + self.number)
        self.known = dict(self.first_read)
        self.old_forms: list[dict[str, str]] = []
        for n in range(self.saves):
            one = self.chance.choice(self.fields)
            text = one.typed(one.another(self.chance, f"{self.number}号の{n}回目の{one.key}"))
            if text != self.known[one.key]:
                self.save(one.key, text, n)
            if n % CREATE_EVERY == 0:
                self.create(n)

    def save(self, key: str, text: str, n: int) -> None:
        """Until it is answered; typing on over an answer that is late, and insisting on a conflict, now and then."""
        own: tuple[str, ...] = ()
        attempt = self.attempt(key, text, own)
        form = self.form(attempt, n)
        while (answer := self.deliver("edit/account", form, attempt)) is None:
            attempt.unanswered += 1
            if "号の" in text and self.chance.random() < 0.3:
                own, text, n = (*own, text), text + "。", n + self.saves
                attempt = self.attempt(key, text, own)
                form = self.form(attempt, n)
        self.old_forms.append(form)
        self.answered[key] = self.seq
        attempt.answers.append(told := self.read(answer))
        if told.status == 200:
            self.known[key] = told.value
        elif told.status == 409:
            self.known[key] = told.theirs
            if self.chance.random() < 0.5 and told.theirs != text:
                self.save(key, text, n + 2 * self.saves)

    def attempt(self, key: str, text: str, own: tuple[str, ...]) -> ledger.Attempt:
        self.attempts.append(ledger.Attempt(self.actor, key, text, self.known[key], own))
        return self.attempts[-1]

    def form(self, attempt: ledger.Attempt, n: int) -> dict[str, str]:
        self.seq += 1
        return {"field": attempt.field, "value": attempt.text, "base": attempt.base,
                "editor": f"page-{self.number}", "seq": str(self.seq), "answered": str(self.answered.get(attempt.field, 0))}  # fmt: skip

    def create(self, n: int) -> None:
        title = f"{self.number}号の{n}回目の電話"
        self.notes.append(title)
        form = {"text": title, "idempotency_key": f"{self.number}-{n}"}
        while (answer := self.deliver("notes", form)) is None:
            pass
        if answer[0] not in (200, 204, 303):
            self.strange.append(f"note → {answer[0]}")

    def deliver(
        self, what: str, form: dict[str, str], attempt: ledger.Attempt | None = None
    ) -> tuple[int, str] | None:
        """What the network does to one request; None when no answer comes back."""
        (fate,) = self.chance.choices(list(FATES), list(FATES.values()))
        if fate == "late" and self.old_forms and what != "notes":
            self.ask(what, self.chance.choice(self.old_forms))
        if fate == "twice":
            if attempt:
                attempt.unanswered += 1
            self.ask(what, form, answered=False)
        if fate in ("answer lost", "cut off"):
            return self.ask(what, form, answered=False, whole=fate == "answer lost")
        return self.ask(what, form)

    def ask(
        self, what: str, form: dict[str, str], *, answered: bool = True, whole: bool = True
    ) -> tuple[int, str] | None:
        self.sent += 1
        path = f"accounts/{self.record}/notes/" if what == "notes" else f"{what}/{self.record}/"
        body = urlencode(form).encode()
        asking = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            asking.putrequest("POST", f"/t/midori/{path}")
            for name, value in self.headers(len(body)).items():
                asking.putheader(name, value)
            asking.endheaders(body if whole else body[: self.chance.randrange(len(body))])
            return self.heard(asking.getresponse()) if answered else None
        except (OSError, HTTPException):
            return None
        finally:
            if asking.sock and not answered:
                asking.sock.shutdown(SHUT_RDWR)
            asking.close()

    def headers(self, length: int) -> dict[str, str]:
        token = "t" * 32
        return {
            "Cookie": f"__Host-session={self.session}; __Host-csrf={token}",
            "X-CSRFToken": token,
            "X-Requested-With": "fetch",
            "X-Forwarded-Proto": "https",
            "Origin": f"https://127.0.0.1:{self.port}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(length),
        }

    def heard(self, answer: HTTPResponse) -> tuple[int, str]:
        text = answer.read().decode()
        if answer.status not in (200, 204, 303, 409):
            self.strange.append(f"{answer.status} {text[:200]}")
        return answer.status, text

    def read(self, answer: tuple[int, str]) -> ledger.Answer:
        status, text = answer
        if status not in (200, 409):
            return ledger.Answer(status, 0)
        said = json.loads(text)
        return ledger.Answer(
            status,
            said["version"],
            said.get("value", ""),
            said.get("theirs", ""),
            unescape(said.get("html", "")),
        )
