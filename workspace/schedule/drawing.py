"""A schedule as its page draws it: the steps of the backcast, the lanes, and what is late or comes soon."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.backcast import Backcast
from success_plans.models.objective import Objective
from workspace.schedule.axis import Axis, Stretch
from workspace.schedule.lanes import Item, Lane, lane
from workspace.schedule.reading import SOON, Goal, Schedule, shortened

STEPS = {
    "value": gettext_lazy("効果を数字にする"),
    "draft": gettext_lazy("部門案に入れる"),
    "council": gettext_lazy("本部案・経営会議"),
    "fixed": gettext_lazy("確定"),
    "renewal": gettext_lazy("更新・増席"),
}


GOAL = 20
"""Characters of an objective that stand beside its lane; the plan has the whole of it."""


@dataclass(frozen=True)
class StepDrawn:
    """One stretch of the backcast; state is done, now or empty."""

    label: str
    said: str
    state: str
    x: float
    w: float


@dataclass(frozen=True)
class Row:
    """One line of what is late, or comes soon."""

    day: date
    item: Item


@dataclass(frozen=True)
class Drawing:
    axis: Axis
    months: Sequence[Stretch]
    halves: Sequence[Stretch]
    lines: Sequence[float]
    now_x: float | None
    deadlines: Sequence[float]
    steps: Sequence[StepDrawn]
    lanes: Sequence[Lane]
    late: Sequence[Row]
    soon: Sequence[Row]
    warning: str
    rows: int


def draw(found: Schedule, axis: Axis, today: date) -> Drawing:
    lanes = list(lanes_of(found, axis, today))
    is_now = today in axis
    return Drawing(
        axis=axis,
        months=axis.months(today),
        halves=axis.halves(),
        lines=axis.lines(),
        now_x=axis.x(today) if is_now else None,
        deadlines=[axis.x(day) for day in deadlines(found.backcast) if day in axis],
        steps=list(steps(found.backcast, axis, today)),
        lanes=lanes,
        late=late(found) if is_now else [],
        soon=soon(found, today) if is_now else [],
        warning=warning(found.backcast, today),
        rows=sum(each.rows for each in lanes) + 2,
    )


def lanes_of(found: Schedule, axis: Axis, today: date) -> Iterator[Lane]:
    if found.backcast:
        yield lane(axis, "budget", "", budget_days(found.backcast, today))
    checked = [row.as_of for row in found.calendar.written if row.is_confirmed and row.as_of]
    note = _("最終確認 %(day)s") % {"day": f"{max(checked):%m/%d}"} if checked else ""
    if asked := len(found.calendar.proposed):
        note = "、".join(filter(None, [note, _("提案 %(n)s件") % {"n": asked}]))
    yield lane(axis, "customer", _("お客様の予定"), found.occasions, note)
    has_plans = len({goal.objective.plan_id for goal in found.goals}) > 1
    for number, goal in enumerate(found.goals, 1):
        note = goal_note(goal) or (str(goal.objective.plan) if has_plans else "")
        yield lane(axis, "goal", goal_title(goal, number), goal.items, note, is_late=bool(goal.late))
    yield lane(axis, "people", _("関係づくり"), found.meetings)
    yield lane(axis, "reviews", _("レビュー"), found.reviews)
    yield lane(axis, "contract", _("契約"), found.contracts)


def goal_title(goal: Goal, number: int) -> str:
    return _("目標%(n)s %(text)s") % {"n": number, "text": brief(goal.objective)}


def brief(objective: Objective) -> str:
    """What will be different, without the day by which: that is drawn."""
    text = str(objective.statement)
    head, until, rest = text.partition(_("までに、"))
    return shortened(rest if until and len(head) < 12 else text, GOAL)


def goal_note(goal: Goal) -> str:
    said = [_("遅れ %(n)s件") % {"n": goal.late}] if goal.late else []
    said += [_("日付なし %(n)s件") % {"n": goal.undated}] if goal.undated else []
    return "、".join(said)


# The budget


def steps(cast: Backcast | None, axis: Axis, today: date) -> Iterator[StepDrawn]:
    if cast is None:
        return
    for step in cast.steps(axis.closing.fiscal_year_start(axis.year)):
        if not axis.touches(step.starts_on, step.ends_on):
            continue
        state = "done" if step.ends_on < today else "now" if step.starts_on <= today else ""
        end = f"{step.ends_on.month}/{step.ends_on.day}"
        said = end
        if state == "now":
            words = {"day": end, "days": (step.ends_on - today).days}
            said = _("締め %(day)s あと%(days)s日") % words
        x = axis.x(step.starts_on)
        yield StepDrawn(str(STEPS[step.key]), said, state, x, round(axis.end_x(step.ends_on) - x, 2))


def budget_days(cast: Backcast, today: date) -> Iterator[Item]:
    """The days on which to act, below the steps."""
    days = [
        ("report", cast.report_on, _("効果の資料")),
        ("meet", cast.meet_on, _("決裁者と会う")),
        ("ringi", cast.ringi_on, _("稟議を始める")),
        ("talk", cast.talk_on, talk_label(cast)),
    ]
    for key, day, label in days:
        if day:
            look = "done" if day < today else "risk" if key == "talk" and cast.is_twisted else "act"
            yield Item(f"budget-{key}", f"{label} {day.month}/{day.day}", look, day)


def talk_label(cast: Backcast) -> str:
    if cast.renews_on is None or cast.talk_on is None:
        return ""
    return _("更新の%(days)s日前") % {"days": (cast.renews_on - cast.talk_on).days}


def deadlines(cast: Backcast | None) -> list[date]:
    """The days after which the budget takes nothing more in."""
    return [] if cast is None else [cast.draft_on, cast.closes_on]


def warning(cast: Backcast | None, today: date) -> str:
    """That the usual talk comes too late for the budget, and by when to act (R29)."""
    if cast is None or not cast.is_twisted or not cast.renews_on or cast.renews_on < today:
        return ""
    words = {
        "renewal": f"{cast.renews_on:%Y/%m/%d}",
        "year": cast.pays_for,
        "closes": f"{cast.closes_on:%Y/%m/%d}",
        "talk": talk_label(cast),
        "act": f"{cast.act_by(today):%Y/%m/%d}",
    }
    if cast.closes_on < today:
        return _("更新 %(renewal)sを払う%(year)s年度の予算は、%(closes)sに閉まりました。") % words
    return _(
        "%(talk)sでは、%(year)s年度の予算(%(closes)s確定)に間に合いません。%(act)sまでに決裁者と話します。"
    ) % words  # fmt: skip


# Beside the chart


def late(found: Schedule) -> list[Row]:
    rows = [Row(item.last_on, item) for goal in found.goals for item in goal.items if item.late_until]
    return sorted(rows, key=lambda row: (row.day, row.item.id))


def soon(found: Schedule, today: date) -> list[Row]:
    """What is due, begins or takes place within 30 days."""
    rows = [
        Row(day, item)
        for item in found.items
        if item.look != "done" and not item.late_until and (day := next_day(item, today))
    ]
    return sorted(rows, key=lambda row: (row.day, row.item.id))


def next_day(item: Item, today: date) -> date | None:
    """An action is due on its last day; what is the customer's begins on its first."""
    is_work = item.id.startswith("action-")
    day = item.last_on if is_work else item.starts_on
    return day if today <= day <= today + SOON else None
