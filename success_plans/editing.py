"""What of this room is edited in place."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.choices import issues, metric_of, metrics, units
from accounts.drivers import node_choices
from accounts.models import KeyPerson
from accounts.ringis import promises
from success_plans.models import ActionItem, Criterion, Objective, PlanComment, PlanQuestion, SuccessPlan
from success_plans.models.action import ActionState
from success_plans.models.objective import Kind
from success_plans.models.plan import PlanType
from success_plans.objectives import is_full
from success_plans.rules import check_period
from success_plans.telling import tell
from tenants.editing import Edit, EditField, register
from tenants.editing.fields import Choice, clean_text, for_column, member_choices
from tenants.editing.registry import all_editables
from tenants.editing.spans import SPAN, Span, span_field
from tenants.scope import current_member, current_scope

NUMBER = _("ほかのシステムでの番号は何ですか")


def persons_of(record: Any) -> list[Choice]:
    """The people of the record's own account, with an empty choice first; asked once per request."""
    cache = current_scope().cache.setdefault("persons", {})
    if record.account_id not in cache:
        people = KeyPerson.objects.filter(account=record.account_id, is_body=False).order_by("kana", "name")
        named = [
            (str(pk), _now("%(name)sさん") % {"name": name}) for pk, name in people.values_list("pk", "name")
        ]
        cache[record.account_id] = named
    return [("", ""), *cache[record.account_id]]


# Who does an action: one of ours or a person of the customer. Two columns, one choice.


def doers(record: Any) -> list[Choice]:
    """Our members, then the customer's people; asked once per account and request."""
    cache = current_scope().cache.setdefault("doers", {})
    if record.account_id not in cache:
        ours = [(f"member:{pk}", name) for pk, name in member_choices() if pk]
        theirs = [(f"person:{pk}", name) for pk, name in persons_of(record) if pk]
        cache[record.account_id] = [("", ""), *ours, *theirs]
    return cache[record.account_id]  # type: ignore[no-any-return]


def doer_of(record: Any) -> str:
    if record.customer_assignee_id:
        return f"person:{record.customer_assignee_id}"
    return f"member:{record.assignee_id}" if record.assignee_id else ""


def parse_doer(text: str, record: Any) -> str:
    value = clean_text(text)
    if value not in {key for key, _name in doers(record)}:
        raise ValidationError(_now("選べる値の中から選んでください"))
    return value


def doer_columns(value: str) -> dict[str, str | None]:
    kind, _sep, ident = value.partition(":")
    return {
        "assignee_id": ident if kind == "member" else None,
        "customer_assignee_id": ident if kind == "person" else None,
    }


def doer_name(value: Any, record: Any) -> str:
    known = dict(doers(record))
    return str(known[value]) if value in known else _now("以前のメンバー")


def action_columns(edit: Edit) -> dict[str, object]:
    """A person of the customer takes the action from ours; a finished one gets its day."""
    if edit.field.key == "customer_assignee" and edit.value:
        return {"assignee_id": None}
    if edit.field.key == "state":
        return {"done_on": timezone.localdate() if edit.value == ActionState.DONE else None}
    return {}


ACTUAL = for_column(Criterion, "actual", hint=_("いまは"))


def typed_actual(typed: str, criterion: Criterion) -> Any:
    """A criterion that reads what was measured takes its actual from nowhere else, in an adoption plan any (S3 3.8)."""
    if criterion.kind == Kind.BREADTH:
        raise ValidationError(
            _now("実績は、機能ごとの計測値から数えます。値はお客様の「指標」のページで直します")
        )
    if criterion.objective.plan.plan_type == PlanType.ADOPTION and not criterion.measured_by_id:
        raise ValidationError(
            _now("アダプション計画の実績は、計測値から読みます。どの指標から読むかを選んでください")
        )
    if criterion.measured_by_id:
        raise ValidationError(_now("実績は計測値から読みます。値はお客様の「指標」のページで直します"))
    return level_or_number(ACTUAL, typed, criterion)


def level_or_number(field: EditField, typed: str, criterion: Criterion) -> Any:
    """On a scale the name of a level, or its number from 1."""
    names = criterion.level_names
    if not names or not typed.strip():
        return field.parse(typed, criterion)
    if clean_text(typed) in names:
        return Decimal(names.index(clean_text(typed)) + 1)
    value = field.parse(typed, criterion)
    if value not in range(1, len(names) + 1):
        numbered = "、".join(f"{n} {name}" for n, name in enumerate(names, 1))
        raise ValidationError(_now("段階の名前か番号で入力してください。%(levels)s") % {"levels": numbered})
    return value


def on_a_scale(key: str, hint: Any) -> EditField:
    """A figure that is shown as its level where the criterion has levels."""
    field = for_column(Criterion, key, hint=hint)
    return replace(
        field,
        parse=lambda typed, criterion: level_or_number(field, typed, criterion),
        show=lambda value, criterion: level_of(criterion, value) or field.show(value, criterion),
    )


def level_of(criterion: Criterion, value: Any) -> str:
    names = criterion.level_names
    if not names or value is None or value not in range(1, len(names) + 1):
        return ""
    return f"{int(value)} {names[int(value) - 1]}"


LEVELS = for_column(Criterion, "levels", hint=_("段階で測る"), help=_("低いほうから1行に1つ"))
MOST_LEVELS = 7


def named_levels(typed: str, criterion: Criterion) -> str:
    """Two to seven different names, one a line, that leave every figure of the criterion a place."""
    text = str(LEVELS.parse(typed, criterion))
    names = [line.strip() for line in text.split("\n") if line.strip()]
    if names and criterion.is_read:
        raise ValidationError(
            _now("計測値から読む基準は、段階では数えられません。計測値を外してから書いてください")
        )
    if names and not 2 <= len(names) <= MOST_LEVELS:
        raise ValidationError(_now("段階の名前は2つから7つまで、1行に1つ書いてください"))
    if len(set(names)) < len(names):
        raise ValidationError(_now("同じ名前の段階があります。誰が読んでも違いがわかる名前にしてください"))
    figures = (criterion.baseline, criterion.actual, criterion.target)
    if names and any(value is not None and value not in range(1, len(names) + 1) for value in figures):
        raise ValidationError(
            _now("はじめ・いま・目標が、この段階の数に収まりません。1から%(n)sにしてから書いてください")
            % {"n": len(names)}
        )
    return "\n".join(names)


def measures(criterion: Any) -> list[Choice]:
    return metrics(criterion, "measured_by_id")


def metric_to_read(typed: str, criterion: Criterion) -> Any:
    """A criterion counts in one way: figures of a metric, levels, or features."""
    value = MEASURED_BY.parse(typed, criterion)
    if value and criterion.kind == Kind.SCALE:
        raise ValidationError(_now("段階で数える基準です。段階の名前を消してから、計測値を選んでください"))
    if value and criterion.kind == Kind.BREADTH:
        raise ValidationError(_now("使う機能を数える基準です。指標から読む基準は、別に足してください"))
    return value


MEASURED_BY = for_column(Criterion, "measured_by", choices=measures, hint=_("手で書く"))


def in_the_plan(field: EditField) -> EditField:
    """A day on which the plan is still running, and has begun."""
    return replace(field, parse=lambda typed, record: due_in_plan(field.parse(typed, record), record))


def due_in_plan(day: date | None, record: Any) -> date | None:
    plan = record.objective.plan
    if day and not plan.starts_on <= day <= plan.ends_on:
        raise ValidationError(
            _now("期日は、プランの期間(%(starts)sから%(ends)sまで)の中の日にしてください")
            % {"starts": f"{plan.starts_on:%Y/%m/%d}", "ends": f"{plan.ends_on:%Y/%m/%d}"}
        )
    return day


def due_with_its_beginning(span: Span, action: Any) -> Span:
    due_in_plan(span[1], action)
    return span


WORKED_ON = span_field("starts_on", "due_on", action="plan.edit", checked=due_with_its_beginning)
"""Both days of an action, as the schedule moves them."""


def waited_for(action: Any) -> list[Choice]:
    """The other actions of the plan."""
    cache = current_scope().cache.setdefault("waited_for", {})
    if action.plan_id not in cache:
        rows = ActionItem.objects.filter(plan=action.plan_id, objective__deleted_at=None)
        rows = rows.order_by("objective__position", "position", "pk")
        cache[action.plan_id] = [(str(pk), text[:60]) for pk, text in rows.values_list("pk", "text")]
    return [("", ""), *(choice for choice in cache[action.plan_id] if choice[0] != str(action.pk))]


def agreed_day(typed: str, objective: Objective) -> Any:
    day = AGREED_ON.parse(typed, objective)
    if day and day > timezone.localdate():
        raise ValidationError(_now("まだ来ていない日です。合意した日を入力してください"))
    return day


AGREED_ON = for_column(Objective, "agreed_on", hint=_("いつ合意しましたか"))


def its_section(typed: str, objective: Objective) -> str:
    value = str(SECTION.parse(typed, objective))
    if value and objective.plan.plan_type != PlanType.ACCOUNT:
        raise ValidationError(_now("区分は、アカウント計画の目標だけが持ちます"))
    return value


SECTION = for_column(Objective, "section")


def a_day_of_the_plan(key: str) -> EditField:
    """A plan keeps to the length that its type has."""
    field = for_column(SuccessPlan, key)

    def parse(typed: str, plan: SuccessPlan) -> Any:
        day = field.parse(typed, plan)
        starts_on, ends_on = (day, plan.ends_on) if key == "starts_on" else (plan.starts_on, day)
        if starts_on and ends_on:
            check_period(plan.plan_type, starts_on, ends_on)
        return day

    return replace(field, parse=parse)


def criterion_columns(edit: Edit) -> dict[str, object]:
    """A criterion that has no unit yet counts as its metric does; one with levels counts those."""
    if edit.field.key == "levels":
        unit = {"unit": _now("段階")} if edit.value and not edit.record.unit else {}
        return {"kind": Kind.SCALE if edit.value else Kind.FIGURE, **unit}
    if edit.field.key != "measured_by" or not edit.value or edit.record.unit:
        return {}
    metric = metric_of(UUID(str(edit.value)))
    return {"unit": metric.unit} if metric else {}


def answered(edit: Edit) -> None:
    """What was to be asked of the customer is known now."""
    kind = next(found.kind for found in all_editables() if found.model is type(edit.record))
    if edit.value not in (None, ""):
        anchor = f"edit-{kind}-{edit.record.pk}-{edit.field.key}"
        waiting = PlanQuestion.objects.open().filter(account=edit.record.account_id, anchor=anchor)
        waiting.update(answered_at=timezone.now(), answered_by=current_member())


def comment_rewritten(edit: Edit) -> None:
    """A name that was added is news for who bears it."""
    edit.record.text = edit.value
    tell(edit.record, is_new=False)


def where_to_swap(objective: Objective) -> str:
    """The plan's page asks which one makes room, where that is why an objective stays in the bin."""
    if not is_full(objective.plan):
        return ""
    return f"{reverse('success_plans:plan', args=[objective.plan_id])}?back={objective.pk}"


register(
    "plan",
    SuccessPlan,
    for_column(SuccessPlan, "title"),
    a_day_of_the_plan("starts_on"),
    a_day_of_the_plan("ends_on"),
    for_column(SuccessPlan, "unit", choices=units, hint=_("全社")),
    for_column(SuccessPlan, "csm_owner", hint=_("CSMではだれが持ちますか")),
    for_column(SuccessPlan, "sales_owner", hint=_("営業ではだれが持ちますか")),
    for_column(SuccessPlan, "external_id", hint=NUMBER),
    action="plan.edit",
    label=_("サクセスプラン"),
)

register(
    "objective",
    Objective,
    for_column(Objective, "statement"),
    for_column(Objective, "why", hint=_("お客様のどの課題に効きますか")),
    for_column(Objective, "evidence", hint=_("なぜ達成できそうですか")),
    for_column(Objective, "customer_owner", choices=persons_of, hint=_("先方では誰が責任を持ちますか")),
    for_column(Objective, "our_owner", hint=_("こちらでは誰が責任を持ちますか")),
    for_column(Objective, "agreed_with", choices=persons_of, hint=_("先方のどなたと合意しましたか")),
    replace(AGREED_ON, parse=agreed_day),
    replace(SECTION, parse=its_section),
    for_column(Objective, "issue", choices=issues, hint=_("どの経営課題に効きますか")),
    for_column(Objective, "driver", choices=node_choices, hint=_("お客様のどの数字に効きますか")),
    for_column(Objective, "promise", choices=promises, hint=_("稟議のどの約束を果たしますか")),
    for_column(Objective, "external_id", hint=NUMBER),
    action="plan.edit",
    label=_("目標"),
    after=answered,
    way_back=where_to_swap,
)

register(
    "criterion",
    Criterion,
    for_column(Criterion, "metric", widget="textarea"),
    for_column(Criterion, "direction"),
    for_column(Criterion, "unit", hint=_("単位は")),
    on_a_scale("baseline", _("いくつから")),
    replace(on_a_scale("actual", _("いまは")), parse=typed_actual),
    on_a_scale("target", _("いくつへ")),
    replace(LEVELS, parse=named_levels),
    in_the_plan(for_column(Criterion, "due_on", hint=_("いつまで"))),
    for_column(Criterion, "method", hint=_("どこの数字で、どう測りますか")),
    for_column(Criterion, "review_on", hint=_("いつ振り返る")),
    replace(MEASURED_BY, parse=metric_to_read),
    for_column(Criterion, "external_id", hint=NUMBER),
    action="plan.edit",
    label=_("成功の基準"),
    also=criterion_columns,
    after=answered,
)

register(
    "action",
    ActionItem,
    for_column(ActionItem, "text", action="plan.edit", widget="textarea"),
    EditField(
        key="assignee",
        label=_now("誰が"),
        parse=parse_doer,
        raw=str,
        show=doer_name,
        widget="select",
        choices=doers,
        hint=_now("誰がしますか"),
        action="plan.edit",
        read=doer_of,
        write=doer_columns,
    ),
    for_column(ActionItem, "customer_assignee", choices=persons_of, action="plan.edit"),
    for_column(ActionItem, "starts_on", action="plan.edit", hint=_("いつから")),
    in_the_plan(for_column(ActionItem, "due_on", action="plan.edit", hint=_("いつまで"))),
    for_column(ActionItem, "blocked_by", choices=waited_for, action="plan.edit", hint=_("先に済ませるもの")),
    for_column(ActionItem, "state"),
    for_column(ActionItem, "quantity", hint=_("どこまで")),
    for_column(ActionItem, "external_id", hint=NUMBER, action="plan.edit"),
    action="action.progress",
    removal="plan.edit",
    label=_("アクション"),
    after=answered,
    also=action_columns,
    more=lambda action: {SPAN: WORKED_ON},
)

register(
    "plan_comment",
    PlanComment,
    for_column(PlanComment, "text"),
    action="comment.edit",
    label=_("コメント"),
    also=lambda edit: {"edited_at": timezone.now()},
    after=comment_rewritten,
    called=lambda comment: comment.text[:40],
)
