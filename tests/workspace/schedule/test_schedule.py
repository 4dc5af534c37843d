"""The page of an account's year: its lanes, its backcast, what is late, and what may be moved."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import (
    Account,
    Activity,
    ActivityPerson,
    BudgetStatus,
    Contract,
    KeyPerson,
    Occasion,
)
from success_plans.models import ActionItem, Criterion, Objective, ScheduleStamp, SuccessPlan
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import TODAY, World
from workspace.schedule.reading import share


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with patch("django.utils.timezone.localdate", return_value=TODAY):
        yield


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def year(world: World) -> dict[str, Any]:
    """Half a year's plan with an action that runs, one that is late and one that is done; a meeting, a contract."""
    with tenant_scope(world.tenant(), member=world.csm):
        account = world.account()
        own = {"account": account}
        plan = SuccessPlan.objects.create(
            title="下期", state="active", starts_on=date(2026, 10, 1), ends_on=date(2027, 3, 31), **own
        )
        goal = Objective.objects.create(
            plan=plan, statement="2027年2月末までに、配送の入電を月42,000件から31,500件へ減らす", **own
        )
        own |= {"plan": plan, "objective": goal}
        runs = ActionItem.objects.create(
            text="シナリオを12本に広げる", state="doing", quantity="8 / 12本", starts_on=date(2026, 9, 1),
            due_on=date(2026, 11, 27), assignee=world.csm, **own,
        )  # fmt: skip
        late = ActionItem.objects.create(
            text="IVRの案内を変える",
            starts_on=date(2026, 9, 15),
            due_on=date(2026, 10, 31),
            blocked_by=runs,
            **own,
        )
        ActionItem.objects.create(text="研修をする", state="done", due_on=date(2026, 11, 2), **own)
        ActionItem.objects.create(text="いつかする", **own)
        Criterion.objects.create(
            account=account, objective=goal, metric="入電数", review_on=date(2026, 12, 10)
        )
        Contract.objects.create(
            account=account, name="本契約", renews_on=date(2027, 3, 31), notice_on=date(2027, 1, 30)
        )
        person = KeyPerson.objects.create(account=account, name="大庭 正樹")
        review = Activity.objects.create(
            account=account,
            kind="review",
            state="planned",
            on=date(2026, 12, 15),
            title="EBR",
            written_by=world.csm,
        )
        ActivityPerson.objects.create(activity=review, person=person)
    return {"plan": plan, "goal": goal, "runs": runs, "late": late, "review": review}


def url(world: World, query: str = "") -> str:
    return f"/t/midori/accounts/{world.account_id()}/schedule/{query}"


def shown(client: Client, world: World, query: str = "") -> str:
    answer = client.get(url(world, query))
    assert answer.status_code == 200
    return answer.content.decode()


def part(text: str, id: str) -> str:
    """The list item of one thing."""
    return text.split(f'id="{id}"')[1].split("</li>")[0]


def test_the_lanes_of_the_customers_year(client: Client, world: World, year: dict[str, Any]) -> None:
    text = shown(client, world)
    for said in (
        "3月決算",
        "2026年度",
        "予算からの逆算",
        "お客様の予定",
        "目標1 配送の入電を月42,000件",
        "関係づくり",
        "契約",
    ):
        assert said in text
    assert "遅れ 1件、日付なし 1件" in text
    assert "今日 11/19" in text


def test_every_thing_is_read_aloud_with_its_days_and_state(
    client: Client, world: World, year: dict[str, Any]
) -> None:
    text = shown(client, world)
    runs, late = (part(text, f"action-{year[key].pk}") for key in ("runs", "late"))
    assert "2026/09/01–2026/11/27、進行中、8 / 12本、鈴木" in runs
    assert "--v: 66%" in runs
    assert 'data-k="over"' in late
    assert "19日超過、先に「シナリオを12本に広げる」" in late
    assert "g-slip" in late, "drawn up to today"
    assert "2026/12/15、ビジネスレビュー、予定、大庭さん" in part(text, f"activity-{year['review'].pk}")


def test_a_label_that_is_cut_short_is_read_aloud_in_full(
    client: Client, world: World, year: dict[str, Any]
) -> None:
    text = "検索で0件になることばの上位50に、回答を用意する"
    with tenant_scope(world.tenant(), member=world.csm):
        ActionItem.objects.filter(pk=year["runs"].pk).update(text=text)
    item = part(shown(client, world), f"action-{year['runs'].pk}")
    assert "<span>検索で0件になることばの上位50に…</span>" in item
    assert f'<span class="vh">{text}、2026/09/01' in item


def test_the_backcast_of_a_year_that_closes_in_march(
    client: Client, world: World, year: dict[str, Any]
) -> None:
    text = shown(client, world)
    for said in (
        "締め 11/30 あと11日",
        "決裁者と会う 11/30",
        "稟議を始める 12/1",
        "更新の90日前 12/31",
        "更新 3/31",
    ):
        assert said in text
    assert "間に合いません" not in text


def test_the_backcast_of_a_year_that_closes_in_december_warns_and_says_by_when(
    client: Client, world: World, year: dict[str, Any]
) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        Account.objects.filter(pk=world.account_id()).update(fiscal_month=12)
    text = shown(client, world)
    assert "2027年度の予算(2026/11/30確定)に間に合いません。2026/11/30までに決裁者と話します。" in text
    assert "決裁者と会う 8/31" in text


def test_what_the_customer_confirmed_moves_the_backcast(
    client: Client, world: World, year: dict[str, Any]
) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        Occasion.objects.create(
            account=world.account(), kind="draft", state="confirmed", starts_on=date(2026, 11, 27),
            proposal="draft", fiscal_year=2026, based_on="3",
        )  # fmt: skip
    text = shown(client, world)
    assert "締め 11/27 あと8日" in text
    assert "決裁者と会う 11/27" in text


@pytest.mark.parametrize(
    ("query", "label", "absent"),
    [
        ("?span=half", "2026年度下期", "上期</span>"),
        ("?span=quarter", "2026年度3Q", "3月</span>"),
        ("?span=quarter&at=2027-02-01", "2026年度4Q", "11月</span>"),
        ("?at=2027-04-01", "2027年度", "今日 11/19"),
        ("?span=forever&at=yesterday", "2026年度", "2025年度"),
        ("?at=0001-01-01", "2026年度", "2025年度"),
    ],
)
def test_other_periods(client: Client, world: World, query: str, label: str, absent: str) -> None:
    text = shown(client, world, query)
    assert label in text
    assert absent not in text


def test_an_account_of_which_the_closing_is_unknown_is_shown_in_our_own_year(
    client: Client, world: World, year: dict[str, Any]
) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        Account.objects.filter(pk=world.account_id()).update(fiscal_month=None, fiscal_day=None)
    text = shown(client, world)
    assert "自社の年度で並べています" in text
    assert "シナリオを12本に広げる" in text


def test_an_action_is_moved_by_the_one_way_of_editing(
    client: Client, world: World, year: dict[str, Any]
) -> None:
    item = part(shown(client, world), f"action-{year['runs'].pk}")
    assert 'data-field="period" data-base="2026-09-01/2026-11-27"' in item
    edit = f"/t/midori/edit/action/{year['runs'].pk}/"
    assert edit in item
    moved = {"field": "period", "value": "2026-09-08/2026-12-04", "base": "2026-09-01/2026-11-27"}
    assert client.post(edit, moved).status_code == 200
    with tenant_scope(world.tenant()):
        action = ActionItem.objects.get(pk=year["runs"].pk)
    assert (action.starts_on, action.due_on) == (date(2026, 9, 8), date(2026, 12, 4))
    beyond = client.post(edit, {**moved, "value": "2026-09-08/2027-04-01", "base": "2026-09-08/2026-12-04"})
    assert beyond.status_code == 422
    assert "プランの期間" in beyond.json()["message"]


def test_what_may_not_be_edited_does_not_move(world: World, sign_in: Any, year: dict[str, Any]) -> None:
    for role in (Role.VIEWER, Role.SALES):
        item = part(shown(sign_in(world.member(role)), world), f"action-{year['runs'].pk}")
        assert "data-moves" not in item
    strangers = sign_in(world.member(Role.CSM, "aoba"))
    assert strangers.get(url(world)).status_code == 404


def test_what_is_late_and_what_comes_soon(client: Client, world: World, year: dict[str, Any]) -> None:
    beside = shown(client, world).split('class="cols-3"')[1]
    late, soon = beside.split("これから30日")
    assert "19日超過" in late
    assert "IVRの案内を変える" in late
    assert [said in soon for said in ("シナリオを12本に広げる", "EBR 12/15", "振り返り", "変える")] == [
        True,
        True,
        True,
        False,
    ]


def test_the_budget_of_the_next_year_is_said_where_it_is_needed(
    client: Client, world: World, year: dict[str, Any]
) -> None:
    text = shown(client, world)
    assert "2027年度の予算" in text
    assert "edit-budget-" not in text
    with tenant_scope(world.tenant(), actor="test"):
        BudgetStatus.objects.create(account=world.account(), fiscal_year=2027, status="included")
    assert "edit-budget-" in shown(client, world)


def test_htmx_gets_the_chart_alone(client: Client, world: World, year: dict[str, Any]) -> None:
    answer = client.get(url(world), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert text.strip().startswith('<div class="year-part" id="schedule-chart"')
    assert "<html" not in text


@pytest.mark.parametrize(
    ("quantity", "percent"),
    [
        ("8 / 12本", 66),
        ("3/3部署", 100),
        ("40 / 30席", 100),
        ("1,200 / 2,400件", 50),
        ("38%", 38),
        ("毎週", None),
        ("1 / 0", None),
        ("./,", None),
        ("", None),
    ],
)
def test_how_much_is_done_is_read_from_what_was_written(quantity: str, percent: int | None) -> None:
    assert share(quantity) == percent


def test_three_hundred_things_cost_no_more_statements_than_one(
    client: Client, world: World, year: dict[str, Any]
) -> None:
    def statements() -> int:
        client.get(url(world))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(world)).status_code == 200
        return len(captured)

    few = statements()
    with tenant_scope(world.tenant(), member=world.csm):
        own: dict[str, Any] = {"account": world.account()}
        day = date(2026, 10, 1)
        person = KeyPerson.objects.get(name="大庭 正樹")
        Occasion.objects.bulk_create(
            Occasion(kind="busy", state="confirmed", starts_on=day + timedelta(days=n), title=f"{n}", **own)
            for n in range(100)
        )
        Activity.objects.bulk_create(
            Activity(
                kind="meeting", on=day + timedelta(days=n), title=f"会う {n}", written_by=world.csm, **own
            )
            for n in range(100)
        )
        met = Activity.objects.filter(title__startswith="会う")
        ActivityPerson.objects.bulk_create(ActivityPerson(activity=one, person=person) for one in met)
        ActionItem.objects.bulk_create(
            ActionItem(
                text=f"する {n}", due_on=day + timedelta(days=n), customer_assignee=person, blocked_by=year["runs"],
                plan=year["plan"], objective=year["goal"], **own,
            )
            for n in range(100)
        )  # fmt: skip
    assert statements() == few


def test_a_stamp_says_who_looked_it_over_and_what_moved_since(
    client: Client, world: World, year: dict[str, Any]
) -> None:
    assert "見直し済にすると" in shown(client, world)
    assert client.post(url(world, "stamp/")).status_code == 303
    assert client.post(url(world, "stamp/")).status_code == 303, "twice is once"
    text = shown(client, world)
    assert "11/19 鈴木が見直し" in text
    assert "動いたものはありません" in text
    with tenant_scope(world.tenant(), actor="test"):
        (made,) = ScheduleStamp.objects.all()
        ScheduleStamp.objects.update(created_at=timezone.now() - timedelta(hours=1))
    edit = f"/t/midori/edit/action/{year['runs'].pk}/"
    client.post(edit, {"field": "due_on", "value": "2026-12-04", "base": "2026-11-27"})
    client.post(edit, {"field": "quantity", "value": "9 / 12本", "base": "8 / 12本"})
    moved = shown(client, world).split("前回から動いたこと")[1]
    assert "「シナリオを12本に広げる」の期日を2026/11/27から2026/12/04に" in moved
    assert "9 / 12本" not in moved.split("</section>")[0], "how much is done is no change of the schedule"
    assert client.post(f"/t/midori/schedule-stamps/{made.pk}/removal/").status_code == 200
    assert "見直し済にすると" in shown(client, world)


def test_whoever_may_not_edit_the_account_stamps_nothing(world: World, sign_in: Any) -> None:
    assert sign_in(world.member(Role.VIEWER)).post(url(world, "stamp/")).status_code == 403
