"""A tenant erased: not a word of it in the whole dump, in no file, and not a row of anybody else is different."""

import subprocess
from itertools import count
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone

from drill.restore import urls
from success_plans.models import ResultReview
from tenants import jobs
from tenants.backups import manifest, programs
from tenants.erasing import tenant as erasing
from tenants.models import Invitation, JobSlot, Membership, Tenant, User
from tenants.owned import TenantOwned
from tenants.scope import tenant_scope
from tests import crowd, make
from tests.world import World, build_account, build_tenant

CANARY = "kanaria-7f3a"
DECIDED = {
    "figures_at": timezone.now(), "quantity": 60, "quality": "mostly", "analysis": CANARY,
    "proposed": "execute", "verdict": "execute", "decided_at": timezone.now(),
}  # fmt: skip
"""Each step of a review asks for the one before: only a whole one takes text everywhere."""


@pytest.fixture
def leaver(tmp_path: Path, settings: Any) -> Tenant:
    """A tenant with a row of every kind, the canary in every text of theirs, files, mails, sessions, work to do."""
    settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH = str(tmp_path / "media"), str(tmp_path / "mail")
    build_tenant("leaver", f"{CANARY}株式会社")
    build_account("leaver", "leaving", CANARY, "csm")
    tenant = Tenant.objects.get(slug="leaver")
    User.objects.filter(email__endswith="@leaver.example").update(name=CANARY)
    Invitation.issue(tenant=tenant, email=f"{CANARY}@leaver.example", role="csm")
    both = User.objects.get(email="admin@midori.example")
    Membership.objects.create(tenant=tenant, user=both, role="viewer")
    with tenant_scope(tenant, actor="test"):
        account = apps.get_model("accounts.Account").objects.get()
        make.row(ResultReview, account, **DECIDED)
        for model in [*crowd.kinds(), *(m for m in apps.get_models() if issubclass(m, TenantOwned))]:
            if not model._base_manager.exists():
                make.row(model, account)
            write_canary(model)
        jobs.enqueue("tidy")
    keep_files(tenant, tmp_path)
    return tenant


def write_canary(model: type[models.Model]) -> None:
    for field in model._meta.local_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if is_text and not field.unique and (field.max_length or 99) >= 20:
            model._base_manager.filter(pk=model._base_manager.first().pk).update(**{field.name: CANARY})


def keep_files(tenant: Tenant, folder: Path) -> None:
    upload = folder / "media" / "imports" / str(tenant.pk) / "a"
    upload.parent.mkdir(parents=True)
    upload.write_text(CANARY)
    other = folder / "media" / "imports" / "another" / "b"
    other.parent.mkdir(parents=True)
    other.write_text("stays")
    rule = "-" * 79 + "\n"
    (folder / "mail").mkdir()
    ours = f"To: csm@leaver.example\nSubject: {CANARY}\n\n{CANARY}\n{rule}"
    (folder / "mail" / "1.log").write_text(f"To: csm@midori.example\nSubject: stays\n\nhello\n{rule}{ours}")


def sums() -> manifest.Manifest:
    with psycopg2.connect(urls(connection.settings_dict["NAME"])["backup"]) as reader:
        return manifest.read(reader, "")


def dump() -> bytes:
    url = urls(connection.settings_dict["NAME"])["backup"]
    return subprocess.run(
        [programs.program("pg_dump", 18), f"--dbname={url}"], capture_output=True, check=True
    ).stdout


def others(found: manifest.Manifest, tenant: Tenant) -> dict[tuple[str, str], Any]:
    """Rows that belong to another tenant; what belongs to none is compared by the search of the dump."""
    return {
        (table, owner): rows
        for table, by_owner in found.rows.items()
        for owner, rows in by_owner.items()
        if owner not in ("", str(tenant.pk))
    }


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_nothing_of_an_erased_tenant_is_left_and_nobody_else_is_touched(leaver: Tenant, sign_in: Any) -> None:
    gone, stays = Membership.objects.get(tenant=leaver, role="csm"), World().member("csm")
    sign_in(gone), sign_in(stays)
    cache.set(f"something:{leaver.pk}", CANARY)
    before = sums()
    assert dump().count(CANARY.encode()) > 60
    with pytest.raises(SystemExit):
        call_command("erase_tenant", "leaver", yes_erase="other")
    call_command("erase_tenant", "leaver")
    assert others(sums(), leaver) == others(before, leaver) and sums().rows == before.rows
    call_command("erase_tenant", "leaver", yes_erase="leaver")
    text, after = dump(), sums()
    for word in (CANARY, str(leaver.pk), "leaver"):
        assert [line for line in text.splitlines() if word.encode() in line] == []
    assert others(after, leaver) == others(before, leaver)
    assert User.objects.filter(email="admin@midori.example").exists(), "who belongs elsewhere too stays"
    whose = {session.get_decoded()["_auth_user_id"] for session in Session.objects.all()}
    assert whose == {str(stays.user_id)}
    assert cache.get(f"something:{leaver.pk}") is None
    left = [file for file in Path(settings.MEDIA_ROOT).parent.rglob("*") if file.is_file()]
    assert sorted(file.name for file in left) == ["1.log", "b"]
    assert CANARY not in "".join(file.read_text() for file in left)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_was_broken_off_is_ended_by_the_same_command(
    leaver: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, really = sums(), erasing.delete
    for tables_done in (0, 1, 20):
        calls = count()

        def breaks(*given: Any, calls: Any = calls, last: int = tables_done) -> int:
            if next(calls) == last:
                raise KeyboardInterrupt
            return really(*given)

        monkeypatch.setattr(erasing, "delete", breaks)
        with pytest.raises(KeyboardInterrupt):
            call_command("erase_tenant", "leaver", yes_erase="leaver")
        assert Tenant.objects.get(slug="leaver").is_suspended
        assert {**sums().rows, "tenants_tenant": {}} == {**before.rows, "tenants_tenant": {}}
    monkeypatch.setattr(erasing, "delete", really)
    call_command("erase_tenant", "leaver", yes_erase="leaver")
    assert CANARY.encode() not in dump()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_tenant_at_work_is_stopped_and_erased_on_the_second_try(capsys: pytest.CaptureFixture[str]) -> None:
    build_tenant("leaver", "去る会社")
    tenant = Tenant.objects.get(slug="leaver")
    with tenant_scope(tenant, actor="test"):
        slot = jobs.enqueue("tidy")
    JobSlot.objects.filter(pk=slot.pk).update(state="running")
    with pytest.raises(SystemExit) as ended:
        call_command("erase_tenant", "leaver", yes_erase="leaver")
    assert ended.value.code == 1
    assert Tenant.objects.get(slug="leaver").is_suspended
    JobSlot.objects.filter(pk=slot.pk).update(state="waiting")
    call_command("erase_tenant", "leaver", yes_erase="leaver")
    assert not Tenant.objects.filter(slug="leaver").exists()
