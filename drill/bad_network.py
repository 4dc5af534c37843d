"""Real typing in a real browser over a network that delays, loses, doubles, reorders and cuts: last typed wins."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import Activity
from drill import editors, ground, network, site
from drill.editors import Written
from drill.outcome import Outcome, row
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World, build_world

SEED = 20261119
TYPED = ("industry", "address", "former_names", "employees", "arr", "tier", "is_listed")
PATIENCE = 20  # times a minute passes before what is unsaved counts as never saved
UNSAVED = ("dirty", "saving", "error", "offline")

WATCH = """
window.seen = { conflicts: 0, saved: [] };
new MutationObserver(() => {
  if (document.querySelector("inline-edit .conflict")) seen.conflicts += 1;
}).observe(document, { childList: true, subtree: true });
window.look = () => ({
  words: document.querySelector("save-state")?.textContent ?? "",
  state: document.querySelector("save-state")?.dataset.state ?? "",
  values: Object.fromEntries([...document.querySelectorAll("inline-edit[data-kind=account]")].map(
    (field) => [field.dataset.field, field.control.value])),
});
"""


def run(*, small: bool) -> Iterator[Outcome]:
    from playwright.sync_api import sync_playwright

    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's event loop runs in this thread
    with ground.database("bad_network") as name:
        build_world()
        with site.serving(ground.url("DATABASE_URL", name)) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"]
            )
            yield from attack(browser, f"http://127.0.0.1:{port}", World(), *((3, 6) if small else (60, 15)))
            browser.close()


def attack(browser: Any, address: str, world: World, pages: int, steps: int) -> Iterator[Outcome]:
    place = urlsplit(address)
    with network.between(place.hostname or "", place.port or 80) as between:
        typist = Typist(browser, between, world)
        for _page in range(pages):
            typist.write_on_a_page(steps)
        typist.make_notes(pages * 2)
        met = {fate: between.met.get(fate, 0) for fate in network.FATES}
    yield row("fields that hold what was typed last", typist.fields, typist.lost)
    yield row("pages that say 保存済み, and it is", typist.promises, typist.lies)
    yield row("pages without a conflict with oneself", pages, typist.conflicts)
    yield row("closings of an unsaved page that ask, and lose nothing", typist.closings, typist.unasked)
    yield row("notes made once, asked for again and again", typist.notes, typist.doubled)
    yield row("kinds of bad luck met", len(met), [fate for fate, count in met.items() if not count], f"{met}")


@dataclass
class Typist:
    """Somebody in a hurry, with a browser of their own, on one account after another."""

    browser: Any
    between: network.Network
    world: World
    chance: Random = field(default_factory=lambda: Random(SEED))
    fields: int = 0
    promises: int = 0
    closings: int = 0
    notes: int = 0
    lost: list[str] = field(default_factory=list)
    lies: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.luck: list[str] = []
        self.written = {one.key: one for one in editors.fields_of_one_record() if one.key in TYPED}
        self.context = context = self.browser.new_context(locale="ja-JP")
        session = site.session_of(self.world.member(Role.MANAGER).user)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.address}])
        context.add_init_script(WATCH)
        self.questions = 0
        self.open()

    def open(self) -> None:
        self.page = self.context.new_page()
        self.page.clock.install()
        self.page.on("dialog", self.asked)
        self.page.on("pageerror", lambda error: self.lies.append(f"script: {error}"))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.between.port}"

    def asked(self, dialog: Any) -> None:
        self.questions += 1
        dialog.dismiss()

    def fate(self, method: str, path: str) -> str:
        """Every kind in turn, in an order that chance decides."""
        if method != "POST":
            return "through"
        if not self.luck:
            self.luck = self.chance.sample(network.FATES, len(network.FATES))
        return self.luck.pop()

    def healthy(self) -> None:
        self.between.fate_of = lambda method, path: "through"

    # ── Fields

    def write_on_a_page(self, steps: int) -> None:
        record = self.new_account()
        self.healthy()
        self.page.goto(f"{self.address}/t/midori/accounts/{record}/")
        last = self.look()["values"]
        self.between.fate_of = self.fate
        for n in range(steps):
            one = self.written[self.chance.choice(TYPED)]
            last[one.key] = self.type(one, f"{one.key}の{n}回目")
            self.chance.choice((self.nothing, self.pause, self.leave_field, self.wait_a_while))()
            self.check_promise(record)
            if n % 4 == 3:
                self.try_to_close(last)
        self.healthy()
        self.wait_until_saved()
        self.between.settle()
        self.compare(record, last)

    def type(self, one: Written, text: str) -> str:
        """Over what stands there, key by key; gives what the field should hold in the end."""
        control = self.page.locator(f'inline-edit[data-field="{one.key}"]').first.locator("input, select, textarea").first  # fmt: skip
        wanted = one.typed(one.another(self.chance, text))
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(wanted)
            return wanted
        control.focus()
        control.press("Control+a")
        half = self.chance.randrange(len(wanted))
        self.page.keyboard.type(wanted[:half] or wanted)
        if half:
            self.chance.choice((self.nothing, self.pause))()
            self.page.keyboard.type(wanted[half:])
        return wanted

    def nothing(self) -> None:
        pass

    def pause(self) -> None:
        """Long enough for the field to save by itself; the answer may take its time."""
        self.page.clock.fast_forward(900)
        self.page.wait_for_timeout(self.chance.choice((0, 100, 400)))

    def leave_field(self) -> None:
        self.page.keyboard.press("Tab")

    def wait_a_while(self) -> None:
        """Until the next try of a save that had no answer."""
        self.leave_field()
        self.page.wait_for_timeout(200)
        self.page.clock.fast_forward(11_000)
        self.page.wait_for_timeout(100)

    def look(self) -> Any:
        return self.page.evaluate("look()")

    def check_promise(self, record: UUID) -> None:
        """Words first, database after: nobody else writes, so what is promised must stand there."""
        seen = self.look()
        if seen["state"] == "saved" or "保存済み" in seen["words"]:
            self.promises += 1
            stands = self.stands(record)
            self.lies += [
                f"{seen['words']}: {key} shows {seen['values'][key]!r}, {value!r} is stored"
                for key, value in stands.items()
                if seen["values"][key] != value
            ]

    def try_to_close(self, last: dict[str, str]) -> None:
        before, asked = self.look(), self.questions
        if before["state"] not in UNSAVED:
            return
        self.closings += 1
        self.page.close(run_before_unload=True)
        for _wait in range(40):
            if self.questions > asked:
                break
            self.page.wait_for_timeout(50)
        else:
            if before["state"] in ("error", "offline"):  # else it may have been saved in the meantime
                self.unasked.append(f"{before['words']}: closed without a question")
        now = self.look()["values"]
        self.unasked += [f"{key}: {last[key]!r} became {now[key]!r}" for key in self.written if now[key] != last[key]]  # fmt: skip

    def wait_until_saved(self) -> None:
        """As long as something is under way, the site gets time; then a minute passes on the page."""
        self.page.keyboard.press("Tab")
        for _minute in range(PATIENCE):
            for _moment in range(30):
                state = self.look()["state"]
                if state == "saved":
                    return
                if state != "saving":
                    break
                self.page.wait_for_timeout(100)
            self.page.clock.fast_forward(61_000)

    def compare(self, record: UUID, last: dict[str, str]) -> None:
        stands, seen = self.stands(record), self.look()
        self.check_promise(record)
        self.fields += len(stands)
        self.lost += [
            f"{key}: typed {last[key]!r}, stored {value!r}, {seen['words']}"
            for key, value in stands.items()
            if value != last[key]
        ]
        if count := self.page.evaluate("seen.conflicts"):
            self.conflicts.append(f"{record}: {count}")
        if seen["state"] != "saved":  # the page would ask before it goes
            self.page.close()
            self.open()
            return
        self.page.reload()
        again = self.look()["values"]
        self.lost += [
            f"{key}: {again[key]!r} after loading anew" for key in stands if again[key] != last[key]
        ]

    def stands(self, record: UUID) -> dict[str, str]:
        return editors.stands(self.world, record, list(self.written.values()))

    def new_account(self) -> UUID:
        with transaction.atomic(), tenant_scope(self.world.tenant(), actor="drill"):
            return make.account(industry="小売", employees=12).pk

    # ── Notes

    def make_notes(self, count: int) -> None:
        record = self.new_account()
        for n in range(count):
            self.healthy()
            self.page.goto(f"{self.address}/t/midori/accounts/{record}/timeline/")
            self.between.fate_of = self.fate
            self.page.get_by_label("メモ", exact=True).fill(f"{n}回目の電話")
            self.page.keyboard.press("Control+Enter")
            self.ask_until_made(f"{n}回目の電話")
            self.between.settle()
        with tenant_scope(self.world.tenant(), actor="drill"):
            made = list(Activity.objects.filter(account=record).values_list("title", flat=True))
        self.notes += count
        titles = [f"{n}回目の電話" for n in range(count)]
        self.doubled += [f"{title}: {made.count(title)} times" for title in titles if made.count(title) != 1]

    def ask_until_made(self, title: str) -> None:
        feed = self.page.locator("#feed").get_by_text(title, exact=True)
        again = self.page.locator("retry-bar [data-again]")
        for _try in range(100):
            self.page.wait_for_timeout(50)
            if feed.count():
                return
            if again.is_visible():
                again.click()
