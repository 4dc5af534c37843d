"""S of an action: a person, or a department with a post."""

from collections.abc import Iterator

from success_plans.smart.codes import Code
from success_plans.smart.finding import Finding
from success_plans.smart.owners import owner_given
from success_plans.smart.reading import Reading


def check(reading: Reading) -> Iterator[Finding]:
    if not reading.statement.is_action:
        return
    given, stated = owner_given(reading.statement.fields.owner), reading.owner
    if any(owner and not owner.is_vague for owner in (given, stated)):
        return
    if given or stated:
        yield Finding(Code.OWNER_VAGUE, ((stated.start, stated.end),) if stated else ())
    else:
        yield Finding(Code.OWNER_MISSING)
