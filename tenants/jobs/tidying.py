"""Clearing away what nobody needs any more: the bin after 30 days, marks and keys of editing after a day."""

from datetime import timedelta

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.jobs.registry import Payload, job
from tenants.jobs.working import Beat
from tenants.models import EditorMark, IdempotencyKey, JobSlot, OutboxMail
from tenants.models.job_slot import ENDED
from tenants.models.outbox import MailState
from tenants.owned import Binned

IN_BIN = timedelta(days=30)
OF_EDITING = timedelta(days=1)
OF_WORK = timedelta(days=30)


@job("tidy", label=_("古い控えの片付け"))
def tidy(payload: Payload, beat: Beat) -> None:
    now = timezone.now()
    empty_bin(before=now - IN_BIN)
    for model in (EditorMark, IdempotencyKey):
        model.objects.filter(created_at__lt=now - OF_EDITING).delete()
    OutboxMail.objects.filter(state=MailState.SENT, sent_at__lt=now - OF_WORK).delete()
    JobSlot.objects.filter(tenant=beat.tenant, state__in=ENDED, finished_at__lt=now - OF_WORK).delete()


def empty_bin(before: object) -> None:
    """What a row still hangs on waits for its turn: children leave before their parents."""
    for model in children_first(binned_models()):
        model.everything.filter(deleted_at__lt=before).delete()  # type: ignore[attr-defined]


def binned_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, Binned)]


def children_first(found: list[type[models.Model]]) -> list[type[models.Model]]:
    """Ordered so that a model comes before those it points at."""
    ordered: list[type[models.Model]] = []

    def visit(model: type[models.Model]) -> None:
        if model in ordered:
            return
        for child in found:
            if child is not model and any(
                field.is_relation and field.related_model is model for field in child._meta.local_fields
            ):
                visit(child)
        ordered.append(model)

    for model in found:
        visit(model)
    return ordered
