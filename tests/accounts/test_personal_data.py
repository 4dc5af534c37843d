"""One person, erased or handed over: nothing of them is left, and history still says who did what, when."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from accounts import personal_data
from accounts.mentions import mentions_of
from accounts.models import Activity, ActivityPerson, KeyPerson, PersonRole
from tenants import erasing
from tenants.history import append_only
from tenants.models import EditorMark, Erasure, IdempotencyKey, OutboxMail, User
from tenants.owned import TenantOwned
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.attacks import poison
from tests.world import World

CANARY = "禽糸雀乃"  # in no other word of the project


@pytest.fixture
def person(world: World) -> KeyPerson:
    with tenant_scope(world.tenant(), member=world.csm):
        person = KeyPerson.objects.create(
            account=world.account(), name=f"{CANARY} 正樹", kana="ありえない まさき", email="kanaria@aoba.example",
            department=f"{CANARY}室", title="部長", phone="03-9999-0000", note=f"{CANARY}は慎重", external_id=f"X-{CANARY}",
        )  # fmt: skip
        PersonRole.objects.create(account=person.account, person=person, kind="champion")
        KeyPerson.objects.filter(pk=person.pk).update(title="本部長", note=f"{CANARY}は乗り気")
        note = make.row(
            Activity, person.account, title=f"{CANARY}さんと電話", body=f"{CANARY}正樹さんに説明した"
        )
        ActivityPerson.objects.create(activity=note, person=person)
        OutboxMail.queue(
            "morning", "1", to="a@example.com", subject=f"{CANARY}さん", body=f"{CANARY} 正樹さん"
        )
        IdempotencyKey.objects.create(
            member=world.csm, key="k", body_hash="h", status=200, body=f"<p>{CANARY} 正樹"
        )
        EditorMark.objects.create(editor="e", record=person.pk, field="note", seq=1, value=CANARY)
    return person


def url(person: KeyPerson, rest: str = "") -> str:
    return f"/t/midori/persons/{person.pk}/data/{rest}"


def holding(word: str) -> list[str]:
    """Every table of the database in which ``word`` stands, whatever the column, as PostgreSQL writes a dump."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE strpos(t::text, %s) > 0', [word])
            if cursor.fetchone() != (0,):
                found.append(table)
    return found


def test_everything_of_a_person_goes_and_the_trail_stays(
    world: World, person: KeyPerson, sign_in: Any
) -> None:
    admin, other = sign_in(world.member(Role.ADMIN)), world.tenant("aoba")
    with tenant_scope(world.tenant(), member=world.csm):
        note = Activity.objects.get(title__contains=CANARY)
        before = list(
            KeyPerson.events.rel.related_model.objects.filter(pgh_obj=person)
            .order_by("pgh_id")
            .values_list("pgh_id", "pgh_actor")
        )
        assert len(holding(CANARY)) >= 7
    assert admin.post(url(person), {"name": "別の人", "also": [note.pk]}).status_code == 422
    answer = admin.post(url(person), {"name": person.name, "also": [note.pk]})
    assert answer.status_code == 303
    with tenant_scope(world.tenant(), member=world.csm):
        assert holding(CANARY) == []
        assert holding("kanaria") == []
        note.refresh_from_db()
        assert (note.title, note.body) == ("消去済みさんと電話", "消去済みさんに説明した")
        events = KeyPerson.events.rel.related_model.objects.filter(pgh_obj=person).order_by("pgh_id")
        assert [(e.pgh_id, e.pgh_actor) for e in events][: len(before)] == before
        assert {e.name for e in events} == {"消去済み"}
        trace = Erasure.objects.get(subject=person.pk)
        assert trace.actor == f"member:{world.member(Role.ADMIN).pk}" and trace.request
        assert trace.counts["accounts_keypersonevent"] >= 2
        assert not PersonRole.everything.filter(person=person.pk).exists()
    with tenant_scope(other, actor="test"):
        assert not Erasure.objects.exists()


def test_no_column_of_any_table_keeps_the_name(
    world: World, person: KeyPerson, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name in every text and every JSON of the tenant, whatever the room; a room of tomorrow is asked too."""
    tenant = world.tenant()
    monkeypatch.setattr(poison, "OURS", poison.OURS | {"deleted_by"})
    with tenant_scope(world.tenant(), member=world.csm):
        for model in [model for model in apps.get_models() if issubclass(model, TenantOwned)]:
            if not model._base_manager.exists():
                make.row(model, world.account())
        _rows, taken = poison.poisoned_world(world, lambda n: f"{n}{'長' * 14}{CANARY}　正樹さん")
        taken |= poison_json()
        KeyPerson.objects.filter(pk=person.pk).update(name=person.name)
        Activity.objects.filter(title__contains=CANARY).first().delete()
        Activity.objects.filter(pk=Activity.objects.filter(title__contains=CANARY).first().pk).update(
            title="別", body="", next_step=""
        )
        chosen = [mention.id for mention in mentions_of(person)]
    assert len(taken) > 25 and {"Cta.flag_reason", "ImportFinding.value", "Cta.evidence"} <= taken
    tenant.save(), User.objects.update(name="同僚")
    answer = sign_in(world.member(Role.ADMIN)).post(url(person), {"name": person.name, "also": chosen})
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    with tenant_scope(world.tenant(), member=world.csm):
        assert holding(CANARY) == []


def poison_json() -> set[str]:
    """Every JSON of a tenant's table, with the name deep in it."""
    taken = set()
    for model in (model for model in apps.get_models() if issubclass(model, TenantOwned)):
        for field in [field for field in model._meta.local_fields if isinstance(field, models.JSONField)]:
            if model._base_manager.update(**{field.name: {"a": [{f"{CANARY}正樹": f"<{CANARY} 正樹>"}]}}):
                taken.add(f"{model.__name__}.{field.name}")
    return taken


def test_records_that_nobody_chose_keep_their_words(world: World, person: KeyPerson, sign_in: Any) -> None:
    sign_in(world.member(Role.ADMIN)).post(url(person), {"name": person.name})
    with tenant_scope(world.tenant(), member=world.csm):
        assert sorted(holding(CANARY)) == ["accounts_activity", "accounts_activityevent"]


def test_the_page_lists_where_the_name_stands(world: World, person: KeyPerson, sign_in: Any) -> None:
    text = sign_in(world.member(Role.ADMIN)).get(url(person)).content.decode()
    assert "さんと電話" in text and "1件" in text


def test_a_record_of_somebody_else_cannot_be_rewritten_along(
    world: World, person: KeyPerson, sign_in: Any
) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        unrelated = make.row(Activity, world.account(), title="正樹の話ではない")
    sign_in(world.member(Role.ADMIN)).post(url(person), {"name": person.name, "also": [unrelated.pk]})
    with tenant_scope(world.tenant(), member=world.csm):
        assert Activity.objects.get(pk=unrelated.pk).title == "正樹の話ではない"


def test_a_person_is_handed_over_as_a_file(world: World, person: KeyPerson, sign_in: Any) -> None:
    answer = sign_in(world.member(Role.ADMIN)).get(url(person, "file/"))
    stored = json.loads(answer.content)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert stored["基本"]["役職"] == "本部長"
    assert stored["役割"][0]["役割"] == "推進者"
    assert stored["出席した記録"][0]["ひとこと"] == f"{CANARY}さんと電話"
    assert any(line["前"] == "部長" and line["誰が"] == "鈴木" for line in stored["変更の履歴"])


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CSM, Role.SALES, Role.VIEWER])
def test_only_admins_hand_over_and_erase(role: str, world: World, person: KeyPerson, sign_in: Any) -> None:
    client: Client = sign_in(world.member(role))
    assert client.post(url(person), {"name": person.name}).status_code == 403
    assert client.get(url(person, "file/")).status_code == 403


def test_the_door_opens_for_a_person_of_the_bound_tenant_only(world: World, person: KeyPerson) -> None:
    for tenant in ("aoba", None):
        with pytest.raises(DatabaseError, match="no such person|no tenant is bound"), transaction.atomic():
            if tenant:
                with tenant_scope(world.tenant(tenant), actor="test"):
                    personal_data.blot_out_of_history(person, [])
            else:
                personal_data.blot_out_of_history(person, [])


def test_the_app_reaches_history_through_that_function_only(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role('masume_app', 'masume_eraser', 'MEMBER')")
        assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'masume_eraser'"
        )
        assert cursor.fetchone() == (False, False, False)
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'"
            " WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped"
            " AND has_column_privilege('masume_eraser', a.attrelid, a.attnum, 'UPDATE')"
        )
        changeable = cursor.fetchall()
    assert {table for table, _column in changeable} <= {event._meta.db_table for event in append_only()}
    kept = {"id", "tenant_id", "account_id", "created_at", "version", "actor", "at", "request"}
    assert changeable
    assert not [name for _table, name in changeable if name.startswith("pgh_") or name in kept]


def test_every_model_about_a_person_says_what_is_personal() -> None:
    """A room that adds one is asked here; an empty tuple is an answer."""
    for kind in erasing.person_kinds():
        about = [kind.model, *erasing.links_to(kind.model)]
        assert [model.__name__ for model in about if not hasattr(model, "personal_fields")] == []
    assert apps.get_model("accounts.KeyPerson") in [kind.model for kind in erasing.person_kinds()]


def test_the_command_hands_over_and_erases(world: World, person: KeyPerson, capsys: Any) -> None:
    admin = world.member(Role.ADMIN).user.email
    call_command("personal_data", str(person.pk), tenant="midori", email=admin)
    stored = json.loads(capsys.readouterr().out)
    assert stored["基本"]["メール"] == "kanaria@aoba.example" and len(stored["mentions"]) == 1
    for email, name in ((world.csm.user.email, person.name), (admin, "別の人")):
        with pytest.raises(SystemExit):
            call_command("personal_data", str(person.pk), tenant="midori", email=email, yes_erase=name)
    also = [UUID(mention["id"]) for mention in stored["mentions"]]
    call_command(
        "personal_data", str(person.pk), tenant="midori", email=admin, yes_erase=person.name, also=also
    )
    with tenant_scope(world.tenant(), member=world.csm):
        assert holding(CANARY) == []
