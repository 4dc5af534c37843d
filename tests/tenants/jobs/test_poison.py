"""Work that cannot be done: it ends after its attempts, takes nobody along, keeps nobody waiting, and an operator sees it."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from tenants import jobs
from tenants.jobs import claiming, registry, working
from tenants.models import JobSlot
from tenants.scope import tenant_scope
from tests.threads import in_threads
from tests.world import World


@pytest.fixture(autouse=True)
def served() -> Iterator[list[str]]:
    """``fine`` notes for whom it ran; ``poison`` always raises."""
    seen: list[str] = []
    registered = dict(registry._jobs)
    jobs.job("fine", label="よい仕事")(lambda payload, beat: seen.append(beat.tenant.slug))

    @jobs.job("poison", label="毒のある仕事")
    def fall(payload: jobs.Payload, beat: jobs.Beat) -> None:
        raise ValueError("always")

    yield seen
    registry._jobs.clear()
    registry._jobs.update(registered)


def asked(world: World, name: str, times: int = 1, slug: str = "midori") -> list[JobSlot]:
    with tenant_scope(world.tenant(slug)):
        return [jobs.enqueue(name, {"n": n}) for n in range(times)]


def dead(world: World, slug: str = "midori") -> JobSlot:
    (slot,) = asked(world, "poison", slug=slug)
    for _attempt in range(claiming.ATTEMPTS):
        JobSlot.objects.filter(pk=slot.pk).update(due_at=timezone.now())
        jobs.work(watched=False)
    slot.refresh_from_db()
    assert (slot.state, slot.attempts) == ("dead", claiming.ATTEMPTS)
    return slot


def told(*words: str) -> Any:
    out = StringIO()
    call_command("jobs", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def alarm(world: World) -> str:
    return str(Client().get("/readyz").json()["checks"]["work"]["reason"])


def test_an_operator_sees_it_and_settles_it(world: World) -> None:
    assert alarm(world) == ""
    slot = dead(world)
    assert alarm(world) == "given up: 1 poison; see manage.py jobs"
    (line,) = told("list")["jobs"]
    assert (line["id"], line["tenant"], line["error"]) == (str(slot.pk), "midori", "ValueError: always")
    assert told("list", "--tenant", "aoba")["jobs"] == []
    assert told("give-up", str(slot.pk)) == {"given_up": 1}
    assert alarm(world) == "" and told("list")["jobs"] == []


def test_what_was_mended_is_tried_again_from_the_beginning(world: World, served: list[str]) -> None:
    slot = dead(world)
    jobs.job("poison")(lambda payload, beat: served.append("mended"))
    assert told("retry", "--all", "--job", "poison") == {"retried": 1, "asked": 1}
    jobs.work(watched=False)
    slot.refresh_from_db()
    assert (slot.state, slot.attempts, served) == ("done", 1, ["mended"])


def test_a_retry_of_what_was_asked_for_again_is_settled_by_it(world: World) -> None:
    slot = dead(world)
    asked(world, "poison")
    assert told("retry", str(slot.pk)) == {"retried": 0, "asked": 1}
    slot.refresh_from_db()
    assert slot.state == "given_up"


def test_work_put_aside_while_it_runs_commits_nothing(world: World) -> None:
    (slot,) = asked(world, "fine")
    claimed = claiming.claim()
    assert claimed
    told("give-up", str(slot.pk))
    with pytest.raises(jobs.LeaseLost):
        claiming.finish(claimed, (0, 0))


def test_wrong_use_of_the_command_is_exit_status_2(world: World) -> None:
    for words in (["retry"], ["give-up", "00000000-0000-0000-0000-000000000000"]):
        with pytest.raises(SystemExit) as refused:
            call_command("jobs", *words, stderr=StringIO())
        assert refused.value.code == 2


def test_the_admin_reads_what_could_not_be_done_in_their_own_company(world: World, sign_in: Any) -> None:
    dead(world), dead(world, "aoba")
    text = sign_in(world.member("admin")).get("/t/midori/settings/work/").content.decode()
    assert "できなかった処理が1件あります" in text and text.count("毒のある仕事") == 1
    assert sign_in(world.csm).get("/t/midori/settings/work/").status_code == 403


def test_work_that_waits_beyond_its_time_is_told(world: World) -> None:
    asked(world, "fine")
    JobSlot.objects.update(due_at=timezone.now() - timedelta(minutes=11))
    assert alarm(world) == "work has waited for 660 seconds"


def test_a_thousand_pieces_of_one_tenant_do_not_stand_before_one_of_another(
    world: World, served: list[str]
) -> None:
    asked(world, "fine", 1_000)
    asked(world, "fine", 5, slug="aoba")
    for _ in range(20):
        working.next_slot(watched=False)
    assert served[:12].count("aoba") == 5, (
        "in turn with the first ones, though the thousand were there before"
    )


@pytest.mark.django_db(transaction=True)
def test_what_may_take_the_worker_along_runs_without_neighbours(served: list[str]) -> None:
    """The first death costs each neighbour one attempt; from then on the guilty one dies alone."""
    world, together = World(), []
    at_work, most = [0], threading.Lock()

    def careful(payload: jobs.Payload, beat: jobs.Beat) -> None:
        with most:
            at_work[0] += 1
        connection.connection.cursor().execute("SELECT pg_sleep(0.05)")
        with most:
            together.append((payload["n"], at_work[0]))
            at_work[0] -= 1

    jobs.job("careful")(careful)
    slots = asked(world, "careful", 6)
    suspects = {slot.payload["n"] for slot in slots[:3]}
    JobSlot.objects.filter(pk__in=[slot.pk for slot in slots[:3]]).update(error=claiming.SILENT)
    in_threads(*[jobs.work] * 4)
    jobs.work()
    assert JobSlot.objects.filter(state="done").count() == 6
    assert {count for n, count in together if n in suspects} == {1}


@pytest.mark.django_db(transaction=True)
def test_what_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "LOOK_EVERY", 0.05)

    @jobs.job("endless", limit=timedelta(seconds=0.2))
    def endless(payload: jobs.Payload, beat: jobs.Beat) -> None:
        connection.connection.cursor().execute("SELECT pg_sleep(600)")

    (slot,) = asked(World(), "endless")
    jobs.work()
    slot.refresh_from_db()
    assert (slot.state, slot.attempts, slot.error) == ("waiting", 1, "ran longer than 0:00:00.200000")


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_held_through_a_database_that_is_away_for_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(working, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(working, "RENEW_EVERY", 0.02)
    hold, calls = claiming.hold, []

    def sometimes(slot: JobSlot, steps: tuple[int, int]) -> None:
        calls.append(1)
        if len(calls) == 1:
            connection.ensure_connection()
            connection.connection.close()
        hold(slot, steps)

    monkeypatch.setattr(claiming, "hold", sometimes)
    jobs.job("patient")(lambda payload, beat: connection.connection.cursor().execute("SELECT pg_sleep(0.5)"))
    (slot,) = asked(World(), "patient")
    jobs.work()
    slot.refresh_from_db()
    assert slot.state == "done" and len(calls) > 2
