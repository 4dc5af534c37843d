"""Imports under fire: workers, web and PostgreSQL killed at random points, the same rows twice, editors meanwhile."""

import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from signal import SIGKILL
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.test import Client, override_settings

from accounts.models import Account, Fact, Import
from accounts.models.imports import WORKING, ImportState
from drill import site
from drill.alternating import client_of
from drill.editors import PRODUCTION
from drill.night_kills import crew as crews
from drill.night_kills.crew import Crew, children_of, send
from drill.outcome import Outcome
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.threads import in_threads
from tests.world import World, build_member, build_world

HERE = "/t/midori/imports/"
SMALL = {"rows": 2_500, "kills": 3}
FULL = {"rows": 10_000, "kills": 60}
PATIENCE = 900.0
NTH = count(2)
UPLOADED = range(12_000)
EVENT = "SELECT count(*), count(DISTINCT pgh_obj_id) FROM accounts_accountevent WHERE pgh_label = 'insert' AND external_id LIKE %s"


def attack(*, rows: int, kills: int, seed: int, like: str = "") -> Iterator[Outcome]:
    """``like``: the owner's address of a migrated database; else the drill's own one is migrated."""
    folder = Path(tempfile.mkdtemp(prefix="masume-drill-imports-"))
    folder.chmod(0o711)
    try:
        with crews.at_work(folder, like) as crew, at(crew), override_settings(MEDIA_ROOT=folder / "media"):
            build_world()
            crew.env["DRILL_LEASE"] = "2"
            crew.begin(workers=1, with_threads=False)
            desk = Desk(crew, World(), rows, Random(seed))
            yield desk.uploads_cut_off()
            yield from desk.killed(kills)
            yield desk.same_file_twice()
            yield desk.two_people()
            yield desk.editors()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def at(crew: Crew) -> Iterator[None]:
    """Every connection of this process points at the crew's database while the block runs."""
    address = urlsplit(crew.env["DATABASE_URL"])
    ours = {"HOST": address.hostname, "PORT": address.port, "NAME": address.path[1:], "USER": address.username, "PASSWORD": address.password}  # fmt: skip
    before = {alias: dict(connections[alias].settings_dict) for alias in connections}
    try:
        for alias in before:
            connections[alias].close()
            connections[alias].settings_dict.update(ours)
        yield
    finally:
        for alias, settings in before.items():
            connections[alias].close()
            connections[alias].settings_dict.update(settings)


def csv(prefix: str, numbers: Sequence[int], industry: str) -> bytes:
    lines = (f"{prefix}-{n},会社{prefix}{n},{industry},{1 + n % 12},{n}\n" for n in numbers)
    return ("外部ID,社名,業種,決算月,従業員数\n" + "".join(lines)).encode()


@dataclass
class Desk:
    """A person at the pages of the import, and somebody behind them with a knife."""

    crew: Crew
    world: World
    rows: int
    dice: Random

    # What a person does

    def upload(self, client: Client, data: bytes, name: str = "list.csv") -> str:
        answer = client.post(f"{HERE}new/", {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 303, answer.status_code
        return str(answer.headers["Location"])

    def admin(self) -> Client:
        return client_of(self.world, Role.ADMIN, "midori")

    def manager(self) -> Client:
        return client_of(self.world, Role.MANAGER, "midori")

    def another_admin(self) -> Client:
        with transaction.atomic():
            member = build_member(self.world.tenant(), f"admin-{next(NTH)}", "渡部", Role.ADMIN)
        client = Client(raise_request_exception=False)
        client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    def batch(self, url: str) -> Import:
        with tenant_scope(self.world.tenant()):
            return Import.objects.get(pk=url.strip("/").rpartition("/")[2])

    def wait(self, client: Client, url: str, meanwhile: Callable[[str], None] = lambda job: None) -> Import:
        """Until nothing works on it any more. Work that was given up is asked for again, as the page offers it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.crew.mend()
            batch = self.batch(url)
            if batch.state not in WORKING:
                return batch
            slots = self.crew.query(
                f"SELECT state, job FROM tenants_jobslot WHERE payload ->> 'batch' = '{batch.pk}' ORDER BY slot_start DESC LIMIT 1"
            )
            if slots[0][0] == "dead":
                client.post(f"{url}retry/")
            elif slots[0][0] == "running":
                meanwhile(slots[0][1])
            time.sleep(0.05)
        raise TimeoutError(f"{batch.state}: {slots}")

    def apply(self, client: Client, url: str) -> None:
        answer = client.post(f"{url}application/", {"stage": "live", "csm_how": "none", "ask_unknowns": "on"})
        assert answer.status_code == 200, answer.status_code

    def take_in(self, client: Client, data: bytes) -> Import:
        url = self.upload(client, data)
        self.wait(client, url)
        self.apply(client, url)
        return self.wait(client, url)

    # What is there

    def accounts(self, prefix: str) -> dict[str, str]:
        with tenant_scope(self.world.tenant()):
            found = Account.objects.filter(external_id__startswith=f"{prefix}-")
            return dict(found.values_list("external_id", "industry"))

    def wrong(self, prefix: str, numbers: Sequence[int], industry: str) -> list[str]:
        """How what is there differs from every row once, with its facts and its history."""
        there = self.accounts(prefix)
        wanted = {f"{prefix}-{n}": industry for n in numbers}
        found = [f"{len(wanted.keys() - there.keys())} missing"] if wanted.keys() - there.keys() else []
        if strange := {key for key, value in there.items() if wanted.get(key) != value}:
            found.append(f"{len(strange)} strange, {min(strange)}")
        with tenant_scope(self.world.tenant()):
            facts = Fact.objects.filter(account__external_id__startswith=f"{prefix}-").count()
        if facts != 4 * len(wanted):  # name, industry, closing, employees
            found.append(f"{facts} facts")
        with closing(self.crew.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(EVENT, [f"{prefix}-%"])
            if (events := cursor.fetchone()) != (len(wanted), len(wanted)):
                found.append(f"{events} in history")
        return found

    # The attacks

    def killed(self, kills: int) -> Iterator[Outcome]:
        """Each step of an import, with a kill at a random point of it until enough were killed; then all of it back."""
        before = self.fingerprint()
        wrong, ended, rounds, began = list[str](), 0, 0, self.crew.kills
        while self.crew.kills - began < kills or rounds == 0:
            rounds += 1
            prefix, client = f"K{rounds}", self.admin()
            data = csv(prefix, range(self.rows), "製造")
            strikes = {"import.read": 1, "import.write": 2, "import.take_back": 1}
            knife = self.knife(strikes)
            url = self.upload(client, data)
            if (batch := self.wait(client, url, knife)).state != ImportState.CHECKED:
                wrong.append(f"{prefix}: {batch.state}")
                continue
            self.apply(client, url)
            batch = self.wait(client, url, knife)
            figures = {name: batch.summary.get(name) for name in ("created", "updated", "same", "asked")}
            if batch.state != ImportState.DONE or figures != {
                "created": self.rows,
                "updated": 0,
                "same": 0,
                "asked": 0,
            }:
                wrong.append(f"{prefix}: {batch.state} {figures}")
            wrong += [f"{prefix}: {each}" for each in self.wrong(prefix, range(self.rows), "製造")]
            ended += 1
            client.post(f"{url}reversal/")
            batch = self.wait(client, url, knife)
            if batch.state != ImportState.UNDONE or self.accounts(prefix) or self.fingerprint() != before:
                wrong.append(f"{prefix}: not as before, {batch.summary}")
        told = ", ".join(f"{times} × {what}" for what, times in sorted(self.crew.done.items()))
        tries = self.crew.kills - began
        yield Outcome(
            "import killed: every row once, and all of it back",
            tries,
            tries - len(wrong),
            "; ".join(wrong) or f"{rounds} imports of {self.rows:,} rows; {told}",
        )

    def knife(self, strikes: dict[str, int]) -> Callable[[str], None]:
        """Kills a child, a worker or PostgreSQL at a random point of a step, as often as ``strikes`` says."""
        at: dict[str, float] = {}

        def strike(job: str) -> None:
            if strikes.get(job, 0) <= 0:
                return
            moment = at.setdefault(job, time.monotonic() + self.dice.uniform(0, 1.2))
            if time.monotonic() < moment:
                return
            del at[job]
            kind = self.dice.choice(("child", "child", "worker"))
            if job == "import.write" and strikes[job] == 1 and not self.crew.done["database restarted"]:
                self.crew.restart_database()
                for alias in connections:
                    connections[alias].close()
            elif not self.crew.kill(kind, self.dice):
                return
            strikes[job] -= 1

        return strike

    def fingerprint(self) -> list[tuple[object, ...]]:
        """The accounts that were there before, with everything that is in them."""
        return self.crew.query(
            "SELECT md5(string_agg(a::text, '' ORDER BY id)) FROM accounts_account a WHERE external_id IS NULL OR external_id NOT LIKE 'K%'"
        )

    def same_file_twice(self) -> Outcome:
        """One after another, and both at once: the second finds everything there and says so."""
        half, data = self.rows // 2, csv("S", range(self.rows // 2), "小売")
        client, other, wrong = self.admin(), self.another_admin(), list[str]()
        first, second = self.upload(client, data), self.upload(other, data)
        self.wait(client, first)
        self.wait(other, second)
        in_threads(lambda: self.apply(client, first), lambda: self.apply(other, second))
        batches = [self.wait(client, first), self.wait(other, second), self.take_in(client, data)]
        figures = sorted(
            (b.state, b.summary.get("created"), b.summary.get("updated"), b.summary.get("same"))
            for b in batches
        )
        if figures != [("done", 0, 0, half), ("done", 0, 0, half), ("done", half, 0, 0)]:
            wrong.append(str(figures))
        wrong += self.wrong("S", range(half), "小売")
        return Outcome("the same file at once and again", 3, 3 - len(wrong), "; ".join(wrong))

    def two_people(self) -> Outcome:
        """Two files that share half of their rows with other values: nobody changes what they were not shown."""
        half = self.rows // 2
        ours, theirs = csv("T", range(half), "銀行"), csv("T", range(half // 2, half + half // 2), "証券")
        client, other, wrong = self.admin(), self.another_admin(), list[str]()
        urls = {self.upload(client, ours): client, self.upload(other, theirs): other}
        for url, person in urls.items():
            self.wait(person, url)
        in_threads(*(lambda url=url, person=person: self.apply(person, url) for url, person in urls.items()))
        batches = {url: self.wait(person, url) for url, person in urls.items()}
        states = {url: batch.state for url, batch in batches.items()}
        shared = half - half // 2
        if sorted(states.values()) != ["checked", "done"]:
            wrong.append(f"states {sorted(states.values())}")
        for url, batch in batches.items():
            if batch.state == ImportState.CHECKED:
                shown = (batch.problem.get("code"), batch.summary["new"], batch.summary["changed"])
                if shown != ("outdated", half - shared, shared):
                    wrong.append(str(shown))
                self.apply(urls[url], url)
                done = self.wait(urls[url], url)
                told = (done.state, done.summary.get("created"), done.summary.get("updated"))
                if told != ("done", half - shared, shared):
                    wrong.append(str(told))
        there = self.accounts("T")
        if len(there) != half + half // 2:
            wrong.append(f"{len(there)} accounts")
        return Outcome("two files at once that share rows", 2, 2 - min(2, len(wrong)), "; ".join(wrong))

    def editors(self) -> Outcome:
        """People write into the accounts that a file is changing: what they were told is saved stands in the end."""
        half = self.rows // 2
        client = self.admin()
        self.take_in(client, csv("E", range(half), "建設"))
        with tenant_scope(self.world.tenant()):
            ids = dict(Account.objects.filter(external_id__startswith="E-").values_list("external_id", "pk"))
        url = self.upload(client, csv("E", range(half), "運輸"))
        self.wait(client, url)
        saved: dict[str, str] = {}
        answers: list[int] = []
        keys = [f"E-{n}" for n in self.dice.sample(range(half), min(half, 60))]

        def edit(some: list[str], who: Client) -> None:
            for key in some:
                form = {
                    "field": "industry",
                    "value": f"人が書いた{key}",
                    "base": "建設",
                    "editor": "desk",
                    "seq": "1",
                }
                answer = who.post(f"/t/midori/edit/account/{ids[key]}/", form)
                answers.append(answer.status_code)
                if answer.status_code == 200:
                    saved[key] = form["value"]

        edit(keys[:10], self.manager())
        self.apply(client, url)
        in_threads(lambda: edit(keys[10:35], self.manager()), lambda: edit(keys[35:], self.admin()))
        batch = self.wait(client, url)
        there = self.accounts("E")
        lost = [key for key, value in saved.items() if there[key] != value]
        wrong = [] if batch.state == ImportState.DONE else [f"{batch.state} {batch.problem}"]
        wrong += [f"{key} reads {there[key]}" for key in lost]
        wrong += [f"answered {status}" for status in answers if status not in (200, 409)]
        others = sum(value == "運輸" for key, value in there.items() if key not in saved)
        if others != half - len(saved):
            wrong.append(f"{others} of {half - len(saved)} others changed")
        return Outcome(
            "editors while a file changes their accounts",
            len(keys),
            len(keys) - len(wrong),
            "; ".join(wrong[:3]) or f"{len(saved)} saved, {len(keys) - len(saved)} told of a conflict",
        )

    def uploads_cut_off(self) -> Outcome:
        """Half a body and then nothing, and half a body when the web worker is killed: nothing is left of either."""
        wrong = list[str]()
        session = site.session_of(self.world.member(Role.ADMIN).user)
        environment = {
            **PRODUCTION,
            "MASUME_HOME": str(self.crew.folder),
            "TMPDIR": str(self.crew.folder),
            "MASUME_ADMINS_NEED_SECOND_FACTOR": "0",
        }
        with site.serving(self.crew.env["DATABASE_URL"], **environment) as port:
            for harm in ("closed", "killed"):
                line = socket.create_connection(("127.0.0.1", port), timeout=20)
                line.sendall(half_a_request(session))
                time.sleep(0.5)
                if harm == "killed":
                    for pid in web_workers(port):
                        send(pid, SIGKILL)
                line.close()
            time.sleep(1)
            if (status := answered(port, whole_request(session))) != b"303":
                wrong.append(f"the next upload was answered {status!r}")
        media, size = self.crew.folder / "media", len(csv("U", UPLOADED, "製造"))
        files = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
        with tenant_scope(self.world.tenant()):
            kept = dict(Import.objects.values_list("stored_as", "file_size"))
        if files != kept.keys() or set(kept.values()) != {size}:
            wrong.append(f"{len(files)} files, imports of {sorted(kept.values())} bytes")
        return Outcome("uploads that were cut off", 2, 2 - len(wrong), "; ".join(wrong))


def whole_request(session: str) -> bytes:
    """A browser's upload of a file of half a megabyte."""
    token, mark = "t" * 32, "drill"
    body = (
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n".encode()
        + csv("U", UPLOADED, "製造")
        + f"\r\n--{mark}--\r\n".encode()
    )
    head = (
        f"POST {HERE}new/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n"
        f"Cookie: __Host-session={session}; __Host-csrf={token}\r\nX-CSRFToken: {token}\r\n"
        "Origin: https://127.0.0.1\r\n"
        f"Content-Type: multipart/form-data; boundary={mark}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def half_a_request(session: str) -> bytes:
    whole = whole_request(session)
    return whole[: len(whole) // 2]


def answered(port: int, request: bytes) -> bytes:
    """The status of the answer; after a kill it takes a moment until somebody listens again."""
    for _attempt in range(50):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(request)
            if status := line.recv(200).split(b" ")[1:2]:
                return status[0]
        time.sleep(0.3)
    return b""


def web_workers(port: int) -> list[int]:
    """The processes that gunicorn keeps on this port."""
    for task in Path("/proc/self/task").iterdir():
        for pid in map(int, (task / "children").read_text().split()):
            if f"127.0.0.1:{port}".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                return children_of(pid)
    return []
