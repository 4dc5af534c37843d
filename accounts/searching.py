"""Full-text search in what was written about customers: records, notes about people, facts of the sheet.

The functions of the searcher give ids, newest first (``0012``); rows are then read below row-level security as always.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import connection
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from psycopg2 import sql

from accounts.editing import field_label
from accounts.kinds import ICONS
from accounts.marking import holds, marked
from accounts.models import Account, Activity, Fact, KeyPerson
from accounts.models.activity import ActivityKind
from tenants.models import Membership
from tenants.permissions import Reach, reach

PAGE = 30
FEW = 20
SALT = "accounts.searching"


@dataclass(frozen=True)
class Hit:
    """One thing that was found, with its words marked."""

    title: SafeString
    excerpts: Sequence[tuple[str, SafeString]]  # where in it, and the words around
    account: Account
    note: str
    on: date | None
    url: str
    icon: str


@dataclass(frozen=True)
class Found:
    records: Sequence[Hit]
    after: str  # the cursor to older records
    people: Sequence[Hit]
    facts: Sequence[Hit]

    @property
    def is_nothing(self) -> bool:
        return not (self.records or self.people or self.facts)


def search(query: str, member: Membership, account: Account | None = None, after: str = "") -> Found:
    """What holds every word of ``query``, in all accounts that ``member`` sees or in one; a fixed number of statements."""
    where = [account.pk if account else None, visible_to(member)]
    position = read(after)
    records = record_hits(query, [*where, *position])
    more = records[PAGE:]
    cursor = write(records[PAGE - 1]) if more else ""
    hits = [record_hit(one, query) for one in records[:PAGE]]
    if position[0]:
        return Found(hits, cursor, (), ())
    return Found(hits, cursor, people_hits(query, where), fact_hits(query, where))


def visible_to(member: Membership) -> list[UUID] | None:
    """The accounts a contributor sees; None for those who see all."""
    if reach(member, "account.read") is Reach.ALL:
        return None
    return list(Account.objects.visible_to(member).values_list("pk", flat=True))


def ids(function: str, query: str, most: int, where: Sequence[Any]) -> list[UUID]:
    holders = ("%s", "%s", "%s::uuid", "%s::uuid[]", "%s::date", "%s::uuid")[: 2 + len(where)]
    call = sql.SQL("SELECT * FROM {}({})").format(sql.Identifier(function), sql.SQL(", ".join(holders)))
    with connection.cursor() as cursor:
        cursor.execute(call, [query, most, *where])
        return [pk for (pk,) in cursor.fetchall()]


def record_hits(query: str, where: Sequence[Any]) -> list[Activity]:
    wanted = ids("search_activities", query, PAGE + 1, where)
    rows = Activity.objects.filter(pk__in=wanted).select_related("account", "own_type", "written_by__user")
    return list(rows.order_by("-on", "-pk"))


def record_hit(one: Activity, query: str) -> Hit:
    texts = ((_("記録"), one.body), (_("示唆"), one.insight), (_("次にすること"), one.next_step))
    return Hit(
        marked(one.title, query),
        [(label, marked(text, query)) for label, text in texts if text and holds(text, query)],
        one.account,
        f"{one.kind_label}・{one.written_by.name}",
        one.on,
        reverse("accounts:activity_index", args=[one.account_id]) + f"?until={one.on}#ev-{one.pk}",
        ICONS[ActivityKind(one.kind)],
    )


def people_hits(query: str, where: Sequence[Any]) -> list[Hit]:
    rows = KeyPerson.objects.filter(pk__in=ids("search_person_notes", query, FEW, where))
    return [
        Hit(
            marked(one.name, query),
            [(_("メモ"), marked(one.note, query))],
            one.account,
            " ".join(filter(None, (one.department, one.title))),
            None,
            reverse("accounts:person_index", args=[one.account_id]) + f"#person-{one.pk}",
            "users",
        )
        for one in rows.select_related("account").order_by("account__kana", "kana", "pk")
    ]


def fact_hits(query: str, where: Sequence[Any]) -> list[Hit]:
    rows = Fact.objects.filter(pk__in=ids("search_facts", query, FEW, where))
    return [
        Hit(
            marked(field_label(one.field_key), query),
            [("", marked(one.value, query))],
            one.account,
            one.source,
            one.as_of,
            reverse("accounts:account", args=[one.account_id]),
            "doc",
        )
        for one in rows.select_related("account").order_by("-noted_at", "pk")
    ]


def write(last: Activity) -> str:
    return signing.dumps([last.on.isoformat(), str(last.pk)], salt=SALT)


def read(cursor: str) -> list[str | None]:
    try:
        on, pk = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        return [None, None]
    return [on, pk]
