"""The manager's queue: what is open in every waiting plan, decided in one pane, as fast for many as for one."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import KeyPerson, PersonRole
from success_plans import heat, judging, reviewing
from success_plans.completeness import LETTERS, OK, letters_of
from success_plans.heat import plan_map
from success_plans.models import ActionItem, Criterion, JudgedObjective, Objective, PlanReview, SuccessPlan
from success_plans.queue import heat_map, lacks, queue
from success_plans.reading import aim_of
from tenants.roles import Role
from tests import make
from tests.success_plans.conftest import ENDS, STARTS, Browser
from tests.world import TODAY, World

VAGUE = "チャットの利用を強化し、CX向上につなげる"


@pytest.fixture
def watanabe(world: World, sign_in: Any) -> Browser:
    return Browser(sign_in(world.member(Role.MANAGER)))


def handed_in(world: World, title: str, statement: str = VAGUE, which: str = "mine") -> SuccessPlan:
    """A plan of 鈴木's (or another CSM's) account that waits. Call it within the tenant."""
    account = world.account(which)
    plan = make.row(SuccessPlan, account, title=title, starts_on=STARTS, ends_on=ENDS)
    objective = make.row(Objective, account, plan=plan, statement=statement)
    make.row(Criterion, account, objective=objective, metric="入電数", target=31_500, unit="件")
    make.row(ActionItem, account, plan=plan, objective=objective, text="連携を強化する")
    reviewing.submit(plan, world.csm)
    return plan  # type: ignore[no-any-return]


def texts(response: Any) -> str:
    return str(response.content.decode())


def test_the_queue_shows_only_what_is_open_with_a_question_for_each(
    world: World, watanabe: Browser, within: Any
) -> None:
    with within():
        handed_in(world, "長く待つ計画")
        handed_in(world, "あとの計画")
    html = texts(watanabe.get("reviews/"))
    assert "承認待ちは2件。" in html
    assert html.index("長く待つ計画") < html.index("あとの計画")
    assert "はじめの値はいくつですか" in html, "a blank is asked for"
    assert "何が起きれば済みますか" in html and "強化" in html, "and so is a word that says too little"
    assert "どの値になれば達成ですか" not in html, "what is there is not asked for"


def test_the_coach_reads_once_and_again_only_what_changed(
    world: World, within: Any, monkeypatch: Any
) -> None:
    with within():
        plan = handed_in(world, "計画")
        read: list[Any] = []
        whole = judging.reasons_of
        monkeypatch.setattr(judging, "reasons_of", lambda *given: read.append(given[0]) or whole(*given))
        first = judging.judged([plan], TODAY)
        assert read == []
        action = ActionItem.objects.get(plan=plan)
        ActionItem.objects.filter(pk=action.pk).update(text="2026年12月11日までに渡辺が台本を10本書く")
        second = judging.judged([plan], TODAY)
        assert len(read) == 2, "the objective that changed, with its action"
        assert len(second[plan.pk][0].questions) < len(first[plan.pk][0].questions)


def test_what_is_kept_holds_no_words_of_people(world: World, within: Any) -> None:
    with within():
        handed_in(world, "計画")
        kept = JudgedObjective.objects.get()
    assert "強化" not in repr(kept.found)
    assert "S" in kept.letters


def test_statements_do_not_grow_with_the_queue(world: World, watanabe: Browser, within: Any) -> None:
    with within():
        handed_in(world, "計画")
    watanabe.get("reviews/")

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert watanabe.get("reviews/").status_code == 200
        return len(seen)

    few = statements()
    with within():
        for n in range(12):
            handed_in(world, f"計画{n}", which="other" if n % 2 else "mine")
    assert statements() == few


def test_a_decision_brings_the_next_plan(world: World, watanabe: Browser, within: Any) -> None:
    with within():
        first, second, third = (handed_in(world, title) for title in ("一つめ", "二つめ", "三つめ"))
        seen = reviewing.mark(first)
    done = watanabe.post(f"reviews/{first.pk}/approval/", {"seen": seen, "next": str(second.pk)})
    assert done.status_code == 200
    assert done.context["queue"].now.plan == second and done.context["queue"].next == third.pk
    back = watanabe.post(
        f"reviews/{second.pk}/return/",
        {"ask": ["目標1:はじめの値はいくつですか"], "reason": "もう少しです", "next": str(third.pk)},
    )
    assert back.context["queue"].now.plan == third
    with within():
        assert PlanReview.objects.get(plan=second).reason == "もう少しです\n・目標1:はじめの値はいくつですか"


def test_a_return_without_a_word_stays_and_keeps_what_was_typed(
    world: World, watanabe: Browser, within: Any
) -> None:
    with within():
        plan = handed_in(world, "計画")
    refused = watanabe.post(f"reviews/{plan.pk}/return/", {"reason": "  "})
    assert refused.status_code == 422
    assert "差し戻す理由を書いてください" in texts(refused) and refused.context["queue"].now.plan == plan


def test_what_was_mended_since_it_came_back_is_told(world: World, watanabe: Browser, within: Any) -> None:
    with within():
        plan = handed_in(world, "計画")
    asked = re.findall(r'name="ask" value="([^"]+)"', texts(watanabe.get("reviews/")))
    baseline, owner = (next(line for line in asked if part in line) for part in ("はじめの値", "先方では誰"))
    watanabe.post(f"reviews/{plan.pk}/return/", {"ask": [baseline, owner]})
    with within():
        Criterion.objects.filter(objective__plan=plan).update(baseline=42_000)
        plan.refresh_from_db()
        reviewing.submit(plan, world.csm)
        found = queue(TODAY)
        assert found.mended == [baseline]
    html = texts(watanabe.get("reviews/"))
    assert baseline in html.split("前回の差し戻しから直ったこと")[1].split("</ul>")[0]


def test_a_plan_that_moved_meanwhile_says_so_and_makes_way(
    world: World, watanabe: Browser, within: Any
) -> None:
    with within():
        gone, next_one = handed_in(world, "先に決まった計画"), handed_in(world, "次の計画")
        reviewing.send_back(gone, world.member(Role.ADMIN), "尺度がありません")
    late = watanabe.post(f"reviews/{gone.pk}/approval/", {"next": str(next_one.pk)})
    assert late.status_code == 409
    assert "佐藤さんが11/19 12:00に「差し戻し」にしています" in texts(late)
    assert late.context["queue"].now.plan == next_one


@pytest.mark.parametrize("role", [Role.CSM, Role.SALES, Role.VIEWER, Role.CONTRIBUTOR])
def test_the_queue_is_the_managers(role: Role, world: World, sign_in: Any) -> None:
    person = Browser(sign_in(world.member(role)))
    assert person.get("reviews/").status_code == 403
    assert "/t/midori/reviews/" not in texts(person.get("plans/"))


def test_the_navigation_counts_what_waits(world: World, watanabe: Browser, within: Any) -> None:
    def line() -> str:
        html = texts(watanabe.get("plans/"))
        return html[html.index('href="/t/midori/reviews/"') :].split("</a>")[0]

    assert 'class="count"' not in line()
    with within():
        handed_in(world, "計画")
    assert '<span class="count">1' in line()


def test_the_heat_map_counts_by_person_and_letter(world: World, within: Any) -> None:
    with within():
        handed_in(world, "計画")
        handed_in(world, "よその計画", which="other")
        whole = make.row(SuccessPlan, world.account(), title="整った計画", starts_on=STARTS, ends_on=ENDS)
        good = make.row(
            Objective,
            world.account(),
            plan=whole,
            statement="入電を月31,500件へ減らす",
            why="応対コスト",
            evidence="昨年の実績",
        )
        make.row(
            Criterion, world.account(), objective=good, metric="入電数", direction="down", unit="件", baseline=42_000,
            target=31_500, due_on=ENDS, method="CTI月報", review_on=date(2026, 12, 8),
        )  # fmt: skip
        found = heat_map()
    by_name = {line.member.name: line for line in found.lines if line.member}
    assert (by_name["鈴木"].plans, by_name["鈴木"].waiting, by_name["鈴木"].objectives) == (2, 1, 2)
    assert by_name["鈴木"].missing == {"S": 2, "M": 1, "A": 1, "R": 1, "T": 1}
    assert by_name["小林"].missing == {"S": 1, "M": 1, "A": 1, "R": 1, "T": 1}
    assert found.thinnest == "S"


def test_a_line_for_each_plan_counts_what_its_objectives_lack(world: World, within: Any) -> None:
    with within():
        first, other = handed_in(world, "計画"), handed_in(world, "よその計画", which="other")
        empty = make.row(SuccessPlan, world.account(), title="白紙", starts_on=STARTS, ends_on=ENDS)
        ActionItem.objects.filter(plan=first).update(quantity="3部署", due_on=ENDS, assignee=world.csm.pk)
        person = make.row(KeyPerson, world.account(), state="active")
        make.row(PersonRole, world.account(), person=person, kind="champion", starts_on=None, ends_on=None)
        found = plan_map(TODAY)
        by_plan = {line.plan.pk: [cell.missing for cell in line.cells] for line in found.lines}
        assert [owner.member.name for owner in found.owners if owner.member] == ["小林", "鈴木"]
        assert [line.plan.pk for line in plan_map(TODAY, str(world.csm.pk)).lines] == [first.pk, empty.pk]
        assert plan_map(TODAY, heat.NOBODY).lines == []
        assert len(plan_map(TODAY, "kein").lines) == 3
    assert by_plan[first.pk] == [1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0]
    assert by_plan[other.pk] == [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    assert by_plan[empty.pk] == [None] * 10 + [1, 0]
    assert found.shares[0] == (67, True) and found.shares[11] == (33, False)


def test_the_table_is_as_long_as_it_says_and_tells_how_many_there_are(
    world: World, watanabe: Browser, within: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(heat, "MOST", 2)
    with within():
        for n in range(3):
            make.row(SuccessPlan, world.account(), title=f"計画{n}", starts_on=STARTS, ends_on=ENDS)
        handed_in(world, "待つ計画")
    html = texts(watanabe.get("reviews/"))
    assert "4件のうち、承認待ちと期末の近い2件" in html
    table = html[html.index('class="tbl heat heat--plans"') :]
    assert table.count('scope="row"') == 3 and ">待ち<" in table


def test_the_condition_says_what_the_function_says(world: World, within: Any) -> None:
    with within():
        account, plan = (
            world.account(),
            make.row(SuccessPlan, world.account(), starts_on=STARTS, ends_on=ENDS),
        )
        for n in range(64):
            one = make.row(
                Objective, account, plan=plan, statement="" if n & 1 else "目標", why="" if n & 2 else "課題",
                evidence="" if n & 4 else "根拠",
            )  # fmt: skip
            if n & 8:
                make.row(
                    Criterion, account, objective=one, metric="m", unit="件", method="月報", review_on=ENDS,
                    baseline=None if n & 16 else 1, target=2, due_on=None if n & 32 else ENDS,
                )  # fmt: skip
        found = {
            letter: set(Objective.objects.filter(lacks(letter)).values_list("pk", flat=True))
            for letter in LETTERS
        }
        for one in Objective.objects.filter(plan=plan):
            letters = letters_of(aim_of(one, Criterion.objects.filter(objective=one)))
            assert {letter: one.pk in found[letter] for letter in LETTERS} == {
                letter: letters[letter] != OK for letter in LETTERS
            }


def test_a_plan_in_the_bin_waits_for_nobody(world: World, within: Any) -> None:
    with within():
        plan = handed_in(world, "計画")
        plan.put_in_bin()
        assert queue(TODAY).rows == []
