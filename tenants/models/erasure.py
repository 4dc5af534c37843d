from django.db import models

from tenants.history import TenantLog


class Erasure(TenantLog):
    """That somebody's personal data were erased, when and by whom; never who it was.

    Written by the same function that changes history (``tenants.erasing.door``), so nothing is erased without a trace.
    """

    subject = models.UUIDField()
    counts = models.JSONField(default=dict)  # table of history → rows in which something was blotted out

    class Meta(TenantLog.Meta):
        indexes = [models.Index(fields=["tenant", "-id"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.at:%Y-%m-%d}"
