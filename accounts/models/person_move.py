from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.key_person import KeyPerson
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import TenantOwned


class MoveKind(models.TextChoices):
    TRANSFERRED = "transferred", _("異動")
    LEFT = "left", _("退職")
    PROMOTED = "promoted", _("昇進")


@recorded
class PersonMove(OfAccount, TenantOwned):
    """A person left their post, or rose, on a day (S1 1.23). ``accounts.moving`` does it and takes it back.

    ``department`` and ``title`` are those from that day on, as far as anybody knows.
    """

    personal_fields = ("department", "title", "from_department", "from_title")

    account = TenantForeignKey(Account, models.CASCADE, related_name="person_moves")
    person = TenantForeignKey(KeyPerson, models.CASCADE, related_name="moves")
    kind = models.CharField(_("何があったか"), max_length=12, choices=MoveKind.choices)
    on = models.DateField(_("いつ"))
    department = models.CharField(_("新しい部署"), max_length=120, blank=True, default="")
    title = models.CharField(_("新しい役職"), max_length=80, blank=True, default="")
    from_department = models.CharField(_("それまでの部署"), max_length=120, blank=True, default="")
    from_title = models.CharField(_("それまでの役職"), max_length=80, blank=True, default="")

    class Meta(TenantOwned.Meta):
        indexes = [models.Index(fields=["tenant", "account", "person", "-on"], name="moves_of_person")]

    def __str__(self) -> str:
        return self.get_kind_display()
