"""The customer's own year: what a person wrote of it, and what its closing proposes beside that (S1 1.19, 1.20, 1.35).

Proposals are worked out whenever they are shown. A row exists from the moment somebody says that one is so, is on another
day, or does not happen here; so a customer who closes in another month has new proposals at once, and what was confirmed
for the old closing is told apart by ``based_on``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.backcast import Known
from accounts.context import provenance
from accounts.fiscal import FiscalClosing
from accounts.lists import AccountList
from accounts.lists import register as add_list
from accounts.models import Account, Occasion, OccasionType
from accounts.models.occasion import OccasionKind, OccasionState
from accounts.proposing import Proposal, based_on, proposals
from tenants.editing import Choice, Edit
from tenants.editing import register as make_editable
from tenants.editing.fields import for_column
from tenants.editing.spans import SPAN, Span, span_field
from tenants.scope import current_scope

PAGE = "occasion"


def own_types() -> list[OccasionType]:
    """All of them, retired ones too; asked once per request."""
    cache = current_scope().cache
    if "occasion_types" not in cache:
        cache["occasion_types"] = list(OccasionType.objects.order_by("created_at", "pk"))
    return cache["occasion_types"]  # type: ignore[no-any-return]


def own_choices(occasion: Any) -> list[Choice]:
    usable = [one for one in own_types() if not one.is_retired or one.pk == occasion.own_type_id]
    return [("", ""), *((str(one.pk), one.name) for one in usable)]


def called(occasion: Any) -> str:
    """Its own words, or its kind's; of many rows of a history the own kinds are asked for once."""
    named = {one.pk: one.name for one in own_types()} if occasion.own_type_id else {}
    return str(occasion.title or named.get(occasion.own_type_id) or occasion.get_kind_display())


def with_a_beginning(span: Span, occasion: Any) -> Span:
    if span[0] is None:
        raise ValidationError(_now("いつからかを入力してください"))
    return span


def looked_at(edit: Edit) -> dict[str, object]:
    """Whoever says the day or the state has looked at it under the present closing."""
    is_said = edit.field.key in ("starts_on", "ends_on", "state", SPAN) and edit.record.proposal
    closing = edit.record.account.closing if is_said else None
    return {"based_on": based_on(closing)} if closing else {}


make_editable(
    "occasion",
    Occasion,
    for_column(Occasion, "starts_on"),
    for_column(Occasion, "ends_on", hint=_("その日だけ")),
    for_column(Occasion, "kind"),
    for_column(Occasion, "own_type", choices=own_choices, hint=_("自社の種類はありますか")),
    for_column(Occasion, "title", hint=_("種類のとおり")),
    for_column(Occasion, "state"),
    for_column(Occasion, "note", widget="textarea", hint=_("当社に何が起きますか")),
    *provenance(Occasion),
    action="account.edit",
    label=_("お客様の予定"),
    also=looked_at,
    called=called,
    more=lambda record: {SPAN: span_field("starts_on", "ends_on", checked=with_a_beginning)},
)
make_editable(
    "occasion_type",
    OccasionType,
    for_column(OccasionType, "name"),
    for_column(OccasionType, "is_retired"),
    action="tenant.edit",
    label=_("お客様の予定の種類"),
)
add_list(
    AccountList(
        "occasion",
        PAGE,
        _("お客様の予定"),
        _("予算、発表、人事、繁忙期。お客様の一年が分かると、いつ動くかが決まります。"),
        "occasions",
        ("starts_on", "ends_on", "kind", "title", "state", "note"),
        ("kind", "own_type", "title", "starts_on", "ends_on", "state", "note"),
        ("starts_on", "pk"),
        narrows=("kind", "state"),
        more=("own_type",),
        along=("own_type",),
    )
)


@dataclass(frozen=True)
class Calendar:
    """One customer over some days: what was written, and the proposals that nobody has answered."""

    written: Sequence[Occasion]
    proposed: Sequence[Proposal]
    doubtful: Sequence[Occasion]
    """Those that were confirmed for another closing than the present one."""
    known: Mapping[int, Known]
    """The days of the budget that the customer has confirmed, by the fiscal year in which it is made."""


def calendar(account: Account, first: date, last: date) -> Calendar:
    """Everything that touches these days, by day; one statement."""
    rows = list(Occasion.objects.filter(account=account).select_related("own_type"))
    for row in rows:
        row.account = account
    shown = [row for row in rows if row.starts_on <= last and row.last_on >= first]
    shown.sort(key=lambda row: (row.starts_on, row.pk))
    written = [row for row in shown if row.state != OccasionState.ABSENT]
    asked = unanswered(account, first, last, rows)
    return Calendar(written, asked, doubtful(account, written), confirmed_days(account.closing, rows))


def confirmed_days(closing: FiscalClosing | None, rows: Iterable[Occasion]) -> dict[int, Known]:
    days: dict[tuple[int, str], date] = {}
    for row in sorted(rows, key=lambda row: row.starts_on):
        if closing and row.is_confirmed:
            days[closing.fiscal_year(row.starts_on), row.kind] = row.starts_on
    return {
        year: Known(days.get((year, OccasionKind.DRAFT)), days.get((year, OccasionKind.FINAL)))
        for year, _kind in days
    }


def unanswered(account: Account, first: date, last: date, rows: Iterable[Occasion]) -> list[Proposal]:
    """The proposals that touch these days, but for those that one of ``rows`` answers."""
    closing = account.closing
    if closing is None:
        return []
    answered = {(row.fiscal_year, row.proposal) for row in rows}
    years = range(closing.fiscal_year(first), closing.fiscal_year(last) + 1)
    found = [one for year in years for one in proposals(closing, year, is_listed=account.is_listed)]
    return [
        one
        for one in found
        if (one.fiscal_year, one.key) not in answered and one.starts_on <= last and one.last_on >= first
    ]


def doubtful(account: Account, rows: Iterable[Occasion]) -> list[Occasion]:
    closing = account.closing
    return [row for row in rows if closing and row.proposal and row.based_on != based_on(closing)]


def proposal_of(account: Account, year: int, key: str) -> Proposal | None:
    """The proposal of that name, as the present closing makes it."""
    closing = account.closing
    if closing is None or not 1990 <= year <= 2100:
        return None
    found = proposals(closing, year, is_listed=account.is_listed)
    return next((one for one in found if one.key == key), None)


def anew(occasion: Occasion) -> Proposal | None:
    """What the present closing proposes instead of a doubtful one."""
    return proposal_of(occasion.account, occasion.fiscal_year or 0, occasion.proposal)


def check(occasion: Occasion, *, take: bool) -> None:
    """Say that it still holds under the present closing; or ``take`` the days that this one proposes."""
    closing, fresh = occasion.account.closing, anew(occasion) if take else None
    if closing is None:
        return
    occasion.based_on = based_on(closing)
    if fresh:
        occasion.starts_on, occasion.ends_on = fresh.starts_on, fresh.ends_on
    occasion.save(update_fields=["based_on", "starts_on", "ends_on"])


def answer_columns(account: Account, proposal: Proposal, state: str) -> dict[str, Any]:
    """What a row that answers a proposal says beside what the person typed."""
    closing = account.closing
    return {
        "account": account,
        "kind": proposal.kind,
        "state": state,
        "proposal": proposal.key,
        "fiscal_year": proposal.fiscal_year,
        "based_on": based_on(closing) if closing else "",
    }
