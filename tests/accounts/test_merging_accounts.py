"""Two records of one customer: everything that hangs on the one hangs on the other, and can be two again."""

import json
from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import merging_accounts
from accounts.models import (
    Account,
    AccountMember,
    AccountMerge,
    Activity,
    BudgetStatus,
    BusinessUnit,
    Contract,
    Fact,
    FinancialFigure,
    FinancialPeriod,
    Follower,
    KeyPerson,
    Pin,
)
from accounts.models.account_merge import UNDO_DAYS
from accounts.sheet.counting import count_accounts
from success_plans.models import SuccessPlan
from tenants import merging
from tenants.owned import TenantOwned
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import crowd, make
from tests.api.program import Program
from tests.fingerprint import fingerprint
from tests.threads import in_threads
from tests.world import TODAY, World

MERGE = "/t/midori/accounts/{}/merge/"


@pytest.fixture
def pair(world: World) -> Any:
    """東都百貨店 was entered twice: once by hand, once by an import."""
    with tenant_scope(world.tenant(), member=world.member(Role.MANAGER)):
        kept = world.account()
        merged = make.account(
            name="㈱東都百貨店", external_id="CRM-77", industry="小売", corporate_number="7000012050002"
        )
        yield kept, merged


def merge(pair: Any, **choices: str) -> AccountMerge:
    return merging_accounts.merge(*pair, {name.replace("_", "-", 1): side for name, side in choices.items()})


def standing() -> dict[str, list[str]]:
    """Every row of every tenant table, without its counters and without the merges themselves."""
    apart = {"version", "updated_at", "grams", "note_grams"}
    found = {}
    for model in apps.get_models():
        if issubclass(model, TenantOwned) and model is not AccountMerge:
            names = [f.attname for f in model._meta.local_fields if f.name not in apart]
            found[model._meta.label] = sorted(map(str, merging.everything(model).values_list(*names)))
    return found


def hang(model: Any, account: Account) -> None:
    """A row on the account, also where the key may be empty."""
    row = make.row(model, account)
    merging.everything(model).filter(pk=row.pk).update(account=account)


def hanging() -> list[tuple[type[models.Model], Any]]:
    return list(merging.keys_to(Account))


def test_every_table_that_names_an_account_is_moved_and_moved_back(pair: Any) -> None:
    """A table that somebody adds tomorrow is here without being listed."""
    kept, merged = pair
    for account in pair:
        for model in crowd.kinds():
            hang(model, account)
    count_accounts([kept.pk, merged.pk])
    before = standing()
    made = merge(pair)
    for model, key in hanging():
        assert not merging.everything(model).filter(**{key.name: merged.pk}).exists(), model
        if model not in (Account, AccountMerge):
            assert merging.everything(model).filter(**{key.name: kept.pk}).exists(), model
    assert not Account.objects.filter(pk=merged.pk).exists()
    merging_accounts.take_back(made)
    assert standing() == before


def test_no_row_is_lost_but_for_the_twins(pair: Any) -> None:
    for account in pair:
        for model in crowd.kinds():
            hang(model, account)
    models_there = {model for model, _key in hanging()}
    before = {model: merging.everything(model).count() for model in models_there}
    found = merging_accounts.look(*pair)
    merge(pair)
    for model in models_there - {Account, AccountMerge}:
        twins = sum(twin.model is model for twin in found.twins)
        assert merging.everything(model).count() == before[model] - twins, model


def test_every_unique_constraint_can_be_read(world: World) -> None:
    """One that is made of expressions would be passed over: it needs a way of its own."""
    for model, constraint in merging.unique_constraints():
        assert constraint.fields and not constraint.expressions, (model, constraint.name)


def test_blanks_are_filled_and_where_a_value_comes_from_goes_with_it(pair: Any) -> None:
    kept, merged = pair
    for account, key, source in (
        (kept, "name", "名刺"),
        (merged, "name", "CRM"),
        (merged, "industry", "有報"),
        (kept, "tier", "電話"),
        (merged, "business", "会社案内"),
    ):
        make.row(Fact, account, field_key=key, source=source, value="総合通販" if key == "business" else "")
    merge(pair, field_tier="kept")
    kept.refresh_from_db()
    assert (kept.name, kept.industry, kept.corporate_number) == (
        "東都百貨店株式会社",
        "小売",
        "7000012050002",
    )
    assert kept.external_id == "A-m"
    sources = dict(Fact.objects.filter(account=kept).values_list("field_key", "source"))
    assert sources == {"name": "名刺", "industry": "有報", "tier": "電話", "business": "会社案内"}


def test_the_chosen_value_stands_with_its_source(pair: Any) -> None:
    kept, merged = pair
    for account, source in ((kept, "名刺"), (merged, "CRM")):
        make.row(Fact, account, field_key="name", source=source)
    make.row(Fact, kept, field_key="external_id", source="手で")
    made = merge(pair, field_name="merged", field_external_id="merged")
    kept.refresh_from_db()
    assert (kept.name, kept.external_id) == ("㈱東都百貨店", "CRM-77")
    assert [fact.source for fact in Fact.objects.filter(account=kept)] == ["CRM"]
    merging_accounts.take_back(made)
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.external_id, merged.external_id) == ("A-m", "CRM-77")
    assert sorted(Fact.objects.values_list("source", flat=True)) == ["CRM", "名刺", "手で"]


def year(account: Account, ends_on: Any, **amounts: int) -> FinancialPeriod:
    period = make.row(FinancialPeriod, account, ends_on=ends_on)
    for line, amount in amounts.items():
        make.row(FinancialFigure, account, financial_period=period, line=line, amount=amount, state="known")
    return period  # type: ignore[no-any-return]


def test_figures_of_the_same_year_are_chosen_one_by_one_and_the_others_come_along(pair: Any) -> None:
    kept, merged = pair
    closed = TODAY.replace(month=3, day=31)
    year(kept, closed, revenue=100, operating_profit=7)
    year(merged, closed, revenue=120, cash=5)
    year(merged, closed.replace(year=2025), revenue=90)
    before = standing()
    rows = merging_accounts.look(*pair).records
    (row,) = [row for row in rows if "売上高" in row.label]
    made = merging_accounts.merge(*pair, {row.name: "merged"})
    periods = list(FinancialPeriod.objects.filter(account=kept).order_by("ends_on"))
    assert [period.ends_on.year for period in periods] == [2025, 2026]
    assert dict(periods[1].figures.values_list("line", "amount")) == {
        "revenue": 120,
        "operating_profit": 7,
        "cash": 5,
    }
    merging_accounts.take_back(made)
    assert standing() == before


def test_departments_of_one_name_are_one_with_what_hangs_on_both(pair: Any) -> None:
    kept, merged = pair
    units = [make.row(BusinessUnit, account, name="営業部") for account in pair]
    make.row(BusinessUnit, merged, name="物流部", parent=units[1])
    for unit, text in zip(units, ("12席", "30席"), strict=True):
        make.row(Fact, unit.account, unit=unit, field_key="seats", value=text)
    plan = make.row(SuccessPlan, merged, **({"unit": units[1]} if has(SuccessPlan, "unit") else {}))
    before = standing()
    made = merge(pair)
    assert [unit.name for unit in kept.units.order_by("name")] == ["営業部", "物流部"]
    assert kept.units.get(name="物流部").parent_id == units[0].pk
    assert Fact.objects.get(unit=units[0]).value == "12席"
    plan.refresh_from_db()
    assert plan.account_id == kept.pk
    merging_accounts.take_back(made)
    assert standing() == before


def has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.local_fields)


def test_who_pinned_follows_or_works_on_both_does_so_once(pair: Any, world: World) -> None:
    for account in pair:
        for model in (Pin, Follower, AccountMember):
            model.objects.create(account=account, member=world.csm)
    Pin.objects.create(account=pair[1], member=world.member(Role.SALES))
    before = standing()
    made = merge(pair)
    counts = [model.objects.count() for model in (Pin, Follower, AccountMember)]
    assert counts == [2, 1, 1]
    merging_accounts.take_back(made)
    assert standing() == before


def test_the_next_renewal_is_that_of_all_contracts(pair: Any) -> None:
    kept, merged = pair
    make.row(Contract, merged, starts_on=TODAY, renews_on=TODAY + timedelta(days=30), notice_on=None)
    merge(pair)
    kept.refresh_from_db()
    assert kept.renews_on == TODAY + timedelta(days=30)


def test_a_company_below_the_other_is_no_company_below_itself(pair: Any) -> None:
    kept, merged = pair
    child = make.account(parent=merged)
    Account.objects.filter(pk=kept.pk).update(parent=merged)
    kept.refresh_from_db()
    made = merging_accounts.merge(kept, merged, {})
    kept.refresh_from_db()
    child.refresh_from_db()
    assert (kept.parent_id, child.parent_id) == (None, kept.pk)
    merging_accounts.take_back(made)
    kept.refresh_from_db()
    assert kept.parent_id == merged.pk
    Account.objects.filter(pk=kept.pk).update(parent=child)
    Account.objects.filter(pk=child.pk).update(parent=merged)
    kept.refresh_from_db()
    with pytest.raises(ValidationError, match="残すほうを入れ替えて"):
        merging_accounts.merge(kept, merged, {})


def test_what_was_written_since_then_stays_on_the_kept_one(pair: Any) -> None:
    kept, merged = pair
    made = merge(pair)
    new = make.row(Activity, kept)
    Account.objects.filter(pk=kept.pk).update(industry="百貨店")
    merging_accounts.take_back(made)
    kept.refresh_from_db()
    new.refresh_from_db()
    assert (kept.industry, new.account_id) == ("百貨店", kept.pk)
    assert Account.objects.get(pk=merged.pk).industry == "小売"


def test_it_is_taken_back_once_and_not_after_its_days(pair: Any) -> None:
    made = merge(pair)
    AccountMerge.objects.filter(pk=made.pk).update(
        created_at=timezone.now() - timedelta(days=UNDO_DAYS, hours=1)
    )
    with pytest.raises(ValidationError, match="30日を過ぎた"):
        merging_accounts.take_back(made)
    AccountMerge.objects.filter(pk=made.pk).update(created_at=timezone.now())
    merging_accounts.take_back(made)
    with pytest.raises(ValidationError, match="もう元の2件"):
        merging_accounts.take_back(made)


def test_the_later_of_two_merges_is_taken_back_first(pair: Any) -> None:
    kept, merged = pair
    third = make.account(name="東都HD")
    before = standing()
    first = merge(pair)
    second = merging_accounts.merge(third, kept, {})
    with pytest.raises(ValidationError, match="先にそちらを"):
        merging_accounts.take_back(first)
    merging_accounts.take_back(second)
    merging_accounts.take_back(first)
    assert standing() == before


def test_a_number_that_another_took_since_then_is_told(pair: Any) -> None:
    made = merge(pair, field_external_id="merged")
    Account.objects.filter(pk=pair[0].pk).update(external_id="X-1")
    make.account(external_id="CRM-77")
    with pytest.raises(ValidationError, match="外部IDや法人番号を"):
        merging_accounts.take_back(made)


def test_copies_are_gone_after_their_days_and_the_line_stays(pair: Any) -> None:
    made = merge(pair)
    AccountMerge.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=UNDO_DAYS + 1))
    merging_accounts.forget(timezone.now() - timedelta(days=UNDO_DAYS))
    made.refresh_from_db()
    assert (made.moved, made.dropped, made.merged_name) == ([], {}, "㈱東都百貨店")


# The pages ------------------------------------------------------------------------------------------------------------


def test_look_merge_history_and_back_through_the_pages(world: World, pair: Any, sign_in: Any) -> None:
    kept, merged = pair
    make.row(Activity, merged, title="電話で値上げの相談")
    make.row(KeyPerson, merged)
    for account, status in ((kept, "considering"), (merged, "included")):
        make.row(BudgetStatus, account, fiscal_year=2027, status=status)
    client = sign_in(world.member(Role.MANAGER))
    with tenant_scope(world.tenant()):
        before = fingerprint("midori")
    assert "㈱東都百貨店" in client.get(MERGE.format(kept.pk)).content.decode()
    shown = client.get(MERGE.format(kept.pk) + f"?other={merged.pk}")
    look = shown.content.decode()
    assert all(words in look for words in ("CRM-77", "小売", "検討中", "組込済", "キーパーソン"))
    with tenant_scope(world.tenant()):
        assert fingerprint("midori") == before, "a look writes nothing"
    form = {"other": str(merged.pk), "seen": shown.context["look"].seen, "field-name": "merged"}
    (row,) = [row.name for row in shown.context["look"].records]
    answer = client.post(MERGE.format(kept.pk), {**form, row: "merged"})
    assert answer.status_code == 303
    again = client.post(MERGE.format(kept.pk), {**form, row: "merged"})
    assert again.headers["Location"] == answer.headers["Location"], "the second press finds it done"
    with tenant_scope(world.tenant()):
        made = AccountMerge.objects.get()
        assert BudgetStatus.objects.get(account=kept).status == "included"
    history = client.get(f"/t/midori/accounts/{kept.pk}/history/").content.decode()
    assert "「㈱東都百貨店」をまとめました" in history
    assert "電話で値上げの相談" in history, "what was written on the other one is told here too"
    assert (
        client.get(f"/t/midori/accounts/{merged.pk}/").headers["Location"] == f"/t/midori/accounts/{kept.pk}/"
    )
    assert client.post(f"/t/midori/account-merges/{made.pk}/undo/").status_code == 303
    assert client.get(f"/t/midori/accounts/{merged.pk}/").status_code == 200
    for account in pair:
        assert (
            "元の2件に戻しました" in client.get(f"/t/midori/accounts/{account.pk}/history/").content.decode()
        )
    assert client.post(f"/t/midori/account-merges/{made.pk}/undo/").status_code == 422


def test_a_value_written_since_the_look_is_shown_again(world: World, pair: Any, sign_in: Any) -> None:
    kept, merged = pair
    client = sign_in(world.member(Role.ADMIN))
    seen = client.get(MERGE.format(kept.pk) + f"?other={merged.pk}").context["look"].seen
    with tenant_scope(world.tenant()):
        Account.objects.filter(pk=merged.pk).update(industry="百貨店")
    answer = client.post(MERGE.format(kept.pk), {"other": str(merged.pk), "seen": seen})
    assert answer.status_code == 409
    assert "百貨店" in answer.content.decode()
    with tenant_scope(world.tenant()):
        assert AccountMerge.objects.count() == 0


def test_only_those_who_manage_merge_and_nobody_across_tenants(world: World, pair: Any, sign_in: Any) -> None:
    kept, merged = pair
    for role in (Role.CSM, Role.SALES, Role.VIEWER):
        assert sign_in(world.member(role)).get(MERGE.format(kept.pk)).status_code == 403
    assert sign_in(world.member(Role.CONTRIBUTOR)).get(MERGE.format(kept.pk)).status_code == 404
    stranger = sign_in(world.member(Role.ADMIN, "aoba"))
    assert stranger.get(f"/t/aoba/accounts/{kept.pk}/merge/").status_code == 404
    client = sign_in(world.member(Role.ADMIN))
    foreign = world.account_id("foreign")
    assert client.get(MERGE.format(kept.pk) + f"?other={foreign}").status_code == 404
    assert client.post(MERGE.format(kept.pk), {"other": str(foreign)}).status_code == 404
    assert client.post(MERGE.format(foreign), {"other": str(kept.pk)}).status_code == 404
    assert client.post(MERGE.format(kept.pk), {"other": str(kept.pk)}).status_code == 422


def test_a_merge_costs_the_same_with_ten_and_with_two_hundred_rows(world: World, pair: Any) -> None:
    costs = []
    for count in (1, 10, 200):
        one = make.account()
        for _n in range(count):
            make.row(Activity, one)
            make.row(KeyPerson, one)
        with CaptureQueriesContext(connection) as captured:
            merging_accounts.merge(pair[0], one, {})
        costs.append(len(captured))
    assert costs[1] == costs[2]


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_merge_once_and_a_note_on_the_way_is_not_lost(
    world: World, sign_in: Any
) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        kept, merged = world.account(), make.account(name="㈱東都百貨店")
        make.row(Activity, merged)
    clients = [sign_in(world.member(role)) for role in (Role.ADMIN, Role.MANAGER, Role.CSM)]
    codes: list[int] = []

    def press(client: Any) -> None:
        codes.append(client.post(MERGE.format(kept.pk), {"other": str(merged.pk)}).status_code)

    def note() -> None:
        url = f"/t/midori/accounts/{merged.pk}/notes/"
        codes.append(-clients[2].post(url, {"text": "電話した"}).status_code)

    in_threads(lambda: press(clients[0]), lambda: press(clients[1]), note)
    noted = -next(code for code in codes if code < 0)
    assert all(code in (303, 409, 404) for code in codes if code > 0), codes
    assert 303 in codes
    with tenant_scope(world.tenant()):
        assert AccountMerge.objects.count() == 1
        assert not Account.objects.filter(pk=merged.pk).exists()
        wrote = Activity.objects.filter(account=kept, title="電話した").count()
        assert wrote == (1 if noted in (200, 303) else 0), noted


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["page", "fragment", "program"])
def test_whoever_writes_in_the_very_moment_is_told_so(world: World, sign_in: Any, way: str) -> None:
    """The write finds the account there, waits for the merge that has not ended, and then has nothing to hang on."""
    with tenant_scope(world.tenant(), actor="test"):
        kept, merged = world.account(), make.account(name="㈱東都百貨店", csm=world.csm)
    client, program = sign_in(world.csm), Program(world.csm)
    is_held, answers = Event(), []

    def join() -> None:
        with tenant_scope(world.tenant(), member=world.member(Role.MANAGER)):
            merging_accounts.merge(kept, merged, {})
            is_held.set()
            sleep(1.5)

    def write() -> None:
        assert is_held.wait(10)
        if way == "program":
            answers.append(program("POST", "persons", {"account": str(merged.pk), "name": "山田 太郎"}))
            return
        headers = {"HX-Request": "true"} if way == "fragment" else {}
        url = f"/t/midori/accounts/{merged.pk}/notes/"
        answers.append(client.post(url, {"text": "電話した"}, headers=headers))

    in_threads(join, write)
    (answer,) = answers
    assert answer.status_code == 409
    said = {
        "page": lambda: answer.content.decode(),
        "fragment": lambda: json.loads(answer.headers["HX-Trigger"])["toast"]["text"],
        "program": lambda: answer.json()["detail"],
    }[way]()
    assert "保存していません" in said and "まとめられた" in said
    with tenant_scope(world.tenant()):
        assert not Activity.everything.filter(title="電話した").exists()
        assert not KeyPerson.everything.filter(name="山田 太郎").exists()
