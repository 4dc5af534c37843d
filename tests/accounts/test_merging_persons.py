"""Two records of one person: told apart by names and evidence, merged with everything, and two again."""

from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from accounts import merging_persons as merging
from accounts.models import (
    Activity,
    ActivityPerson,
    BodyMember,
    KeyPerson,
    PersonMerge,
    PersonRole,
    PersonTie,
)
from success_plans.models import ActionItem
from tenants.owned import TenantOwned
from tenants.scope import tenant_scope
from tests import make
from tests.fingerprint import fingerprint
from tests.world import World


def one(**fields: Any) -> KeyPerson:
    return KeyPerson(tenant_id=UUID(int=1), **{"name": "大庭 正樹", **fields})


@pytest.mark.parametrize(
    ("first", "second", "evidence"),
    [
        ({}, {"name": "大庭　正樹"}, ["氏名"]),
        ({}, {"name": "大庭正樹", "email": "a@example.com"}, ["氏名"]),
        ({"phone": "03-1234-5678"}, {"phone": "+81 3 1234 5678"}, ["氏名", "電話"]),
        ({"kana": "オオバ マサキ"}, {"kana": "おおばまさき", "name": "大場 正樹", "phone": ""}, None),
        (
            {"kana": "オオバ マサキ", "phone": "0312345678"},
            {"kana": "ｵｵﾊﾞ ﾏｻｷ", "name": "大場 正樹", "phone": "03(1234)5678"},
            ["よみ", "電話"],
        ),
        ({"email": "info@example.com"}, {"email": "INFO@example.com", "name": "若槻 智子"}, None),
        ({"phone": "0312345678"}, {"phone": "0312345678", "name": "若槻 智子"}, None),
        ({"name": "佐藤 学"}, {"name": "佐藤 学", "email": "x@y.example", "department": "本部"}, ["氏名"]),
    ],
)
def test_names_make_a_pair_and_an_address_alone_never_does(first: Any, second: Any, evidence: Any) -> None:
    pair = merging.pair_of(one(**first), one(**second))
    assert (pair and [str(word) for word in pair.evidence]) == evidence


@given(st.emails(), st.text(min_size=1, max_size=10), st.text(min_size=1, max_size=10))
def test_whatever_the_names_an_address_alone_is_no_pair(email: str, name: str, other: str) -> None:
    pair = merging.pair_of(one(name=name, email=email), one(name=other, email=email))
    assert (pair is not None) == (bool(merging.plain(name)) and merging.plain(name) == merging.plain(other))


@pytest.fixture
def people(world: World) -> dict[str, Any]:
    """鈴木さん entered 大庭さん twice; both were met, and each has something that the other lacks."""
    with tenant_scope(world.tenant(), member=world.csm):
        account = world.account()
        boss = make.row(KeyPerson, account, name="磯部 健一")
        kept = make.row(KeyPerson, account, name="大庭 正樹", title="本部長", reports_to=boss)
        merged = make.row(
            KeyPerson, account, name="大庭　正樹", title="部長", email="oba@example.com", external_id="P-9"
        )
        below = make.row(KeyPerson, account, name="若槻 智子", reports_to=merged)
        body = make.row(KeyPerson, account, name="経営会議", is_body=True)
        both, only = (make.row(Activity, account) for _n in range(2))
        for activity, person in ((both, kept), (both, merged), (only, merged)):
            ActivityPerson.objects.create(activity=activity, person=person)
        make.row(PersonRole, account, person=merged, kind="economic_buyer")
        make.row(PersonTie, account, person=merged, to=kept, kind="support")
        make.row(PersonTie, account, person=below, to=merged, kind="support")
        for person in (kept, merged):
            make.row(BodyMember, account, body=body, person=person)
        make.row(ActionItem, account, customer_assignee=merged, assignee=None)
    return {"kept": kept, "merged": merged, "below": below, "boss": boss}


def names_it(person: KeyPerson) -> int:
    return sum(n for _label, n in merging.named(person))


def test_everything_that_named_the_one_names_the_other(world: World, people: dict[str, Any]) -> None:
    kept, merged = people["kept"], people["merged"]
    with tenant_scope(world.tenant(), member=world.csm):
        merging.merge(kept, merged, {"title": "merged"})
        kept.refresh_from_db()
        assert (kept.title, kept.email, kept.external_id) == ("部長", "oba@example.com", "P-9")
        assert kept.reports_to_id == people["boss"].pk
        assert not KeyPerson.objects.filter(pk=merged.pk).exists()
        assert ActivityPerson.objects.filter(person=kept).count() == 2
        assert PersonRole.objects.get().person_id == kept.pk
        assert ActionItem.objects.get().customer_assignee_id == kept.pk
        assert [seat.person_id for seat in BodyMember.objects.all()] == [kept.pk]
        assert [(tie.person_id, tie.to_id) for tie in PersonTie.objects.all()] == [
            (people["below"].pk, kept.pk)
        ]
        people["below"].refresh_from_db()
        assert people["below"].reports_to_id == kept.pk
        live = [label for label, _n in merging.named(merged) if label not in ("力関係の線", "会議体への出席")]
        assert live == [], "only what lies in the bin still names it"


def test_taken_back_every_row_is_as_it_was(world: World, people: dict[str, Any]) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        before = standing()
        made = merging.merge(people["kept"], people["merged"], {"title": "merged", "name": "merged"})
        assert standing() != before
        merging.take_back(PersonMerge.objects.get(pk=made.pk))
        assert standing() == before


def standing() -> dict[str, list[Any]]:
    """Every row of every tenant table but for its counters and the ids of rows that were made anew."""
    apart = {"version", "updated_at", "created_at", "grams"}
    found = {}
    for model in apps.get_models():
        if issubclass(model, TenantOwned):
            names = [f.attname for f in model._meta.local_fields if f.name not in apart]
            if model is ActivityPerson:
                names.remove("id")
            rows = merging.everything(model).values_list(*names)
            found[model._meta.label] = sorted(map(str, rows))
    return found


def test_what_somebody_wrote_since_then_stays(world: World, people: dict[str, Any]) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        made = merging.merge(people["kept"], people["merged"], {"title": "merged"})
        KeyPerson.objects.filter(pk=people["kept"].pk).update(title="専務")
        merging.take_back(made)
        people["kept"].refresh_from_db()
        people["merged"].refresh_from_db()
        assert (people["kept"].title, people["kept"].email) == ("専務", "")
        assert (people["merged"].deleted_at, people["merged"].external_id) == (None, "P-9")


def test_a_circle_that_would_arise_is_opened(world: World, people: dict[str, Any]) -> None:
    """大庭 reports to 若槻, who reports to the other record of 大庭."""
    with tenant_scope(world.tenant(), member=world.csm):
        kept, below = people["kept"], people["below"]
        KeyPerson.objects.filter(pk=kept.pk).update(reports_to=below)
        kept.refresh_from_db()
        before = standing()
        made = merging.merge(kept, people["merged"], {})
        kept.refresh_from_db()
        below.refresh_from_db()
        assert (kept.reports_to_id, below.reports_to_id) == (None, kept.pk)
        merging.take_back(made)
        assert standing() == before


def test_the_look_and_the_way_back_through_the_page(
    world: World, people: dict[str, Any], sign_in: Any
) -> None:
    client, kept, merged = sign_in(world.csm), people["kept"], people["merged"]
    listed = client.get(f"/t/midori/accounts/{world.account_id()}/duplicates/").content.decode()
    assert "氏名" in listed.split('id="pairs"')[1]
    with tenant_scope(world.tenant()):
        before = fingerprint("midori")
    look = client.get(f"/t/midori/persons/{kept.pk}/merge/?other={merged.pk}").content.decode()
    assert all(words in look for words in ("本部長", "部長", "出席した記録", "2件"))
    with tenant_scope(world.tenant()):
        assert fingerprint("midori") == before, "a look writes nothing"
    answer = client.post(f"/t/midori/persons/{kept.pk}/merge/", {"other": str(merged.pk), "title": "merged"})
    assert answer.status_code == 303
    with tenant_scope(world.tenant()):
        made = PersonMerge.objects.get()
    assert client.post(f"/t/midori/merges/{made.pk}/undo/").status_code == 303
    assert client.get(f"/t/midori/persons/{merged.pk}/").status_code == 200


def test_who_does_not_fit_is_refused(world: World, people: dict[str, Any], sign_in: Any) -> None:
    client, kept = sign_in(world.csm), people["kept"]
    with tenant_scope(world.tenant(), member=world.csm):
        stranger = make.row(KeyPerson, world.account("other"))
        body = KeyPerson.objects.get(is_body=True)
    post = f"/t/midori/persons/{kept.pk}/merge/"
    assert client.post(post, {"other": str(stranger.pk)}).status_code == 404
    for other, words in ((kept, "同じ人どうしは"), (body, "人と会議体は")):
        answer = client.post(post, {"other": str(other.pk)})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
