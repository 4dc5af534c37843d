from django.db import models

from tenants.owned import TenantOwned


class NightRun(TenantOwned):
    """What the night of one day did: the figures people read on the rules page."""

    on = models.DateField()
    scored = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "on"], name="one_run_per_night")]

    def __str__(self) -> str:
        return f"{self.on}"
