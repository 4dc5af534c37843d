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

from accounts.models import Account, SheetEdition, SheetField, SheetSection
from accounts.models.sheet import StandardSection
from accounts.sheet.own import edit_field
from accounts.sheet.standard import standard_fields, standard_sections
from tenants.editing import Choice, EditField
from tenants.models import Membership
from tenants.scope import current_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FIRST = 1
KEPT = (StandardSection.FISCAL, StandardSection.CONTRACT, StandardSection.TEAM)
"""Sections below which a list of rows stands on the page."""
OF_SECTION = ("key", "title", "meter", "position", "is_retired")
OF_FIELD = (
    "key", "kind", "section", "label", "question", "owner", "needed_by", "months", "choices", "position", "is_retired",
)  # fmt: skip


@dataclass(frozen=True)
class Template:
    """The questions of one edition, in the order of the sheet, and its sections in theirs."""

    fields: "Sequence[SheetField]"
    sections: "Sequence[SheetSection]"

    @classmethod
    def in_order(cls, fields: "Iterable[SheetField]", sections: "Sequence[SheetSection]") -> "Template":
        place = {section.key: n for n, section in enumerate(sections)}
        return cls(sorted(fields, key=lambda field: (place[field.section], field.position)), sections)

    @classmethod
    def asking(cls, fields: "Iterable[SheetField]", sections: "Sequence[SheetSection]") -> "Template":
        """Nothing of a retired section is asked any more, whatever its fields say."""
        found = cls.in_order(fields, sections)
        retired = {section.key for section in sections if section.is_retired}
        for field in found.fields:
            field.is_retired = field.is_retired or field.section in retired
        return found

    @cached_property
    def meters(self) -> dict[str, str]:
        """Which of the two figures of 解像度 each section counts for."""
        return {section.key: section.meter for section in self.sections}

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
    """The edition of this number, or the newest; asked once per request. The standard sheet needs no second statement."""
    cache = current_scope().cache.setdefault("sheets", {})
    if number not in cache:
        found = SheetEdition.objects.published()
        found = found.filter(number=number) if number else found.newest()
        rows = list(SheetField.objects.filter(of__in=found.values("pk")).order_by("position", "pk"))
        cache[number] = Template.asking(rows, sections_of(rows[0].of_id)) if rows else standard_template()
    return cache[number]  # type: ignore[no-any-return]


def whole(edition: SheetEdition) -> Template:
    """Everything that stands in an edition, published or not."""
    return Template.in_order(fields_of(edition), sections_of(edition.pk))


def standard_template() -> Template:
    return Template.asking(standard_fields(), standard_sections())


def fields_of(edition: SheetEdition) -> "Sequence[SheetField]":
    return list(SheetField.objects.filter(of=edition).order_by("position", "pk"))


def sections_of(edition: Any) -> "Sequence[SheetSection]":
    return list(SheetSection.objects.filter(of=edition).order_by("position", "pk"))


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


def section_titles() -> dict[str, str]:
    """What sections are called, the newest edition's word first; asked once per request."""
    cache = current_scope().cache
    if "section_titles" not in cache:
        rows = SheetSection.objects.order_by("of__number").values_list("key", "title")
        standard = {section.key: section.title for section in standard_sections()}
        cache["section_titles"] = {**standard, **dict(rows)}
    return cache["section_titles"]  # type: ignore[no-any-return]


def section_choices(field: SheetField) -> list[Choice]:
    """The sections that a field of the draft may stand in; those of the edition in force while there is no draft."""
    cache = current_scope().cache.setdefault("sheet_section_choices", {})
    if field.of_id not in cache:
        rows = sections_of(field.of_id) if field.of_id else template().sections
        cache[field.of_id] = [(row.key, row.title) for row in rows]
    return cache[field.of_id]  # type: ignore[no-any-return]


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
    copy(draft, SheetEdition.objects.newest().get())
    return draft


def keep_standard() -> None:
    """The standard sheet as edition 1, so that accounts can stay with it."""
    first, is_new = SheetEdition.objects.get_or_create(
        number=FIRST, defaults={"published_at": timezone.now()}
    )
    if is_new:
        fill(first, standard_sections(), standard_fields())
        forget()


def copy(edition: SheetEdition, other: SheetEdition) -> None:
    """Everything of the ``other`` edition, as it stands there."""
    fill(edition, sections_of(other.pk), fields_of(other))


def fill(edition: SheetEdition, sections: "Iterable[SheetSection]", fields: "Iterable[SheetField]") -> None:
    SheetSection.objects.bulk_create(
        SheetSection(of=edition, **{name: getattr(section, name) for name in OF_SECTION})
        for section in sections
    )
    SheetField.objects.bulk_create(
        SheetField(of=edition, **{name: getattr(field, name) for name in OF_FIELD}) for field in fields
    )


def next_key(model: type[SheetField] | type[SheetSection]) -> str:
    """A key that no field, or no section, of this tenant ever had: what is kept by it stays with the one it was for."""
    used = set(model.objects.filter(key__startswith="own_").values_list("key", flat=True).distinct())
    return f"own_{max((int(key[4:]) for key in used if key[4:].isdecimal()), default=0) + 1}"


def only_in_draft(part: SheetField | SheetSection) -> None:
    """Raises ValidationError for a part of an edition that accounts are asked by. Whoever changes a part of the draft
    holds it: nobody publishes it, or takes a section away, meanwhile."""
    if SheetEdition.objects.select_for_update().get(pk=part.of_id).published_at is not None:
        raise ValidationError(_("公開した版は変えられません。新しい版を作ってから変えます"))


@transaction.atomic
def retire(field: SheetField) -> None:
    """Ask it no more. A field that no edition has asked yet goes; the others stay, to show what was answered."""
    only_in_draft(field)
    if not was_published(field):
        field.delete()
        return
    field.is_retired = not field.is_retired
    field.save(update_fields=["is_retired"])


@transaction.atomic
def retire_section(section: SheetSection) -> None:
    """Ask nothing of it any more. A section that no edition has had yet goes, once nothing stands in it."""
    only_in_draft(section)
    if section.key in KEPT:
        raise ValidationError(_("この区分には項目のほかに表があるので、残します。項目だけを外せます"))
    if was_published(section):
        section.is_retired = not section.is_retired
        section.save(update_fields=["is_retired"])
        return
    if SheetField.objects.filter(of=section.of_id, section=section.key).exists():
        raise ValidationError(_("まだ項目があります。ほかの区分に移すか外してから、取り除いてください"))
    section.delete()


def in_section(field: SheetField, key: str) -> dict[str, object]:
    """The columns that put a field at the end of another section of its edition."""
    only_in_draft(field)
    if not SheetSection.objects.filter(of=field.of_id, key=key).exists():
        raise ValidationError(_("選べる値の中から選んでください"))
    return {"position": next_place(SheetField.objects.filter(of=field.of_id))}


def next_place(among: Any) -> int:
    """A position behind all of ``among``."""
    last = among.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def was_published(part: SheetField | SheetSection) -> bool:
    return type(part).objects.filter(key=part.key, of__published_at__isnull=False).exists()


def move(field: SheetField, step: int) -> None:
    """One place up (-1) or down (1) among the fields of its section."""
    take_step(field, step, SheetField.objects.filter(of=field.of_id, section=field.section))


def move_section(section: SheetSection, step: int) -> None:
    """One place up (-1) or down (1) on the sheet."""
    take_step(section, step, SheetSection.objects.filter(of=section.of_id))


@transaction.atomic
def take_step(part: SheetField | SheetSection, step: int, among: Any) -> None:
    """Change places with the next one of ``among``; at the end nothing happens."""
    only_in_draft(part)
    rows = list(among.order_by("position", "pk"))
    place = next(n for n, row in enumerate(rows) if row.pk == part.pk)
    if not 0 <= place + step < len(rows):
        return
    rows[place], rows[place + step] = rows[place + step], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    type(part).objects.bulk_update(rows, ["position"])


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
        SheetSection.objects.filter(of=draft).delete()
        draft.delete()


def forget() -> None:
    """The editions changed within this request."""
    current_scope().cache.pop("sheets", None)
