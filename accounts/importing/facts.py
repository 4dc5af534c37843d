"""Where an import's values come from: one fact per written field, and what stays unknown goes on the list to ask."""

import json
from datetime import date

from django.apps import apps

from accounts.importing.statements import Statements

_KEY = "coalesce(%(keys)s::jsonb ->> {0}, {0})"
_REPLACED = """
ON CONFLICT (tenant_id, account_id, unit_id, field_key) DO UPDATE SET state = 'known', value = excluded.value, source_kind = 'secondary',
  source = excluded.source, as_of = excluded.as_of, origin = 'import', author_id = NULL, noted_at = excluded.noted_at
"""


def note(statements: Statements, first: int, last: int, *, source: str, as_of: date | str) -> None:
    """Every value written now comes from this file, as of the day it says it is from."""
    names = [name for each in statements.record_type.stored if each.is_sourced for name in each.columns]
    # A new record has no facts yet, so nothing has to be looked for.
    for which, otherwise in (("ch.created", ""), ("NOT ch.created", _REPLACED)):
        statements.execute(
            f"""
            INSERT INTO accounts_fact (tenant_id, version, created_at, account_id, field_key, state, value, source_kind,
              source, url, as_of, origin, noted_at)
            SELECT ch.tenant_id, 1, now(), ch.record, {_KEY.format("k.name")}, 'known',
              CASE WHEN k.name = ANY(%(own)s) THEN k.value ELSE '' END, 'secondary', %(source)s,
              '', %(as_of)s::date, 'import', %(noted_at)s
            FROM accounts_importchange ch CROSS JOIN LATERAL jsonb_each_text(ch.after) AS k(name, value)
            WHERE ch.tenant_id = %(tenant)s AND ch.of_id = %(batch)s AND ch.line BETWEEN %(first)s AND %(last)s
              AND {which} AND (k.name = ANY(%(names)s) OR NOT ch.created) AND k.value <> '' {otherwise}
            """,
            first=first,
            last=last,
            source=source[:200],
            as_of=as_of,
            names=names,
            own=statements.record_type.facts,
            keys=json.dumps(statements.field_keys()),
            noted_at=statements.batch.began_at,
        )


def ask(statements: Statements) -> int:
    """What stays unknown in new records becomes a question to the customer; how many questions there are."""
    asked = 0
    for column in statements.record_type.unknowns:
        asked += statements.execute(
            """
            INSERT INTO accounts_fact (tenant_id, version, created_at, account_id, field_key, state, value, source_kind,
              source, url, origin, noted_at)
            SELECT ch.tenant_id, 1, now(), ch.record, %(column)s, 'ask', '', '', '', '', 'import', %(noted_at)s
            FROM accounts_importchange ch
            WHERE ch.tenant_id = %(tenant)s AND ch.of_id = %(batch)s AND ch.created AND ch.after ->> %(column)s IS NULL
            ON CONFLICT (tenant_id, account_id, unit_id, field_key) DO NOTHING
            """,
            column=column,
            noted_at=statements.batch.began_at,
        )
    return asked


def take_back(statements: Statements) -> None:
    """Forget what this import noted and bring back what it replaced; what a person noted since stays."""
    statements.execute(
        """
        DELETE FROM accounts_fact f USING accounts_importchange ch
        WHERE ch.tenant_id = %(tenant)s AND ch.of_id = %(batch)s AND f.tenant_id = %(tenant)s AND f.account_id = ch.record
          AND f.origin = 'import' AND f.noted_at = %(noted_at)s
        """,
        noted_at=statements.batch.began_at,
    )
    columns = ", ".join(
        f'"{each.column}"'
        for each in apps.get_model("accounts.Fact")._meta.local_concrete_fields
        if not (each.primary_key or each.generated)
    )
    statements.execute(
        f"""
        INSERT INTO accounts_fact ({columns})
        SELECT {columns} FROM accounts_importchange ch
        CROSS JOIN LATERAL (SELECT f.* FROM jsonb_populate_recordset(NULL::accounts_fact, ch.facts) AS f) AS f
        WHERE ch.tenant_id = %(tenant)s AND ch.of_id = %(batch)s AND ch.facts <> '[]'
        ON CONFLICT (tenant_id, account_id, unit_id, field_key) DO NOTHING
        """.replace(f"SELECT {columns}", "SELECT " + columns.replace('"', 'f."', 1).replace(', "', ', f."'))
    )
