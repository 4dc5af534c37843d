"""The one table of who may do what. Pages, buttons, the API, jobs and the test matrix all read it.

``REACH[action][role]`` says how far a role reaches: not at all, rows of accounts that are theirs (``OWN``: CSM,
deputy or team member; ``COMMERCIAL``: they own the account commercially), rows handed to them (``ASSIGNED``), or all.
A view names its action with ``@action``; the middleware refuses a view that names none.
"""

import logging
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from tenants.roles import Role
from tenants.scope import current_member, current_tenant_id

if TYPE_CHECKING:
    from tenants.models import Membership

log = logging.getLogger("masume.denied")


class Reach(StrEnum):
    NONE = "none"
    ASSIGNED = "assigned"
    COMMERCIAL = "commercial"
    OWN = "own"
    ALL = "all"


NONE, ASSIGNED, COMMERCIAL, OWN, ALL = Reach


def _row(
    admin: Reach = NONE,
    manager: Reach = NONE,
    csm: Reach = NONE,
    sales: Reach = NONE,
    contributor: Reach = NONE,
    viewer: Reach = NONE,
) -> dict[Role, Reach]:
    reaches = (admin, manager, csm, sales, contributor, viewer, NONE)
    return dict(zip(Role, reaches, strict=True))


READ = _row(ALL, ALL, ALL, ALL, ASSIGNED, ALL)
EVERYBODY = _row(ALL, ALL, ALL, ALL, ALL, ALL)
STAFF = _row(ALL, ALL, ALL, ALL, ALL)
STAFF_AND_HELPERS = _row(ALL, ALL, ALL, ALL, ASSIGNED)
SELLERS_TOO = _row(ALL, ALL, OWN, COMMERCIAL)
HELPERS_TOO = _row(ALL, ALL, OWN, COMMERCIAL, ASSIGNED)
MANAGERS = _row(ALL, ALL)
ADMINS = _row(ALL)

REACH: dict[str, dict[Role, Reach]] = {
    # one's own corner: 今日, search, theme, pins, saved views
    "self.use": EVERYBODY,
    "token.revoke": _row(ALL, OWN, OWN, OWN, OWN, OWN),  # one's own; an admin everybody's
    # accounts and what hangs on them
    "account.read": READ,
    "account.list": EVERYBODY,
    "account.add": _row(ALL, ALL, ALL),
    "account.edit": SELLERS_TOO,
    "account.assign": MANAGERS,
    "account.merge": MANAGERS,
    "account.export": _row(ALL, ALL, ALL, ALL, NONE, ALL),
    "account.import": ADMINS,
    "person.edit": SELLERS_TOO,
    "person.hand_over": ADMINS,
    "person.erase": ADMINS,
    "contract.edit": SELLERS_TOO,
    "product.read": _row(ALL, ALL, ALL, ALL, NONE, ALL),
    "product.edit": MANAGERS,
    "metric.read": _row(ALL, ALL, ALL, ALL, NONE, ALL),
    "metric.edit": MANAGERS,
    "activity.write": HELPERS_TOO,
    "draft.write": _row(OWN, OWN, OWN, OWN, OWN),  # one's own notes that are not written yet
    "history.read": READ,
    "bin.read": _row(ALL, ALL, ALL, ALL),
    "account.follow": READ,
    "notice.read": _row(OWN, OWN, OWN, OWN, OWN, OWN),  # one's own
    # success plans
    "plan.read": READ,
    "plan.edit": SELLERS_TOO,  # sales: account plans alone
    "plan.review": MANAGERS,
    "plan_template.read": _row(ALL, ALL, ALL, ALL, NONE, ALL),
    "plan_template.edit": MANAGERS,
    "plan.comment": STAFF_AND_HELPERS,
    "comment.edit": _row(OWN, OWN, OWN, OWN, OWN),  # one's own words
    "action.progress": HELPERS_TOO,
    # health and calls to action
    "health.read": READ,
    "cta.read": READ,
    "cta.handle": _row(ALL, ALL, OWN, COMMERCIAL, ASSIGNED),
    "rule.read": _row(ALL, ALL, ALL, ALL, NONE, ALL),
    "rule.edit": MANAGERS,
    # the tenant
    "member.read": _row(ALL, ALL, ALL, ALL, ALL, ALL),
    "member.invite": MANAGERS,
    "invitation.handle": _row(ALL, OWN),  # a manager's own are all but those of admins
    "member.history": MANAGERS,
    "member.edit": ADMINS,
    "member.remove": ADMINS,
    "member.leave": MANAGERS,
    "tenant.read": _row(ALL, ALL),
    "tenant.edit": ADMINS,
    "sheet.edit": ADMINS,
    "work.read": ADMINS,
}


def reach(member: "Membership", action: str) -> Reach:
    return REACH[action][Role(member.role)]


def may(member: "Membership | None", action: str, subject: Any = None) -> bool:
    """Whether ``member`` may do ``action``, on ``subject`` if one is given.

    A subject answers ``reaches(member)``: the ties of that member to it (see ``Account.reaches``).
    """
    if member is None:
        return False
    far = reach(member, action)
    if far is ALL or far is NONE or subject is None:
        return far is not NONE
    return far in subject.reaches(member)


def require(action: str, subject: Any = None) -> None:
    """Raise PermissionDenied (403, logged) unless the member in scope may do ``action`` on ``subject``."""
    member = current_member()
    if not may(member, action, subject):
        log.warning(
            "denied",
            extra={"action": action, "object": type(subject).__name__},
        )
        raise PermissionDenied(action)


View = Callable[..., HttpResponse]


def action(name: str, subject: Any = None, *, binned: bool = False) -> Callable[[View], View]:
    """Declare what a view does, and to what.

    ``subject`` is a model: the view's URL has ``<uuid:pk>``, and the view is called with the object instead.
    A row that the member may not see is 404; one they see but may not ``name`` is 403. ``binned`` looks in the bin.
    """
    if name not in REACH:
        raise KeyError(f"unknown action {name}: add it to tenants.permissions.REACH")

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if subject is None:
                require(name)
                return view(request, *args, **kwargs)
            found = visible_or_404(subject, kwargs.pop("pk"), binned=binned)
            require(name, found)
            return view(request, found, *args, **kwargs)

        guarded.action = name  # type: ignore[attr-defined]
        guarded.subject = subject  # type: ignore[attr-defined]
        guarded.binned = binned  # type: ignore[attr-defined]
        return guarded

    return declare


def visible_or_404(model: Any, pk: UUID | str, *, binned: bool = False) -> Any:
    """The row of ``model`` with this id, if the member in scope sees it; Http404 also for a text that is no id."""
    rows = model.everything.in_bin() if binned else model.objects
    try:
        found = rows.filter(
            pk=UUID(str(pk)), tenant=current_tenant_id()
        ).first()  # members and invitations are global tables
    except ValueError:
        raise Http404 from None
    member = current_member()
    if found is None or not sees(member, found):
        raise Http404
    return found


def sees(member: "Membership | None", subject: Any) -> bool:
    """Contributors see only what hangs on an account with work for them; everybody else sees the tenant."""
    if member is None:
        return False
    return (
        reach(member, "account.read") is ALL
        or not hasattr(subject, "seen_by")
        or bool(subject.seen_by(member))
    )
