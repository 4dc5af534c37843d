from django.utils.translation import gettext_lazy as _

from ctas import night
from tenants.jobs import Beat, Payload, job


@job("night", label=_("夜間の計算"))
def run(payload: Payload, beat: Beat) -> None:
    """At 06:00 of the tenant's zone, see ``cs_planner/timetable.py``."""
    night.run(beat.today)
