"""The customer's year as its page shows it: proposals of the closing, what was confirmed, what has to be looked at again."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from accounts import occasions
from accounts.models import Account, Occasion, OccasionType
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import TODAY, World

PAGE = "accounts/{}/occasions/"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with patch("django.utils.timezone.localdate", return_value=TODAY):
        yield


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def url(world: World, rest: str = "", which: str = "mine") -> str:
    return f"/t/midori/{PAGE.format(world.account_id(which))}{rest}"


def answer(client: Client, world: World, key: str = "draft", **form: str) -> Any:
    given = {
        "year": "2026",
        "key": key,
        "starts_on": "2026-11-27",
        "source": "若槻さん",
        "as_of": "2026-11-17",
    }
    return client.post(url(world, "answer/"), {**given, **form})


def stored(world: World) -> list[Occasion]:
    with tenant_scope(world.tenant()):
        return list(Occasion.objects.order_by("starts_on"))


def close_in(world: World, month: int | None, day: int | None = None) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        Account.objects.filter(pk=world.account_id()).update(fiscal_month=month, fiscal_day=day)


def test_the_closing_proposes_and_nothing_is_stored(client: Client, world: World) -> None:
    text = client.get(url(world)).content.decode()
    for said in ("部門案の締め", "2026/11/30", "株主総会", "2026/11/01–2027/01/31", "2027年度"):
        assert said in text
    assert stored(world) == []


def test_without_a_closing_month_nothing_is_guessed(client: Client, world: World) -> None:
    close_in(world, None)
    text = client.get(url(world)).content.decode()
    assert "決算月が分かると" in text
    assert "部門案の締め" not in text.split("list-occasion")[0]


def test_a_person_confirms_a_proposal_with_its_day_and_source(client: Client, world: World) -> None:
    assert answer(client, world).status_code == 303
    (row,) = stored(world)
    assert (row.kind, row.state, row.starts_on, row.ends_on) == (
        "draft",
        "confirmed",
        date(2026, 11, 27),
        None,
    )
    assert (row.source, row.as_of, row.based_on, row.fiscal_year) == (
        "若槻さん",
        date(2026, 11, 17),
        "3",
        2026,
    )
    assert "proposal-2026-draft" not in client.get(url(world)).content.decode()


def test_what_does_not_happen_here_is_proposed_no_more_until_it_is_taken_back(
    client: Client, world: World
) -> None:
    answer(client, world, "meeting", absent="1")
    (row,) = stored(world)
    assert (row.state, row.starts_on) == ("absent", date(2026, 6, 29))
    assert "proposal-2026-meeting" not in client.get(url(world)).content.decode()
    assert client.post(f"/t/midori/delete/occasion/{row.pk}/").status_code < 400
    assert "proposal-2026-meeting" in client.get(url(world)).content.decode()


def test_an_answer_given_twice_is_one_row(client: Client, world: World) -> None:
    answer(client, world)
    assert answer(client, world).status_code == 422
    assert len(stored(world)) == 1


def test_days_in_the_wrong_order_are_refused_where_they_were_typed(client: Client, world: World) -> None:
    refused = answer(client, world, "budget", starts_on="2026-11-01", ends_on="2026-10-01")
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "いつまでは、いつからより後にしてください" in text
    assert 'value="2026-10-01"' in text


@pytest.mark.parametrize("form", [{"key": "nothing"}, {"year": "1"}, {"year": "²026"}, {"year": "9999"}])
def test_a_proposal_that_nobody_makes_is_not_there(
    client: Client, world: World, form: dict[str, str]
) -> None:
    assert answer(client, world, **{"key": "draft", **form}).status_code == 404


def test_another_closing_month_recalculates_proposals_and_flags_what_was_confirmed(
    client: Client, world: World
) -> None:
    answer(client, world)
    edit = f"/t/midori/edit/account/{world.account_id()}/"
    client.post(edit, {"field": "fiscal_month", "value": "12", "base": "3"})
    text = client.get(url(world)).content.decode()
    assert "決算月が変わりました" in text
    assert "2026/08/31に変える" in text, "the draft of a December year"
    assert "2026/08/01–2026/10/31" in text, "the unconfirmed season moved by itself"
    (row,) = stored(world)
    assert row.starts_on == date(2026, 11, 27), "what a person confirmed is not moved unasked"


@pytest.mark.parametrize(("form", "day"), [({"take": "1"}, date(2026, 8, 31)), ({}, date(2026, 11, 27))])
def test_a_flagged_one_is_moved_or_kept(
    client: Client, world: World, form: dict[str, str], day: date
) -> None:
    answer(client, world)
    close_in(world, 12)
    (row,) = stored(world)
    assert client.post(f"/t/midori/occasions/{row.pk}/check/", form).status_code == 303
    (row,) = stored(world)
    assert (row.starts_on, row.based_on) == (day, "12")
    assert "決算月が変わりました" not in client.get(url(world)).content.decode()


def test_saying_the_day_anew_is_looking_at_it(client: Client, world: World) -> None:
    answer(client, world)
    close_in(world, 3, 20)
    (row,) = stored(world)
    form = {"field": "period", "value": "2026-11-20/", "base": "2026-11-27/"}
    saved = client.post(f"/t/midori/edit/occasion/{row.pk}/", form)
    assert saved.json()["display"] == "2026/11/20"
    assert stored(world)[0].based_on == "3/20"


def test_a_period_is_one_value_that_two_people_cannot_both_move(client: Client, world: World) -> None:
    answer(client, world, "budget", starts_on="2026-11-01", ends_on="2027-01-31")
    (row,) = stored(world)
    edit = f"/t/midori/edit/occasion/{row.pk}/"
    moved = {"field": "period", "value": "2026-11-08/2027-02-07", "base": "2026-11-01/2027-01-31"}
    assert client.post(edit, moved).status_code == 200
    late = client.post(edit, {**moved, "value": "2026-12-01/2027-01-31"})
    assert late.status_code == 409
    assert late.json()["theirs"] == "2026-11-08/2027-02-07"
    (row,) = stored(world)
    assert (row.starts_on, row.ends_on) == (date(2026, 11, 8), date(2027, 2, 7))
    for wrong in ("/2027-01-31", "2027-02-08/2027-02-07", "2026-11-08", "a/b", "2026-11-08/2027-02-07/"):
        assert client.post(edit, {**moved, "value": wrong}).status_code == 422


def test_a_tenant_has_kinds_of_its_own(client: Client, world: World, sign_in: Any) -> None:
    admin = sign_in(world.member(Role.ADMIN))
    assert admin.post("/t/midori/settings/occasion-types/new/", {"name": "棚卸し"}).status_code == 303
    with tenant_scope(world.tenant()):
        own = OccasionType.objects.get()
    form = {"kind": "busy", "own_type": str(own.pk), "starts_on": "2026-12-01", "state": "confirmed"}
    assert client.post(url(world, "occasion/"), form).status_code == 303
    with tenant_scope(world.tenant()):
        assert str(Occasion.objects.select_related("own_type").get()) == "棚卸し"


def test_whoever_may_not_edit_sees_no_forms(world: World, sign_in: Any) -> None:
    viewer = sign_in(world.member(Role.VIEWER))
    text = viewer.get(url(world)).content.decode()
    assert "部門案の締め" in text
    assert "確認済にする" not in text
    assert answer(viewer, world).status_code == 403
    assert viewer.get(f"/t/midori/{PAGE.format(world.account_id('foreign'))}").status_code == 404


def test_confirmed_days_of_the_budget_are_known_by_the_year_that_makes_it(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        account = world.account()
        told = {"account": account, "state": "confirmed"}
        Occasion.objects.create(kind="draft", starts_on=date(2026, 11, 27), **told)
        Occasion.objects.create(kind="final", starts_on=date(2027, 2, 10), **told)
        Occasion.objects.create(kind="final", starts_on=date(2026, 2, 12), **{**told, "state": "proposed"})
        found = occasions.calendar(account, date(2026, 4, 1), date(2027, 3, 31))
    assert {year: (one.draft_on, one.closes_on) for year, one in found.known.items()} == {
        2026: (date(2026, 11, 27), date(2027, 2, 10))
    }
