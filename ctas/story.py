"""What happened to a CTA, in sentences, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ctas.models import Cta, Status
from ctas.registry import COMMON_ENDINGS, rule_of
from tenants.history_reading import actor_name
from tenants.models import Membership
from tenants.scope import current_tenant
from ui.wording import near_date

SHOWN = 50


@dataclass(frozen=True)
class Event:
    at: datetime
    who: str
    by_person: bool
    text: str


def story(cta: Cta) -> list[Event]:
    events = list(cta.events.order_by("-pgh_id")[: SHOWN + 1])  # type: ignore[attr-defined]
    names = member_names(events)
    pairs = zip(events, [*events[1:], None], strict=True)
    told = []
    for event, before in pairs:
        for text in sentences(cta, event, before, names):
            by_person = event.pgh_actor.startswith("member:")
            told.append(Event(event.pgh_created_at, actor_name(event.pgh_actor), by_person, text))
    return told[:SHOWN]


def sentences(cta: Cta, event: Any, before: Any, names: dict[Any, str]) -> list[str]:
    if before is None:
        return [_("発動しました")]
    said = []
    if event.status != before.status:
        said.append(moved(cta, event, before))
    elif event.snoozed_until != before.snoozed_until and event.snoozed_until:
        said.append(_("%(until)sまで延ばしました") % {"until": near_date(event.snoozed_until)})
    if event.assignee_id != before.assignee_id:
        said.append(_("担当を%(name)sにしました") % {"name": names.get(event.assignee_id, _("未定"))})
    if event.is_flagged != before.is_flagged:
        said.append(
            _("赤旗を立てました:%(reason)s") % {"reason": event.flag_reason}
            if event.is_flagged
            else _("赤旗を下ろしました")
        )
    if event.gone_on and not before.gone_on and event.status != Status.RESOLVED:
        said.append(_("理由がなくなりました。担当が閉じるのを待ちます"))
    if event.evidence != before.evidence:
        said.append(_("根拠が変わりました"))
    return said


def moved(cta: Cta, event: Any, before: Any) -> str:
    if event.status == Status.RESOLVED:
        ending = rule_of(cta).endings.get(event.ending) or COMMON_ENDINGS.get(event.ending, "")
        return _("自動で閉じました:%(why)s") % {"why": ending}
    if event.status == Status.SNOOZED:
        return _("%(until)sまで延ばしました:%(reason)s") % {
            "until": near_date(event.snoozed_until),
            "reason": event.snooze_reason,
        }
    if event.status in (Status.DONE, Status.DECLINED):
        label = Status(event.status).label
        return (
            f"{label}:{event.closed_reason}"
            if event.closed_reason
            else _("%(state)sにしました") % {"state": label}
        )
    if before.status in (Status.DONE, Status.DECLINED, Status.RESOLVED):
        return _("また開きました")
    return _("%(state)sにしました") % {"state": Status(event.status).label}


def member_names(events: list[Any]) -> dict[Any, str]:
    wanted = {event.assignee_id for event in events}
    members = Membership.objects.in_tenant(current_tenant()).filter(pk__in=wanted).select_related("user")
    return {member.pk: member.name for member in members}
