"""The whole night: twice, two at once, one tenant's trouble, and who hears of it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Contract
from cs_planner.timetable import TIMETABLE
from ctas import morning, night
from ctas.models import Cta, NightRun
from health.models import ScoreDay
from tenants import jobs
from tenants.models import JobSlot, Membership, OutboxMail
from tenants.scope import tenant_scope
from tests import make
from tests.threads import in_threads
from tests.world import TODAY, World


@pytest.fixture
def renewing(world: World) -> Iterator[Contract]:
    with tenant_scope(world.tenant(), actor="test"):
        contract = Contract.objects.create(
            account=world.account(), name="本契約", renews_on=TODAY + timedelta(days=60)
        )
    yield contract


def run(world: World, on: date = TODAY, slug: str = "midori") -> dict[str, int]:
    tenant = world.tenant(slug)
    with tenant_scope(tenant, actor="job:night"), timezone.override(tenant.zone):
        return night.run(on).as_dict()


def test_a_second_night_changes_nothing(world: World, renewing: Contract) -> None:
    first = run(world)
    assert first["scored"] == 2 and first["opened"] >= 3  # a renewal and two budgets
    state = everything(world)
    assert run(world) == {
        **first,
        "opened": 0,
        "closed": 0,
        "unchanged": first["opened"] + first["unchanged"],
    }
    assert everything(world) == state


def everything(world: World) -> Any:
    """Every row that a night writes, with its version."""
    with tenant_scope(world.tenant()):
        return [
            list(model.objects.order_by("pk").values_list())
            for model in (Cta, ScoreDay, OutboxMail)
        ] + [list(JobSlot.objects.order_by("pk").values_list("pk", "state"))]  # fmt: skip


def test_the_command_speaks_json(world: World, renewing: Contract) -> None:
    out = StringIO()
    call_command("night", "--on", f"{TODAY}", "--json", stdout=out)
    said = json.loads(out.getvalue())["tenants"]
    assert set(said) == {"midori", "aoba"}
    assert set(said["midori"]) == {"scored", "opened", "closed", "unchanged"}
    out = StringIO()
    call_command("night", "--on", f"{TODAY}", "--tenant", "midori", "--json", stdout=out)
    again = json.loads(out.getvalue())["tenants"]
    assert set(again) == {"midori"} and again["midori"]["opened"] == 0


def test_the_command_tells_wrong_use_and_trouble_apart(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit) as wrong:
        call_command("night", "--tenant", "nobody", stderr=StringIO())
    assert wrong.value.code == 2
    real = night.run

    def fails_for_aoba(today: date) -> Any:
        from tenants.scope import current_tenant

        if current_tenant().slug == "aoba":
            raise RuntimeError("broken")
        return real(today)

    monkeypatch.setattr(night, "run", fails_for_aoba)
    out = StringIO()
    with pytest.raises(SystemExit) as trouble:
        call_command("night", "--on", f"{TODAY}", "--json", stdout=out, stderr=StringIO())
    assert trouble.value.code == 1
    assert set(json.loads(out.getvalue())["tenants"]) == {"midori"}, "the others are done"


def test_each_owner_hears_once_a_day(world: World, renewing: Contract, mailoutbox: list[Any]) -> None:
    run(world)
    jobs.work(watched=False)
    own = [mail for mail in mailoutbox if mail.to == [world.csm.user.email]]
    assert len(own) == 1
    assert "更新まで90日以内" in own[0].body and "/t/midori/ctas/" in own[0].body
    assert own[0].extra_headers["Message-ID"].startswith("<")
    with tenant_scope(world.tenant(), actor="test"):
        Contract.objects.create(account=world.account(), name="追加", renews_on=TODAY + timedelta(days=50))
    assert run(world)["opened"] == 1
    jobs.work(watched=False)
    assert len([mail for mail in mailoutbox if mail.to == [world.csm.user.email]]) == 1
    with tenant_scope(world.tenant()):
        assert not OutboxMail.objects.exclude(state="sent").exists()


def test_nothing_new_is_no_mail(world: World, mailoutbox: list[Any]) -> None:
    run(world)
    with tenant_scope(world.tenant()):
        OutboxMail.objects.all().delete()
    run(world, TODAY + timedelta(days=1))
    with tenant_scope(world.tenant()):
        assert not OutboxMail.objects.exists()


def test_who_does_not_want_it_gets_none(world: World, renewing: Contract) -> None:
    Membership.objects.filter(pk=world.csm.pk).update(wants_morning_mail=False)
    run(world)
    with tenant_scope(world.tenant()):
        assert not OutboxMail.objects.filter(to=world.csm.user.email).exists()


def test_the_cap_limits_mails_and_never_ctas(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morning, "CAP", 3)
    with tenant_scope(world.tenant(), actor="test"):
        for _ in range(8):
            make.account(csm=world.csm)
    run(world)
    with tenant_scope(world.tenant()):
        assert Cta.objects.filter(rule="budget_season").count() == 10
        own = OutboxMail.objects.get(kind="morning", to=world.csm.user.email)
        assert own.body.count("来期予算の日程") <= 3
        warning = OutboxMail.objects.get(kind="rule_cap")
        assert "R03" in warning.body and warning.to == world.member("admin").user.email


def test_a_mail_that_cannot_be_sent_is_dead_after_five_attempts(
    world: World, renewing: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OSError("no route to the mail server")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    run(world)
    for _ in range(6):
        JobSlot.objects.update(due_at=timezone.now())
        jobs.work(watched=False)
    with tenant_scope(world.tenant()):
        mail = OutboxMail.objects.get(to=world.csm.user.email)
        assert (mail.state, "no route" in mail.error) == ("dead", True)
    assert set(JobSlot.objects.filter(job="mail").values_list("state", "attempts")) == {("dead", 5)}


def test_a_mail_repeated_after_a_crash_is_the_same_mail(world: World, mailoutbox: list[Any]) -> None:
    with tenant_scope(world.tenant()):
        OutboxMail.queue("morning", "once", to="a@example.com", subject="件名", body="本文")
        assert not OutboxMail.queue("morning", "once", to="a@example.com", subject="件名", body="本文")
    jobs.work(watched=False)
    with tenant_scope(world.tenant()):
        mail = OutboxMail.objects.get()
        OutboxMail.objects.update(state="sending")  # killed before it could note that it was sent
        jobs.enqueue("mail", {"mail": str(mail.pk)})
    jobs.work(watched=False)
    assert len({sent.extra_headers["Message-ID"] for sent in mailoutbox}) == 1


def test_snoozes_end_in_the_night(world: World, renewing: Contract) -> None:
    run(world)
    with tenant_scope(world.tenant()):
        cta = Cta.objects.get(subject=str(renewing.pk))
        cta.snooze(TODAY + timedelta(days=3), "先方が休み")
    run(world, TODAY + timedelta(days=2))
    with tenant_scope(world.tenant()):
        cta.refresh_from_db()
        assert cta.status == "snoozed"
    run(world, TODAY + timedelta(days=3))
    with tenant_scope(world.tenant()):
        cta.refresh_from_db()
        assert (cta.status, cta.snoozed_until) == ("todo", None)


def test_the_night_of_one_tenant_touches_no_other(world: World) -> None:
    run(world)
    with tenant_scope(world.tenant("aoba")):
        assert not Cta.objects.exists() and not NightRun.objects.exists()


def test_the_statements_do_not_grow_with_the_accounts(world: World) -> None:
    run(world)
    counted = []
    for more in (1, 6):
        with tenant_scope(world.tenant(), actor="test"):
            for _ in range(more):
                make.account(stage="live", fiscal_month=6)
        with CaptureQueriesContext(connection) as captured:
            run(world)
        counted.append(len(captured))
    few, many = counted
    assert many == few


def test_a_second_night_leaves_even_its_own_figures_alone(world: World, renewing: Contract) -> None:
    run(world)
    with CaptureQueriesContext(connection) as again:
        run(world)
    assert not [query for query in again if query["sql"].startswith('UPDATE "ctas_nightrun')]


def test_the_timetable_names_jobs_that_exist() -> None:
    assert {entry.job for entry in TIMETABLE} <= set(jobs.registry._jobs)


@pytest.mark.django_db(transaction=True)
def test_two_beats_and_four_workers_make_one_night() -> None:
    world = World()
    now = timezone.now()
    in_threads(lambda: jobs.tick(TIMETABLE, now), lambda: jobs.tick(TIMETABLE, now))
    assert JobSlot.objects.filter(job="night").count() == 2
    in_threads(*[jobs.work] * 4)
    assert set(JobSlot.objects.values_list("state", flat=True)) == {"done"}
    with tenant_scope(world.tenant()):
        assert NightRun.objects.count() == 1
        keys = list(Cta.objects.values_list("rule", "account", "subject", "occurrence"))
        assert len(keys) == len(set(keys)) > 0
        assert (
            OutboxMail.objects.filter(kind="morning").values("to").distinct().count()
            == OutboxMail.objects.count()
        )


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_open_each_cta_once() -> None:
    """Two operators, two processes, one tenant: what one opens the other finds."""
    settings = {
        **os.environ,
        "DATABASE_URL": url_of_tests("DATABASE_URL"),
        "DATABASE_OWNER_URL": url_of_tests("DATABASE_OWNER_URL"),
    }
    command = [sys.executable, "manage.py", "night", "--on", f"{TODAY}", "--tenant", "midori", "--json"]
    both = [
        subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in "12"
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    figures = [json.loads(out)["tenants"]["midori"] for out, _err in said]
    with tenant_scope(World().tenant()):
        assert sum(n["opened"] for n in figures) == Cta.objects.count() > 0
        assert min(n["opened"] for n in figures) == 0


def url_of_tests(name: str) -> str:
    base = os.environ[name].rpartition("/")[0]
    return f"{base}/{connection.settings_dict['NAME']}"
