"""A plan as a workbook of two sheets (S1 1.19, PRODUCT section 10): 基本情報 with goals and criteria, and the actions.

An objective's words stand once, on the first of its rows; the numbers at the right edge tell programs which record a row is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from success_plans.standing import standing_on
from ui.exports import Sheet, document

BASICS, SCHEDULE = "基本情報", "アクションスケジュール"


def workbook(plan: SuccessPlan, today: date) -> bytes:
    """Three statements beside the plan."""
    people = ("customer_owner", "issue", "driver", "promise")
    objectives = list(Objective.objects.filter(plan=plan).select_related(*people).order_by("position", "pk"))
    criteria = below(standing_on(Criterion.objects.filter(objective__plan=plan), today))
    doers = ("assignee__user", "customer_assignee")
    actions = below(ActionItem.objects.filter(plan=plan, objective__deleted_at=None).select_related(*doers))
    title, lines = f"{plan.account.name} {plan.title}", about(plan, today)
    return document(
        [
            Sheet(BASICS, title, lines, goal_columns(), list(goal_rows(objectives, criteria)), aside=2),
            Sheet(SCHEDULE, title, lines, action_columns(), list(action_rows(objectives, actions)), aside=2),
        ]
    )


def about(plan: SuccessPlan, today: date) -> list[str]:
    """One cell each: a line of two would read as a table."""
    period = f"{plan.starts_on:%Y/%m/%d} – {plan.ends_on:%Y/%m/%d}"
    csm = plan.account.csm.name if plan.account.csm else _("まだ決まっていません")
    return [
        _("種類:%(kind)s 状態:%(state)s")
        % {"kind": plan.get_plan_type_display(), "state": plan.get_state_display()},
        _("期間:%(period)s 担当:%(csm)s") % {"period": period, "csm": csm},
        _("%(day)s時点") % {"day": f"{today:%Y/%m/%d}"},
    ]


def goal_columns() -> list[tuple[str, int]]:
    return [
        (_("目標"), 36), (_("なぜ"), 24), (_("経営課題"), 18), (_("先方の責任者"), 13), (_("達成できる根拠"), 24),
        (_("指標"), 20), (_("向き"), 7), (_("単位"), 7), (_("はじめ"), 10), (_("いま"), 10), (_("目標値"), 10),
        (_("達成期日"), 12), (_("測り方"), 22), (_("振り返り日"), 12), (_("管理番号(目標)"), 6), (_("管理番号(基準)"), 6),
    ]  # fmt: skip


def goal_rows(objectives: Sequence[Any], criteria: Mapping[Any, Sequence[Any]]) -> Iterable[list[Any]]:
    for one in objectives:
        words = [one.statement, one.why, text(one.issue), text(one.customer_owner), one.evidence]
        for at, criterion in enumerate(criteria.get(one.pk) or [None]):
            yield [
                *(words if at == 0 else [""] * len(words)),
                *figures_of(criterion),
                str(one.pk),
                key(criterion),
            ]


def figures_of(one: Any) -> list[Any]:
    if one is None:
        return [""] * 9
    return [
        one.metric, one.get_direction_display(), one.unit, one.baseline, one.standing, one.target, one.due_on, one.method,
        one.review_on,
    ]  # fmt: skip


def action_columns() -> list[tuple[str, int]]:
    return [
        (_("目標"), 36), (_("アクション"), 44), (_("主体者"), 16), (_("こちら・先方"), 9), (_("期日"), 12),
        (_("状態"), 10), (_("実行度"), 14), (_("終えた日"), 12), (_("管理番号(目標)"), 6), (_("管理番号(アクション)"), 6),
    ]  # fmt: skip


def action_rows(objectives: Sequence[Any], actions: Mapping[Any, Sequence[Any]]) -> Iterable[list[Any]]:
    for one in objectives:
        for at, action in enumerate(actions.get(one.pk, ())):
            who = action.customer_assignee.name if action.customer_assignee_id else text(action.assignee)
            side = _("先方") if action.customer_assignee_id else _("こちら") if action.assignee_id else ""
            yield [
                one.statement if at == 0 else "", action.text, who, side, action.due_on, action.get_state_display(),
                action.quantity, action.done_on, str(one.pk), key(action),
            ]  # fmt: skip


def below(rows: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows.order_by("position", "pk"):
        found.setdefault(row.objective_id, []).append(row)
    return found


def text(record: Any) -> str:
    return str(getattr(record, "name", record)) if record else ""


def key(record: Any) -> str:
    return str(record.pk) if record else ""
