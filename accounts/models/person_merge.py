from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.key_person import KeyPerson
from tenants.fields import TenantForeignKey
from tenants.owned import TenantOwned


class PersonMerge(OfAccount, TenantOwned):
    """Two records of one person became one: what was moved and written over, so that it can be taken back. What changed
    on the two stands in their own history.

    ``moved`` are the ids of rows by the key that named the merged one (``accounts.PersonRole.person``); ``dropped`` are
    rows that would have stood there twice, as they were; ``before`` and ``after`` are the texts of the kept one.
    """

    holds_copies = True
    personal_fields = ()

    account = TenantForeignKey(Account, models.CASCADE, related_name="person_merges")
    kept = TenantForeignKey(KeyPerson, models.CASCADE, related_name="+", verbose_name=_("残した人"))
    merged = TenantForeignKey(KeyPerson, models.CASCADE, related_name="+", verbose_name=_("まとめた人"))
    moved = models.JSONField(default=dict)
    dropped = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta(TenantOwned.Meta):
        indexes = [models.Index(fields=["tenant", "account", "-created_at"], name="merges_of_account")]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"
