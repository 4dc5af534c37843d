"""The steps of a rule's playbook for one CTA: by which day, in the tenant's own workdays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ctas.duedates import Calendar
from ctas.registry import Step


@dataclass(frozen=True)
class DatedStep:
    by: date
    text: str


def dated(steps: Sequence[Step], opened_on: date) -> list[DatedStep]:
    """One statement, or none for a rule without a playbook."""
    if not steps:
        return []
    calendar = Calendar.read()
    return [DatedStep(calendar.add_workdays(opened_on, step.within), str(step.text)) for step in steps]
