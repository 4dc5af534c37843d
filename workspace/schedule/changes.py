"""What moved in a schedule since somebody looked it over last, from the history that every record keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Account
from tenants.history_reading import BINNED, MADE, RESTORED, SET, Change, changes_of, events_about

MOVES = {
    "occasion": ("starts_on", "ends_on", "state"),
    "action": ("starts_on", "due_on", "state", "blocked_by"),
    "criterion": ("review_on", "due_on"),
    "activity": ("on", "state"),
    "contract": ("renews_on", "notice_on", "decision"),
    "budget": ("status",),
}
MADE_KINDS = ("occasion", "action")
LOOKED_AT = 200
SHOWN = 8


@dataclass(frozen=True)
class Moved:
    at: datetime
    text: str
    who: str


def changes_since(account: Account, since: datetime) -> list[Moved]:
    """The newest changes of days and states by people, newest first; two statements."""
    events = [
        event
        for event in events_about(account, who="member:", size=LOOKED_AT)
        if event.at > since and event.found.kind in MOVES
    ]
    return list(told(changes_of(events)))[:SHOWN]


def told(changes: list[Change]) -> Iterator[Moved]:
    for change in changes:
        if text := words_of(change):
            yield Moved(change.event.at, text, change.by.name)


def words_of(change: Change) -> str:
    """「変更凍結」のいつからを2026/12/01に; empty for what moves nothing."""
    kind, words = change.event.found.kind, {"what": change.subject}
    if change.what == SET and change.field and change.field.key in MOVES[kind]:
        after = change.after or _("空")
        words |= {"field": str(change.field.label), "after": after, "before": change.before or _("空")}
        return _("「%(what)s」の%(field)sを%(before)sから%(after)sに") % words
    if change.what == MADE and kind in MADE_KINDS:
        return _("「%(what)s」を足した") % words
    if change.what == BINNED:
        return _("「%(what)s」を外した") % words
    return _("「%(what)s」を戻した") % words if change.what == RESTORED else ""
