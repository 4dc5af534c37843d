"""Clocks that tick twice, not at all, or wrongly: each slot opens once, and none is lost."""

from collections import Counter
from contextlib import closing, suppress
from datetime import date, datetime, time, timedelta
from threading import Barrier, BrokenBarrierError, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tenants import jobs
from tenants.jobs import ticking
from tenants.jobs.schedule import Daily, Entry, Every
from tenants.models import JobSlot
from tests.world import World

TOKYO = ZoneInfo("Asia/Tokyo")
NIGHT, OFTEN = Daily("night", time(6, 0), ""), Every("often", 1, "")
TICK = timedelta(seconds=15)
SLOTS = {"midori", "aoba"}


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticking.queue, "ring", lambda times=1: None)


def tick(now: datetime, *entries: Entry) -> None:
    """A tick, and workers that have done everything before the next one."""
    jobs.tick(entries, now)
    JobSlot.objects.filter(state="waiting").update(state="done")


def opened(job: str) -> dict[str, Counter[datetime]]:
    found: dict[str, Counter[datetime]] = {}
    for slug, start in JobSlot.objects.filter(job=job).values_list("tenant__slug", "slot_start"):
        found.setdefault(slug, Counter())[start] += 1
    return found


@pytest.mark.django_db(transaction=True)
def test_two_beats_for_five_hundred_ticks_open_each_slot_once() -> None:
    began = datetime(2028, 2, 29, 5, 0, tzinfo=TOKYO)

    together = Barrier(2)

    def beat() -> None:
        with suppress(BrokenBarrierError), closing(connection):
            for n in range(500):
                together.wait()
                jobs.tick((NIGHT, OFTEN), began + n * TICK)
                if together.wait() == 0:
                    JobSlot.objects.filter(state="waiting").update(state="done")

    threads = [Thread(target=beat) for _ in "12"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    often, night = opened("often"), opened("night")
    minutes = {began + timedelta(minutes=n) for n in range(125)}
    assert set(often) == set(night) == SLOTS
    for slug in SLOTS:
        assert set(often[slug]) == minutes and set(often[slug].values()) == {1}
        assert night[slug] == {began.replace(hour=6): 1, began.replace(hour=6) - timedelta(days=1): 1}


def test_a_beat_that_was_dead_for_three_hours_makes_up_for_it_once(world: World) -> None:
    six = datetime(2026, 10, 31, 6, 0, tzinfo=TOKYO)
    tick(six - timedelta(hours=1), NIGHT, Every("quarter", 15, ""))
    JobSlot.objects.all().delete()
    for n in range(8):
        tick(six + timedelta(hours=2) + n * TICK, NIGHT, Every("quarter", 15, ""))
    assert opened("night") == {slug: {six: 1} for slug in SLOTS}
    assert opened("quarter") == {slug: {six + timedelta(hours=2): 1} for slug in SLOTS}, "the last of twelve"


jumps = st.lists(st.integers(-120, 120), min_size=10, max_size=40)
days = st.sampled_from([date(2028, 2, 28), date(2028, 2, 29), date(2026, 12, 31), date(2026, 2, 28)])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days, jumps)
@example(date(2028, 2, 28), [120, -120] * 5 + [120] * 30)
def test_a_clock_that_jumps_two_hours_loses_no_night_and_doubles_none(
    world: World, day: date, minutes: list[int]
) -> None:
    JobSlot.objects.all().delete()
    clock = datetime.combine(day, time(4, 0), TOKYO)
    tick(clock, NIGHT)
    seen = [clock]
    for jump in minutes:
        clock += timedelta(minutes=jump)
        tick(clock, NIGHT)
        seen.append(clock)
    first, last = (NIGHT.latest(moment, TOKYO) for moment in (min(seen), max(seen)))
    expected = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    for found in opened("night").values():
        assert set(found) == expected and set(found.values()) == {1}


def test_a_worker_that_takes_a_tick_late_opens_what_is_due_by_then(world: World) -> None:
    """The tick reads the clock when it is taken, so one that lay in the queue does not open an old day."""
    six = datetime(2028, 2, 29, 6, 0, tzinfo=TOKYO)
    tick(six + timedelta(hours=30), NIGHT)
    assert opened("night") == {slug: {six + timedelta(days=1): 1} for slug in SLOTS}
