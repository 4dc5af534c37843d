"""Who works here: the ids that accounts, actions and CTAs name, found by address. People are managed on the page."""

from django.utils.translation import gettext_lazy as _

from tenants.api.queries import Rows, filter_by
from tenants.api.resources import Resource, Shown, column
from tenants.api.shapes import text_shape
from tenants.models import Membership


def active(rows: Rows, member: Membership) -> Rows:
    return rows.filter(removed_at=None, user__is_active=True)


MEMBERS = Resource(
    name="members",
    model=Membership,
    label=_("メンバー"),
    reads="member.read",
    lists="member.read",
    shows={
        "name": Shown(text_shape(254).titled(_("お名前")), lambda member: member.name),
        "email": Shown(text_shape(254).titled(_("メールアドレス")), lambda member: member.user.email),
        **{key: column(Membership, key) for key in ("role", "title", "leave_from", "leave_until", "deputy")},
        "removed_at": column(Membership, "removed_at", _("外れた時刻")),
    },
    filters=("role",),
    queries=(filter_by(Membership, "email", "user__email"),),
    visible=active,
    rows=lambda rows: rows.select_related("user"),
    has_version=False,
)

RESOURCES = (MEMBERS,)
