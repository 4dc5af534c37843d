"""Which columns of a plan kept in Excel mean what, and how their cells are read (S1 1.19). The machinery is that of every
import; only the words and the readers are of plans."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.importing import values
from accounts.importing.fields import Field, RecordType
from accounts.importing.mapping import ASK, Proposal, propose
from accounts.importing.members import member_reader
from accounts.importing.values import NOTHING, Reader, Reading, folded
from accounts.models import KeyPerson
from success_plans.models import SuccessPlan
from success_plans.models.action import ActionState
from success_plans.models.objective import Direction
from tenants.ids import id_in

OBJECTIVE = ("statement", "why", "evidence", "customer_owner")
CRITERION = ("metric", "direction", "unit", "baseline", "actual", "target", "due_on", "method", "review_on")
ACTION = ("text", "assignee", "action_due", "state", "quantity")
KEYS = ("objective_key", "criterion_key", "action_key")

_FIGURE = re.compile(r"(?P<digits>[▲△\-−]?[\d,.]+)\s*(?P<unit>[^\d\s.,]{0,6})")
_NO_YEAR = re.compile(
    r"(?P<m>\d{1,2})(?:月|/)(?:(?P<d>\d{1,2})日?(?:\(.\))?|(?P<word>末|上旬|中旬|下旬|中|頭)?)"
)
_NO_DAY = re.compile(r"(?P<y>\d{4})(?:年|/|\-|\.)(?P<m>\d{1,2})月?(?P<word>末|上旬|中旬|下旬|中|頭)?")
_WORDS = {"上旬": 10, "頭": 10, "中旬": 20}


def always(reader: Reader) -> Callable[[int], Reader]:
    return lambda unit: reader


def field(key: str, label: Any, reader: Reader, names: str, hints: str = "") -> Field:
    found = tuple(filter(None, names.split("、")))
    return Field(
        key, label, always(reader), {key: "text"}, names=found, hints=tuple(filter(None, hints.split("、")))
    )


def a_key(raw: str) -> Reading:
    """The number of one of our records; anything else says nothing."""
    found = id_in(raw.strip())
    return Reading(str(found)) if found else NOTHING


def lines(most: int) -> Reader:
    """Text with its line breaks, as it is typed into a plan."""

    def read(raw: str) -> Reading:
        said = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(said) > most:
            return Reading(code="text_too_long", params={"most": most, "found": len(said)})
        return Reading(said) if said else NOTHING

    return read


def a_figure(raw: str) -> Reading:
    """A number, also with a short unit behind it: 21%, 42,000件."""
    found = _FIGURE.fullmatch(unicodedata.normalize("NFKC", raw).strip())
    reading = values.decimal(4)(found["digits"] if found else raw)
    return (
        reading if reading.value is None else Reading(f"{Decimal(reading.value).normalize():f}", reading.code)
    )


def a_day(plan: SuccessPlan) -> Reader:
    """A date as every import reads it; also 11月末, 2026年11月, 11/30 in the year that lies nearest to the plan."""

    def read(raw: str) -> Reading:
        plain = folded(raw)
        if found := _NO_DAY.fullmatch(plain):
            return in_month(int(found["y"]), int(found["m"]), None, found["word"])
        if found := _NO_YEAR.fullmatch(plain):
            day = int(found["d"]) if found["d"] else None
            years = range(plan.starts_on.year - 1, plan.ends_on.year + 2)
            read_as = [in_month(year, int(found["m"]), day, found["word"]) for year in years]
            known = [one for one in read_as if one.value]
            return min(known, key=lambda one: away(plan, one.value), default=Reading(code="date_impossible"))
        return values.a_date(raw)

    return read


def in_month(year: int, month: int, day: int | None, word: str | None) -> Reading:
    try:
        first = date(year, month, 1)
        if day or word in _WORDS:
            return Reading(date(year, month, day or _WORDS[word or ""]).isoformat())
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return Reading(max(first, last).isoformat())
    except ValueError:
        return Reading(code="date_impossible")


def away(plan: SuccessPlan, text: str) -> int:
    """How many days a date lies outside of the plan's period."""
    on = date.fromisoformat(text)
    return max((plan.starts_on - on).days, (on - plan.ends_on).days, 0)


STATES = {
    ActionState.TODO: "未着手、未対応、未、予定、これから、todo、not started",
    ActionState.DOING: "進行中、対応中、実施中、着手、着手済、着手中、継続中、作業中、doing、in progress",
    ActionState.DONE: "完了、済、済み、完、終了、実施済、実施済み、対応済、対応済み、done、completed、100%",
    ActionState.DROPPED: "取りやめ、中止、取下げ、見送り、対象外、dropped、cancelled",
}
DIRECTIONS = {
    Direction.UP: "上げる、増やす、向上、高いほど良い、↑、up",
    Direction.DOWN: "下げる、減らす、削減、低いほど良い、↓、down",
}


def one_of(names: dict[Any, str]) -> Reader:
    return values.choice({str(value): said.split("、") for value, said in names.items()})


def persons_reader(plan: SuccessPlan) -> Reader:
    """A person of the customer by name, with or without さん; the value is the person's id."""
    known: dict[str, set[str]] = {}
    for pk, name in KeyPerson.objects.filter(account=plan.account_id, is_body=False).values_list(
        "pk", "name"
    ):
        for part in {name, *name.split()}:
            known.setdefault(folded(part), set()).add(str(pk))

    def read(raw: str) -> Reading:
        found = known.get(re.sub("(さん|様|さま|氏)$", "", folded(raw)), set())
        if not raw.strip():
            return NOTHING
        return Reading(next(iter(found))) if len(found) == 1 else Reading(code="member_unknown")

    return read


def doer_reader(plan: SuccessPlan) -> Reader:
    """One of ours or a person of the customer, as actions name them; ours wins where both are called so."""
    ours, theirs = member_reader(), persons_reader(plan)

    def read(raw: str) -> Reading:
        if not raw.strip():
            return NOTHING
        if member := ours(raw).value:
            return Reading(f"member:{member}")
        person = theirs(raw)
        return Reading(f"person:{person.value}") if person.value else person

    return read


def record_type(plan: SuccessPlan) -> RecordType:
    """Every column that a sheet of this plan may have."""
    day = a_day(plan)
    return RecordType(
        name="plan",
        label=_("サクセスプラン"),
        model="success_plans.SuccessPlan",
        keys=(),
        named=("text", "statement", "metric"),
        fields=[
            field("objective_key", _("管理番号(目標)"), a_key, "管理番号(目標)"),
            field("criterion_key", _("管理番号(基準)"), a_key, "管理番号(基準)"),
            field("action_key", _("管理番号(アクション)"), a_key, "管理番号(アクション)"),
            field("statement", _("目標"), lines(500), "目標、ゴール、達成目標、重点目標、テーマ、取り組みテーマ、目的、objective、goal", "目標"),
            field("why", _("なぜ"), lines(500), "なぜ、背景、理由、背景・課題、課題、why"),
            field("evidence", _("達成できる根拠"), lines(500), "達成できる根拠、根拠"),
            field("customer_owner", _("先方の責任者"), persons_reader(plan), "先方の責任者、先方責任者、お客様責任者、顧客責任者"),
            field("metric", _("指標"), values.text(120), "指標、KPI、KGI、評価指標、成果指標、成功の基準、達成基準、metric", "指標、KPI"),
            field("direction", _("向き"), one_of(DIRECTIONS), "向き、方向"),
            field("unit", _("単位"), values.text(20), "単位、unit"),
            field("baseline", _("はじめ"), a_figure, "はじめ、現状、現状値、基準値、開始時、ベースライン、before、baseline", "現状"),
            field("actual", _("いま"), a_figure, "いま、実績、実績値、現在、現在値、actual", "実績"),
            field("target", _("目標値"), a_figure, "目標値、目標数値、KPI目標、KPI目標値、ゴール値、target", "目標値"),
            field("due_on", _("達成期日"), day, "達成期日、達成期限、目標期日、目標期限、達成時期"),
            field("method", _("測り方"), values.text(200), "測り方、測定方法、計測方法、測り方・出どころ、確認方法"),
            field("review_on", _("振り返り日"), day, "振り返り日、確認日、レビュー日、チェック日"),
            field("text", _("アクション"), values.text(300), "アクション、施策、実施事項、実施内容、タスク、取り組み、取組、やること、具体策、アクションプラン、アクションアイテム、todo、action、task", "アクション、施策、タスク"),
            field("assignee", _("主体者"), doer_reader(plan), "主体者、担当、担当者、誰が、責任者、実施者、実行者、owner、assignee", "担当"),
            field("action_due", _("期日"), day, "期日、期限、締切、締め切り、納期、完了予定日、完了予定、終了予定日、終了予定、終了日、いつまで、due、due date", "期限、期日"),
            field("state", _("状態"), one_of(STATES), "状態、ステータス、進捗、状況、進捗状況、対応状況、status", "ステータス"),
            field("quantity", _("実行度"), values.text(60), "実行度、進捗率、達成度、達成率"),
        ],
    )  # fmt: skip


def proposed(kind: RecordType, header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Proposal]:
    """Where the columns go. A 目標 whose values are figures is the target, not the goal."""
    samples = list(rows)
    found = propose(kind, header, samples)
    taken = {one.target for one in found}
    for at, one in enumerate(found):
        filled = [row[one.column] for row in samples if row[one.column].strip()]
        figures = sum(a_figure(cell).value is not None for cell in filled)
        if one.target == "statement" and "target" not in taken and filled and 2 * figures > len(filled):
            found[at] = replace(one, target="target", certainty=ASK)
    return found
