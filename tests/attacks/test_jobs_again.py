"""Every registered job five times in a row and five times at once ends as once does; one that is not here fails."""

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone

from accounts import merging_accounts, notices
from accounts.importing import batches
from accounts.models import AccountMerge, Activity, Contract, Import, NoteDraft, NoticeSetting
from accounts.models.imports import ImportState
from accounts.models.notice import NoticeMail
from tenants import jobs
from tenants.history import TenantEvent
from tenants.jobs import claiming, registry, working
from tenants.models import Invitation, JobSlot, OutboxMail
from tenants.models.job_slot import SlotState
from tenants.owned import TenantOwned
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import database, make
from tests.accounts.importing.files import edinet_csv, edinet_row
from tests.threads import in_threads
from tests.world import TODAY, World, build_world

TIMES = 5
NOTED = {(OutboxMail, "version")}
"""Every attempt at a mail is noted; to the receiving side they are one, by their Message-ID."""
Prepare = Callable[[World], jobs.Payload]


def nothing(world: World) -> jobs.Payload:
    return {}


def a_renewal(world: World) -> jobs.Payload:
    Contract.objects.create(account=world.account(), name="本契約", renews_on=TODAY + timedelta(days=60))
    return {}


def something_old(world: World) -> jobs.Payload:
    contract = Contract.objects.create(account=world.account(), name="古い", renews_on=TODAY)
    contract.deleted_at = timezone.now() - timedelta(days=40)
    contract.save(update_fields=["deleted_at"])
    an_import(ImportState.READING)(world)
    Import.objects.update(created_at=timezone.now() - timedelta(days=40))
    return {}


def a_mail(world: World) -> jobs.Payload:
    OutboxMail.queue("morning", "once", to="a@example.com", subject="件名", body="本文")
    JobSlot.objects.all().delete()
    return {"mail": str(OutboxMail.objects.get().pk)}


def an_invitation(world: World) -> jobs.Payload:
    return {"invitation": str(make.row(Invitation, tenant=world.tenant(), email="new@example.com").pk)}


def an_import(state: ImportState) -> Prepare:
    """A list of companies, taken as far as the step that begins with ``state``."""

    def prepare(world: World) -> jobs.Payload:
        rows = edinet_csv([edinet_row(n) for n in range(1, 9)])
        file = SimpleUploadedFile("list.csv", rows)
        batch = batches.keep(file, "accounts", world.member("admin"), choices={"stage": "live"})
        if state != ImportState.READING:
            batches.read(batch)
        if state == ImportState.UNDOING:
            batch.state = ImportState.APPLYING
            batches.write(batch)
        Import.objects.filter(pk=batch.pk).update(state=state)
        return {"batch": str(batch.pk)}

    return prepare


def an_old_draft(world: World) -> jobs.Payload:
    make.row(NoteDraft, world.account())
    NoteDraft.objects.update(settled_at=timezone.now() - timedelta(days=40))
    return {}


def an_old_merge(world: World) -> jobs.Payload:
    made = merging_accounts.merge(world.account(), make.account(name="見本の二重登録"), {})
    AccountMerge.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=40))
    return {}


def notices_that_wait(how: NoticeMail) -> Prepare:
    """Two records that name the manager, who wants to hear of them so."""

    def prepare(world: World) -> jobs.Payload:
        NoticeSetting.objects.create(member=world.member(Role.MANAGER), mail=how)
        for _n in range(2):
            notices.tell(
                Activity.objects.create(
                    account=world.account(), title="@渡辺 見てください", on=TODAY, written_by=world.csm
                )
            )
        JobSlot.objects.all().delete()
        return {}

    return prepare


def a_stray_file(world: World) -> jobs.Payload:
    path = default_storage.save(f"attachments/{world.tenant().pk}/stray", ContentFile(b"%PDF-1.7"))
    os.utime(default_storage.path(path), (0, 0))
    return {}


PREPARED: dict[str, Prepare] = {
    "attachments.tidy": a_stray_file,
    "drafts.tidy": an_old_draft,
    "import.look": an_import(ImportState.CHECKING),
    "import.read": an_import(ImportState.READING),
    "import.take_back": an_import(ImportState.UNDOING),
    "import.tidy": something_old,
    "import.write": an_import(ImportState.APPLYING),
    "invitation.mail": an_invitation,
    "mail": a_mail,
    "merges.tidy": an_old_merge,
    "night": a_renewal,
    "notices.daily": notices_that_wait(NoticeMail.DAILY),
    "notices.soon": notices_that_wait(NoticeMail.SOON),
    "password.mail": lambda world: {"user": str(world.csm.user_id)},
    "sheet": nothing,
    "tidy": something_old,
}


def test_no_job_is_left_out() -> None:
    assert set(PREPARED) == set(registry._jobs)


@pytest.fixture(autouse=True)
def _a_day_like_any_other(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(working.Beat, "today", TODAY)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(PREPARED))
def test_a_job_may_run_as_often_as_it_likes(name: str, mailoutbox: list[Any]) -> None:
    slots = prepared(name)
    working.perform(slots[0], watched=False)
    assert slots_end(name) == [SlotState.DONE]
    what_followed()
    once = end_state()
    for slot in slots[1:]:
        working.perform(again(slot), watched=False)
    assert end_state() == once, "in a row"
    database.clean()
    build_world()
    slots = [again(slot) for slot in prepared(name)]
    in_threads(*[lambda slot=slot: working.perform(slot, watched=False) for slot in slots])
    what_followed()
    assert set(slots_end(name)) == {SlotState.DONE}
    assert end_state() == once, "at once"
    ids = [mail.extra_headers["Message-ID"] for mail in mailoutbox if "Message-ID" in mail.extra_headers]
    with tenant_scope(World().tenant()):
        assert len(set(ids)) in (0, 2 * OutboxMail.objects.count()), "one for each mail, before and after"


def what_followed() -> None:
    """What the job asked for in turn, and whoever stood in another's way."""
    JobSlot.objects.update(due_at=timezone.now())
    jobs.work(watched=False)


def prepared(name: str) -> list[JobSlot]:
    """Slots for the same work; only the first is claimed yet."""
    world = World()
    admin = world.member("admin")
    with tenant_scope(admin.tenant, member=admin):
        payload = PREPARED[name](world)
    now = timezone.now()
    slots = [
        JobSlot(
            id=uuid4(), tenant=admin.tenant, job=name, payload=payload, requester=admin, due_at=now,
            slot_start=now + timedelta(milliseconds=n), state=SlotState.RUNNING, worker=uuid4(), attempts=1,
        )
        for n in range(TIMES)
    ]  # fmt: skip
    return [again(slots[0]), *slots[1:]]


def again(slot: JobSlot) -> JobSlot:
    """The slot as a worker holds it, saved."""
    slot.lease_until = timezone.now() + claiming.LEASE
    if not JobSlot.objects.filter(pk=slot.pk).exists():
        slot.save(force_insert=True)
    return slot


def slots_end(name: str) -> list[str]:
    return list(JobSlot.objects.filter(job=name).values_list("state", flat=True))


def end_state() -> dict[str, list[str]]:
    """Every row of the tenant and of its history, without what is new each time: keys, moments and tokens."""
    world = World()
    with tenant_scope(world.tenant()):
        kinds = [m for m in apps.get_models() if issubclass(m, TenantOwned | TenantEvent | Invitation)]
        return {model.__name__: sorted(map(plain, model._base_manager.all())) for model in kinds}


def plain(row: models.Model) -> str:
    fields = [f.attname for f in row._meta.concrete_fields if (type(row), f.attname) not in NOTED]
    values = ((name, getattr(row, name)) for name in fields)
    said = " ".join(f"{name}={'T' if isinstance(value, datetime) else value}" for name, value in values)
    return re.sub(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f-]{16,}|[0-9a-f]{32,}|\d\d:\d\d:\d\d\S*", "*", said)
