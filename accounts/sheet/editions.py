"""Which edition of the sheet asks an account what; making the next edition and bringing it into force (S1 1.42)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, SheetEdition, SheetField
from accounts.sheet.own import edit_field
from accounts.sheet.standard import standard_fields
from tenants.editing import EditField
from tenants.models import Membership
from tenants.scope import current_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = 1
COPIED = (
    "key", "kind", "section", "label", "question", "owner", "needed_by", "months", "choices", "position", "is_retired",
)  # fmt: skip


@dataclass(frozen=True)
class Template:
    """The questions of one edition, in order."""

    fields: "Sequence[SheetField]"

    @cached_property
    def by_key(self) -> dict[str, SheetField]:
        return {field.key: field for field in self.fields}

    @cached_property
    def own(self) -> Mapping[str, EditField]:
        """The fields without a column, ready to be edited."""
        return {field.key: edit_field(field) for field in self.fields if not field.is_column}


def template_of(account: Account) -> Template:
    """What this account is asked: its own edition, the newest unless it was left at an older one."""
    return template(account.sheet_edition)


def template(number: int | None = None) -> Template:
    """The edition of this number, or the newest; one statement for each and request."""
    cache = current_scope().cache.setdefault("sheets", {})
    if number not in cache:
        found = SheetEdition.objects.published()
        found = found.filter(number=number) if number else found.newest()
        rows = list(SheetField.objects.filter(of__in=found.values("pk")).order_by("position", "pk"))
        cache[number] = Template(rows or standard_fields())
    return cache[number]  # type: ignore[no-any-return]


def own_fields(account: Any) -> Mapping[str, EditField]:
    """For ``tenants.editing``: what of an account is edited in place besides its columns."""
    return template_of(account).own


def labels() -> dict[str, str]:
    """What the fields without a column are called, the newest edition's word first; asked once per request."""
    cache = current_scope().cache
    if "sheet_labels" not in cache:
        rows = SheetField.objects.order_by("of__number").values_list("key", "label")
        standard = {field.key: field.label for field in standard_fields() if not field.is_column}
        cache["sheet_labels"] = {**standard, **dict(rows)}
    return cache["sheet_labels"]  # type: ignore[no-any-return]


# Making the next one ------------------------------------------------------------------------------------------


def draft_or_none() -> SheetEdition | None:
    return SheetEdition.objects.filter(published_at__isnull=True).first()  # type: ignore[no-any-return]


@transaction.atomic
def begin_draft() -> SheetEdition:
    """The draft: the one somebody began, or a copy of the newest edition."""
    if draft := draft_or_none():
        return draft
    number = SheetEdition.objects.aggregate(last=Max("number"))["last"]
    if number is None:
        keep_standard()
        number = FIRST
    try:
        with transaction.atomic():
            draft = SheetEdition.objects.create(number=number + 1)
    except IntegrityError:  # somebody else began one just now
        return SheetEdition.objects.get(published_at__isnull=True)  # type: ignore[no-any-return]
    copy(draft, template().fields)
    return draft


def keep_standard() -> None:
    """The standard sheet as edition 1, so that accounts can stay with it."""
    first, is_new = SheetEdition.objects.get_or_create(
        number=FIRST, defaults={"published_at": timezone.now()}
    )
    if is_new:
        copy(first, standard_fields())
        forget()


def copy(edition: SheetEdition, fields: "Sequence[SheetField]") -> None:
    rows = [SheetField(of=edition, **{name: getattr(field, name) for name in COPIED}) for field in fields]
    SheetField.objects.bulk_create(rows)


def next_key() -> str:
    """A key that no field of this tenant ever had: values stay with the field they were given for."""
    used = set(SheetField.objects.filter(key__startswith="own_").values_list("key", flat=True).distinct())
    return f"own_{max((int(key[4:]) for key in used if key[4:].isdecimal()), default=0) + 1}"


def only_in_draft(field: SheetField) -> None:
    """Raises ValidationError for a field of an edition that accounts are asked by."""
    if field.of.published_at is not None:
        raise ValidationError(_("公開した版は変えられません。新しい版を作ってから変えます"))


def retire(field: SheetField) -> None:
    """Ask it no more. A field that no edition has asked yet goes; the others stay, to show what was answered."""
    only_in_draft(field)
    if not SheetField.objects.filter(key=field.key, of__published_at__isnull=False).exists():
        field.delete()
        return
    field.is_retired = not field.is_retired
    field.save(update_fields=["is_retired"])


def move(field: SheetField, step: int) -> None:
    """One place up (-1) or down (1) among the fields of its section."""
    only_in_draft(field)
    rows = list(SheetField.objects.select_for_update().filter(of=field.of_id).order_by("position", "pk"))
    section = [row for row in rows if row.section == field.section]
    place = next(n for n, row in enumerate(section) if row.pk == field.pk)
    if not 0 <= place + step < len(section):
        return
    section[place], section[place + step] = section[place + step], section[place]
    others = [row for row in rows if row.section != field.section]
    for position, row in enumerate([*others, *section]):
        row.position = position
    SheetField.objects.bulk_update(rows, ["position"])


@transaction.atomic
def publish(draft: SheetEdition, member: Membership, *, for_all: bool) -> None:
    """New accounts are asked by this edition; the others too ``for_all``, else they stay with what they were asked by."""
    draft = SheetEdition.objects.select_for_update().get(pk=draft.pk)
    if draft.published_at is not None:
        return
    before = SheetEdition.objects.newest().values_list("number", flat=True).first() or FIRST
    draft.published_at, draft.published_by = timezone.now(), member
    draft.save(update_fields=["published_at", "published_by"])
    if for_all:
        Account.objects.filter(sheet_edition__isnull=False).update(sheet_edition=None)
    else:
        Account.objects.filter(sheet_edition__isnull=True).update(sheet_edition=before)
    forget()


def discard(draft: SheetEdition) -> None:
    if draft.published_at is None:
        SheetField.objects.filter(of=draft).delete()
        draft.delete()


def forget() -> None:
    """The editions changed within this request."""
    current_scope().cache.pop("sheets", None)
