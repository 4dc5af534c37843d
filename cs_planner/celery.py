"""The Celery application. PostgreSQL decides what is to be done; the broker only wakes workers."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cs_planner.settings")
app = Celery("masume")
app.conf.update(settings.CELERY)
app.autodiscover_tasks()
