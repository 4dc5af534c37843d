"""Saves and creates that arrive late, twice or not at all: last typed wins, no self-conflict, nothing made twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account, Activity
from drill import ground
from drill.alternating import client_of
from drill.outcome import Outcome
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World, build_world

FATES = ("answered", "answer lost", "request lost", "late", "twice")
TEXTS = ("", "百", "百貨", "百貨店", "小売")

Typing = list[tuple[str, str]]  # what is typed, and what becomes of its save
typing = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(FATES)), min_size=1, max_size=8)
others = st.lists(st.integers(0, 8), max_size=3)  # between which of them somebody saves another field
late = st.randoms(use_true_random=False)


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("autosave"):
        build_world()
        yield from attack(World(), 40 if small else 1_000)


def attack(world: World, sequences: int) -> Iterator[Outcome]:
    desk = Desk(world)
    options = settings(
        max_examples=sequences,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=HealthCheck,
    )
    options(given(typing, others, late)(desk.types))()
    yield Outcome(
        "saves reordered, doubled, delayed, lost", desk.sequences, desk.sequences, f"{desk.sent} sent"
    )
    options(given(st.lists(st.sampled_from(FATES), min_size=1, max_size=6), late)(desk.creates))()
    yield Outcome("notes made by them", desk.made, desk.made, "each once")


@dataclass
class Page:
    """What the script of a page knows about one field: see static/js/elements/inline-edit.js."""

    client: Client
    url: str
    editor: str = field(default_factory=lambda: uuid4().hex)
    seq: int = 0
    answered: int = 0
    acknowledged: str = ""
    attempt: dict[str, str] | None = None

    def post(self, form: dict[str, str]) -> Any:
        answer = self.client.post(self.url, form)
        assert answer.status_code == 200, (answer.status_code, form)  # nobody else wrote into this field
        return answer.json()

    def form(self, text: str) -> dict[str, str]:
        """The same text again is the same attempt; another one counts on."""
        if self.attempt is None or self.attempt["value"] != text:
            self.seq += 1
            self.attempt = {"value": text, "seq": str(self.seq)}
        known = {"base": self.acknowledged, "answered": str(self.answered)}
        return {**self.attempt, **known, "field": "industry", "editor": self.editor}

    def accept(self, said: dict[str, Any]) -> None:
        self.acknowledged, self.answered, self.attempt = said["value"], self.seq, None


class Desk:
    """One person at one page after another, each on an account of its own."""

    def __init__(self, world: World) -> None:
        self.world, self.client = world, client_of(world, Role.MANAGER, "midori")
        self.colleague = client_of(world, Role.ADMIN, "midori")
        self.sequences = self.sent = self.made = 0

    def types(self, typing: Typing, others: list[int], late: Any) -> None:
        pk = self.new_account()
        page, delayed = Page(self.client, f"/t/midori/edit/account/{pk}/"), list[dict[str, str]]()
        for n, (text, fate) in enumerate(typing):
            if n in others:
                self.colleague_saves(page.url, n + 1)
            if text == page.acknowledged and page.attempt is None:
                continue  # nothing to save
            form = page.form(text)
            self.deliver(page, form, fate, delayed)
            if delayed and late.random() < 0.4:
                page.post(delayed.pop(late.randrange(len(delayed))))
        last = typing[-1][0]
        if page.attempt is not None:  # it is sent again until an answer comes
            page.accept(page.post(page.form(last)))
        late.shuffle(delayed)
        for form in delayed:
            page.post(form)
        self.sequences += 1
        assert self.stands(pk) == page.acknowledged == last, (self.stands(pk), page.acknowledged, last)

    def colleague_saves(self, url: str, n: int) -> None:
        form = {"field": "address", "value": f"{n}", "base": "", "editor": "colleague", "seq": f"{n}"}
        assert self.colleague.post(url, form).status_code == 200

    def deliver(self, page: Page, form: dict[str, str], fate: str, delayed: list[dict[str, str]]) -> None:
        self.sent += 1
        if fate == "late":
            delayed.append(form)
        elif fate == "answer lost":
            page.post(form)
        elif fate == "answered":
            page.accept(page.post(form))
        elif fate == "twice":
            said = page.post(form)
            page.post(form)
            page.accept(said)

    def creates(self, fates: list[str], late: Any) -> None:
        """Notes whose form is sent again until it is answered; earlier copies may arrive at any time after."""
        pk, delayed = self.new_account(), list[dict[str, str]]()
        for n, fate in enumerate(fates):
            form = {"text": f"ひとこと{n}", "idempotency_key": uuid4().hex}
            delayed += [form] * (fate in ("late", "twice"))
            for _ in range(1 + (fate == "answer lost")):
                self.make(pk, form)
            if delayed and late.random() < 0.5:
                self.make(pk, delayed[0])
        for form in delayed:
            self.make(pk, form)
        with tenant_scope(self.world.tenant(), actor="drill"):
            titles = sorted(Activity.objects.filter(account=pk).values_list("title", flat=True))
        self.made += len(titles)
        assert titles == [f"ひとこと{n}" for n in range(len(fates))]

    def make(self, pk: Any, form: dict[str, str]) -> None:
        assert self.client.post(f"/t/midori/accounts/{pk}/notes/", form).status_code == 303

    def new_account(self) -> Any:
        with transaction.atomic(), tenant_scope(self.world.tenant(), actor="drill"):
            return make.account().pk

    def stands(self, pk: Any) -> str:
        with tenant_scope(self.world.tenant(), actor="drill"):
            return str(Account.objects.get(pk=pk).industry)
