"""The morning mail: one per person and day, only for those who got a new CTA."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from ctas import queries, registry
from ctas.assigning import People
from ctas.models import Cta
from tenants.models import Membership, OutboxMail
from tenants.roles import Role
from ui.wording import prose_date

CAP = 200
"""So many CTAs of one rule are told about per day; the rest is opened all the same."""
LINES = 30


def write(today: date, opened: Sequence[UUID], people: People) -> int:
    """Put the mails for newly opened CTAs into the outbox; gives how many."""
    told, silent = capped(opened, today)
    by_owner: dict[UUID, list[queries.Row]] = {}
    for row in told:
        if row.cta.assignee_id:
            by_owner.setdefault(row.cta.assignee_id, []).append(row)
    queued = sum(
        mail_to(people.all[owner], own, today) for owner, own in by_owner.items() if wants(people, owner)
    )
    if silent:
        warn_admins(silent, people, today)
    return queued


def capped(opened: Sequence[UUID], today: date) -> tuple[list[queries.Row], dict[str, int]]:
    """The rows that are told about, the most urgent of each rule, and for each rule beyond its cap how many are not."""
    if not opened:
        return [], {}
    fresh = Cta.objects.filter(pk__in=opened)
    place = Window(RowNumber(), partition_by="rule", order_by=("due_on", "priority", "pk"))
    told = queries.rows(fresh.annotate(place=place).filter(place__lte=CAP), today, limit=len(opened))
    counts = fresh.order_by().values_list("rule").annotate(n=Count("pk")).filter(n__gt=CAP)
    ruled = [(registry.find(code), n) for code, n in counts]
    return told, {f"{rule.number} {rule.label}": n - CAP for rule, n in ruled if rule}


def wants(people: People, owner: UUID) -> bool:
    member = people.all.get(owner)
    return bool(member and owner not in people.gone and member.wants_morning_mail)


def mail_to(member: Membership, rows: list[queries.Row], today: date) -> bool:
    subject = _("今朝の新しいCTA %(n)s件 (%(day)s)") % {"n": len(rows), "day": prose_date(today)}
    return OutboxMail.queue(
        "morning", f"{today} {member.pk}", to=member.user.email, subject=subject, body=letter(member, rows)
    )


def letter(member: Membership, rows: list[queries.Row]) -> str:
    lines = [_("%(name)sさん") % {"name": member}, "", _("新しく発動したCTAです。")]
    left = LINES
    for group in queries.grouped(rows):
        shown = group.rows[: max(left, 0)]
        left -= len(shown)
        if shown:
            lines += ["", f"■ {group.heading}", *(line for row in shown for line in said(row))]
    if len(rows) > LINES:
        lines += ["", _("ほか%(n)s件") % {"n": len(rows) - LINES}]
    return "\n".join([*lines, "", _("今日の一覧: %(url)s") % {"url": address("ctas:cta_index")}, ""])


def said(row: queries.Row) -> list[str]:
    return [
        f"・{row.cta.account.name}:{row.title}",
        f"  {row.why}",
        f"  {address('ctas:cta', row.cta.pk)}",
    ]


def address(name: str, *args: object) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, args=args)


def warn_admins(silent: dict[str, int], people: People, today: date) -> None:
    """A rule that fires so often is set too wide: those who may change it hear of it once a day."""
    lines = [
        _("%(rule)s: 通知の上限%(cap)s件を超えた%(n)s件は、メールに載せていません。CTAは開いています。")
        % {"rule": rule, "cap": CAP, "n": count}
        for rule, count in silent.items()
    ]
    body = "\n".join([*lines, "", address("ctas:rule_index"), ""])
    for pk, member in people.all.items():
        if member.role == Role.ADMIN and pk not in people.gone:
            subject = _("CTAルールの通知が上限を超えました")
            OutboxMail.queue("rule_cap", f"{today} {pk}", to=member.user.email, subject=subject, body=body)
