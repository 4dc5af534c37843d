"""The way a file takes through the product, and what is there afterwards."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.importing import batches
from accounts.models import Account, Import
from accounts.models.imports import ImportState
from tenants.models import Membership
from tenants.scope import tenant_scope


class Undone(Exception):
    """Ends a ``rehearsal``."""


@contextmanager
def rehearsal(member: Membership) -> Iterator[None]:
    """The tenant's scope, and nothing of what happened in it afterwards."""
    try:
        with transaction.atomic(), tenant_scope(member.tenant, member=member):
            yield
            raise Undone
    except Undone:
        pass


def look(member: Membership, data: bytes, name: str = "list.csv", **options: str) -> Import:
    """Upload and read as far as the dry run, the question or the refusal."""
    upload = SimpleUploadedFile(name, b"")
    upload.file, upload.size = io.BytesIO(data), len(data)
    batch = batches.keep(upload, "accounts", member, choices={"stage": "live"})
    batch.options = options
    batches.read(batch)
    return batch


def write(batch: Import) -> Import:
    batch.state = ImportState.APPLYING
    batches.write(batch)
    return batch


def saved(**wanted: Any) -> int:
    """Accounts that came out of a drill's file: their external ids begin alike."""
    return Account.objects.filter(external_id__startswith="X-", **wanted).count()
