from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.models.account import OfAccount
from tenants.fields import TenantForeignKey
from tenants.owned import TenantOwned
from tenants.scope import TenantManager, TenantQuerySet

COMPARED_WITH = timedelta(weeks=4)


class Band(models.TextChoices):
    """Bounds are inclusive; see ``Scorecard``. Nothing measured has no score."""

    GOOD = "good", _("良好")
    CAUTION = "caution", _("注意")
    RISK = "risk", _("危険")
    NONE = "none", _("未計測")


class ScoreQuerySet(TenantQuerySet):
    def with_change(self, today: date) -> Self:
        """Adds ``before`` (the score of four weeks ago) and ``change`` since then; None where it was not known."""
        days = ScoreDay.objects.filter(account=OuterRef("account"), on__lte=today - COMPARED_WITH)
        before = Subquery(days.order_by("-on").values("score")[:1])
        return self.annotate(before=before).annotate(change=F("score") - F("before"))


class AccountScore(OfAccount, TenantOwned):
    """The health of an account as of the last night. ``parts`` keeps each measure's points, null when unknown."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="scores", db_index=False)
    score = models.PositiveSmallIntegerField(null=True)
    band = models.CharField(max_length=10, choices=Band.choices, default=Band.NONE)
    parts = models.JSONField(default=dict)
    since = models.DateField()

    objects = TenantManager.from_queryset(ScoreQuerySet)()  # type: ignore[misc]

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "account"], name="one_score_per_account")]
        indexes = [models.Index(fields=["tenant", "band", "score", "account"])]

    def __str__(self) -> str:
        return f"{self.score} {self.get_band_display()}"


class ScoreDay(OfAccount, TenantOwned):
    """The health of an account on one day: one wide row, so that a chart reads one index range."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="score_days", db_index=False)
    on = models.DateField()
    score = models.PositiveSmallIntegerField(null=True)
    band = models.CharField(max_length=10, choices=Band.choices, default=Band.NONE)
    parts = models.JSONField(default=dict)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "account", "on"], name="one_score_per_account_and_day")
        ]
        indexes = [models.Index(fields=["tenant", "on"])]

    def __str__(self) -> str:
        return f"{self.on} {self.score}"
