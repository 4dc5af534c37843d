"""Which of our people a cell means: by mail address, or by a name that only one of them has."""

from collections import defaultdict

from accounts.importing.values import NOTHING, Reader, Reading, folded
from tenants.models import Membership
from tenants.scope import current_tenant


def member_reader() -> Reader:
    """A reader of the members as they are now; the value is the membership's id."""
    known: dict[str, set[str]] = defaultdict(set)
    for member in Membership.objects.active().in_tenant(current_tenant()):
        names = {
            folded(member.user.email),
            folded(member.name),
            *(folded(part) for part in member.name.split()),
        }
        for name in names:
            known[name].add(str(member.pk))

    def read(raw: str) -> Reading:
        name = folded(raw)
        if not name:
            return NOTHING
        found = known.get(name) or known.get(name.removesuffix("さん").removesuffix("様"), set())
        if len(found) == 1:
            return Reading(next(iter(found)))
        if not found:
            return Reading(code="member_unknown")
        return Reading(code="member_ambiguous", params={"found": len(found)})

    return read
