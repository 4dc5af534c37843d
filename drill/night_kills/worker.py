"""The product's Celery application with a clock that the drill sets, and with leases that a drill can wait for.

``celery -A drill.night_kills.worker worker|beat …``. Only durations and the day differ from production, and four kinds
of work are known besides: one that raises, one that kills its process, one that never ends, and their neighbour.
"""

import os
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.utils import timezone

CLOCK = Path(os.environ["DRILL_CLOCK"])
"""Holds how many seconds the drill's day is away from today."""
real_now = timezone.now


def now() -> datetime:
    return real_now() + timedelta(seconds=float(CLOCK.read_text()))


timezone.now = now  # before any model is imported
django.setup()

from cs_planner.celery import app  # noqa: E402
from tenants import jobs  # noqa: E402
from tenants.jobs import claiming, working  # noqa: E402

claiming.LEASE = timedelta(seconds=float(os.environ["DRILL_LEASE"]))
claiming.PAUSE = timedelta(seconds=0.5)
working.RENEW_EVERY = 0.5
app.conf.beat_schedule["tick"]["schedule"] = 2.0


@jobs.job("drill.raise")
def fall(payload: jobs.Payload, beat: jobs.Beat) -> None:
    raise ValueError("always")


@jobs.job("drill.kill")
def kill(payload: jobs.Payload, beat: jobs.Beat) -> None:
    time.sleep(2)
    os.kill(os.getpid(), signal.SIGKILL)


@jobs.job("drill.endless", limit=timedelta(seconds=3))
def never_end(payload: jobs.Payload, beat: jobs.Beat) -> None:
    while True:
        time.sleep(0.2)
        beat(1, 2)


@jobs.job("drill.neighbour")
def work_beside(payload: jobs.Payload, beat: jobs.Beat) -> None:
    time.sleep(3)


__all__ = ["app"]
