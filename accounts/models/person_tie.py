from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.key_person import KeyPerson
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned


class TieKind(models.TextChoices):
    INFLUENCE = "influence", _("影響")
    SUPPORT = "support", _("協力")
    CONFLICT = "conflict", _("対立・慎重")


@recorded
class PersonTie(OfAccount, Binned):
    """How one person of the customer bears on another (力関係, S1 1.26, 1.36). Who reports to whom is not a tie."""

    personal_fields = ("label",)

    account = TenantForeignKey(Account, models.CASCADE, related_name="person_ties")
    person = TenantForeignKey(KeyPerson, models.CASCADE, related_name="ties", verbose_name=_("誰が"))
    to = TenantForeignKey(KeyPerson, models.CASCADE, related_name="ties_to", verbose_name=_("誰に"))
    kind = models.CharField(_("関係"), max_length=10, choices=TieKind.choices, default=TieKind.INFLUENCE)
    label = models.CharField(_("ひとこと"), max_length=40, blank=True, default="")

    class Meta(Binned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("to")),
                name="tie_is_between_two",
                violation_error_message=_("関係は、別のふたりの間に引いてください"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "person", "to", "kind"],
                condition=Q(deleted_at__isnull=True),
                name="one_tie_of_a_kind",
                violation_error_message=_("このふたりの間には、もう同じ関係があります"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "account"], name="ties_of_account")]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()
