"""更新停滞: nobody wrote anything about a customer for a week.

What counts is what people did: activities held, and hand edits of the account or its plans. Jobs, imports and other
automatic writing do not. A new account has a week before the first record is missed.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import DateField, F, Func, Max, Model, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, Greatest, JSONObject, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account, Activity
from accounts.models.account import Tier
from ctas.options import Choice, Number, Values
from ctas.registry import Kind, Step, rule
from tenants.history import TenantEvent
from ui.expressions import days_before
from ui.querying import compiled

HIGH, HIGH_AND_MID, ALL = "high", "high_mid", "all"
WRITTEN_BY_PEOPLE = ("accounts", "success_plans")
NOT_EDITS = ("Activity",)  # a record counts by the day it is about


def title(evidence: dict[str, Any]) -> str:
    return _("最近のやりとりを一行残す")


def heading(evidence: dict[str, Any], today: date) -> str:
    days = int(evidence.get("days", 7))
    if days % 7:
        return _("%(days)s日、記録がない") % {"days": days}
    return _("%(weeks)s週間、記録がない") % {"weeks": days // 7}


def why(evidence: dict[str, Any], today: date) -> str:
    if not evidence.get("last_on"):
        return _("人が書いた記録がまだありません")
    days = (today - date.fromisoformat(evidence["last_on"])).days
    return _("人が書いた記録が%(days)s日ありません") % {"days": days}


@rule(
    number="R01",
    label=gettext_lazy("更新停滞"),
    kind=Kind.QUALITY,
    heading=heading,
    because=gettext_lazy("一行でも残すと、次に会う人が続きから話せます。"),
    title=title,
    why=why,
    sentence=gettext_lazy(
        "人が書いた記録が{days}ないとき。対象は{tiers}のお客様。新しいアカウントの最初の{grace}は待つ。"
        "自動の同期や取り込みは記録に数えない。"
    ),
    options=(
        Number("days", gettext_lazy("記録がない日数"), 7, gettext_lazy("日")),
        Choice(
            "tiers",
            gettext_lazy("対象の顧客層"),
            HIGH,
            (
                (HIGH, gettext_lazy("ハイタッチ(層が未設定も含む)")),
                (HIGH_AND_MID, gettext_lazy("ハイタッチとミドルタッチ(層が未設定も含む)")),
                (ALL, gettext_lazy("すべての層")),
            ),
        ),
        Number("grace", gettext_lazy("新しいアカウントを待つ日数"), 7, gettext_lazy("日"), lowest=0),
    ),
    endings={"written": gettext_lazy("記録が入りました")},
    ending=lambda today: Value("written"),
    due_in=1,
    assignees=gettext_lazy("CSM、休みなら代理"),
    playbook=(
        Step(0, gettext_lazy("最近のやりとりを一行残す")),
        Step(1, gettext_lazy("次にいつ話すかを決める")),
        Step(5, gettext_lazy("それでも空いていれば、マネージャーが状況を聞く")),
    ),
)
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    began = Greatest(TruncDate("created_at", tzinfo=timezone.get_current_timezone()), "stage_since")
    yield (
        live.alias(wanted=values["tiers"], began=began, last_on=last_written(today))
        .filter(
            Q(wanted=ALL) | Q(tier__in=(Tier.HIGH, "")) | Q(wanted=HIGH_AND_MID, tier=Tier.MID),
            began__lte=days_before(today, values["grace"]),
        )
        .alias(silent_since=Coalesce("last_on", "began"))
        .filter(silent_since__lte=days_before(today, values["days"]))
        .annotate(
            subject=Value("", output_field=TextField()),
            occurrence=Cast("silent_since", TextField()),
            evidence=JSONObject(last_on=F("last_on"), days=values["days"]),
            opens=Value(True),
        )
    )


def last_written(today: date) -> Func:
    """The last day up to ``today`` on which a person recorded something or edited the account or its plans.

    Worked out for all accounts at once and then looked up: a sub-query an account and table costs twenty times as much.
    """
    held = Activity.objects.held().filter(on__lte=today).order_by().values(owner=F("account_id"), day=F("on"))
    selects, params = [], []
    for rows in (held, *(edits(event, today) for event in hand_edited())):
        sql, more = compiled(rows)
        selects.append(f"SELECT part.owner, part.day FROM ({sql}) AS part")
        params += more
    last = f"SELECT owner, max(day) AS day FROM ({' UNION ALL '.join(selects)}) AS written GROUP BY owner"
    by_account = RawSQL(f"SELECT jsonb_object_agg(owner, day) FROM ({last}) AS last", params)  # noqa: S611
    return Func(
        by_account,
        Cast("pk", TextField()),
        template="(%(expressions)s)::date",
        arg_joiner=" ->> ",
        output_field=DateField(),
    )


def edits(event: type[TenantEvent], today: date) -> QuerySet[Any]:
    zone = timezone.get_current_timezone()
    until = datetime.combine(today + timedelta(days=1), time(), zone)
    key = F("pgh_obj_id" if event.pgh_tracked_model is Account else "account_id")
    by_hand = event.objects.filter(pgh_actor__startswith="member:", pgh_created_at__lt=until).order_by()
    by_account = by_hand.values(owner=key).annotate(day=TruncDate(Max("pgh_created_at"), tzinfo=zone))
    return by_account.values("owner", "day")


def hand_edited() -> list[Any]:
    """The history of accounts, of what hangs on them and of their plans."""
    return [
        model for model in apps.get_models() if issubclass(model, TenantEvent) and is_about_an_account(model)
    ]


def is_about_an_account(event: Any) -> bool:
    tracked: type[Model] = event.pgh_tracked_model
    if tracked._meta.app_label not in WRITTEN_BY_PEOPLE or tracked.__name__ in NOT_EDITS:
        return False
    return tracked is Account or any(field.name == "account" for field in tracked._meta.local_fields)
