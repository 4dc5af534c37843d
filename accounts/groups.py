"""Group companies: which customer is whose parent, and the whole group as a tree (S1 1.15).

The parent is a column of the account. A circle is refused by the names it would go through; the database refuses those
that two people close at the same moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.frame import Badge, badges_of
from accounts.models import Account
from tenants.editing import Choice, EditField
from tenants.editing.fields import clean_text, for_column
from tenants.ids import id_in
from tenants.models import Membership
from tenants.scope import current_member, current_scope, current_tenant_id
from tenants.trees import in_tree_order

MOST = 500
"""Companies of one group on a page."""
ABOVE = """
above AS (
  SELECT id, parent_id, 0 AS steps FROM accounts_account WHERE tenant_id = %s AND id = %s
  UNION ALL
  SELECT up.id, up.parent_id, steps + 1 FROM accounts_account AS up JOIN above ON up.id = above.parent_id
  WHERE up.tenant_id = %s
)"""
LINE = f"WITH RECURSIVE {ABOVE} SELECT id FROM above ORDER BY steps"  # noqa: S608
GROUP = f"""
WITH RECURSIVE {ABOVE}, group_of AS (
  (SELECT id FROM above ORDER BY steps DESC LIMIT 1)
  UNION ALL
  SELECT down.id FROM accounts_account AS down JOIN group_of ON down.parent_id = group_of.id WHERE down.tenant_id = %s
) SELECT id FROM group_of LIMIT {MOST}"""  # noqa: S608


@dataclass(frozen=True)
class Company:
    """One company of a group, so far below its top."""

    account: Account
    depth: int
    badge: Badge | None


def group_of(account: Account, member: Membership) -> list[Company]:
    """The group that ``account`` belongs to, as far as ``member`` may see it, parents before children: two statements.

    What hangs on a company that ``member`` may not see stands at the top.
    """
    tenant = current_tenant_id()
    ids = RawSQL(GROUP, [tenant, account.pk, tenant, tenant])  # noqa: S611
    rows = Account.objects.visible_to(member).filter(pk__in=ids).select_related("csm__user")
    found = list(rows.order_by("kana", "name", "pk"))
    badges = badges_of([row.pk for row in found])
    return [Company(row, depth, badges.get(row.pk)) for row, depth in in_tree_order(found)]


def line_above(account: UUID | str) -> list[UUID]:
    """The account itself, its parent, its parent's parent and so on."""
    tenant = current_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(LINE, [tenant, account, tenant])
        return [pk for (pk,) in cursor.fetchall()]


def candidates(account: Account, query: str, member: Membership, limit: int) -> list[Account]:
    """Whom somebody may have meant by ``query`` as the parent of ``account``."""
    found = Account.objects.visible_to(member).matching(query).exclude(pk=account.pk)
    return list(found.order_by("kana", "name", "pk")[:limit])


def parent_field() -> EditField:
    """The parent in the registry of what is edited: addressed by its id, told by its name."""
    return replace(
        for_column(Account, "parent", choices=own_parent, hint=_("親会社はありますか")),
        parse=parse_parent,
        show=lambda value, record: (
            names_of([value]).get(UUID(str(value)), _now("以前のお客様")) if value else ""
        ),
    )


def own_parent(record: Any) -> list[Choice]:
    """Only the one that stands there: others are found by searching on the page of the group."""
    parent = record.parent_id
    return [("", ""), *((str(pk), name) for pk, name in names_of([parent]).items() if parent)]


def parse_parent(typed: str, record: Any) -> str | None:
    text = clean_text(typed)
    if not text:
        return None
    chosen = seen(text)
    if chosen is None:
        raise ValidationError(_now("選べるお客様の中から選んでください"))
    if record.pk:
        refuse_a_circle(record, chosen)
    return str(chosen)


def seen(text: str) -> UUID | None:
    """The account of that id, if whoever asks may see it."""
    if (pk := id_in(text)) is None:
        return None
    member = current_member()
    rows = Account.objects.all() if member is None else Account.objects.visible_to(member)
    return rows.filter(pk=pk).values_list("pk", flat=True).first()


def refuse_a_circle(record: Any, chosen: UUID) -> None:
    line = line_above(chosen)
    if record.pk not in line:
        return
    way = [record.pk, *line[: line.index(record.pk) + 1]]
    names = names_of(way)
    said = " → ".join(names.get(pk, "") for pk in way)
    raise ValidationError(
        _now("%(names)s と輪になります。どこかの親会社を先に変えてください") % {"names": said}
    )


def names_of(accounts: Iterable[Any]) -> dict[UUID, str]:
    """The names of these accounts, in their order; each is asked for once per request."""
    wanted = [UUID(str(pk)) for pk in accounts if pk]
    known: dict[UUID, str] = current_scope().cache.setdefault("account_names", {})
    if missing := [pk for pk in wanted if pk not in known]:
        known.update(Account.objects.filter(pk__in=missing).values_list("pk", "name"))
    return {pk: known[pk] for pk in wanted if pk in known}
