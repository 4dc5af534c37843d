from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.history import recorded
from tenants.owned import TenantOwned

GOOD_FROM, CAUTION_FROM = 70, 50


@recorded
class Scorecard(TenantOwned):
    """How a tenant weighs its measures and where its bands begin. Without a row the defaults of the code hold."""

    weights = models.JSONField(_("重み"), default=dict, blank=True)
    good_from = models.PositiveSmallIntegerField(
        _("良好の下限"), default=GOOD_FROM, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    caution_from = models.PositiveSmallIntegerField(
        _("注意の下限"), default=CAUTION_FROM, validators=[MinValueValidator(0), MaxValueValidator(99)]
    )

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="one_scorecard_per_tenant"),
            models.CheckConstraint(
                condition=Q(good_from__gt=F("caution_from"), good_from__lte=100),
                name="good_begins_above_caution",
                violation_error_message=_("良好の下限は、注意の下限より上にしてください"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.good_from} / {self.caution_from}"

    @classmethod
    def current(cls) -> Self:
        """The scorecard of the tenant in scope, saved or not."""
        return cls.objects.first() or cls()
