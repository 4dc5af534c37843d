"""Key persons: placeholders for the two roles every account needs, dated roles, the bin."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Activity, ActivityMember, ActivityPerson, BusinessUnit, KeyPerson, PersonRole
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def person(world: World) -> KeyPerson:
    with tenant_scope(world.tenant(), member=world.csm):
        return KeyPerson.objects.create(account=world.account(), name="大庭 正樹", department="本部")


def url(world: World, rest: str = "") -> str:
    return f"/t/midori/accounts/{world.account_id()}/{rest}"


def test_an_empty_account_asks_who_decides(client: Client, world: World) -> None:
    text = client.get(url(world, "persons/")).content.decode()
    assert "来期の予算を、最後に決めるのはどなたですか" in text
    assert "まだ誰もいません" in text


def test_a_new_person_gets_the_role_that_was_chosen(client: Client, world: World) -> None:
    form = {"name": "若槻 智子", "title": "部長", "kind": "champion", "idempotency_key": "p1"}
    assert client.post(url(world, "persons/new/"), form).status_code == 303
    assert client.post(url(world, "persons/new/"), form).status_code == 303
    with tenant_scope(world.tenant()):
        (role,) = PersonRole.objects.select_related("person")
    assert (role.person.name, role.kind) == ("若槻 智子", "champion")
    assert "若槻さん" in client.get(url(world, "persons/")).content.decode()


def test_a_person_without_a_name_is_not_kept(client: Client, world: World) -> None:
    answer = client.post(url(world, "persons/new/"), {"name": " ", "title": "部長"})
    assert answer.status_code == 422
    assert "空にできません" in answer.content.decode()
    with tenant_scope(world.tenant()):
        assert not KeyPerson.objects.exists()


def test_a_body_can_decide(client: Client, world: World) -> None:
    client.post(url(world, "persons/new/"), {"name": "経営会議", "is_body": "yes", "kind": "economic_buyer"})
    text = client.get(url(world, "persons/")).content.decode()
    assert "会議体" in text
    assert "最後に決めるのはどなたですか" not in text


def test_a_role_begins_today_and_ends_today(client: Client, world: World, person: KeyPerson) -> None:
    client.post(url(world, "roles/"), {"person": str(person.pk), "kind": "economic_buyer"})
    with tenant_scope(world.tenant()):
        (role,) = PersonRole.objects.all()
    assert role.starts_on is not None
    client.post(f"/t/midori/roles/{role.pk}/end/")
    with tenant_scope(world.tenant()):
        role.refresh_from_db()
    assert role.ends_on == role.starts_on


def test_a_person_of_another_account_gets_no_role_here(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        stranger = make.row(KeyPerson, world.account("other"))
    answer = client.post(url(world, "roles/"), {"person": str(stranger.pk), "kind": "champion"})
    assert answer.status_code == 404


def test_who_was_transferred_holds_no_role_any_more(client: Client, world: World, person: KeyPerson) -> None:
    client.post(url(world, "roles/"), {"person": str(person.pk), "kind": "economic_buyer"})
    client.post(
        f"/t/midori/edit/person/{person.pk}/", {"field": "state", "value": "transferred", "base": "active"}
    )
    with tenant_scope(world.tenant()):
        person.refresh_from_db()
    assert person.state_since is not None
    text = client.get(url(world, "persons/")).content.decode()
    assert "最後に決めるのはどなたですか" in text
    assert "異動" in text


def test_a_person_belongs_to_a_unit_of_their_own_account(
    client: Client, world: World, person: KeyPerson
) -> None:
    path, edit = f"/t/midori/persons/{person.pk}/", f"/t/midori/edit/person/{person.pk}/"
    assert "組織図のどの部門ですか" not in client.get(path).content.decode()
    with tenant_scope(world.tenant(), actor="test"):
        here = BusinessUnit.objects.create(account=world.account(), name="仙台センター")
        there = BusinessUnit.objects.create(account=world.account("other"), name="よその部門")
    assert "組織図のどの部門ですか" in client.get(path).content.decode()
    assert client.post(edit, {"field": "unit", "value": f"{there.pk}", "base": ""}).status_code == 422
    assert client.post(edit, {"field": "unit", "value": f"{here.pk}", "base": ""}).status_code == 200
    assert "仙台センター" in client.get(path).content.decode()
    client.post(f"/t/midori/delete/unit/{here.pk}/")
    assert "削除されたもの" in client.get(path).content.decode()


def test_a_deleted_person_comes_back(client: Client, world: World, person: KeyPerson) -> None:
    answer = client.post(f"/t/midori/delete/person/{person.pk}/", **HTMX, HTTP_HX_TARGET="person-1")
    assert answer.status_code == 200
    assert "restore/person" in answer.headers["HX-Trigger"]
    assert client.get(f"/t/midori/persons/{person.pk}/").status_code == 404
    assert client.post(f"/t/midori/restore/person/{person.pk}/", **HTMX).headers["HX-Refresh"] == "true"
    assert client.get(f"/t/midori/persons/{person.pk}/").status_code == 200


def test_the_list_asks_the_same_number_of_questions_however_many_people_there_are(
    client: Client, world: World, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(url(world, "persons/"))
        return len(caught)

    add(world, 2)
    statements()
    few = statements()
    add(world, 6)
    assert statements() == few


def add(world: World, number: int) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        account = world.account()
        activity = make.row(Activity, account, on=date(2026, 11, 1))
        for _n in range(number):
            person = make.row(KeyPerson, account, contact=world.csm)
            make.row(PersonRole, account, person=person, ends_on=None)
            ActivityPerson.objects.create(activity=activity, person=person)


def test_a_role_that_begins_later_does_not_end_before(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        role = make.row(PersonRole, world.account(), starts_on=timezone.localdate() + timedelta(days=30))
    client = sign_in(world.csm)
    client.raise_request_exception = False
    answer = client.post(f"/t/midori/roles/{role.pk}/end/")
    assert answer.status_code < 500
    with tenant_scope(world.tenant(), actor="test"):
        role.refresh_from_db()
        assert role.ends_on is None


def test_what_somebody_said_stands_with_its_day_and_who_heard_it(
    client: Client, world: World, person: KeyPerson
) -> None:
    form = {"on": "2026-11-01", "text": "応答率が先", "heard_by": str(world.csm.pk), "source": "EBR"}
    assert client.post(f"/t/midori/persons/{person.pk}/opinions/", form).status_code == 303
    text = client.get(f"/t/midori/persons/{person.pk}/").content.decode()
    assert all(word in text for word in ("応答率が先", "2026/11/01", "EBR"))
    answer = client.post(f"/t/midori/persons/{person.pk}/opinions/", {**form, "text": "あ" * 501})
    assert answer.status_code == 422
    assert "500文字まで" in answer.content.decode()


def test_a_body_has_members_and_a_day(client: Client, world: World, person: KeyPerson) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        body = make.row(KeyPerson, world.account(), name="経営会議", is_body=True)
    form = {"person": str(person.pk), "seat": "議長"}
    assert client.post(f"/t/midori/persons/{body.pk}/seats/", form).status_code == 303
    assert "議長" in client.get(f"/t/midori/persons/{body.pk}/").content.decode()
    assert "経営会議" in client.get(f"/t/midori/persons/{person.pk}/").content.decode()
    again = client.post(f"/t/midori/persons/{body.pk}/seats/", form)
    assert again.status_code == 422
    assert "もうこの会議体の出席者です" in again.content.decode()
    assert client.post(f"/t/midori/persons/{person.pk}/seats/", form).status_code == 404


def test_who_of_ours_met_them_last_is_told_by_the_activities(
    client: Client, world: World, person: KeyPerson
) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        make.row(PersonRole, world.account(), person=person, kind="champion", starts_on=None)
        for day, member in ((1, world.csm), (20, world.member("sales"))):
            met = make.row(Activity, world.account(), on=date(2026, 10, day), state="held")
            ActivityPerson.objects.create(activity=met, person=person)
            ActivityMember.objects.create(activity=met, member=member)
        name = world.member("sales").name
    assert f"最後に会ったのは{name}" in client.get(url(world, "persons/")).content.decode()
