"""The Celery application. PostgreSQL decides what is to be done; the broker only wakes workers."""

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cs_planner.settings")
app = Celery("masume")
app.conf.update(settings.CELERY)
app.autodiscover_tasks()

TICK = 15.0
app.conf.beat_schedule = {
    # The only entry: everything else is a slot in PostgreSQL, see timetable.py. A tick nobody took in time is no use.
    "tick": {"task": "tick", "schedule": TICK, "options": {"expires": TICK}},
}


@setup_logging.connect  # type: ignore[untyped-decorator]
def log_as_the_web_does(**kwargs: Any) -> None:
    dictConfig(settings.LOGGING)


@worker_init.connect  # type: ignore[untyped-decorator]
@beat_init.connect  # type: ignore[untyped-decorator]
def refuse_unsafe_role(**kwargs: Any) -> None:
    from tenants.readiness import refuse_unsafe_role

    refuse_unsafe_role()


@app.task(name="tick")  # type: ignore[untyped-decorator]
def tick() -> None:
    from django.utils import timezone

    from cs_planner.timetable import TIMETABLE
    from tenants import jobs

    jobs.tick(TIMETABLE, timezone.now())
