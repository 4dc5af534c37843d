"""That somebody looked a whole schedule over: monthly, and before meetings (S1 1.35)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from tenants.fields import TenantForeignKey
from tenants.owned import TenantOwned


class ScheduleStamp(OfAccount, TenantOwned):
    """見直し済: the schedule of one account was looked over by one of ours; the rows themselves say what changed."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="schedule_stamps")
    member = TenantForeignKey(
        "tenants.Membership", models.PROTECT, related_name="+", verbose_name=_("見直した人")
    )
    on = models.DateField(_("見直した日"))

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "account", "on"],
                name="one_schedule_stamp_per_day",
                violation_error_message=_("今日はもう見直し済です"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y/%m/%d}"
