"""見直し済: saying that a schedule was looked over, and taking it back (S1 1.35)."""

from datetime import date

from accounts.models import Account
from success_plans.models import ScheduleStamp
from tenants.models import Membership


def stamp(account: Account, member: Membership, today: date) -> ScheduleStamp:
    """Today's stamp; a second one of the same day is the first."""
    return ScheduleStamp.objects.get_or_create(account=account, on=today, defaults={"member": member})[0]  # type: ignore[no-any-return]


def last_stamp(account: Account) -> ScheduleStamp | None:
    found = ScheduleStamp.objects.filter(account=account).select_related("member__user")
    return found.order_by("-on").first()  # type: ignore[no-any-return]
