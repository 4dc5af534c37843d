from typing import Any, Self
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.fields import TenantForeignKey
from tenants.owned import TenantOwned
from tenants.scope import TenantManager, TenantQuerySet


class SavedViewQuerySet(TenantQuerySet):
    def shown_to(self, member: Any) -> Self:
        """One's own and what colleagues share, oldest first, so that the number keys stay where they are."""
        return self.filter(Q(member=member) | Q(is_shared=True)).order_by("created_at", "pk")


class SavedView(TenantOwned):
    """Filters and order of the account list under a name, kept by one person for themselves or for everybody."""

    member = TenantForeignKey("tenants.Membership", models.CASCADE, related_name="+")
    name = models.CharField(_("表示の名前"), max_length=40)
    query = models.TextField(_("絞り込み"), blank=True, default="")
    is_shared = models.BooleanField(_("チームと共有"), default=False)

    objects = TenantManager.from_queryset(SavedViewQuerySet)()  # type: ignore[misc]

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "member", "name"],
                name="one_view_per_name",
                violation_error_message=_("同じ名前の表示がもうあります"),
            )
        ]
        indexes = [models.Index(fields=["tenant", "is_shared"])]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The query string that shows it, as the person saved it."""
        return f"?{self.query}&{urlencode({'saved': self.pk})}"
