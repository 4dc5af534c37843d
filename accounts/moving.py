"""異動、退職、昇進: what follows from it for a person's roles, in one step that can be taken back (S1 1.23)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import KeyPerson, PersonMove, PersonRole
from accounts.models.key_person import PersonState
from accounts.models.person_move import MoveKind
from tenants.editing.fields import parse_date

GOES = (MoveKind.TRANSFERRED, MoveKind.LEFT)


@dataclass(frozen=True)
class Step:
    """What happened and to whom the roles ``passed_on`` go; the others end, or stay with somebody who is promoted."""

    kind: MoveKind
    on: date
    department: str = ""
    title: str = ""
    successor: KeyPerson | None = None
    passed_on: Collection[UUID] = field(default_factory=set)

    @property
    def goes(self) -> bool:
        return self.kind in GOES


def move(person: KeyPerson, step: Step) -> PersonMove:
    """Do it. Raises ValidationError with words for whoever filled in the form."""
    check(person, step)
    if step.successor and step.successor._state.adding:
        step.successor.save()
    made = PersonMove.objects.create(
        account=person.account,
        person=person,
        kind=step.kind,
        on=step.on,
        department=step.department,
        title=step.title,
        from_department=person.department,
        from_title=person.title,
    )
    hand_on(made, step)
    if step.goes:
        person.state, person.state_since = step.kind, step.on
    else:
        person.department = step.department or person.department
        person.title = step.title or person.title
    person.successor = step.successor or person.successor
    person.save(update_fields=["state", "state_since", "department", "title", "successor"])
    return made


def check(person: KeyPerson, step: Step) -> None:
    if person.state != PersonState.ACTIVE:
        words = {"name": person.name, "state": person.get_state_display()}
        raise ValidationError(_("%(name)sさんは、もう「%(state)s」になっています") % words)
    if step.successor and step.successor.pk == person.pk:
        raise ValidationError(_("後任に本人は選べません"))
    if step.kind == MoveKind.PROMOTED and step.on > timezone.localdate():
        raise ValidationError(_("昇進は、その日になってから記録してください"))
    if step.passed_on and step.successor is None:
        raise ValidationError(_("役割を引き継ぐ後任を選んでください"))
    later = PersonRole.objects.filter(person=person, starts_on__gt=step.on)
    if step.goes and (role := later.order_by("starts_on").first()):
        words = {"role": role.get_kind_display(), "day": f"{role.starts_on:%Y/%m/%d}"}
        raise ValidationError(
            _("「%(role)s」は%(day)sに始まります。先にその役割の期間を直してください") % words
        )


def hand_on(made: PersonMove, step: Step) -> None:
    """Roles in force that day end the day before, or begin and end on it; those passed on begin for the successor."""
    held = PersonRole.objects.filter(person=made.person).filter(Q(ends_on=None) | Q(ends_on__gte=step.on))
    passed = held.filter(pk__in=step.passed_on)
    if step.successor:
        kinds = dict.fromkeys(passed.order_by("pk").values_list("kind", flat=True))
        PersonRole.objects.bulk_create(
            PersonRole(account=made.account, person=step.successor, kind=kind, starts_on=step.on, move=made)
            for kind in kinds
        )
    last_day = step.on - timedelta(days=1)
    (held if step.goes else passed).update(ends_on=Greatest(last_day, F("starts_on")), move=made)


def take_back(made: PersonMove) -> None:
    """As if it had not happened: roles that it ended go on, those it began for a successor go into the bin."""
    person = made.person
    if latest(person) != made.pk:
        raise ValidationError(_("このあとに別の異動・昇進があります。新しいほうから取り消してください"))
    for begun in PersonRole.objects.filter(move=made).exclude(person=person):
        begun.put_in_bin()
    PersonRole.everything.filter(move=made, person=person).update(ends_on=None, move=None)
    if made.kind in GOES:
        person.state, person.state_since = PersonState.ACTIVE, None
    else:
        person.department, person.title = made.from_department, made.from_title
    person.successor = None
    person.save(update_fields=["state", "state_since", "department", "title", "successor"])
    made.delete()


def latest(person: KeyPerson) -> UUID | None:
    return (
        PersonMove.objects.filter(person=person).order_by("-created_at").values_list("pk", flat=True).first()
    )


def parse_day(text: str) -> date:
    day = parse_date(text)
    if day is None:
        raise ValidationError(_("いつのことかを入れてください"))
    return day
