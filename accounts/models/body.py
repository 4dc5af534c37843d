from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.key_person import KeyPerson
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned


@recorded
class BodyMember(OfAccount, Binned):
    """Who sits in a body that decides (会議体), and as what (S1 1.22)."""

    personal_fields = ("seat",)

    account = TenantForeignKey(Account, models.CASCADE, related_name="body_members")
    body = TenantForeignKey(KeyPerson, models.CASCADE, related_name="members", verbose_name=_("会議体"))
    person = TenantForeignKey(KeyPerson, models.CASCADE, related_name="seats", verbose_name=_("出席する人"))
    seat = models.CharField(_("立場"), max_length=80, blank=True, default="")

    class Meta(Binned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(body=F("person")),
                name="no_body_sits_in_itself",
                violation_error_message=_("会議体そのものは、その出席者になりません"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "body", "person"],
                condition=Q(deleted_at__isnull=True),
                name="sits_once_in_a_body",
                violation_error_message=_("この人は、もうこの会議体の出席者です"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "account"], name="body_members_of_account")]

    def __str__(self) -> str:
        return self.seat
