from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.key_person import KeyPerson
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned


@recorded
class Opinion(OfAccount, Binned):
    """What somebody of the customer said or thinks on a day, who of ours heard it and where (S1 1.2, 1.36)."""

    personal_fields = ("text", "source")

    account = TenantForeignKey(Account, models.CASCADE, related_name="opinions")
    person = TenantForeignKey(KeyPerson, models.CASCADE, related_name="opinions")
    on = models.DateField(_("日付"))
    text = models.CharField(_("発言・意見"), max_length=500)
    heard_by = TenantForeignKey(
        "tenants.Membership",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("聞いた人"),
    )
    source = models.CharField(_("出典"), max_length=200, blank=True, default="")

    class Meta(Binned.Meta):
        indexes = [models.Index(fields=["tenant", "account", "person", "-on"], name="opinions_of_person")]

    def __str__(self) -> str:
        return self.text
