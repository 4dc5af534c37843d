"""The night of one tenant: measure, score, wake what slept, close and open CTAs, and write the morning mails."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F

from ctas import firing, morning
from ctas.assigning import People
from ctas.duedates import Calendar
from ctas.models import Cta, NightRun
from ctas.registry import all_rules
from health import scoring
from tenants.scope import current_tenant_id
from ui.querying import whole_sets


@dataclass(frozen=True)
class Figures:
    """Accounts scored, CTAs opened and closed, and open CTAs left as they were."""

    scored: int
    opened: int
    closed: int
    unchanged: int

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def run(today: date, *, tells: bool = True) -> Figures:
    """What is known on ``today``, for the tenant in scope. A second run finds nothing left to do.

    ``tells=False`` writes no morning mails.
    """
    one_at_a_time()
    scored = scoring.score_all(today)
    firing.wake(today)
    people = People(today)
    opened, closed = evaluate(today, people)
    figures = Figures(scored, len(opened), closed, unchanged(len(opened), today))
    keep(figures, today)
    if tells:
        morning.write(today, opened, people)
    return figures


def evaluate(today: date, people: People) -> tuple[list[UUID], int]:
    """Every rule in turn; gives the CTAs that were opened, and how many were closed."""
    calendar, closed = Calendar.read(), 0
    opened: list[UUID] = []
    with whole_sets():
        for rule in all_rules():
            outcome = firing.evaluate(rule, today, people, calendar)
            closed += outcome.closed
            opened += outcome.opened
    return opened, closed


def one_at_a_time() -> None:
    """Two nights of one tenant at once would wait for each other's rows; the second one waits here instead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"night {current_tenant_id()}"]
        )


def unchanged(opened: int, today: date) -> int:
    return Cta.objects.open().filter(opened_on__lte=today).count() - opened


def keep(figures: Figures, today: date) -> None:
    """Later runs of the same night add what they still found; one that found nothing writes nothing."""
    night, is_new = NightRun.objects.get_or_create(on=today, defaults=written(figures))
    if not is_new and (figures.opened or figures.closed or figures.scored != night.scored):
        more: dict[str, Any] = {
            "opened": F("opened") + figures.opened,
            "closed": F("closed") + figures.closed,
        }
        NightRun.objects.filter(pk=night.pk).update(scored=figures.scored, **more)


def written(figures: Figures) -> dict[str, int]:
    return {"scored": figures.scored, "opened": figures.opened, "closed": figures.closed}
