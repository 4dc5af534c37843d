from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.activity import Activity
from accounts.models.ringi import Ringi
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned


@recorded
class Attachment(OfAccount, Binned):
    """A file of a customer: a copy of a ringi, slides of a meeting. It lies under a random name below the uploads and is
    only ever given out as a download; a file without a row is swept away at night."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="attachments")
    activity = TenantForeignKey(
        Activity,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("記録"),
    )
    ringi = TenantForeignKey(
        Ringi, models.CASCADE, null=True, blank=True, related_name="attachments", verbose_name=_("稟議")
    )
    name = models.CharField(_("ファイル名"), max_length=255)
    size = models.PositiveIntegerField(_("大きさ"), default=0, editable=False)
    content_type = models.CharField(max_length=100, default="application/octet-stream", editable=False)
    stored_as = models.CharField(max_length=90, editable=False)
    added_by = TenantForeignKey("tenants.Membership", models.PROTECT, related_name="+")

    class Meta(Binned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=True) | Q(ringi__isnull=True),
                name="a_file_hangs_on_one_thing",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "account", "-id"], name="files_of_account"),
            models.Index(fields=["tenant", "activity"], name="files_of_activity"),
            models.Index(fields=["tenant", "ringi"], name="files_of_ringi"),
        ]

    def __str__(self) -> str:
        return self.name
