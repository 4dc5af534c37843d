from ctas import night
from tenants.jobs import Beat, Payload, job


@job("night")
def run(payload: Payload, beat: Beat) -> None:
    """At 06:00 of the tenant's zone, see ``cs_planner/timetable.py``."""
    night.run(beat.today)
