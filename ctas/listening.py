"""News from the rooms below that end a CTA at once, not only in the next night."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.dispatch import receiver
from django.utils import timezone

from accounts.signals import activity_recorded
from ctas.models import Cta, Status

REMINDER = "no_recent_note"


@receiver(activity_recorded)
def end_the_reminder(sender: Any, activity: Any, **kwargs: Any) -> None:
    """A note about the last days is what the reminder asked for. What somebody works on is theirs to close."""
    today = timezone.localdate()
    asked = Cta.objects.filter(account=activity.account_id, rule=REMINDER, is_flagged=False).open()
    done = [
        cta.pk
        for cta in asked.exclude(status=Status.DOING)
        if silence_begins(cta, today) < activity.on <= today
    ]
    Cta.objects.filter(pk__in=done).update(
        status=Status.RESOLVED, was=F("status"), ending="written", closed_at=Now(), gone_on=today
    )


def silence_begins(cta: Cta, today: date) -> date:
    return today - timedelta(days=int(cta.evidence.get("days", 7)))
