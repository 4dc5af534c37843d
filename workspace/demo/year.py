"""The year of the demo's leading customer: what its people told of budget, moves and busy times, and the reviews of it."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from accounts.fiscal import months_after
from accounts.models import Account, Activity, ActivityPerson, KeyPerson, Occasion, OccasionType
from accounts.occasions import answer_columns, proposal_of
from accounts.proposing import proposals
from success_plans.models import ScheduleStamp
from tenants.models import Membership
from tenants.scope import tenant_scope
from workspace.demo.calendar import DemoCalendar

COMPANY = "torei"
LOOKED_OVER = 9
FROM_TALK = {"source_kind": "primary", "source": "若槻さん"}
FROM_PAPERS = {"source_kind": "secondary", "source": "決算短信・招集通知"}
SALES = "販促期"


@dataclass(frozen=True)
class Told:
    """Days as written in November 2026; they follow the calendar. ``answers`` is the proposal that is confirmed."""

    starts: tuple[int, int, int]
    ends: tuple[int, int, int] | None = None
    answers: str = ""
    kind: str = "other"
    title: str = ""
    note: str = ""
    is_ours: bool = True
    own_type: str = ""


TOLD = (
    Told((2026, 4, 1), answers="moves", title="人事異動 若槻さん着任"),
    Told((2026, 5, 14), answers="results", is_ours=False),
    Told((2026, 6, 25), answers="meeting", is_ours=False),
    Told((2026, 7, 1), (2026, 8, 15), kind="busy", title="夏ギフト繁忙期", note="新しい応対を始めない"),
    Told((2026, 10, 1), answers="reorg"),
    Told((2026, 11, 1), (2027, 1, 31), answers="budget", note="本部ごと5%削減から組む"),
    Told((2026, 11, 11), answers="half_results", title="上期決算", is_ours=False),
    Told((2026, 11, 30), answers="draft"),
    Told((2026, 12, 5), (2026, 12, 27), kind="freeze", note="歳末のあいだ、IVRも画面も変えない"),
    Told((2027, 2, 10), answers="final"),
)
LATELY = Told((2027, 1, 12), (2027, 1, 24), kind="busy", title="福袋の返品", own_type=SALES)
FROZEN_FROM = (2026, 12, 1)
"""What became known after the schedule was looked over: a busy time more, and a freeze that begins earlier."""
HELD = ((-203, "QBR"), (-119, "QBR"), (-28, "QBR"))
PLANNED = (
    (2, "meeting", "戸川さんに停止手順を説明", "戸川 亮"),
    (10, "meeting", "国枝さんに回収の試算", "国枝 恵"),
    (86, "meeting", "若槻さんと来期の役割", "若槻 智子"),
    (105, "review", "EBR", "大庭 正樹"),
)


def load_year(account: Account, key: str, calendar: DemoCalendar, csm: Membership) -> None:
    if key != COMPANY:
        return
    OccasionType.objects.get_or_create(name=SALES)
    for told in TOLD:
        tell(account, told, calendar)
    with tenant_scope(account.tenant, member=csm):
        tell(account, LATELY, calendar)
        frozen = Occasion.objects.filter(account=account, kind="freeze")
        frozen.update(starts_on=day_of(FROZEN_FROM, calendar))
    people = {person.name: person for person in KeyPerson.objects.filter(account=account)}
    for days, title in HELD:
        meet(account, calendar.workday(days), "review", title, "held", people["若槻 智子"], csm)
    for days, kind, title, name in PLANNED:
        meet(account, calendar.workday(days), kind, title, "planned", people[name], csm)


def look_over(account: Account, calendar: DemoCalendar, csm: Membership) -> None:
    """Everybody's schedule was looked over this month; before a meeting it is asked for again."""
    ScheduleStamp.objects.create(
        account=account,
        member=csm,
        on=calendar.day(-LOOKED_OVER),
        created_at=calendar.moment(-LOOKED_OVER, 17),
    )


def tell(account: Account, told: Told, calendar: DemoCalendar) -> None:
    starts_on, ends_on = day_of(told.starts, calendar), told.ends and day_of(told.ends, calendar)
    columns = {"account": account, "kind": told.kind, "state": "confirmed"}
    if told.answers:
        columns = answered(account, told.answers, starts_on)
    own = OccasionType.objects.filter(name=told.own_type).first() if told.own_type else None
    source = FROM_TALK if told.is_ours else FROM_PAPERS
    Occasion.objects.create(
        starts_on=starts_on, ends_on=ends_on, title=told.title, note=told.note, own_type=own,
        as_of=calendar.day(-7), **source, **columns,
    )  # fmt: skip


def answered(account: Account, key: str, day: date) -> dict[str, object]:
    """The columns of a row that confirms the proposal of that name whose day is nearest."""
    closing = account.closing
    assert closing is not None
    year = closing.fiscal_year(day)
    near = [one for n in (year - 1, year, year + 1) for one in proposals(closing, n) if one.key == key]
    nearest = min(near, key=lambda one: abs(one.starts_on - day))
    proposal = proposal_of(account, nearest.fiscal_year, key)
    assert proposal is not None
    return answer_columns(account, proposal, "confirmed")


def day_of(written: tuple[int, int, int], calendar: DemoCalendar) -> date:
    year, month, day = written
    if (date(year, month, day) + timedelta(days=1)).day == 1:
        return calendar.month_end(year, month)
    return months_after(date(year, month, day), calendar.shift)


def meet(
    account: Account, on: date, kind: str, title: str, state: str, person: KeyPerson, csm: Membership
) -> None:
    made = Activity.objects.create(
        account=account, kind=kind, on=on, at=time(14, 0), title=title, state=state, written_by=csm
    )
    ActivityPerson.objects.create(activity=made, person=person)
