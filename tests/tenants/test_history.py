"""History is written by the statement: as many rows as changed, in one go, none for what stayed."""

import pytest
from django.db import connection

from accounts.models import Account, Fact
from tenants.scope import tenant_scope
from tests.world import World


@pytest.fixture
def scope(world: World):
    with tenant_scope(world.tenant(), actor="job:test"):
        yield


def labels(name: str) -> list[tuple[str, str, str]]:
    events = Account.pgh_event_model.objects.filter(name__startswith=name).order_by("pgh_id")
    return list(events.values_list("pgh_label", "name", "pgh_actor"))


def test_one_insert_of_many_rows_is_kept_row_by_row(scope: None) -> None:
    Account.objects.bulk_create(Account(name=f"歴史{n}") for n in range(3))
    assert labels("歴史") == [("insert", f"歴史{n}", "job:test") for n in range(3)]


def test_one_update_keeps_only_the_rows_that_changed(scope: None) -> None:
    Account.objects.bulk_create(Account(name=f"歴史{n}", industry="" if n else "卸売業") for n in range(3))
    Account.objects.filter(name__startswith="歴史").update(industry="卸売業")
    assert labels("歴史")[3:] == [("update", f"歴史{n}", "job:test") for n in (1, 2)]


def test_a_deletion_keeps_what_was_there(scope: None) -> None:
    Account.objects.create(name="歴史")
    Account.objects.filter(name="歴史").delete()
    assert [label for label, _name, _actor in labels("歴史")] == ["insert", "delete"]


def test_a_narrowed_insert_keeps_only_what_the_condition_says(scope: None, world: World) -> None:
    account = Account.objects.create(name="歴史")
    common = {"account": account, "noted_at": account.created_at}
    Fact.objects.bulk_create(
        [Fact(field_key="a", origin="hand", **common), Fact(field_key="b", origin="import", **common)]
    )
    assert list(Fact.pgh_event_model.objects.filter(account=account).values_list("field_key", flat=True)) == [
        "a"
    ]


def test_an_upsert_keeps_the_new_row_and_the_changed_one(scope: None) -> None:
    old = Account.objects.create(name="歴史1", external_id="H-1")
    Account.objects.bulk_create(
        [Account(pk=old.pk, name="歴史2", external_id="H-1"), Account(name="歴史3", external_id="H-3")],
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["name"],
    )
    assert [label for label, _name, _actor in labels("歴史")] == ["insert", "insert", "update"] or [
        label for label, _name, _actor in labels("歴史")
    ] == ["insert", "update", "insert"]


def test_every_history_trigger_fires_once_per_statement(scope: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgtype & 1 FROM pg_trigger WHERE tgname ~ '^pgtrigger_(insert_insert|update_update|delete_delete)_'"
        )
        found = cursor.fetchall()
    assert len(found) > 20
    assert not [name for name, is_per_row in found if is_per_row]
