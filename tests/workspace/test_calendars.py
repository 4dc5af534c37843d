"""Calendars that programs subscribe to, read as an independent parser reads them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Account, Activity, Contract, Occasion
from success_plans.models import ActionItem, Criterion
from tenants import membership
from tenants.models import ApiToken
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World
from workspace.calendar.entries import Entry
from workspace.calendar.file import calendar_of

PAGE = "/t/midori/settings/calendars/"
TOKYO = ZoneInfo("Asia/Tokyo")
Subscribe = Callable[..., str]


@pytest.fixture
def subscribe(world: World, sign_in: Any) -> Subscribe:
    """``subscribe(member, path)`` makes an address on a page and gives its path."""

    def make_address(member: Any = None, path: str = f"{PAGE}new/") -> str:
        made = sign_in(member or world.csm).post(path, {"name": "会社のOutlook"}).content.decode()
        return re.search(r'id="address">https?://[^/]+(/calendar/[^<]+\.ics)<', made)[1]  # type: ignore[index]

    return make_address


@pytest.fixture
def day(world: World) -> date:
    return timezone.localdate().replace(day=1)


def read(path: str, **headers: str) -> Any:
    """By somebody who is not signed in, as calendar programs are."""
    answer = Client().get(path, headers=headers)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return vobject.readOne(answer.content.decode())


def events(calendar: Any) -> dict[str, Any]:
    return {event.summary.value: event for event in getattr(calendar, "vevent_list", [])}


def test_a_meeting_stands_at_its_hour_in_the_zone_of_the_company(
    world: World, subscribe: Subscribe, day: date
) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        account = world.account()
        make.row(Activity, account, title="定例, 12月; 予算", state="planned", on=day, at=time(13, 30))
    (event,) = events(read(subscribe())).values()
    assert event.summary.value == f"定例, 12月; 予算 [{account.name}]"
    assert event.dtstart.value.astimezone(UTC) == datetime.combine(day, time(4, 30), UTC)
    assert event.dtend.value - event.dtstart.value == timedelta(hours=1)
    assert event.url.value == f"{settings.PUBLIC_URL}/t/midori/accounts/{world.account_id()}/timeline/"


def test_days_of_plans_and_contracts_are_whole_days(world: World, subscribe: Subscribe, day: date) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        account = world.account()
        make.row(Contract, account, name="Chat", renews_on=day, notice_on=day, decision="undecided")
        make.row(Criterion, account, metric="自己解決率", review_on=day)
        make.row(ActionItem, account, text="手順書を渡す", due_on=day, assignee=world.csm)
        make.row(ActionItem, account, text="ほかの人のこと", due_on=day)
        make.row(ActionItem, account, text="やめたこと", due_on=day, assignee=world.csm, state="dropped")
        name = account.name
    found = events(read(subscribe()))
    assert set(found) == {
        f"{said} [{name}]"
        for said in ("手順書を渡す", "振り返り: 自己解決率", "更新日: Chat", "通知期限: Chat")
    }
    assert {event.dtstart.value for event in found.values()} == {day}
    assert len({event.uid.value for event in found.values()}) == 4


def test_confirmed_days_of_the_customers_year_run_to_their_last_day(
    world: World, subscribe: Subscribe, day: date
) -> None:
    last = day + timedelta(days=9)
    with tenant_scope(world.tenant(), actor="test"):
        account = world.account()
        make.row(Occasion, account, title="変更凍結", state="confirmed", starts_on=day, ends_on=last)
        make.row(Occasion, account, title="まだ提案", state="proposed", starts_on=day)
        name = account.name
    (event,) = events(read(subscribe())).values()
    assert event.summary.value == f"先方: 変更凍結 [{name}]"
    assert (event.dtstart.value, event.dtend.value) == (day, last + timedelta(days=1))


def test_one_account_alone_with_what_everybody_does_there(
    world: World, subscribe: Subscribe, day: date
) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        for which in ("mine", "other"):
            account = Account.objects.get(pk=world.account_id(which))
            make.row(
                ActionItem, account, text=f"{which}のこと", due_on=day, assignee=world.member(Role.SALES)
            )
    path = f"/t/midori/accounts/{world.account_id('other')}/calendar/"
    assert set(events(read(subscribe(path=f"{path}new/")))) == {"otherのこと"}


def test_an_address_ends_when_it_is_taken_back_or_its_owner_leaves(
    world: World, subscribe: Subscribe, sign_in: Any
) -> None:
    address, other = subscribe(), subscribe(world.member(Role.VIEWER))
    page = sign_in(world.csm).get(PAGE).content.decode()
    assert "会社のOutlook" in page
    assert address.split("/")[-1].removesuffix(".ics") not in page
    token = ApiToken.objects.get(member=world.csm)
    sign_in(world.csm).post(f"{PAGE}{token.pk}/revocation/")
    assert Client().get(address).status_code == 404
    assert Client().get(other).status_code == 200
    with tenant_scope(world.tenant(), member=world.member(Role.ADMIN)):
        membership.remove(world.member(Role.VIEWER), {})
    assert Client().get(other).status_code == 404


def test_each_key_opens_its_own_door(world: World, subscribe: Subscribe) -> None:
    secret = subscribe().split("/")[-1].removesuffix(".ics")
    assert Client().get("/api/v1/accounts", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    _token, text = ApiToken.issue(world.csm, "同期")
    assert Client().get(f"/calendar/{text}.ics").status_code == 404
    assert Client().get("/calendar/masume_nothing.ics").status_code == 404


def test_what_has_not_changed_is_not_sent_again(world: World, subscribe: Subscribe, day: date) -> None:
    address = subscribe()
    tag = Client().get(address)["ETag"]
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 304
    with tenant_scope(world.tenant(), actor="test"):
        make.row(Activity, world.account(), title="定例", state="planned", on=day)
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 200


def test_nothing_of_others_is_in_it(world: World, subscribe: Subscribe, day: date) -> None:
    with tenant_scope(world.tenant("aoba"), actor="test"):
        account = Account.objects.get(pk=world.account_id("foreign"))
        make.row(Activity, account, title="よその定例", state="planned", on=day)
    assert events(read(subscribe(world.member(Role.ADMIN)))) == {}


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), min_size=1, max_size=200)
)
def test_any_title_is_read_back_as_it_was_written(title: str) -> None:
    entry = Entry("meeting-1", date(2028, 2, 29), time(9), title, "https://masume.example/", datetime(2026, 1, 1, tzinfo=UTC), 3)  # fmt: skip
    calendar = vobject.readOne(calendar_of("みどり", [entry], TOKYO).decode())
    assert calendar.vevent.summary.value == title
