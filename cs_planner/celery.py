"""The Celery application. PostgreSQL decides what is to be done; the broker only wakes workers."""

import os

from celery import Celery
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


@app.task(name="tick")
def tick() -> None:
    from django.utils import timezone

    from cs_planner.timetable import TIMETABLE
    from tenants import jobs

    jobs.tick(TIMETABLE, timezone.now())
