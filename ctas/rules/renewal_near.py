"""契約更新接近: a contract comes up for renewal and nobody has decided.

Two checkpoints, half a year and three months before. Each is an occurrence of its own for the contract and its date:
moving the date out begins anew. A date that passed without a decision is nearer still.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Contract
from accounts.models.contract import Decision
from ctas.models import Priority
from ctas.options import Number, Values
from ctas.registry import Kind, Step, rule
from ui.expressions import days_after

EARLY, LATE = "180", "90"  # the checkpoints' names in occurrences, whatever days a tenant gives them


def title(evidence: dict[str, Any]) -> str:
    if evidence.get("mark") == EARLY:
        return _("更新に向けて、ヘルスとプランを点検する")
    return _("決裁者に更新の意向を確かめる")


def heading(evidence: dict[str, Any], today: date) -> str:
    return _("更新まで%(days)s日以内") % {"days": evidence.get("days", LATE)}


def why(evidence: dict[str, Any], today: date) -> str:
    renewal = date.fromisoformat(evidence["renews_on"])
    words = {
        "contract": evidence.get("contract", ""),
        "day": f"{renewal:%Y/%m/%d}",
        "days": abs((renewal - today).days),
    }
    if renewal < today:
        return _("%(contract)sの更新日 %(day)sを%(days)s日過ぎました。判断が未定です") % words
    return _("%(contract)sの更新 %(day)sまで%(days)s日。判断が未定です") % words


def ending(today: date) -> Case:
    own = Contract.everything.annotate(key=Cast("pk", TextField()))
    undecided = own.filter(account=OuterRef("account"), key=OuterRef("subject"), decision=Decision.UNDECIDED)
    return Case(When(Exists(undecided), then=Value("moved")), default=Value("decided"))


@rule(
    number="R02",
    label=gettext_lazy("契約更新接近"),
    kind=Kind.LIFECYCLE,
    priority=Priority.HIGH,
    heading=heading,
    because=gettext_lazy("先方の稟議には2か月ほどかかります。早く聞くほど、打てる手が残ります。"),
    title=title,
    why=why,
    sentence=gettext_lazy("更新日まで{late}を切り、更新が決まっていないとき。{early}前にも一度見る。"),
    options=(
        Number("late", gettext_lazy("更新日の何日前"), 90, gettext_lazy("日")),
        Number("early", gettext_lazy("はじめに見るのは何日前"), 180, gettext_lazy("日"), highest=730),
    ),
    endings={
        "decided": gettext_lazy("更新の判断が入りました"),
        "moved": gettext_lazy("更新日が変わりました"),
    },
    ending=ending,
    due_in=5,
    assignees=gettext_lazy("CSMと営業"),
    has_seller=True,
    playbook=(
        Step(0, gettext_lazy("ヘルスとプランを点検する")),
        Step(2, gettext_lazy("使われていない席と、まだの製品を書き出す")),
        Step(5, gettext_lazy("決裁者と会い、更新の意向を聞く")),
        Step(7, gettext_lazy("見込みを決めて、営業と合わせる")),
        Step(10, gettext_lazy("お客様の稟議に要る数字を渡す")),
    ),
)
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    has_its_own_mark = Q(contracts__renews_on__gt=days_after(today, values["late"]))
    early = ExpressionWrapper(has_its_own_mark, output_field=BooleanField())
    yield undecided(live, today, EARLY, values["early"], opens=early)
    yield undecided(live, today, LATE, values["late"], opens=Value(True))


def undecided(live: QuerySet[Any], today: date, mark: str, days: Any, *, opens: Any) -> QuerySet[Any]:
    """One row per contract whose renewal is at most ``days`` away and open."""
    renews_on = F("contracts__renews_on")
    # One filter() call: a second one would join the contracts a second time.
    return live.filter(
        contracts__tenant=F("tenant"),
        contracts__deleted_at__isnull=True,
        contracts__decision=Decision.UNDECIDED,
        contracts__renews_on__lte=days_after(today, days),
    ).annotate(
        subject=Cast("contracts__pk", TextField()),
        occurrence=Concat(Cast(renews_on, TextField()), Value(f"/{mark}"), output_field=TextField()),
        evidence=JSONObject(contract=F("contracts__name"), renews_on=renews_on, mark=Value(mark), days=days),
        opens=opens,
    )
