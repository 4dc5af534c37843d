from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Account
from tenants import jobs
from tenants.jobs import claiming, registry, working
from tenants.jobs.schedule import Daily
from tenants.models import Canary, JobSlot
from tenants.scope import current_member, current_scope, tenant_scope
from tests.threads import in_threads
from tests.world import World

MORNING = Daily("count", time(6, 0), "")


@pytest.fixture(autouse=True)
def calls() -> Iterator[list[Any]]:
    """A job ``count`` that keeps what it was called with, and one ``break`` that always fails."""
    seen: list[Any] = []
    registered = dict(registry._jobs)

    @jobs.job("count", actor=lambda payload: f"count:{payload.get('n', '')}")
    def count(payload: jobs.Payload, beat: jobs.Beat) -> None:
        beat(len(seen), 10)
        seen.append((payload, current_scope().actor, current_member()))
        Account.objects.create(name=f"作業{len(seen)}")

    @jobs.job("break")
    def fall(payload: jobs.Payload, beat: jobs.Beat) -> None:
        Account.objects.create(name="残らない")
        raise ValueError("broken")

    yield seen
    registry._jobs.clear()
    registry._jobs.update(registered)


def accounts_named(world: World, start: str) -> int:
    with tenant_scope(world.tenant()):
        return Account.objects.filter(name__startswith=start).count()


def test_work_runs_once_in_the_scope_of_whoever_asked(world: World, calls: list[Any]) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        first = jobs.enqueue("count", {"n": 1})
        assert jobs.enqueue("count", {"n": 1}).pk == first.pk
    assert jobs.work(watched=False) == 1
    assert calls == [({"n": 1}, "count:1", world.csm)]
    with tenant_scope(world.tenant()):
        done = jobs.latest("count", {"n": 1})
        assert done and (done.state, done.steps_total, done.attempts) == ("done", 10, 1)
        assert jobs.enqueue("count", {"n": 1}).pk != first.pk
    with tenant_scope(world.tenant("aoba")):
        assert jobs.latest("count", {"n": 1}) is None


def test_a_person_who_waits_goes_first(world: World, calls: list[Any]) -> None:
    jobs.job("quick", urgent=True)(lambda payload, beat: calls.append("quick"))
    with tenant_scope(world.tenant()):
        jobs.enqueue("count")
        jobs.enqueue("quick")
    jobs.work(watched=False)
    assert calls[0] == "quick"


def test_a_removed_requester_is_nobody(world: World, calls: list[Any]) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        jobs.enqueue("count")
    type(world.csm).objects.filter(pk=world.csm.pk).update(removed_at=timezone.now())
    jobs.work(watched=False)
    assert calls[0][2] is None


def test_a_failure_leaves_nothing_and_is_tried_five_times(world: World) -> None:
    with tenant_scope(world.tenant()):
        slot = jobs.enqueue("break")
    for attempt in range(1, claiming.ATTEMPTS + 1):
        JobSlot.objects.update(due_at=timezone.now())
        assert jobs.work(watched=False) == 1
        slot.refresh_from_db()
        assert (slot.attempts, slot.error) == (attempt, "ValueError: broken")
    assert slot.state == "dead" and jobs.work(watched=False) == 0
    assert accounts_named(world, "残らない") == 0


def test_giving_up_ends_it_at_once(world: World) -> None:
    def give_up(payload: jobs.Payload, beat: jobs.Beat) -> None:
        raise jobs.GiveUp("権限がなくなりました")

    jobs.job("refuse")(give_up)
    with tenant_scope(world.tenant()):
        slot = jobs.enqueue("refuse")
    jobs.work(watched=False)
    slot.refresh_from_db()
    assert (slot.state, slot.attempts, slot.error) == ("dead", 1, "権限がなくなりました")


def test_the_pauses_between_attempts_grow(world: World) -> None:
    with tenant_scope(world.tenant()):
        slot = jobs.enqueue("break")
    pauses = []
    for _ in range(3):
        JobSlot.objects.update(due_at=timezone.now())
        jobs.work(watched=False)
        slot.refresh_from_db()
        pauses.append(round((slot.due_at - timezone.now()).total_seconds()))
    assert pauses == pytest.approx([15, 30, 60], abs=2)


def test_the_tick_opens_every_tenants_slot_once_and_missed_days_once(world: World, calls: list[Any]) -> None:
    now = datetime(2026, 11, 19, 7, 0, tzinfo=world.tenant().zone)
    assert jobs.tick([MORNING], now) == 2
    assert jobs.tick([MORNING], now + timedelta(seconds=15)) == 0
    assert jobs.work(watched=False) == 2
    assert jobs.tick([MORNING], now + timedelta(days=3)) == 2, "three missed mornings are one piece of work"
    assert Canary.objects.get().seen_at == now + timedelta(days=3)


def test_a_suspended_tenant_is_left_alone(world: World) -> None:
    type(world.tenant()).objects.filter(slug="aoba").update(is_suspended=True)
    assert jobs.tick([MORNING], timezone.now()) == 1


def test_the_tick_opens_lost_leases_again(world: World) -> None:
    with tenant_scope(world.tenant()):
        slot = jobs.enqueue("count")
    claimed = claiming.claim()
    assert claimed and claiming.claim() is None
    JobSlot.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.tick([], timezone.now())
    slot.refresh_from_db()
    assert (slot.state, slot.attempts) == ("waiting", 1)
    with pytest.raises(jobs.LeaseLost):
        claiming.finish(claimed, (0, 0))


def test_a_worker_that_lost_its_lease_commits_nothing(world: World) -> None:
    def slow(payload: jobs.Payload, beat: jobs.Beat) -> None:
        Account.objects.create(name="遅れた作業")
        JobSlot.objects.update(worker=None, state="waiting")

    jobs.job("slow")(slow)
    with tenant_scope(world.tenant()):
        jobs.enqueue("slow")
    claimed = claiming.claim()
    assert claimed
    working.perform(claimed, watched=False)
    assert accounts_named(world, "遅れた") == 0


@pytest.mark.django_db(transaction=True)
def test_many_workers_do_each_slot_once(calls: list[Any]) -> None:
    world = World()
    with tenant_scope(world.tenant()):
        for n in range(20):
            jobs.enqueue("count", {"n": n})

    in_threads(*[jobs.work] * 4)
    assert sorted(payload["n"] for payload, _actor, _member in calls) == list(range(20))
    assert accounts_named(world, "作業") == 20


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_open_each_slot_once() -> None:
    now = timezone.now()
    in_threads(*[lambda: jobs.tick([MORNING], now)] * 4)
    assert JobSlot.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_the_lease_and_shows_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "LOOK_EVERY", 0.02)
    seen: list[tuple[int, int]] = []

    def patient(payload: jobs.Payload, beat: jobs.Beat) -> None:
        beat(3, 7)
        for _ in range(200):
            slot = JobSlot.objects.get()
            if slot.steps_total:
                seen.append((slot.steps_done, slot.steps_total))
                return
            connection.connection.cursor().execute("SELECT pg_sleep(0.02)")

    jobs.job("patient")(patient)
    with tenant_scope(World().tenant()):
        jobs.enqueue("patient")
    jobs.work()
    assert seen == [(3, 7)]
    assert JobSlot.objects.get().state == "done"


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_tells_a_worker_that_it_was_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "LOOK_EVERY", 0.02)
    jobs.job("replaced")(lambda payload, beat: None)
    with tenant_scope(World().tenant()):
        jobs.enqueue("replaced")
    claimed = claiming.claim()
    assert claimed
    beat = working.Beat(claimed, registry.find("replaced"))
    with working.heartbeat(beat):
        JobSlot.objects.update(worker=None, state="waiting")
        beat(1, 2)
        with pytest.raises(jobs.LeaseLost):
            for _ in range(200):
                connection.ensure_connection()
                connection.connection.cursor().execute("SELECT pg_sleep(0.02)")
                beat(1, 2)


@pytest.mark.parametrize("end", [claiming.hold, claiming.finish])
def test_a_slot_that_another_worker_runs_by_now_is_not_ours(end: Any, world: World) -> None:
    """It runs, so its state says nothing: only the worker's own name tells the two apart."""
    with tenant_scope(world.tenant()):
        jobs.enqueue("count")
    ours = claiming.claim()
    assert ours
    JobSlot.objects.filter(pk=ours.pk).update(worker=uuid4())
    with pytest.raises(jobs.LeaseLost):
        end(ours, (1, 1))
