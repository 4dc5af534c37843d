"""What of this room programs read, and what they do with a CTA. Only the rules open one, and only people close it by
hand; both hold here as on the pages."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.api import of_csm
from ctas.forms import AssignmentForm, ClosingForm, FlagForm, SnoozeForm
from ctas.models import Cta, Outcome, RuleSetting, Status
from ctas.queries import Row
from tenants.api import Resource, Shown, Verb, between, column
from tenants.api.shapes import Shape, boolean_shape, text_shape
from tenants.models import Membership
from tenants.scope import current_tenant

Given = dict[str, Any]
Run = Callable[[Cta, Given], None]


def said(key: str, title: Any) -> Shown:
    """What a page says of a CTA in words, as of today."""
    return Shown(
        text_shape(2_000).titled(title), lambda cta: str(getattr(Row.of(cta, timezone.localdate()), key))
    )


# What was asked for already stands there: fine. A page says nothing where the state does not allow it; a program hears.


def while_open(run: Run) -> Run:
    def checked(cta: Cta, given: Given) -> None:
        if not cta.is_open:
            raise ValidationError(
                _now("「%(state)s」のCTAには、この操作はできません") % {"state": cta.get_status_display()}
            )
        run(cta, given)

    return checked


def visible(rows: Any, member: Any) -> Any:
    return rows.visible_to(member)


def close(cta: Cta, given: Given) -> None:
    asked = Status.DECLINED if given["outcome"] == Outcome.DECLINED else Status.DONE
    if cta.status != asked:
        while_open(lambda cta, given: cta.close(given["outcome"], given["reason"]))(cta, given)


def assign(cta: Cta, given: Given) -> None:
    chosen = given["member"]
    members = Membership.objects.active().in_tenant(current_tenant())
    cta.assign(members.filter(pk=chosen).first() if chosen else None)


def verb(name: str, label: Any, run: Run, form: Any = None, also_needed: tuple[str, ...] = ()) -> Verb:
    return Verb(name, "cta.handle", run, label, form, also_needed)


EVIDENCE = Shape({"type": "object", "additionalProperties": True}, str).titled(_("根拠"))
COLUMNS: dict[str, Any] = {
    "account": "",
    "unit": _("部門"),
    "rule": _("ルール"),
    "subject": _("何について"),
    "occurrence": _("どの回か"),
    "priority": "",
    "assignee": "",
    "co_assignee": "",
    "opened_on": "",
    "due_on": "",
    "status": "",
    "snoozed_until": "",
    "snooze_reason": "",
    "is_flagged": "",
    "flag_reason": "",
    "gone_on": "",
    "closed_at": _("閉じた時刻"),
    "closed_by": _("閉じた人"),
    "closed_reason": "",
}

CTAS = Resource(
    name="ctas",
    model=Cta,
    label=_("CTA"),
    reads="cta.read",
    lists="cta.read",
    shows={
        "title": said("title", _("何をするか")),
        "why": said("why", _("なぜか")),
        "heading": said("heading", _("なぜいまか")),
        **{key: column(Cta, key, title) for key, title in COLUMNS.items()},
        "ending": said("ending", _("自動で閉じたわけ")),
        "is_asking": Shown(
            boolean_shape().titled(_("理由がなくなり、担当が閉じるのを待っているか")),
            lambda cta: Row.of(cta, timezone.localdate()).is_asking,
        ),
        "evidence": Shown(EVIDENCE, lambda cta: cta.evidence),
    },
    filters=("account", "rule", "status", "priority", "assignee", "co_assignee", "is_flagged"),
    queries=(of_csm(Cta), *between(Cta, "due_on"), *between(Cta, "opened_on")),
    visible=visible,
    verbs=(
        verb("start", _("CTAを対応中にする"), while_open(lambda cta, _given: cta.start())),
        verb("put-back", _("CTAを未着手に戻す"), while_open(lambda cta, _given: cta.put_back())),
        verb("close", _("CTAを閉じる"), close, ClosingForm),
        verb("reopen", _("CTAをまた開く"), lambda cta, _given: cta.reopen()),
        verb(
            "snooze",
            _("CTAを延ばす"),
            while_open(lambda cta, given: cta.snooze(given["until"], given["reason"])),
            SnoozeForm,
        ),
        verb("wake", _("CTAを起こす"), while_open(lambda cta, _given: cta.wake())),
        verb("flag", _("CTAに赤旗を立てる"), lambda cta, given: cta.flag(given["reason"]), FlagForm),
        verb("unflag", _("CTAの赤旗を下ろす"), lambda cta, _given: cta.unflag()),
        verb("assign", _("CTAの担当を決める"), assign, AssignmentForm, ("member",)),
    ),
)

RESOURCES = (CTAS,)
WITHOUT = {
    RuleSetting: "values of rules are tried out on the page, where it shows what they would open before they are kept"
}
