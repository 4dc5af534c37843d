"""Every lock of every table, as the catalogue of the database lists them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import psycopg2
from django.db import connection, connections

from drill import ground
from drill.mutants.kinds import Kind, Mutant, tests
from tenants.constraints import APP_ROLE
from tests import test_catalogue as catalogue

POLICY = "CREATE POLICY {name} ON {table} TO {role} USING ({using}) WITH CHECK ({check})"
OWN = "tenant_id = app_tenant_id()"


def kinds() -> list[Kind]:
    tables = sorted(catalogue.tenant_tables())
    return [
        Kind("policies dropped, opened, not forced", tests(catalogue.test_every_tenant_table_forces_row_level_security_with_one_bare_policy), [*policies(tables)]),
        Kind("tenant_id that may be empty", tests(catalogue.test_tenant_id_has_one_type_and_is_never_null), [*nullable(tables)]),
        Kind("foreign keys without the tenant", tests(catalogue.test_foreign_keys_between_tenant_tables_are_composite_and_immediate, catalogue.test_every_foreign_key_has_its_composite_constraint, catalogue.test_every_key_that_a_model_keeps_within_its_tenant_is_in_the_database), [*foreign_keys()]),
        Kind("unique keys without the tenant, tenant keys dropped", tests(catalogue.test_tenant_and_id_are_a_unique_index_and_every_other_unique_key_has_the_tenant), [*unique_keys(tables)]),
        Kind("history that may be altered", tests(catalogue.test_history_is_append_only_for_the_app), [*grants()]),
        Kind("triggers of history and version switched off", tests(catalogue.test_every_trigger_of_a_model_is_there_and_fires), [*triggers()]),
        Kind("functions that run as somebody else", tests(catalogue.test_definer_functions_are_on_the_list), [*functions()]),
        Kind("a tenant bound to nobody", tests(catalogue.test_without_a_good_context_seeded_tables_give_an_error_or_nothing, catalogue.test_rows_of_another_tenant_are_neither_read_nor_written), [*bindings()]),
    ]  # fmt: skip


# ── Mutants


def policies(tables: list[str]) -> Iterator[Mutant]:
    for table, name in found(
        "SELECT tablename, policyname FROM pg_policies WHERE roles = '{masume_app}' ORDER BY 1"
    ):
        if table not in tables:
            continue
        create = partial(POLICY.format, name=f'"{name}"', table=f'"{table}"', role=APP_ROLE)
        drop, back = f'DROP POLICY "{name}" ON "{table}"', create(using=OWN, check=OWN)
        yield altered(f"{table}: no policy", drop, back)
        yield altered(
            f"{table}: reads everything", f"{drop}; {create(using='true', check=OWN)}", f"{drop}; {back}"
        )
        yield altered(
            f"{table}: writes everywhere", f"{drop}; {create(using=OWN, check='true')}", f"{drop}; {back}"
        )
        for verb, opposite in (("NO FORCE", "FORCE"), ("DISABLE", "ENABLE")):
            alter = f'ALTER TABLE "{table}" %s ROW LEVEL SECURITY'
            yield altered(f"{table}: {verb}", alter % verb, alter % opposite)


def nullable(tables: list[str]) -> Iterator[Mutant]:
    for table in tables:
        alter = f'ALTER TABLE "{table}" ALTER tenant_id %s NOT NULL'
        yield altered(f"{table}.tenant_id", alter % "DROP", alter % "SET")


def foreign_keys() -> Iterator[Mutant]:
    for table, name, definition in found(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND array_length(conkey, 1) = 2 ORDER BY 1, 2"
    ):
        drop, add = (
            f'ALTER TABLE {table} DROP CONSTRAINT "{name}"',
            f'ALTER TABLE {table} ADD CONSTRAINT "{name}" ',
        )
        single = definition.replace("(tenant_id, ", "(")
        yield altered(f"{name}: one column", f"{drop}; {add}{single}", f"{drop}; {add}{definition}")
        yield altered(f"{name}: none", drop, add + definition)


def unique_keys(tables: list[str]) -> Iterator[Mutant]:
    for table, name, definition, columns in found(
        """
        SELECT t.relname, x.relname, pg_get_indexdef(x.oid),
               array(SELECT pg_get_indexdef(x.oid, n, false) FROM generate_series(1, i.indnkeyatts) n)
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indisunique AND NOT i.indisprimary AND t.relnamespace = 'public'::regnamespace ORDER BY 1, 2
        """
    ):
        if table not in tables or columns[0] != "tenant_id":
            continue
        if rest := ", ".join(columns[1:]):
            widened = f'CREATE UNIQUE INDEX mutant ON "{table}" ({rest}) WHERE false'
            yield altered(f"{name}: over all tenants", widened, "DROP INDEX mutant")
        if columns == ["tenant_id", "id"] and not found(
            "SELECT 1 FROM pg_constraint WHERE conindid = %s::regclass", name
        ):
            yield altered(f"{name}: none", f'DROP INDEX "{name}"', definition)


def grants() -> Iterator[Mutant]:
    for model in catalogue.EVENTS:
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            table = model._meta.db_table
            yield altered(
                f"{right} on {table}",
                f'GRANT {right} ON "{table}" TO {APP_ROLE}',
                f'REVOKE {right} ON "{table}" FROM {APP_ROLE}',
            )


def triggers() -> Iterator[Mutant]:
    for table, name, definition in found(
        "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname ~ '^pgtrigger_' ORDER BY 1, 2"
    ):
        alter = f'ALTER TABLE {table} %s TRIGGER "{name}"'
        yield altered(f"{name}: off", alter % "DISABLE", alter % "ENABLE")
        yield altered(f"{name}: none", f'DROP TRIGGER "{name}" ON {table}', definition)


def functions() -> Iterator[Mutant]:
    for (name,) in found(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND NOT prosecdef AND proowner = (SELECT relowner FROM pg_class WHERE relname = 'accounts_account') ORDER BY 1"
    ):
        yield altered(
            name, f"ALTER FUNCTION {name} SECURITY DEFINER", f"ALTER FUNCTION {name} SECURITY INVOKER"
        )


def bindings() -> Iterator[Mutant]:
    """``app_tenant_id()`` that is content with nothing, or answers with somebody."""
    ((definition,),) = found("SELECT pg_get_functiondef('app_tenant_id'::regproc)")
    head = "CREATE OR REPLACE FUNCTION app_tenant_id() RETURNS uuid LANGUAGE sql STABLE AS "
    for name, body in {
        "the tenant of the first row": "$$ SELECT id FROM tenants_tenant ORDER BY slug LIMIT 1 $$",
        "the other tenant": "$$ SELECT id FROM tenants_tenant ORDER BY slug DESC LIMIT 1 $$",
    }.items():
        yield altered(name, head + body, definition)


# ── How


def altered(name: str, do: str, undo: str) -> Mutant:
    @contextmanager
    def applied() -> Iterator[None]:
        as_owner(do)
        try:
            yield
        finally:
            as_owner(undo)

    return Mutant(name, applied)


def as_owner(statement: str) -> None:
    address = ground.url("DATABASE_OWNER_URL", str(connections["default"].settings_dict["NAME"]))
    with (
        closing(psycopg2.connect(address.replace("postgres://", "postgresql://", 1))) as owner,
        owner,
        owner.cursor() as cursor,
    ):
        cursor.execute("SET lock_timeout = '20s'; " + statement)


def found(statement: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return cursor.fetchall()
