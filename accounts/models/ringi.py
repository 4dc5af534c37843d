"""The customer's approval documents, and what was promised in them to get the purchase through (S1 1.24)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned


@recorded
class Ringi(OfAccount, Binned):
    """One approval document: expectations are set by what stands in it, whether we have read it or not."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="ringis")
    title = models.CharField(_("稟議"), max_length=200)
    on = models.DateField(_("決裁日"), null=True, blank=True)
    amount = models.BigIntegerField(_("承認額"), null=True, blank=True, help_text=_("円"))
    purpose = models.TextField(_("目的"), blank=True, default="")
    approvers = models.CharField(_("承認者"), max_length=200, blank=True, default="")
    copy_with = models.CharField(_("写しの持ち主"), max_length=120, blank=True, default="")

    class Meta(Binned.Meta):
        indexes = [models.Index(fields=["tenant", "account"], name="ringis_of_account")]

    def __str__(self) -> str:
        return self.title


class PromiseState(models.TextChoices):
    OPEN = "open", _("これから")
    KEPT = "kept", _("果たした")
    BROKEN = "broken", _("届かなかった")


@recorded
class RingiPromise(OfAccount, Binned):
    """An effect that the document promised, with its figure; objectives say which promise they keep."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="promises")
    ringi = TenantForeignKey(Ringi, models.CASCADE, related_name="promises", verbose_name=_("稟議"))
    promise = models.CharField(_("約束した効果"), max_length=300)
    figure = models.CharField(_("数字"), max_length=120, blank=True, default="")
    due_on = models.DateField(_("いつまで"), null=True, blank=True)
    state = models.CharField(
        _("状態"), max_length=10, choices=PromiseState.choices, default=PromiseState.OPEN
    )

    class Meta(Binned.Meta):
        indexes = [
            models.Index(fields=["tenant", "account"], name="promises_of_account"),
            models.Index(fields=["tenant", "ringi"], name="promises_of_ringi"),
        ]

    def __str__(self) -> str:
        return self.promise


class FormationState(models.TextChoices):
    PROPOSED = "proposed", _("提案")
    AGREED = "agreed", _("合意")
    RUNNING = "running", _("実施中")


@recorded
class Formation(OfAccount, Binned):
    """A way of working together that we propose: who of theirs and who of ours, for what, how often (S1 1.21)."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="formations")
    purpose = models.CharField(_("座組み"), max_length=200)
    theirs = models.CharField(_("先方"), max_length=200, blank=True, default="")
    ours = models.CharField(_("当社"), max_length=200, blank=True, default="")
    cadence = models.CharField(_("頻度"), max_length=80, blank=True, default="")
    state = models.CharField(
        _("状態"), max_length=10, choices=FormationState.choices, default=FormationState.PROPOSED
    )

    class Meta(Binned.Meta):
        indexes = [models.Index(fields=["tenant", "account"], name="formations_of_account")]

    def __str__(self) -> str:
        return self.purpose
