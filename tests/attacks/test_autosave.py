"""What the network does to autosave, at the server; ``tests/browser`` does it to a real page."""

from threading import Event, Thread
from time import sleep
from typing import Any

from django.db import connection

from accounts.models import Account
from drill import autosave
from tenants.editing import Mark, editable, save_field
from tenants.scope import tenant_scope
from tests.world import World


def test_what_the_network_does_to_a_page_is_never_seen(world: World, holds: Any) -> None:
    holds(autosave.attack(world, 40))


def save_overlapping(world: World, first: tuple[str, str], then: tuple[str, str]) -> Any:
    """Two saves of one page, (text, base) each; the second has read the record before the first is committed."""
    both_read, outcome = Event(), {}

    def one(seq: int, text: str, base: str) -> None:
        with tenant_scope(world.tenant(), actor="test"):
            record = Account.objects.get(pk=world.account_id())
            if seq == 2:
                both_read.set()
            outcome[seq] = save_field(
                editable("account"), record, "industry", text, base=base, mark=Mark("page", seq)
            )
            if seq == 1:
                both_read.wait(10)
                sleep(0.3)  # the second is at its mark by now, which the first holds
        connection.close()

    threads = [Thread(target=one, args=(n, *save)) for n, save in ((1, first), (2, then))]
    for thread in threads:
        thread.start()
        sleep(0.1)
    for thread in threads:
        thread.join(20)
    with tenant_scope(world.tenant(), actor="test"):
        assert Account.objects.get(pk=world.account_id()).industry == then[0]
    return outcome[2]


def test_taking_back_what_is_still_being_saved_wins(transactional_db: Any) -> None:
    """The old text again, sent before the new one was stored: the record it reads seems to have it already."""
    save_overlapping(World(), ("百貨店", ""), ("", ""))


def test_two_answers_still_under_way_are_no_conflict_with_oneself(transactional_db: Any) -> None:
    world = World()
    with tenant_scope(world.tenant(), actor="test"):
        record = Account.objects.get(pk=world.account_id())
        save_field(editable("account"), record, "industry", "百", base="", mark=Mark("page", 0))
    said = save_overlapping(world, ("百貨", ""), ("百貨店", ""))
    assert said.value == "百貨店"
