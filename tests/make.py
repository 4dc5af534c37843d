"""Rows for tests: ``make.row(Model, account)`` fills what a model needs by looking at its fields."""

from datetime import time, timedelta
from itertools import count
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import Account, Notice, Resolution, SheetEdition, SheetField, SheetSection
from accounts.sheet.editions import draft_or_none
from tenants.models import Membership
from tenants.scope import current_tenant
from tests.world import TODAY

NUMBER = count(1)


def account(**fields: Any) -> Account:
    n = next(NUMBER)
    return Account.objects.create(
        **{"name": f"見本{n}株式会社", "stage": "live", "fiscal_month": 3, **fields}
    )


def row(model: type[models.Model], account: Account | None = None, **given: Any) -> Any:
    """A new row of ``model`` that hangs on ``account``; parents are made as needed, ``given`` wins."""
    if model is Account:
        return globals()["account"](**given) if given or account is None else account
    if model is Resolution:  # every account has its figure from the beginning
        account = account or globals()["account"]()
        Resolution.objects.filter(account=account).delete()
    if model is SheetField and "section" not in given:  # it stands in a section of its edition
        section = row(SheetSection, **{"of": given["of"]} if "of" in given else {})
        given = {**given, "of": section.of, "section": section.key}
    values = {
        field.name: value_for(field, account)
        for field in model._meta.local_fields
        if field.name not in given and is_needed(field)
    }
    return model._base_manager.create(**values, **given)


def is_needed(field: Any) -> bool:
    if field.model is Notice and field.name == "activity":  # it tells of one, or of something else
        return True
    return not (
        field.primary_key
        or field.null
        or field.has_default()
        or field.has_db_default()
        or field.generated
        or field.blank
    )


def value_for(field: Any, account: Account | None) -> Any:
    if isinstance(field, models.ForeignKey):
        return parent_for(field.remote_field.model, account)
    if field.choices:
        return field.choices[0][0]
    n = next(NUMBER)
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return (
            TODAY + timedelta(days=n % 300)
            if field.name.startswith("ends")
            else TODAY - timedelta(days=400 + n % 300)
        )
    if isinstance(field, models.TimeField):
        return time(10, 0)
    if isinstance(field, models.EmailField):
        return f"p{n}@example.com"
    if isinstance(field, models.UUIDField):
        return account.pk if account else None
    if isinstance(field, models.JSONField):
        return {}
    if "year" in field.name:
        return 2000 + n % 100
    if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField):
        return n % 1000
    return f"見本{n}"[: field.max_length or 100]


def parent_for(model: type[models.Model], account: Account | None) -> Any:
    if model is Account:
        return account or globals()["account"]()
    if model is Membership:
        return Membership.objects.in_tenant(current_tenant()).order_by("pk").first()
    if model is SheetEdition and (draft := draft_or_none()):  # a tenant has one at most
        return draft
    return row(model, account)


__all__ = ["account", "row"]
