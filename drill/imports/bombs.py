"""Files made to hurt: each is answered by a sentence that says what to do, and costs little memory and time."""

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.utils.html import escape

from accounts.importing.findings import Finding
from accounts.importing.limits import WORKER_CPU_SECONDS, WORKER_MEMORY_BYTES
from accounts.importing.words import message_of
from accounts.models import Account, Import, ImportFinding
from accounts.models.imports import WORKING
from drill.alternating import client_of
from drill.imports.door import Undone
from drill.imports.harmful import HARMS, SECRET, Harm
from drill.imports.meter import Meter
from drill.outcome import Outcome
from tenants import jobs
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World

OURS = 256  # megabytes that this process may grow while it stages and checks what the reader hands on
SMALL = 100
READER = WORKER_MEMORY_BYTES >> 20
Told = Callable[[World, Harm, Path], str]


def attack(world: World, *, small: bool) -> Iterator[Outcome]:
    """Every file by both doors; when small those that take long are left out and the others take one door in turn."""
    harms = [harm for harm in HARMS if not (small and harm.is_long)]
    doors: dict[str, Told] = {"page": by_page, "command": by_command}
    wrong: dict[str, list[str]] = {name: [] for name in doors}
    tried = dict.fromkeys(doors, 0)
    worst = {"reader": (0.0, ""), "ours": (0.0, ""), "processor": (0.0, "")}
    for number, harm in enumerate(harms):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, harm.name)
            path.write_bytes(harm.made(SMALL if small else 1))
            for name in list(doors)[number % 2 :][:1] if small else doors:
                tried[name] += 1
                with Meter() as meter:
                    said = doors[name](world, harm, path)
                worst = {each: max(most, (getattr(meter, each), harm.case)) for each, most in worst.items()}
                if said or (said := too_much(meter)):
                    wrong[name].append(f"{harm.case}: {said}")
    for name in doors:
        yield Outcome(
            f"files made to hurt, by {name}",
            tried[name],
            tried[name] - len(wrong[name]),
            "; ".join(wrong[name]),
        )
    cost = ", ".join(f"{each} at most {most:.0f} ({case})" for each, (most, case) in worst.items())
    yield Outcome(
        f"reader ≤ {READER} MB and {WORKER_CPU_SECONDS} s, we ≤ {OURS} MB", len(harms), len(harms), cost
    )


def too_much(meter: Meter) -> str:
    if meter.reader > READER or meter.ours > OURS or meter.processor > WORKER_CPU_SECONDS + 5:
        return f"{meter.processor:.0f} s, {meter.reader:.0f} MB, ours {meter.ours:.0f} MB"
    return ""


def by_page(world: World, harm: Harm, path: Path) -> str:
    """Uploaded, read by the job, looked at; "" when the page says what it has to."""
    client = client_of(world, Role.ADMIN, "midori")
    before = accounts(world)
    with path.open("rb") as file:
        answer = client.post("/t/midori/imports/new/", {"file": File(harm.name, file)})
    if answer.status_code == 422:
        return "" if harm.said == "file_too_big" else "refused without a reason"
    if answer.status_code != 303:
        return f"answered {answer.status_code}"
    jobs.work(watched=False)
    page = client.get(answer.headers["Location"])
    if page.status_code != 200:
        return f"the page answers {page.status_code}"
    with tenant_scope(world.tenant()):
        batch = Import.objects.latest("created_at")
        said = judged(harm, found_in(batch)) or state_of(batch)
        wanted = [message_of(each) for each in found_in(batch) if each.code == harm.said][:1]
        batch.delete()
    if not said and any(escape(sentence) not in page.content.decode() for sentence in wanted):
        said = "the page does not say it"
    if b"root:" in page.content:
        said = f"{SECRET} was read"
    return said or ("something was saved" if accounts(world) != before else "")


def by_command(world: World, harm: Harm, path: Path) -> str:
    """The same with ``import_records``, whose report has a line, a code and a sentence for each."""
    out, before = io.StringIO(), accounts(world)
    try:
        with transaction.atomic():
            try:
                call_command(
                    "import_records", "accounts", str(path), "--tenant", "midori", "--as", "admin@midori.example",
                    "--json", "--dry-run", stdout=out,
                )  # fmt: skip
                status = 0
            except SystemExit as end:
                status = int(end.code or 0)
            report = json.loads(out.getvalue())
            raise Undone
    except Undone:
        pass
    found = [Finding(each["code"], each["line"]) for each in report["errors"] + report["warnings"]]
    if harm.said and status != 1:
        return f"exit status {status}"
    if any(not each["message"] for each in report["errors"]):
        return "an error without a sentence"
    return judged(harm, found) or ("something was saved" if accounts(world) != before else "")


def judged(harm: Harm, found: list[Finding]) -> str:
    """ "" when it was called what it is, and where it stands."""
    if not harm.said:
        return ""
    lines = [each.line for each in found if each.code == harm.said]
    if not lines:
        return f"said {sorted({each.code for each in found})[:4]} and not {harm.said}"
    if harm.line and min(lines) != harm.line:
        return f"said line {min(lines)} and not {harm.line}"
    return ""


def found_in(batch: Import) -> list[Finding]:
    if batch.problem.get("code"):
        return [Finding(**batch.problem)]
    first = ImportFinding.objects.filter(of=batch).order_by("line", "column")[:500]
    return [Finding(row.code, row.line, row.column, row.value, row.params) for row in first]


def state_of(batch: Import) -> str:
    return f"it is still {batch.state}" if batch.state in WORKING else ""


def accounts(world: World) -> int:
    with tenant_scope(world.tenant()):
        return Account.objects.count()


class File(SimpleUploadedFile):
    """An upload that is read from its file, so that the drill's own copy is not what is measured."""

    def __init__(self, name: str, file: io.BufferedReader) -> None:
        super().__init__(name, b"")
        self.file = file
