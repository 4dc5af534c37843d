"""The timeline: one line is enough, a day to come is a plan, Markdown is shown and never runs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Activity, ActivityMember, ActivityPerson, KeyPerson
from accounts.signals import activity_recorded
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def heard() -> Any:
    """The activities that listeners were told of."""
    told: list[Activity] = []

    def listen(activity: Activity, **kwargs: Any) -> None:
        told.append(activity)

    activity_recorded.connect(listen)
    yield told
    activity_recorded.disconnect(listen)


def url(world: World, rest: str = "timeline/") -> str:
    return f"/t/midori/accounts/{world.account_id()}/{rest}"


def only(world: World) -> Activity:
    with tenant_scope(world.tenant()):
        return Activity.objects.get()


def day(offset: int) -> str:
    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def test_one_line_is_a_note_of_today_by_whoever_wrote_it(client: Client, world: World, heard: Any) -> None:
    answer = client.post(url(world, "notes/"), {"text": "若槻さんと電話"}, **HTMX)
    assert answer.status_code == 204
    assert "restore" not in answer.headers["HX-Trigger"]
    assert "delete/activity" in answer.headers["HX-Trigger"]
    note = only(world)
    assert (note.title, note.body, note.state, note.kind) == ("若槻さんと電話", "", "held", "update")
    assert note.written_by_id == world.csm.pk
    assert heard == [note]


def test_the_same_note_sent_twice_is_kept_once(client: Client, world: World) -> None:
    form = {"text": "電話", "idempotency_key": "n1"}
    client.post(url(world, "notes/"), form)
    client.post(url(world, "notes/"), form)
    only(world)


def test_an_empty_note_says_what_is_missing(client: Client, world: World) -> None:
    answer = client.post(url(world, "notes/"), {"text": "  ", "then": "timeline"}, **HTMX)
    assert answer.status_code == 422
    assert "ひとことでも書いてから" in answer.content.decode()


def test_a_day_to_come_is_a_plan_until_somebody_says_it_was_held(
    client: Client, world: World, heard: Any
) -> None:
    client.post(url(world, "notes/"), {"text": "レビュー", "kind": "review", "on": day(9), "at": "13:30"})
    planned = only(world)
    assert (planned.state, f"{planned.at:%H:%M}", heard) == ("planned", "13:30", [])
    assert "これから" in client.get(url(world)).content.decode()
    client.post(f"/t/midori/activities/{planned.pk}/settle/", {"state": "held"}, **HTMX)
    assert only(world).state == "held"
    assert len(heard) == 1


def test_a_held_meeting_moved_to_a_day_to_come_is_planned_again(client: Client, world: World) -> None:
    client.post(url(world, "notes/"), {"text": "打ち合わせ", "on": day(-1)})
    note = only(world)
    edit = {"field": "on", "value": day(3), "base": day(-1)}
    client.post(f"/t/midori/edit/activity/{note.pk}/", edit)
    assert only(world).state == "planned"


def test_both_sides_take_part_but_nobody_of_another_account(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        ours, theirs = make.row(KeyPerson, world.account()), make.row(KeyPerson, world.account("other"))
    people = {"persons": [str(ours.pk), str(theirs.pk)], "members": [str(world.csm.pk)]}
    client.post(url(world, "notes/"), {"text": "打ち合わせ", **people})
    with tenant_scope(world.tenant()):
        assert [row.person_id for row in ActivityPerson.objects.all()] == [ours.pk]
        assert [row.member_id for row in ActivityMember.objects.all()] == [world.csm.pk]
    client.post(f"/t/midori/activities/{only(world).pk}/people/", {"members": [str(world.csm.pk)]}, **HTMX)
    with tenant_scope(world.tenant()):
        assert not ActivityPerson.objects.exists()


def test_markdown_is_shown_and_nothing_in_it_runs(client: Client, world: World) -> None:
    body = "見出し\n**太字** <script>alert(1)</script>\n\n[罠](javascript:alert(1)) <b hx-get='/x' style='x' id='y'>b</b>"
    client.post(url(world, "notes/"), {"text": body})
    feed = client.get(url(world)).content.decode().split('id="feed"')[1]
    assert "<strong>太字</strong>" in feed
    assert "<script>alert" not in feed
    assert 'href="javascript' not in feed
    assert "<b hx-get" not in feed


def test_a_long_first_line_stays_whole(client: Client, world: World) -> None:
    client.post(url(world, "notes/"), {"text": "あ" * 150})
    note = only(world)
    assert len(note.title) == 100
    assert note.body == "あ" * 150


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"on": "昨日"}, "日付は"),
        ({"at": "お昼"}, "時刻は"),
        ({"text": "a\x00b"}, "NUL"),
        ({"text": "あ" * 20_001}, "20,000"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    client: Client, world: World, typed: dict[str, str], message: str
) -> None:
    answer = client.post(url(world, "notes/"), {"text": "電話", "then": "quick", **typed}, **HTMX)
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_the_kinds_filter_and_pages_follow_each_other(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        for n in range(35):
            make.row(
                Activity,
                world.account(),
                title=f"記録{n:02}",
                kind="call",
                state="held",
                written_by=world.csm,
            )
        make.row(Activity, world.account(), title="手紙", kind="mail", state="held", written_by=world.csm)
    calls = client.get(url(world), {"kind": "call"}).content.decode()
    assert "手紙" not in calls
    assert calls.count('class="ev-i"') == 30
    following = calls.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(url(world) + following).content.decode().count('class="ev-i"') == 5


def test_the_timeline_asks_the_same_number_of_questions_however_long_it_is(
    client: Client, world: World
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(url(world))
        return len(caught)

    add(world, 2)
    statements()
    few = statements()
    add(world, 8)
    assert statements() == few


def add(world: World, number: int) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        for _n in range(number):
            activity = make.row(Activity, world.account(), state="held", written_by=world.csm)
            ActivityMember.objects.create(activity=activity, member=world.csm)
            ActivityPerson.objects.create(activity=activity, person=make.row(KeyPerson, world.account()))
