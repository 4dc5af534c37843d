from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.fields import TenantForeignKey
from tenants.owned import TenantOwned
from tenants.scope import TenantManager, TenantQuerySet

UNDO_DAYS = 7


class ImportState(models.TextChoices):
    """Where an import stands. In the working states a job is at it, or is about to be."""

    READING = "reading", _("読み取り中")
    ASKING = "asking", _("確認待ち")
    CHECKING = "checking", _("下見中")
    CHECKED = "checked", _("下見")
    APPLYING = "applying", _("取り込み中")
    DONE = "done", _("取り込み済み")
    UNDOING = "undoing", _("戻している")
    UNDONE = "undone", _("元に戻した")
    REFUSED = "refused", _("読めないファイル")


WORKING = (ImportState.READING, ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING)


class ImportQuerySet(TenantQuerySet):
    def working(self) -> Self:
        return self.filter(state__in=WORKING)

    def older_than(self, moment: datetime) -> Self:
        return self.filter(created_at__lt=moment)


class Import(TenantOwned):
    """One file on its way in: what it is, how it is read, what was chosen, and what came of it."""

    holds_copies = True

    record_type = models.CharField(max_length=30, default="accounts")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READING)
    file_name = models.CharField(max_length=255)
    file_size = models.BigIntegerField(default=0)
    stored_as = models.CharField(max_length=255, blank=True, default="")
    options = models.JSONField(default=dict)  # encoding, delimiter, sheet as a person chose them
    layout = models.JSONField(default=dict)
    mapping = models.JSONField(default=list)  # one proposal per column
    choices = models.JSONField(default=dict)
    corrections = models.JSONField(
        default=dict
    )  # line → {column number: value}, or null to leave the line out
    rows = models.IntegerField(default=0)
    left_out = models.JSONField(default=list)  # lines that only the comparison with others found wrong
    summary = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)
    stop_requested = models.BooleanField(default=False)
    made_by = TenantForeignKey("tenants.Membership", models.PROTECT, related_name="+")
    began_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(ImportQuerySet)()  # type: ignore[misc]

    class Meta(TenantOwned.Meta):
        indexes = [
            models.Index(fields=["tenant", "-created_at"]),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def undo_until(self) -> datetime | None:
        return self.applied_at and self.applied_at + timedelta(days=UNDO_DAYS)

    @property
    def may_undo(self) -> bool:
        return bool(self.state == ImportState.DONE and self.undo_until and timezone.now() < self.undo_until)

    @property
    def targets(self) -> list[str]:
        """Where each column goes, "" for nowhere."""
        return [proposal["target"] for proposal in self.mapping]

    def rows_as_corrected(self) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of every row that has its form, as a person corrected it; one chunk in memory at a time."""
        for number in self.chunks.order_by("number").values_list("number", flat=True):
            for line, cells, problem in self.chunks.get(number=number).rows:
                fix = self.corrections.get(str(line), {})
                if fix is not None and problem is None:
                    yield (
                        line,
                        [fix.get(str(place), cell) for place, cell in enumerate(cells)] if fix else cells,
                    )

    def choice(self, name: str, default: Any = None) -> Any:
        return self.choices.get(name, default)


class ImportChunk(TenantOwned):
    """A thousand rows of the file: as read, and as understood. Set-based steps unfold ``checked`` in SQL."""

    holds_copies = True

    of = TenantForeignKey(Import, models.CASCADE, related_name="chunks")
    number = models.IntegerField()
    first_line = models.IntegerField()
    last_line = models.IntegerField()
    rows = models.JSONField()  # [line, [cell, …], problem or null]
    checked = models.JSONField(default=list)  # {"line": …, column: value, …} of the rows without an error

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "of", "number"], name="one_chunk_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.of_id} #{self.number}"


class ImportFinding(TenantOwned):
    """One thing a person should know before the file is taken in."""

    holds_copies = True

    of = TenantForeignKey(Import, models.CASCADE, related_name="findings")
    line = models.IntegerField()
    severity = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    column = models.CharField(max_length=210, blank=True, default="")
    value = models.CharField(max_length=210, blank=True, default="")
    params = models.JSONField(default=dict)
    about = models.CharField(
        max_length=200, blank=True, default=""
    )  # the record's name, to recognise the row

    class Meta(TenantOwned.Meta):
        indexes = [models.Index(fields=["tenant", "of", "code", "line"])]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"


class ImportChange(TenantOwned):
    """What an import wrote to one record: enough to say it, and to take it back."""

    holds_copies = True

    of = TenantForeignKey(Import, models.CASCADE, related_name="changes")
    line = models.IntegerField()
    record = models.UUIDField()
    created = models.BooleanField(default=False)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    facts = models.JSONField(default=list)  # provenance that was replaced

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "of", "record"], name="one_change_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.record}"


class ImportMapping(TenantOwned):
    """Where the columns of files with these headings went last time."""

    holds_copies = True

    record_type = models.CharField(max_length=30)
    signature = models.CharField(max_length=64)
    targets = models.JSONField()
    used_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "record_type", "signature"], name="one_mapping_per_headings"
            )
        ]

    def __str__(self) -> str:
        return self.signature[:8]
