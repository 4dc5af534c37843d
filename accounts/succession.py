"""Accounts of a member who leaves: who answers for them next. One statement moves all four roles."""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Case, Count, F, Q, UUIDField, Value, When
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.models.account import AccountMember
from accounts.sheet.counting import count_accounts
from tenants import succession
from tenants.models import Membership
from tenants.roles import Role
from tenants.succession import Charge

CARERS = (Role.CSM, Role.MANAGER, Role.ADMIN)
SELLERS = (Role.SALES, Role.MANAGER, Role.ADMIN)
SEATS = ("csm", "commercial_owner", "deputy", "support_manager")


def held_by(member: Membership) -> Q:
    return Q(csm=member) | Q(commercial_owner=member) | Q(deputy=member) | Q(support_manager=member)


def charges(member: Membership) -> Iterable[Charge]:
    for account in Account.objects.filter(held_by(member)).only("name", *SEATS):
        for seat in SEATS:
            if getattr(account, f"{seat}_id") == member.pk:
                yield charge(account, seat)


def charge(account: Account, seat: str) -> Charge:
    label, heirs, owns = {
        "csm": (_("担当CSM"), CARERS, True),
        "commercial_owner": (_("営業担当"), SELLERS, True),
        "deputy": (_("代理"), CARERS, False),
        "support_manager": (_("サポート責任者"), succession.ANYBODY, False),
    }[seat]
    return Charge(account.pk, account.name, label, heirs=heirs, owns=owns)


def hand_over(member: Membership, successors: Mapping[UUID, UUID]) -> None:
    AccountMember.objects.filter(member=member).delete()
    if successors:
        heir = successor_of("pk", successors)
        seats = {seat: Case(When(**{seat: member}, then=heir), default=F(f"{seat}_id")) for seat in SEATS}
        Account.objects.filter(held_by(member), pk__in=successors).update(**seats)
        count_accounts(successors)


def successor_of(column: str, successors: Mapping[UUID, UUID]) -> Case:
    """The successor by account as one expression, for a single UPDATE."""
    taken: dict[UUID, list[UUID]] = {}
    for account, heir in successors.items():
        taken.setdefault(heir, []).append(account)
    return Case(
        *(When(**{f"{column}__in": accounts}, then=Value(heir)) for heir, accounts in taken.items()),
        output_field=UUIDField(),
    )


def counts() -> Counter[UUID]:
    total: Counter[UUID] = Counter()
    for seat in ("csm", "commercial_owner"):
        held = Account.objects.not_archived().filter(**{f"{seat}__isnull": False})
        total.update(dict(held.values_list(f"{seat}_id").annotate(n=Count("pk"))))
    return total


succession.register("accounts", charges=charges, hand_over=hand_over, counts=counts)
