"""Who reports to whom at the customer: the people one can choose from, and why a choice would go in a circle."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import KeyPerson
from tenants.editing import EditField
from tenants.editing.fields import Choice, clean_text, for_column
from tenants.scope import current_scope


@dataclass(frozen=True)
class Someone:
    name: str
    is_body: bool
    reports_to: UUID | None


def people_by_id(record: Any) -> dict[UUID, Someone]:
    """Everybody of the record's account, in the order of their names; asked once per request."""
    cache = current_scope().cache.setdefault("people_by_id", {})
    if record.account_id not in cache:
        rows = KeyPerson.objects.filter(account=record.account_id).order_by("kana", "name", "pk")
        cache[record.account_id] = {
            pk: Someone(name, is_body, boss)
            for pk, name, is_body, boss in rows.values_list("pk", "name", "is_body", "reports_to_id")
        }
    return cache[record.account_id]  # type: ignore[no-any-return]


def person_choices(record: Any) -> list[Choice]:
    """The people of the record's own account, bodies left out, with an empty choice first."""
    people = [(str(pk), one.name) for pk, one in people_by_id(record).items() if not one.is_body]
    return [("", ""), *people]


def everybody(record: Any) -> list[Choice]:
    """The people of the record's own account and its bodies, with an empty choice first."""
    return [("", ""), *((str(pk), one.name) for pk, one in people_by_id(record).items())]


def other_person(key: str, *, hint: Any) -> EditField:
    """A field of a person that names another one of the same account."""
    field = for_column(KeyPerson, key, choices=person_choices, hint=hint)

    def parse(text: str, record: Any) -> Any:
        if record.pk and clean_text(text) == str(record.pk):
            raise ValidationError(_("%(field)sに本人は選べません") % {"field": field.label})
        return field.parse(text, record)

    return replace(field, parse=parse)


def boss(hint: Any) -> EditField:
    """The line of reporting; a circle is refused by the names it would go through."""
    field = other_person("reports_to", hint=hint)

    def parse(text: str, record: Any) -> Any:
        chosen = field.parse(text, record)
        people = people_by_id(record)
        bosses = {pk: one.reports_to for pk, one in people.items()}
        if chosen and (round_trip := circle(bosses, record.pk, UUID(chosen))):
            names = " → ".join(people[pk].name for pk in round_trip)
            raise ValidationError(
                _("%(names)s と輪になります。どこかの上司を先に変えてください") % {"names": names}
            )
        return chosen

    return replace(field, parse=parse)


def circle(bosses: Mapping[UUID, UUID | None], person: UUID | None, chosen: UUID) -> list[UUID]:
    """The way from ``person`` over ``chosen`` back to ``person``, both ends named; empty if it does not lead back."""
    way = [person, chosen]
    while way[-1] != person and (above := bosses.get(way[-1])) and above not in way[1:]:  # type: ignore[arg-type]
        way.append(above)
    return way if way[-1] == person else []  # type: ignore[return-value]
