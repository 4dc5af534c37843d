"""The history of one account as its page shows it: days of changes, and who made how many."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.merging_accounts import Told, other_ids, requests_of
from accounts.models import Account
from accounts.models.fact import FactState
from tenants.actors import IMPORT, JOB, PERSON, PROGRAM, actors_of
from tenants.history_reading import (
    BINNED,
    GONE,
    MADE,
    RESTORED,
    SET,
    Beside,
    Change,
    Event,
    changes_of,
    counts_about,
    events_about,
)
from tenants.permissions import may
from tenants.scope import current_member

DAYS = 30
PAGE = 60
RUN = 4
"""So many records made in one go by a program are told as one line."""
KINDS = (PERSON, PROGRAM, IMPORT, JOB)


@dataclass(frozen=True)
class Line:
    """One row of the table. ``revert_url`` is empty where nothing can be put back, or not by this person."""

    change: Change
    label: str
    words: str
    revert_url: str


@dataclass(frozen=True)
class Day:
    on: date
    lines: Sequence[Line]


@dataclass(frozen=True)
class History:
    days: Sequence[Day]
    before: UUID | None


@dataclass(frozen=True)
class Summary:
    """Saves of the last 30 days by kind of actor, and who wrote most since the beginning."""

    recently: int
    by_people: int
    by_programs: int
    by_imports: int
    by_jobs: int
    ever: int
    ever_by_people: int
    often: str


def history_of(
    account: Account, *, who: str = "", cursor: UUID | None = None, merges: Sequence[Told] = ()
) -> History:
    """A page of changes, newest first: one statement for the events, one for their people. ``merges`` are told by the
    page itself; here is what was written before them, on either side."""
    beside = Beside(other_ids(account, merges), requests_of(merges))
    found = events_about(
        account, who=who if who in KINDS else "", cursor=cursor, size=PAGE + 1, beside=beside
    )
    events = found[:PAGE]
    lines = lines_of(without_consequences(changes_of(worth_telling(events))), account)
    days = [
        Day(on, list(group)) for on, group in groupby(lines, key=lambda line: local_day(line.change.event.at))
    ]
    return History(days, events[-1].id if len(found) > PAGE else None)


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def worth_telling(events: Sequence[Event]) -> list[Event]:
    """Without what only follows from another line: the source of a value is rewritten together with the value. A value
    that the fact itself keeps is news, whatever was written beside it."""
    saved = {(event.request, event.by) for event in events if event.found.kind == "account" and event.request}
    return [
        event
        for event in events
        if event.found.kind != "fact"
        or is_value(event)
        or ((event.request, event.by) not in saved and is_news(event))
    ]


def is_value(fact: Event) -> bool:
    return bool(fact.after["value"] != (fact.before or {}).get("value", ""))


def is_news(fact: Event) -> bool:
    return fact.what != MADE or fact.after["state"] == FactState.ASK


def without_consequences(changes: Sequence[Change]) -> list[Change]:
    """A value that is written anew loses its source: one line says it."""
    return [
        change
        for change in changes
        if change.event.found.kind != "fact"
        or change.field is None
        or change.field.key == "value"
        or not is_value(change.event)
    ]


def lines_of(changes: Sequence[Change], account: Account) -> list[Line]:
    """A line per change; what a program made in one go is one line that counts it."""
    lines: list[Line] = []
    for _key, group in groupby(changes, key=in_one_go):
        run = list(group)
        if len(run) >= RUN and run[0].what == MADE and not run[0].by.is_person:
            lines.append(Line(run[0], counted(run), _("加えました"), ""))
        else:
            lines += [line_of(change, account) for change in run]
    return lines


def in_one_go(change: Change) -> tuple[str, str, date, str]:
    event = change.event
    return change.what, event.by, local_day(event.at), event.request


def counted(changes: Sequence[Change]) -> str:
    """キーパーソン6、記録14"""
    kinds = Counter(change.event.found.label for change in changes)
    return _("、").join(f"{label} {number}" for label, number in kinds.items())


def line_of(change: Change, account: Account) -> Line:
    return Line(change, label_of(change), words_of(change), revert_url(change, account))


def label_of(change: Change) -> str:
    """業種; 契約「基本契約」の更新日; 目標「…」."""
    found, subject = change.event.found, change.subject
    if change.field is None and found.kind == "fact":
        return subject
    if change.field is None:
        return str(found.label) if found.model is Account else f"{found.label}「{subject}」"
    if found.model is Account:
        return str(change.field.label)
    if found.kind == "fact" and change.field.key == "value":
        return change.subject
    if found.kind == "fact":
        return _("%(field)sの%(what)s") % {"field": subject, "what": change.field.label}
    words = {"what": found.label, "name": subject, "field": change.field.label}
    return _("%(what)s「%(name)s」の%(field)s") % words


def words_of(change: Change) -> str:
    if change.event.found.kind == "fact" and change.what == MADE:
        if value := change.event.after["value"]:
            return _("「%(value)s」と書きました") % {"value": value}
        return _("聞くことに加えました")
    return {
        MADE: _("加えました"),
        BINNED: _("ごみ箱に入れました"),
        RESTORED: _("ごみ箱から戻しました"),
        GONE: _("消えました"),
    }.get(change.what, "")


def revert_url(change: Change, account: Account) -> str:
    """Where the value before is shown and put back; people put back what people and imports wrote."""
    if change.what != SET or change.field is None or change.by.kind == JOB:
        return ""
    found = change.event.found
    if not may(current_member(), change.field.action or found.action, account):
        return ""
    url = reverse(f"revert_{found.kind}", args=[change.event.record_id])
    return f"{url}?event={change.event.id}&field={change.field.key}"


def summary_of(account: Account) -> Summary:
    counts = counts_about(account, timezone.now() - timedelta(days=DAYS))
    actors = actors_of(count.actor for count in counts)

    def total(attribute: str, kind: str = "") -> int:
        return sum(getattr(count, attribute) for count in counts if count.actor.startswith(kind))

    people = [count for count in counts if actors[count.actor].is_person]
    often = [f"{actors[count.actor].name.split()[0]} {count.ever:,}" for count in people[:2]]
    return Summary(
        recently=total("recently"),
        by_people=total("recently", PERSON),
        by_programs=total("recently", PROGRAM),
        by_imports=total("recently", IMPORT),
        by_jobs=total("recently", JOB),
        ever=total("ever"),
        ever_by_people=total("ever", PERSON),
        often=_("、").join(often),
    )


def made_by(account: Account) -> dict[str, Any]:
    """Who made the account, and when; the day alone where history begins later."""
    first = account.events.order_by("pgh_id").values_list("pgh_actor", flat=True).first()  # type: ignore[attr-defined]
    return {"by": actors_of([first])[first] if first else None, "at": account.created_at}
