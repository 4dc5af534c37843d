from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.context import ManagementIssue
from accounts.models.driver import DriverNode
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned


@recorded
class IssueDriver(OfAccount, Binned):
    """One of the figures that an issue of the management is about (S1 1.12, 1.16); both are of the same account."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="issue_drivers")
    issue = TenantForeignKey(
        ManagementIssue, models.CASCADE, related_name="about", verbose_name=_("経営方針・課題")
    )
    driver = TenantForeignKey(DriverNode, models.CASCADE, related_name="issues", verbose_name=_("ドライバー"))

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "issue", "driver"],
                condition=Q(deleted_at__isnull=True),
                name="one_link_of_issue_and_driver",
                violation_error_message=_("この課題とドライバーは、もう結んであります"),
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "account"], name="issue_drivers_of_account"),
            models.Index(fields=["tenant", "driver"], name="issues_of_driver"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.driver_id}"
