"""Which accounts a contributor sees. Rooms above say what counts as work handed to somebody."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from tenants.permissions import Reach, reach

if TYPE_CHECKING:
    from tenants.models import Membership

_handed: list[Callable[["Membership"], Q]] = []


def register(handed: Callable[["Membership"], Q]) -> None:
    """``handed(member)`` is a condition on Account: some work there is assigned to ``member``."""
    _handed.append(handed)


def of(member: "Membership") -> Q:
    far = reach(member, "account.read")
    if far is Reach.ALL:
        return Q()
    nothing = Q(pk__in=[])
    return nothing if far is Reach.NONE else reduce(or_, (handed(member) for handed in _handed), nothing)
