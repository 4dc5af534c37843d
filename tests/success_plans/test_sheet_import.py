"""Plans that people keep in Excel: what they say is suggested, and only what somebody accepts is written."""

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import KeyPerson
from success_plans import sheet_import, sheet_tables
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from success_plans.sheets import workbook
from tenants.roles import Role
from tests import make
from tests.success_plans.conftest import Browser
from tests.world import TODAY, World

HEADS = ["No.", "重点目標", "施策", "担当者", "完了予定日", "ステータス", "進捗率", "備考"]


def xlsx(*sheets: list[list[Any]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for number, rows in enumerate(sheets):
        page = book.active if number == 0 else book.create_sheet()
        assert page is not None
        for row in rows:
            page.append(row)
    book.save(out)
    return out.getvalue()


def look(plan: SuccessPlan, content: bytes, name: str = "計画.xlsx") -> Any:
    tables = sheet_tables.tables_of(SimpleUploadedFile(name, content))
    return sheet_import.look(plan, tables, sheet_import.mapped(plan, tables))


def upload(browser: Browser, plan: SuccessPlan, content: bytes, name: str = "計画.xlsx") -> Any:
    return browser.post(f"plans/{plan.pk}/import/", {"file": SimpleUploadedFile(name, content)})


def accept(browser: Browser, plan: SuccessPlan, seen: Any, keys: list[str] | None = None) -> Any:
    """All that the page ticks, or only ``keys``."""
    html = seen.content.decode()
    ticked = re.findall(r'name="apply" value="(\w+)"', html)
    packed = re.search(r'name="packed" value="([^"]+)"', html)
    form = {"packed": packed and packed[1], "apply": ticked if keys is None else keys}
    return browser.post(f"plans/{plan.pk}/import/acceptance/", form)


def todays(*rows: list[Any]) -> bytes:
    """A plan as people have it: a title above, goals written once, columns that mean nothing here."""
    return xlsx([["2026年度下期 アクションプラン"], [], HEADS, *rows])


def test_what_was_given_away_comes_back_without_a_difference(
    plan: SuccessPlan, world: World, within: Any
) -> None:
    with within():
        person = make.row(KeyPerson, plan.account, name="若槻 智子")
        first = Objective.objects.get(plan=plan)
        Objective.objects.filter(pk=first.pk).update(
            customer_owner=person, why="=応対コスト", evidence="昨年の実績\n二行目"
        )
        Criterion.objects.create(
            account_id=plan.account_id,
            objective=first,
            position=2,
            metric="自己解決率",
            unit="%",
            baseline="38.25",
            target=55,
        )
        second = make.row(Objective, plan.account, plan=plan, position=2, statement="応答率を上げる")
        for state, doer in (
            ("doing", {"assignee": world.csm}),
            ("dropped", {"customer_assignee": person}),
            ("done", {}),
        ):
            make.row(
                ActionItem, plan.account, plan=plan, objective=second, text=f"台本 {state}", state=state, quantity="3 / 12本",
                due_on=date(2026, 12, 8), **doer,
            )  # fmt: skip
        found = look(plan, workbook(plan, TODAY))
    assert (found.suggestions, found.problems, found.left) == ([], [], 0)


def test_a_plan_from_excel_becomes_goals_and_actions(
    plan: SuccessPlan, suzuki: Browser, world: World, within: Any
) -> None:
    with within():
        make.row(KeyPerson, plan.account, name="若槻 智子")
    content = todays(
        [1, "応答率を92%へ上げる", "案内文を用意する", "鈴木", "11月末", "着手", "3本", "memo"],
        [2, None, "混む時間を知らせる", "若槻さん", date(2027, 1, 15), "未着手", None, None],
        [3, "入電を月31,500件へ減らす", "シナリオを12本に広げる", None, "12/25", "完了", "12本", None],
    )
    seen = upload(suzuki, plan, content)
    assert seen.status_code == 200
    with within():
        assert ActionItem.objects.count() == 1, "looking writes nothing"
    assert accept(suzuki, plan, seen).status_code == 303
    with within():
        new = Objective.objects.get(statement="応答率を92%へ上げる")
        one, two = ActionItem.objects.filter(objective=new).order_by("position")
        assert (one.assignee_id, one.due_on, one.state, one.quantity) == (
            world.csm.pk,
            date(2026, 11, 30),
            "doing",
            "3本",
        )
        assert (two.customer_assignee.name, two.due_on) == ("若槻 智子", date(2027, 1, 15))
        known = ActionItem.objects.get(text="シナリオを12本に広げる")
        assert (known.due_on, known.state, known.done_on is not None) == (date(2026, 12, 25), "done", True)
        again = look(plan, content)
        assert (again.suggestions, again.left) == ([], 1), "the same file once more changes nothing"


def test_each_problem_says_its_sheet_line_and_column(plan: SuccessPlan, within: Any) -> None:
    content = todays(
        [1, "応答率を上げる", "案内文を用意する", "知らない人", "いつか", "着手", None, None],
        [2, None, "混む時間を知らせる", None, "2026/02/30", "らくだ", None, None],
    )
    with within():
        found = look(plan, content)
    said = {(one.line, one.column) for one in found.problems}
    assert said == {(4, "担当者"), (4, "完了予定日"), (5, "完了予定日"), (5, "ステータス")}
    assert {one.sheet for one in found.problems} == {"Sheet"}


def test_figures_beside_a_kpi_become_a_criterion(plan: SuccessPlan, within: Any) -> None:
    rows = [
        ["目標", "KPI", "現状", "目標値", "期限"],
        ["入電を月31,500件へ減らす", "応答率", "81%", "92%", "2027/3/31"],
    ]
    with within():
        (one,) = look(plan, xlsx(rows)).suggestions
        assert (one.kind, one.typed) == (
            "criterion",
            {"metric": "応答率", "baseline": "81", "target": "92", "due_on": "2027-03-31"},
        )


def test_a_goal_column_full_of_figures_is_the_target(plan: SuccessPlan, within: Any) -> None:
    rows = [["KPI", "現状", "目標"], ["応答率", 81, 92], ["一次回答", 9, 4]]
    with within():
        found = look(plan, xlsx(rows))
    assert [one.typed["target"] for one in found.suggestions] == ["92", "4"]


def test_one_suggestion_may_be_taken_and_the_others_left(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    row = [1, "入電を月31,500件へ減らす", "シナリオを12本に広げる", None, "2026/12/25", "完了", None, None]
    seen = upload(suzuki, plan, todays(row))
    keys = re.findall(r'name="apply" value="(\w+)"', seen.content.decode())
    assert len(keys) == 2
    assert accept(suzuki, plan, seen, keys[:1]).status_code == 303
    with within():
        action = ActionItem.objects.get()
        assert (action.due_on, action.state) == (date(2026, 12, 25), "todo")


def test_what_changed_since_it_was_looked_at_is_not_written_over(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    seen = upload(
        suzuki,
        plan,
        todays(
            [1, "入電を月31,500件へ減らす", "シナリオを12本に広げる", None, "2026/12/25", None, None, None]
        ),
    )
    with within():
        ActionItem.objects.update(due_on=date(2026, 12, 1))
    answer = accept(suzuki, plan, seen)
    assert answer.status_code == 409 and "プランが変わりました" in answer.content.decode()
    with within():
        assert ActionItem.objects.get().due_on == date(2026, 12, 1)


def test_nothing_is_half_saved_when_one_of_them_will_not_do(
    plan: SuccessPlan, suzuki: Browser, within: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, create = [], sheet_import.create

    def second_fails(*args: Any) -> Any:
        made.append(create(*args))
        if len(made) == 2:
            raise sheet_import.ValidationError("2つめは入りません")
        return made[-1]

    monkeypatch.setattr(sheet_import, "create", second_fails)
    seen = upload(
        suzuki, plan, todays([1, "応答率を上げる", "案内文を用意する", None, None, None, None, None])
    )
    answer = accept(suzuki, plan, seen)
    assert answer.status_code == 422 and "2つめは入りません" in answer.content.decode()
    with within():
        assert Objective.objects.count() == 1 and ActionItem.objects.count() == 1


def test_a_column_may_go_elsewhere(plan: SuccessPlan, suzuki: Browser) -> None:
    seen = upload(suzuki, plan, xlsx([["大目標", "中身"], ["入電を月31,500件へ減らす", "台本を見直す"]]))
    packed = re.search(r'name="packed" value="([^"]+)"', seen.content.decode())
    assert packed
    html = suzuki.post(
        f"plans/{plan.pk}/import/", {"packed": packed[1], "t0-0": "statement", "t0-1": "text"}
    ).content.decode()
    assert "新しいアクション" in html and "台本を見直す" in html


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04broken", "計画.xlsx", "壊れています"),
        (b"%PDF-1.7", "計画.csv", "名前と中身が合いません"),
        (b"", "計画.xlsx", "空です"),
        (b"a,b\n" * 600, "計画.csv", "500行まで"),
        (b"x" * (3 << 20), "計画.csv", "2MBまで"),
    ],
)
def test_odd_files_are_refused_in_words(
    content: bytes, name: str, said: str, plan: SuccessPlan, suzuki: Browser
) -> None:
    answer = upload(suzuki, plan, content, name)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_what_was_packed_for_another_plan_is_refused(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    seen = upload(suzuki, plan, todays([1, "応答率を上げる", "案内文", None, None, None, None, None]))
    with within():
        other = make.row(
            SuccessPlan, plan.account, title="別のプラン", starts_on=plan.starts_on, ends_on=plan.ends_on
        )
    assert accept(suzuki, other, seen).status_code == 422
    with within():
        assert Objective.objects.count() == 1


def test_who_may_not_edit_the_plan_takes_nothing_in(plan: SuccessPlan, world: World, sign_in: Any) -> None:
    viewer = Browser(sign_in(world.member(Role.VIEWER)))
    assert viewer.get(f"plans/{plan.pk}/import/").status_code == 403
    assert (
        upload(viewer, plan, todays([1, "応答率", "案内文", None, None, None, None, None])).status_code == 403
    )


# The heading


def packed_in(seen: Any) -> str:
    found = re.search(r'name="packed" value="([^"]+)"', seen.content.decode())
    assert found
    return found[1]


def test_another_row_may_be_the_heading(plan: SuccessPlan, suzuki: Browser) -> None:
    """The rows above say more than the heading does, so they are taken for it."""
    content = xlsx(
        [
            ["作成", "承認", "版", "部署"],
            ["鈴木", "渡辺", "第2版", "CS部"],
            ["目標", "施策"],
            ["応答率を上げる", "案内文を用意する"],
        ]
    )
    seen = upload(suzuki, plan, content)
    assert seen.status_code == 200 and "案内文を用意する" not in seen.content.decode().split('id="sh-new"')[1]
    given = {"packed": packed_in(seen), "h0": "3", "g0": "1", "t0-0": "", "t0-1": ""}
    html = suzuki.post(f"plans/{plan.pk}/import/", given).content.decode()
    assert "新しいアクション" in html and "案内文を用意する" in html.split('id="sh-new"')[1]
    assert '<option value="3" selected>' in html
    none = suzuki.post(f"plans/{plan.pk}/import/", {**given, "h0": "0"}).content.decode()
    assert "違いはありません" in none


def test_a_sheet_without_a_heading_asks_for_it(plan: SuccessPlan, suzuki: Browser) -> None:
    seen = upload(suzuki, plan, xlsx([[1, 2], ["応答率を上げる", None], [3, 4], [5, 6]]))
    html = seen.content.decode()
    assert seen.status_code == 200 and '<option value="0" selected>' in html


def test_what_was_chosen_for_a_heading_is_kept_when_it_stays(plan: SuccessPlan, suzuki: Browser) -> None:
    seen = upload(suzuki, plan, xlsx([["大目標", "中身"], ["入電を月31,500件へ減らす", "台本を見直す"]]))
    given = {"packed": packed_in(seen), "h0": "1", "g0": "1", "t0-0": "statement", "t0-1": "text"}
    html = suzuki.post(f"plans/{plan.pk}/import/", given).content.decode()
    assert "台本を見直す" in html.split('id="sh-new"')[1]


# A new plan


BOOK = [
    ["2026年度下期 アクションプラン"],
    HEADS,
    [1, "応答率を92%へ上げる", "案内文を用意する", "鈴木", "11月末", "着手", "3本", None],
    [2, None, "混む時間を知らせる", "知らない人", "2029/01/15", "未着手", None, None],
]


def sent(browser: Browser, account: Any, **more: Any) -> Any:
    file = SimpleUploadedFile("計画.xlsx", xlsx(BOOK))
    return browser.post(f"accounts/{account}/plans/import/", {"file": file, **more})


def made(browser: Browser, account: Any, seen: Any, **more: Any) -> Any:
    ticked = re.findall(r'name="apply" value="(\w+)"', seen.content.decode())
    form = {"packed": packed_in(seen), "apply": ticked, "plan_type": "customer_objective", "period": "2026-2"}
    return browser.post(f"accounts/{account}/plans/import/acceptance/", {**form, **more})


def test_a_workbook_becomes_a_plan(suzuki: Browser, world: World, within: Any) -> None:
    account = world.account_id()
    assert "plans/import/" in suzuki.get(f"accounts/{account}/plans/").content.decode()
    seen = sent(suzuki, account)
    html = seen.content.decode()
    assert seen.status_code == 200 and "応答率を92%へ上げる" in html
    with within():
        assert not SuccessPlan.objects.exists(), "looking writes nothing"
    answer = made(suzuki, account, seen)
    with within():
        plan = SuccessPlan.objects.get()
        assert answer.headers["Location"].endswith(f"/plans/{plan.pk}/")
        assert (plan.title, plan.state, plan.starts_on) == (
            "2026年度下期 サクセスプラン",
            "draft",
            date(2026, 10, 1),
        )
        one, two = ActionItem.objects.filter(plan=plan).order_by("position")
        assert (one.assignee_id, one.due_on, one.state) == (world.csm.pk, date(2026, 11, 30), "doing")
        assert (two.assignee_id, two.due_on) == (None, None), "what could not be read stays blank"
        assert Objective.objects.get(plan=plan).statement == "応答率を92%へ上げる"


def test_what_could_not_be_read_says_its_line_and_column(suzuki: Browser, world: World) -> None:
    html = sent(suzuki, world.account_id()).content.decode()
    problems = html.split('id="sh-bad"')[1].split('id="sh-new"')[0]
    assert problems.count("<tr>") == 3 and "担当者" in problems and "プランの期間" in problems


def test_the_form_of_a_plan_is_that_of_every_plan(suzuki: Browser, world: World, within: Any) -> None:
    account = world.account_id()
    seen = sent(suzuki, account)
    for wrong, says in (
        ({"period": "own"}, "題を書いてください"),
        ({"plan_type": "adoption"}, "四半期ごとに作ります"),
        ({"plan_type": "keine"}, ""),
        ({"apply": []}, "受け入れるものを選んでください"),
    ):
        answer = made(suzuki, account, seen, **wrong)
        assert answer.status_code == 422 and says in answer.content.decode(), wrong
    assert made(suzuki, account, seen, apply=["0" * 20]).status_code == 409
    assert suzuki.post(f"accounts/{account}/plans/import/", {}).status_code == 422
    with within():
        assert not SuccessPlan.objects.exists()


def test_a_recovery_plan_with_a_fifth_goal_is_not_half_made(
    suzuki: Browser, world: World, within: Any
) -> None:
    rows = [["目標", "施策"], *([f"目標{n}", f"施策{n}"] for n in range(5))]
    account = world.account_id()
    file = SimpleUploadedFile("計画.xlsx", xlsx(rows))
    seen = suzuki.post(f"accounts/{account}/plans/import/", {"file": file, "plan_type": "recovery"})
    answer = made(suzuki, account, seen, plan_type="recovery")
    assert answer.status_code == 422 and "4つまで" in answer.content.decode()
    with within():
        assert not SuccessPlan.objects.exists()


def test_what_was_read_for_one_customer_makes_no_plan_of_another(
    suzuki: Browser, world: World, sign_in: Any, within: Any
) -> None:
    seen = sent(suzuki, world.account_id())
    manager = Browser(sign_in(world.member(Role.MANAGER)))
    assert made(manager, world.account_id("other"), seen).status_code == 422
    with within():
        assert not SuccessPlan.objects.exists()


@pytest.mark.parametrize(
    ("role", "which", "status"),
    [
        (Role.VIEWER, "mine", 403),
        (Role.CSM, "other", 403),
        (Role.SALES, "mine", 200),
        (Role.CONTRIBUTOR, "mine", 404),
    ],
)
def test_who_may_make_a_plan_may_make_it_from_a_file(
    role: Role, which: str, status: int, world: World, sign_in: Any
) -> None:
    assert sent(Browser(sign_in(world.member(role))), world.account_id(which)).status_code == status


def test_sales_make_account_plans_alone(world: World, sign_in: Any, within: Any) -> None:
    ito, account = Browser(sign_in(world.member(Role.SALES))), world.account_id()
    seen = sent(ito, account)
    assert made(ito, account, seen).status_code == 422
    assert made(ito, account, seen, plan_type="account").status_code == 303
    with within():
        assert SuccessPlan.objects.get().plan_type == "account"
