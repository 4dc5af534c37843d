"""Champion昇進: whoever carries us at the customer has risen, and with them what they may decide (S1 1.25).

The occurrence is the day of the promotion. It is reviewed when a hypothesis was written or changed since then: what a
wider field of that person could mean for the customer and for us.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Greatest, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Hypothesis, PersonMove, PersonRole
from accounts.models.key_person import RoleKind
from accounts.models.person_move import MoveKind
from ctas.options import Number, Values
from ctas.registry import Kind, Step, rule
from ui.expressions import days_before


def title(evidence: dict[str, Any]) -> str:
    return _("%(person)sさんの昇進を祝い、広がる範囲を考える") % {"person": evidence.get("person", "")}


def heading(evidence: dict[str, Any], today: date) -> str:
    return _("推進者が昇進した")


def why(evidence: dict[str, Any], today: date) -> str:
    words = {"person": evidence.get("person", ""), "day": f"{date.fromisoformat(evidence['on']):%Y/%m/%d}"}
    if evidence.get("title"):
        return _("推進者の%(person)sさんが%(day)sに%(title)sになりました") % {
            **words,
            "title": evidence["title"],
        }
    return _("推進者の%(person)sさんが%(day)sに昇進しました") % words


def ending(today: date) -> Case:
    own = PersonMove.objects.annotate(key=Cast("pk", TextField())).filter(
        account=OuterRef("account"), key=OuterRef("subject")
    )
    return Case(When(Exists(own), then=Value("reviewed")), default=Value("taken_back"))


@rule(
    number="R10",
    label=gettext_lazy("Champion昇進"),
    kind=Kind.CHANCE,
    heading=heading,
    because=gettext_lazy("決められることが広がった人と、次の話をする時です。"),
    title=title,
    why=why,
    sentence=gettext_lazy("推進者が昇進したとき。昇進から{days}のうちに気づいたものだけ。"),
    options=(Number("days", gettext_lazy("昇進から何日のうち"), 90, gettext_lazy("日")),),
    endings={
        "reviewed": gettext_lazy("仮説を見直しました"),
        "taken_back": gettext_lazy("昇進の記録が取り消されたか、推進者ではなくなりました"),
    },
    ending=ending,
    due_in=1,
    assignees=gettext_lazy("CSMと営業"),
    has_seller=True,
    playbook=(
        Step(1, gettext_lazy("お祝いを伝える")),
        Step(5, gettext_lazy("広がった範囲で何ができるか、仮説を書く")),
    ),
)
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    recent = Q(person_moves__on__gte=days_before(today, values["days"]))
    # One filter() call: a second one would join the moves a second time.
    moves = live.filter(
        person_moves__tenant=F("tenant"),
        person_moves__kind=MoveKind.PROMOTED,
        person_moves__on__lte=today,
        person_moves__person__tenant=F("tenant"),
        person_moves__person__deleted_at__isnull=True,
    ).alias(
        move=F("person_moves__pk"),
        person=F("person_moves__person"),
        on=F("person_moves__on"),
        noted_at=F("person_moves__created_at"),
    )
    yield moves.filter(Exists(champion_then()), ~Exists(reviewed())).annotate(
        subject=Cast("move", TextField()),
        occurrence=Cast("on", TextField()),
        evidence=JSONObject(
            person=F("person_moves__person__name"), title=F("person_moves__title"), on=F("person_moves__on")
        ),
        opens=ExpressionWrapper(recent, output_field=BooleanField()),
    )


def champion_then() -> QuerySet[PersonRole]:
    """The role that the person had when they rose, also where they passed it on with it."""
    day_before = ExpressionWrapper(OuterRef("on") - 1, output_field=DateField())
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=OuterRef("on"))
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=day_before)
    return PersonRole.objects.filter(begun, not_over, person=OuterRef("person"), kind=RoleKind.CHAMPION)


def reviewed() -> QuerySet[Hypothesis]:
    """What was written or changed after the promotion was noted."""
    written = Hypothesis.objects.filter(account=OuterRef("pk")).alias(
        written_at=Greatest("created_at", "updated_at")
    )
    return written.filter(written_at__gte=OuterRef("noted_at"))
