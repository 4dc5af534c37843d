"""A world with a row of every kind, on each of its three accounts: what attacks aim at. Nobody lists the kinds."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models, transaction

from accounts.importing import batches
from accounts.models import Account, Import, SheetField
from tenants.history import TenantLog
from tenants.models import ApiToken, Invitation, Membership
from tenants.owned import Binned, TenantOwned
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

HOMES = {"mine": "midori", "other": "midori", "foreign": "aoba"}
MARKS = {"midori": "みどりの印", "aoba": "あおばの印"}
"""Every text that is furnished begins with its tenant's mark, so that a page which shows the other's is found out."""

Key = tuple[type[models.Model], bool, str]  # model, whether it lies in the bin, on which account


def owned() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, TenantOwned | TenantLog)]


def furnish(world: World) -> dict[Key, UUID]:
    """The ids of the rows made, and of the accounts and members that were there."""
    found: dict[Key, UUID] = {}
    for which, slug in HOMES.items():
        member = world.member(Role.CSM, slug)
        with tenant_scope(member.tenant, member=member):
            Account.objects.filter(pk=world.account_id(which)).update(
                industry=MARKS[slug], address=MARKS[slug]
            )
            account = Account.objects.get(pk=world.account_id(which))
            for model in [*owned(), Invitation, ApiToken]:
                for binned in (False, True) if issubclass(model, Binned) else (False,):
                    row = row_of(model, account, member)
                    if binned:
                        row.put_in_bin()
                    found[model, binned, which] = row.pk
        found[Membership, False, which] = world.member(Role.SALES, slug).pk
    return found


def row_of(model: Any, account: Account, member: Membership) -> Any:
    if model is Account:
        return account
    if model is Import:
        return Import.objects.first() or looked_at(member)
    given = {} if issubclass(model, TenantOwned) else {"tenant": member.tenant}
    for field in model._meta.local_fields:
        if is_plain_text(field) and make.is_needed(field) and (model, field.name) != (SheetField, "section"):
            given[field.name] = f"{MARKS[member.tenant.slug]}{next(make.NUMBER)}"[: field.max_length]
        elif field.remote_field and field.remote_field.model is Membership and not field.null:
            given[field.name] = member
    try:
        with transaction.atomic():
            return make.row(model, account, **{**given, **telling(model)})
    except IntegrityError:  # a tenant or an account has one of these, and has it
        rows = model._base_manager.all()
        return (rows.filter(account=account) if "account" in names_of(model) else rows).get()


def names_of(model: Any) -> set[str]:
    return {field.name for field in model._meta.local_fields}


def looked_at(member: Membership) -> Import:
    """An import that was read and waits for a person's decision."""
    file = SimpleUploadedFile("お客様.csv", f"社名,業種\n{MARKS[member.tenant.slug]}商会,小売\n".encode())
    batch = batches.keep(file, "accounts", member)
    batches.read(batch)
    return batch


def is_plain_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not (
        field.choices or isinstance(field, models.EmailField) or (field.max_length or 99) < 20
    )


def telling(model: type[models.Model]) -> dict[str, Any]:
    """Values without which pages do not show the row."""
    return {
        "Cta": {"rule": "no_recent_note"},
        "RuleSetting": {"rule": "no_recent_note"},
        "Fact": {"field_key": "industry", "state": "known"},
        "SavedView": {"is_shared": True},
    }.get(model.__name__, {})
