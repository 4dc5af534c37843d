"""The one door into history: a function that blots out one person, within the bound tenant, and says that it did.

The app may add to history and read it. ``masume_eraser`` may change some of its columns, below row-level security like
everybody; nobody signs in as that role, and the app reaches it through ``erase_person`` only. The function takes a
person's id and ids of records; which words are blotted out it reads from the person itself. It is written anew after
every migration from the models, so that each table of history is in it.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models, transaction

from tenants.erasing import MARK, PersonKind, column, event_model, free_texts, links_to, person_kinds
from tenants.history import TenantEvent, append_only

ROLE = "masume_eraser"
FUNCTION = """
CREATE OR REPLACE FUNCTION erase_person(person uuid, also uuid[]) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE
  bound uuid := app_tenant_id(); whole text[]; words text[]; word text; n bigint; counted jsonb := '{{}}';
BEGIN
{words}
  IF words IS NULL THEN
    RAISE EXCEPTION 'no such person' USING ERRCODE = 'no_data_found';
  END IF;
{own}
  FOREACH word IN ARRAY words LOOP
{mentions}
  END LOOP;
  FOREACH word IN ARRAY whole LOOP
    word := substr(to_jsonb(word)::text, 2, length(to_jsonb(word)::text) - 2);
{copies}
  END LOOP;
  INSERT INTO tenants_erasure (tenant_id, subject, counts) VALUES (bound, person, counted);
  RETURN counted;
END $$
"""
COUNT = """  GET DIAGNOSTICS n = ROW_COUNT;
  counted := counted || jsonb_build_object('{table}', n + coalesce((counted->>'{table}')::bigint, 0));"""


def open_door(using: str, **kwargs: Any) -> None:
    """Connected to ``post_migrate``: policies and rights of the role, and the function; again after each migration."""
    connection = connections[using]
    if connection.vendor != "postgresql" or not person_kinds():
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            raise ImproperlyConfigured(
                f"The role {ROLE} is missing. Run python -m bootstrap.roles with DATABASE_ADMIN_URL, then migrate again."
            )
        cursor.execute(";\n".join(rights(cursor)))
        cursor.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {ROLE}; SET LOCAL ROLE {ROLE}")
        cursor.execute(function())
        cursor.execute(
            "REVOKE ALL ON FUNCTION erase_person(uuid, uuid[]) FROM PUBLIC;"
            "GRANT EXECUTE ON FUNCTION erase_person(uuid, uuid[]) TO masume_app"
        )
        cursor.execute("RESET ROLE")


def rights(cursor: Any) -> Iterator[str]:
    """Every table that knows its tenant: read and delete within the bound one. Of history, some columns may change."""
    cursor.execute(
        "SELECT c.relname, EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND p.policyname = %s)"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
        " WHERE c.relrowsecurity AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1",
        [ROLE],
    )
    for table, has_policy in cursor.fetchall():
        if not has_policy:
            yield (
                f'CREATE POLICY {ROLE} ON "{table}" TO {ROLE} '
                "USING (tenant_id = app_tenant_id()) WITH CHECK (tenant_id = app_tenant_id())"
            )
        yield f'REVOKE ALL ON "{table}" FROM {ROLE}; GRANT SELECT, DELETE ON "{table}" TO {ROLE}'
    for model in append_only():
        if columns := [column(model, name) for name in [*changeable(model), *json_fields(model)]]:
            yield f'GRANT UPDATE ({", ".join(columns)}) ON "{model._meta.db_table}" TO {ROLE}'
    yield f"GRANT INSERT ON tenants_erasure TO {ROLE}"


def changeable(event: type[models.Model]) -> list[str]:
    """Texts of the recorded row; never who, when, or in which request."""
    if not issubclass(event, TenantEvent):
        return []
    own = getattr(event.pgh_tracked_model, "personal_fields", ())
    return sorted({*free_texts(event), *own})


def json_fields(event: type[models.Model]) -> list[str]:
    """Of history, and of logs that keep copies of what people wrote."""
    if not issubclass(event, TenantEvent) and not getattr(event, "holds_copies", False):
        return []
    return [field.name for field in event._meta.local_fields if isinstance(field, models.JSONField)]


def function() -> str:
    kinds = person_kinds()
    return FUNCTION.format(
        words="\n".join(words_of(kind) for kind in kinds),
        own="\n".join(part for kind in kinds for part in blots(kind)),
        mentions="\n".join(mentions()),
        copies="\n".join(copies()),
    )


def words_of(kind: PersonKind) -> str:
    """``whole``: every name the person ever had here, with every way to write its space; ``words``: the surname too."""
    table, event = kind.model._meta.db_table, event_model(kind.model)
    names = ", ".join(f"translate(btrim({name}), '　', ' ')" for name in kind.called_by)
    sources = [f"SELECT unnest(ARRAY[{names}]) AS name FROM {table} WHERE tenant_id = bound AND id = person"]
    if event:
        past = f"FROM {event._meta.db_table} WHERE tenant_id = bound AND pgh_obj_id = person"
        sources.append(f"SELECT unnest(ARRAY[{names}]) {past}")
    return f"""  IF EXISTS (SELECT FROM {table} WHERE tenant_id = bound AND id = person) THEN
    WITH known AS ({" UNION ".join(sources)}), spaced AS (
      SELECT replace(name, ' ', space) AS w FROM known, unnest(ARRAY[' ', '　', '']) AS space), each AS (
      SELECT w, true AS is_whole FROM spaced UNION SELECT split_part(w, ' ', 1), false FROM spaced)
    SELECT coalesce(array_agg(w ORDER BY length(w) DESC) FILTER (WHERE is_whole), '{{}}'),
      coalesce(array_agg(w ORDER BY length(w) DESC), '{{}}') INTO whole, words
    FROM each WHERE length(w) > 1 AND w <> '{MARK}';
  END IF;"""


def blots(kind: PersonKind) -> Iterator[str]:
    """What history knows about the person by its own fields."""
    yield from blot(kind.model, "pgh_obj_id")
    for model, keys in links_to(kind.model).items():
        if model is not kind.model:  # whoever reports to somebody is not that somebody
            for key in keys:
                yield from blot(model, key.column)


def blot(model: type[models.Model], link: str) -> Iterator[str]:
    event = event_model(model)
    if not event or not model.personal_fields:  # type: ignore[attr-defined]
        return
    columns = [column(event, name) for name in model.personal_fields]  # type: ignore[attr-defined]
    values = ", ".join(f"{c} = CASE WHEN coalesce({c}, '') = '' THEN {c} ELSE '{MARK}' END" for c in columns)
    table = event._meta.db_table
    yield f"  UPDATE {table} SET {values} WHERE tenant_id = bound AND {link} = person;"
    yield COUNT.format(table=table)


def mentions() -> Iterator[str]:
    """In the history of the records that were chosen, the person's words wherever people wrote them."""
    for event in sorted(append_only(), key=lambda model: model._meta.db_table):
        if names := changeable(event):
            table, columns = event._meta.db_table, [column(event, name) for name in names]
            values = ", ".join(f"{column(event, name)} = {replaced(event, name)}" for name in names)
            found = " OR ".join(f"strpos({c}, word) > 0" for c in columns)
            yield f"    UPDATE {table} SET {values}\n      WHERE tenant_id = bound AND pgh_obj_id = ANY (also) AND ({found});"
            yield COUNT.format(table=table)


def replaced(event: type[models.Model], name: str) -> str:
    """The mark may be longer than the word, and the column full."""
    text, most = column(event, name), getattr(event._meta.get_field(name), "max_length", None)
    return f"left(replace({text}, word, '{MARK}'), {most})" if most else f"replace({text}, word, '{MARK}')"


def copies() -> Iterator[str]:
    """JSON is written by programs: whole names go from all of it, whatever was chosen."""
    for event in sorted(append_only(), key=lambda model: model._meta.db_table):
        for name in json_fields(event):
            table, text = event._meta.db_table, column(event, name)
            yield (
                f"    UPDATE {table} SET {text} = replace({text}::text, word, '{MARK}')::jsonb\n"
                f"      WHERE tenant_id = bound AND strpos({text}::text, word) > 0;"
            )
            yield COUNT.format(table=table)
