"""The bin of the whole company: what was deleted in 30 days, by whom, and the way back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Contract, KeyPerson
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

BIN = "/t/midori/settings/bin/"


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def deleted(world: World, name: str, which: str = "mine", days_ago: int = 0) -> KeyPerson:
    with tenant_scope(world.tenant(), member=world.csm):
        person = make.row(KeyPerson, world.account(which), name=name)
        person.put_in_bin()
        past = timezone.now() - timedelta(days=days_ago)
        KeyPerson.everything.filter(pk=person.pk).update(deleted_at=past)
    return person


def test_an_empty_bin_says_what_would_be_here(client: Client) -> None:
    assert "ごみ箱は空です" in client.get(BIN).content.decode()


def test_what_was_deleted_stands_there_with_its_days_and_by_whom(client: Client, world: World) -> None:
    deleted(world, "大庭 正樹", days_ago=28)
    deleted(world, "遠い昔", days_ago=31)
    text = client.get(BIN).content.decode()
    assert "大庭 正樹" in text
    assert "鈴木" in text
    assert "あと2日" in text
    assert "遠い昔" not in text


def test_restoring_from_the_page_comes_back_to_it(client: Client, world: World) -> None:
    person = deleted(world, "大庭 正樹")
    path = f"/t/midori/restore/person/{person.pk}/"
    answer = client.post(path, HTTP_REFERER=f"http://testserver{BIN}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"http://testserver{BIN}")
    assert "ごみ箱は空です" in client.get(BIN).content.decode()
    assert client.post(path).status_code == 404


def test_a_foreign_page_is_never_where_one_goes_back_to(client: Client, world: World) -> None:
    person = deleted(world, "大庭 正樹")
    answer = client.post(f"/t/midori/restore/person/{person.pk}/", HTTP_REFERER="https://evil.example/")
    assert answer.headers["Location"] == BIN


def test_rows_of_accounts_one_may_not_change_have_no_button(client: Client, world: World) -> None:
    person = deleted(world, "よその人", which="other")
    text = client.get(BIN).content.decode()
    assert "よその人" in text
    assert f"restore/person/{person.pk}" not in text


def test_contributors_do_not_read_the_bin(world: World, sign_in: Any) -> None:
    assert sign_in(world.member(Role.CONTRIBUTOR)).get(BIN).status_code == 403


def test_pages_and_their_number_of_questions(client: Client, world: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(BIN)
        return len(caught)

    deleted(world, "ひとり目")
    statements()
    few = statements()
    for n in range(55):
        deleted(world, f"人{n:02}")
    with tenant_scope(world.tenant(), member=world.csm):
        make.row(Contract, world.account(), name="古い契約").put_in_bin()
    assert statements() == few
    first = client.get(BIN).content.decode()
    more = first.split('href="?after=')[1].split('"')[0]
    second = client.get(f"{BIN}?after={more}").content.decode()
    assert first.count("/restore/") == 50
    assert second.count("/restore/") == 7
