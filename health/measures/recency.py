"""記録の新しさ: how long ago anybody last recorded something with the customer."""

from datetime import date
from typing import Any

from django.db.models import F, IntegerField, Max, QuerySet, Value
from django.db.models.functions import Cast, Greatest, Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Activity
from health.registry import Reading, measure
from ui.expressions import DaysBetween

FULL, EMPTY = 7, 60
"""Full points up to this many days, none from that many on, evenly less in between."""


def read(account: Any, today: date) -> Reading:
    goal = _("%(days)s日以内") % {"days": FULL}
    last = Activity.objects.held().filter(account=account, on__lte=today).order_by("-on", "-pk").first()
    if last is None:
        return Reading(_("記録なし"), _("やりとりの記録がまだありません。一行から残せます"), goal)
    words = {"day": f"{last.on:%Y/%m/%d}", "kind": last.get_kind_display(), "title": last.title}
    return Reading(
        _("%(days)s日前") % {"days": (today - last.on).days},
        _("最後の記録は%(day)sの%(kind)s「%(title)s」") % words,
        goal,
    )


@measure(
    label=gettext_lazy("記録の新しさ"),
    weight=30,
    hint=gettext_lazy("最後のやりとりから何日たったか。7日以内で満点、60日で0点"),
    read=read,
)
def points(today: date) -> QuerySet[Any]:
    held = Activity.objects.held().filter(on__lte=today)
    left = Value(EMPTY) - DaysBetween(today, F("last"))
    full = Least(Value(100.0), Greatest(Value(0.0), left * 100.0 / (EMPTY - FULL)))
    return (
        held.order_by()
        .values("account_id")
        .annotate(last=Max("on"))
        .annotate(points=Cast(full, IntegerField()))
        .values("account_id", "points")
    )
