from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from tenants.fields import TenantForeignKey
from tenants.owned import TenantOwned

UNDO_DAYS = 30


class AccountMerge(OfAccount, TenantOwned):
    """Two accounts became one: what was moved, left out and written over, so that it can be taken back for 30 days. The
    line itself stays: histories tell it.

    ``account`` is the kept one, and follows it when that is merged itself; ``kept_id`` stays.
    ``moved`` and ``dropped`` are those of ``tenants.merging.Moves``; ``before`` and ``after`` the columns of the kept one.
    """

    holds_copies = True
    personal_fields = ()

    account = TenantForeignKey(Account, models.CASCADE, related_name="merges", verbose_name=_("残したお客様"))
    kept_id = models.UUIDField()
    merged_id = models.UUIDField()
    merged_name = models.CharField(_("まとめたお客様"), max_length=200)
    by = models.TextField(_("まとめた人"))
    request = models.TextField(default="")
    count = models.PositiveIntegerField(_("移した記録"), default=0)
    moved = models.JSONField(default=list)
    dropped = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.TextField(default="", editable=False)
    undo_request = models.TextField(default="", editable=False)

    class Meta(TenantOwned.Meta):
        indexes = [
            models.Index(fields=["tenant", "account", "-created_at"], name="merges_into_account"),
            models.Index(fields=["tenant", "merged_id"], name="merges_of_what_went"),
        ]

    def __str__(self) -> str:
        return self.merged_name

    @property
    def can_be_undone(self) -> bool:
        return (
            self.undone_at is None
            and bool(self.dropped)
            and self.created_at > timezone.now() - timedelta(days=UNDO_DAYS)
        )
