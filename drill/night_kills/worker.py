"""The product's Celery application with a clock that the drill sets, and with leases that a drill can wait for.

``celery -A drill.night_kills.worker worker|beat …``. Only durations and the day differ from production.
"""

import os
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
from tenants.jobs import claiming, working  # noqa: E402

claiming.LEASE = timedelta(seconds=float(os.environ["DRILL_LEASE"]))
claiming.PAUSE = timedelta(seconds=0.5)
working.RENEW_EVERY = 0.5
app.conf.beat_schedule["tick"]["schedule"] = 2.0

__all__ = ["app"]
