"""決裁者と推進者: does the account have somebody who decides and somebody who carries it, in office today?"""

from datetime import date
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import KeyPerson, PersonRole
from accounts.models.key_person import PersonState, RoleKind, in_force
from health.registry import Reading, measure

NEEDED = (RoleKind.ECONOMIC_BUYER, RoleKind.CHAMPION)


def read(account: Any, today: date) -> Reading:
    goal = _("両方がいる")
    if not KeyPerson.objects.filter(account=account).exists():
        return Reading(_("未登録"), _("キーパーソンがまだ登録されていません"), goal)
    roles = (
        PersonRole.objects.held_on(today).filter(account=account, kind__in=NEEDED).select_related("person")
    )
    by_kind = {role.kind: role.person.name for role in roles.order_by("starts_on", "pk")}
    said = [
        _("%(role)sは%(name)sさん") % {"role": kind.label, "name": by_kind[kind]}
        if kind in by_kind
        else _("%(role)sがわかっていません") % {"role": kind.label}
        for kind in NEEDED
    ]
    return Reading(f"{len(by_kind)} / {len(NEEDED)}", "。".join(said), goal)


@measure(
    label=gettext_lazy("決裁者と推進者"),
    weight=30,
    hint=gettext_lazy("在任中の決裁者と推進者がわかっているか。ひとりにつき半分"),
    read=read,
)
def points(today: date) -> QuerySet[Any]:
    there = Q(state=PersonState.ACTIVE) | Q(state_since__gt=today)
    held = FilteredRelation("roles", condition=Q(roles__tenant=F("tenant")) & in_force("roles__", today))
    return (
        KeyPerson.objects.order_by()
        .annotate(held=held)
        .values("account_id")
        .annotate(
            points=Count("held__kind", distinct=True, filter=there & Q(held__kind__in=NEEDED))
            * (100 // len(NEEDED))
        )
    )
