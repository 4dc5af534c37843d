"""What holds for every table, key, policy and model, read from the database itself: nobody lists them."""

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import DatabaseError

from tenants.constraints import SameTenant
from tenants.history import TenantEvent, TenantLog, append_only
from tenants.models import Membership, Tenant
from tenants.owned import TenantOwned
from tenants.scope import NoTenantScope, tenant_scope
from tests import make
from tests.world import World

GLOBAL_TABLES = {
    # people, sessions and what is needed before a tenant is known (DECISIONS: allow-listed)
    "tenants_user", "tenants_tenant", "tenants_membership", "tenants_invitation", "tenants_apitoken",
    "django_session",
    # the history of those: added to from anywhere, read within the tenant (see the test below)
    "tenants_membershipevent", "tenants_invitationevent",
    # work is looked for before a tenant is known; ids only
    "tenants_jobslot", "tenants_canary",
    # allauth: addresses of people, their second factors, where they are signed in; all known before a tenant is
    "account_emailaddress", "account_emailconfirmation", "mfa_authenticator", "usersessions_usersession",
    # Django's own
    "django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions",
    # installed with the history library; the app never writes there
    "pghistory_context",
}  # fmt: skip

OWNED = [m for m in apps.get_models() if issubclass(m, TenantOwned)]
EVENTS = [m for m in apps.get_models() if issubclass(m, TenantEvent | TenantLog)]
TENANT_MODELS = [*OWNED, *EVENTS]


def rows(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def tenant_tables() -> set[str]:
    return {model._meta.db_table for model in TENANT_MODELS}


def test_every_table_is_a_tenant_table_or_allowed_to_be_global(world: World) -> None:
    tables = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables - tenant_tables() - GLOBAL_TABLES == set()


def test_every_tenant_table_forces_row_level_security_with_one_bare_policy(world: World) -> None:
    for table in tenant_tables():
        ((enabled, forced),) = rows(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
        )
        policies = rows(
            "SELECT qual, with_check FROM pg_policies WHERE tablename = %s AND roles = '{masume_app}'", table
        )
        assert (enabled, forced) == (True, True), table
        assert policies == [("(tenant_id = app_tenant_id())", "(tenant_id = app_tenant_id())")], table


def test_tenant_id_has_one_type_and_is_never_null(world: World) -> None:
    for table in tenant_tables():
        assert rows(
            "SELECT data_type, is_nullable FROM information_schema.columns WHERE table_name = %s AND column_name = 'tenant_id'",
            table,
        ) == [("uuid", "NO")], table


def test_tenant_and_id_are_a_unique_index_and_every_other_unique_key_has_the_tenant(world: World) -> None:
    found = rows(
        """
        SELECT c.relname, i.indisprimary, array_agg(a.attname ORDER BY k.ord)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, ord)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
        WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace GROUP BY i.indexrelid, c.relname, i.indisprimary
        """
    )
    keys = {(table, tuple(columns)) for table, primary, columns in found if not primary}
    for model in OWNED:
        assert (model._meta.db_table, ("tenant_id", "id")) in keys, model
    for table, columns in keys:
        assert table not in tenant_tables() or columns[0] == "tenant_id", (table, columns)


def test_foreign_keys_between_tenant_tables_are_composite_and_immediate(world: World) -> None:
    found = rows(
        """
        SELECT conrelid::regclass::text, confrelid::regclass::text, conname, condeferrable, confdeltype::text,
               (SELECT array_agg(attname ORDER BY ord) FROM unnest(conkey) WITH ORDINALITY AS k(n, ord)
                JOIN pg_attribute ON attrelid = conrelid AND attnum = n)
        FROM pg_constraint WHERE contype = 'f'
        """
    )
    owned = {model._meta.db_table for model in OWNED}
    for table, parent, name, deferrable, on_delete, columns in found:
        if table in owned and parent in owned | {"tenants_membership"}:
            assert columns[0] == "tenant_id" and len(columns) == 2, name
            assert not deferrable and on_delete in "ac", name
        assert not (table in GLOBAL_TABLES and parent in tenant_tables()), (
            f"{name}: a global table points at a tenant's"
        )


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_every_foreign_key_has_its_composite_constraint(model: type[models.Model], world: World) -> None:
    expected = {
        field.column
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.name != "tenant"
    }
    found = {
        columns[1]
        for (columns,) in rows(
            """SELECT (SELECT array_agg(attname ORDER BY ord) FROM unnest(conkey) WITH ORDINALITY AS k(n, ord)
               JOIN pg_attribute ON attrelid = conrelid AND attnum = n)
               FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass AND array_length(conkey, 1) = 2""",
            model._meta.db_table,
        )
    }
    assert found == expected


def test_every_key_that_a_model_keeps_within_its_tenant_is_in_the_database(world: World) -> None:
    """Those of global tables too, where a model asks for it."""
    expected = {
        (constraint.name, "tenant_id", model._meta.get_field(constraint.field).column)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, SameTenant)
    }
    found = rows(
        """SELECT conname, (SELECT array_agg(attname ORDER BY ord) FROM unnest(conkey) WITH ORDINALITY AS k(n, ord)
           JOIN pg_attribute ON attrelid = conrelid AND attnum = n) FROM pg_constraint WHERE contype = 'f'"""
    )
    assert expected - {(name, *columns) for name, columns in found} == set()


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_outside_a_scope_every_statement_raises(model: type[models.Model], world: World) -> None:
    for attempt in (
        list,
        lambda q: q.count(),
        lambda q: q.exists(),
        lambda q: q.delete(),
        lambda q: q.first(),
    ):
        for manager in (model._base_manager, *model._meta.managers_map.values()):
            with pytest.raises(NoTenantScope):
                attempt(manager.all())


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_rows_of_another_tenant_are_neither_read_nor_written(model: type[models.Model], world: World) -> None:
    with tenant_scope(world.tenant("aoba"), actor="test"):
        theirs = make.row(model, world.account("foreign"))
    table = model._meta.db_table
    with tenant_scope(world.tenant("midori"), actor="test"):
        assert rows(f'SELECT 1 FROM "{table}" WHERE id = %s', theirs.pk) == []
        assert not model._base_manager.filter(pk=theirs.pk).exists()
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{table}" SET version = version + 1 WHERE id = %s', [theirs.pk])
            assert cursor.rowcount == 0
            cursor.execute(f'DELETE FROM "{table}" WHERE id = %s', [theirs.pk])
            assert cursor.rowcount == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            make.row(model, world.account("mine"), tenant=world.tenant("aoba"))


@pytest.mark.parametrize("context", ["''", "'x'", "'00000000-0000-0000-0000-000000000000'"])
def test_without_a_good_context_seeded_tables_give_an_error_or_nothing(context: str, world: World) -> None:
    for table in sorted(tenant_tables()):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL app.tenant_id = {context}")
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                assert cursor.fetchone() == (0,), table
        except DatabaseError as error:
            assert "no tenant is bound" in str(error) or "invalid input syntax for type uuid" in str(error)


def test_history_is_append_only_for_the_app(world: World) -> None:
    for model in append_only():
        ((update, delete, truncate),) = rows(
            "SELECT has_table_privilege('masume_app', %s, 'UPDATE'), has_table_privilege('masume_app', %s, 'DELETE'),"
            " has_table_privilege('masume_app', %s, 'TRUNCATE')",
            *[model._meta.db_table] * 3,
        )
        assert (update, delete, truncate) == (False, False, False), model


def test_every_trigger_of_a_model_is_there_and_fires(world: World) -> None:
    """Those of history and of versions are registered by the models themselves."""
    expected = {(model._meta.db_table, trigger.get_pgid(model)) for model, trigger in pgtrigger.registered()}
    found = rows("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'O'")
    assert expected - set(found) == set()
    versioned = {table for table, name in expected if name.startswith("pgtrigger_raise_version")}
    assert versioned == {model._meta.db_table for model in OWNED}


def test_the_app_role_cannot_pass_row_level_security(world: World) -> None:
    assert rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [
        (False, False)
    ]
    assert rows("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == [(0,)]


def test_definer_functions_are_on_the_list(world: World) -> None:
    found = rows(
        "SELECT proname, pg_get_userbyid(proowner) FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    searches = ("search_accounts", "search_activities", "search_facts", "search_person_notes")
    assert dict(found) == {**dict.fromkeys(searches, "masume_searcher"), "erase_person": "masume_eraser"}


def test_history_of_memberships_is_read_within_its_tenant_only(world: World) -> None:
    for table in ("tenants_membershipevent", "tenants_invitationevent"):
        with pytest.raises(DatabaseError, match="no tenant is bound"), transaction.atomic():
            rows(f"SELECT count(*) FROM {table}")
    with tenant_scope(world.tenant("aoba"), actor="test"):
        found = rows("SELECT DISTINCT tenant_id FROM tenants_membershipevent")
    assert found == [(world.tenant("aoba").pk,)]


def test_memberships_of_another_tenant_cannot_be_referenced(world: World) -> None:
    stranger = Membership.objects.filter(tenant__slug="aoba").first()
    with (
        tenant_scope(Tenant.objects.get(slug="midori"), actor="test"),
        pytest.raises(DatabaseError, match="violates foreign key"),
        transaction.atomic(),
    ):
        make.account(csm=stranger)
