"""Who reports to whom never goes in a circle: as a pure question, through the page, and in the database itself."""

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import KeyPerson
from accounts.reporting import circle
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

IDS = [UUID(int=n) for n in range(1, 9)]
STEPS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=30)


def comes_back(bosses: dict[UUID, UUID | None]) -> bool:
    """Whether anybody is above themselves: plainly, by as many steps as there are people."""
    for start in bosses:
        at: UUID | None = start
        for _step in bosses:
            at = bosses.get(at) if at else None
            if at == start:
                return True
    return False


@given(STEPS)
def test_what_is_let_through_never_makes_a_circle_and_what_is_refused_would(steps: Any) -> None:
    bosses: dict[UUID, UUID | None] = dict.fromkeys(IDS)
    for person, chosen in steps:
        way = circle(bosses, person, chosen)
        assert bool(way) == comes_back({**bosses, person: chosen})
        if way:
            assert (way[0], way[-1]) == (person, person)
        else:
            bosses[person] = chosen
    assert not comes_back(bosses)


class TheDatabase(TestCase):
    @settings(max_examples=25)
    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=15))
    def test_keeps_it_too(self, steps: Any) -> None:
        world = World()
        with tenant_scope(world.tenant(), member=world.csm):
            people = [make.row(KeyPerson, world.account()) for _n in range(6)]
            bosses: dict[UUID, UUID | None] = {one.pk: None for one in people}
            for person, chosen in steps:
                wish = {**bosses, people[person].pk: people[chosen].pk}
                try:
                    with transaction.atomic():
                        KeyPerson.objects.filter(pk=people[person].pk).update(reports_to=people[chosen])
                except IntegrityError:
                    assert comes_back(wish)
                else:
                    bosses = wish
            stored = dict(KeyPerson.objects.filter(pk__in=bosses).values_list("pk", "reports_to_id"))
            assert stored == bosses
            assert not comes_back(stored)


def test_one_statement_cannot_close_a_circle_either(world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        one, other = (make.row(KeyPerson, world.account()) for _n in range(2))
        with pytest.raises(IntegrityError), transaction.atomic():
            KeyPerson.objects.bulk_update(
                [KeyPerson(pk=one.pk, reports_to=other), KeyPerson(pk=other.pk, reports_to=one)],
                ["reports_to"],
            )


def save(client: Any, person: KeyPerson, value: Any, key: str = "reports_to") -> Any:
    url = f"/t/midori/edit/person/{person.pk}/"
    return client.post(url, {"field": key, "value": str(value), "base": ""})


def test_the_page_says_through_whom_the_circle_would_go(world: World, sign_in: Any) -> None:
    client = sign_in(world.csm)
    with tenant_scope(world.tenant(), member=world.csm):
        names = ("大庭 正樹", "若槻 智子", "樋口 真一")
        head, middle, last = (make.row(KeyPerson, world.account(), name=name) for name in names)
    assert save(client, middle, head.pk).status_code == 200
    assert save(client, last, middle.pk).status_code == 200
    answer = save(client, head, last.pk)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("大庭 正樹 → 樋口 真一 → 若槻 智子 → 大庭 正樹 と輪になります")


def test_nobody_reports_to_themselves_or_to_another_customers_people(world: World, sign_in: Any) -> None:
    client = sign_in(world.csm)
    with tenant_scope(world.tenant(), member=world.csm):
        person = make.row(KeyPerson, world.account())
        stranger = make.row(KeyPerson, world.account("other"))
    for key, words in (("reports_to", "上司に本人は選べません"), ("successor", "後任に本人は選べません")):
        answer = save(client, person, person.pk, key)
        assert (answer.status_code, answer.json()["message"]) == (422, words)
    assert save(client, person, stranger.pk).status_code == 422
