"""The SQL of an import, written from the declaration of its record type: thousands of rows in one statement.

`settled` is the heart of it: every good row beside the record it means, with three answers per field: does it differ,
did a person write what is there, will it be written. The dry run counts it, applying writes it down as changes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db import connection

from accounts.importing.fields import Field, RecordType
from accounts.models import Import
from tenants.scope import current_tenant_id

Row = tuple[Any, ...]
LAID_OUT = "pg_temp.import_rows"


@dataclass(frozen=True)
class Statements:
    """Statements for one import. `chunk` in the parameters narrows them to one chunk; None means all.

    A step that asks many of them goes through the rows once (`laid_out`); a page that asks one does not.
    """

    record_type: RecordType
    batch: Import
    is_laid_out: bool = False

    @property
    def table(self) -> str:
        return str(apps.get_model(self.record_type.model)._meta.db_table)

    def parameters(self, **more: Any) -> dict[str, Any]:
        return {
            "tenant": current_tenant_id(),
            "batch": self.batch.pk,
            "left_out": self.batch.left_out,
            "accepted": self.batch.choice("accepted", []),
            "declined": self.batch.choice("declined", []),
            "chunk": None,
            "today": None,
            "file": self.batch.file_name[:200],
            **more,
        }

    def fetch(self, sql: str, **parameters: Any) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(sql, self.parameters(**parameters))
            return cursor.fetchall() if cursor.description else []

    def execute(self, sql: str, **parameters: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, self.parameters(**parameters))
            return int(cursor.rowcount)

    # Reading: from staging to rows beside records -----------------------------------------------------------

    def laid_out(self) -> "Statements":
        """The same, with every row and what it means put down once for all statements of this transaction. Each has the
        id that its record would be ``made`` with, so that rows below it can name it already."""
        afresh = replace(self, is_laid_out=False)
        self.execute(f"DROP TABLE IF EXISTS {LAID_OUT}")
        self.execute(
            f"CREATE TEMP TABLE {LAID_OUT} ON COMMIT DROP AS WITH {afresh.matched()} "
            "SELECT *, uuidv7() AS made FROM matched"
        )
        if column := self.record_type.tree:
            self.execute(
                f'UPDATE {LAID_OUT} r SET "{column}" = coalesce(p.record, p.made) FROM {LAID_OUT} p '
                "WHERE p.line = r.above_line"
            )
        self.execute(f"ANALYZE {LAID_OUT}")
        return replace(self, is_laid_out=True)

    def rows(self) -> str:
        if self.is_laid_out:
            return f"""
            rows AS (
              SELECT * FROM {LAID_OUT} WHERE (%(chunk)s::integer IS NULL OR chunk = %(chunk)s)
                AND line NOT IN (SELECT unnest(%(left_out)s::integer[]))
            )"""
        columns = ", ".join(f'"{name}" {kind}' for name, kind in self.record_type.said.items())
        return f"""
        rows AS MATERIALIZED (
          SELECT c.number AS chunk, r.* FROM accounts_importchunk c
          CROSS JOIN LATERAL jsonb_to_recordset(c.checked) AS r(line integer, {columns})
          WHERE c.tenant_id = %(tenant)s AND c.of_id = %(batch)s
            AND (%(chunk)s::integer IS NULL OR c.number = %(chunk)s)
            AND r.line NOT IN (SELECT unnest(%(left_out)s::integer[]))
        )"""

    def matched(self) -> str:
        """Each row with the record its surest known key points to, and every record its keys point to."""
        if self.is_laid_out:
            return f"{self.rows()}, matched AS (SELECT * FROM rows)"
        keys = self.record_type.keys
        joins = "\n".join(
            f'LEFT JOIN {self.table} k{n} ON k{n}.tenant_id = %(tenant)s AND k{n}."{key}" = r."{key}"'
            for n, key in enumerate(keys)
        )
        found = ", ".join(f"k{n}.id" for n in range(len(keys)))
        surest = found
        if natural := self.record_type.natural:
            joins += f"""
          LEFT JOIN LATERAL (
            SELECT (array_agg(n.id))[1] AS id FROM {self.table} n
            WHERE n.tenant_id = %(tenant)s AND n.deleted_at IS NULL AND {natural} HAVING count(*) = 1
          ) AS likely ON true"""
            surest = f"{found}, likely.id"
        return f"""{self.rows()},
        matched AS (
          SELECT r.*, coalesce({surest}) AS record, array_remove(ARRAY[{found}], NULL) AS candidates
          FROM rows r {joins}
        )"""

    def settled(self) -> str:
        fields = self.record_type.stored
        olds = ", ".join(f'a."{column}" AS "old_{column}"' for each in fields for column in each.columns)
        differs = ", ".join(f'({self._differs(each)}) AS "differs_{each.key}"' for each in fields)
        hands = ", ".join(f'({self._by_hand(each)}) AS "hand_{each.key}"' for each in fields)
        applies = ", ".join(f'({self._applies(each)}) AS "applies_{each.key}"' for each in fields)
        return f"""{self.matched()},
        hand AS MATERIALIZED (
          SELECT f.account_id, array_agg(f.field_key::text) AS keys FROM accounts_fact f
          WHERE f.tenant_id = %(tenant)s AND f.unit_id IS NULL AND f.origin = 'hand' GROUP BY f.account_id
        ),
        judged AS (
          SELECT m.*, {self.record_type.known_as} AS known_as, {olds}, {differs}, {hands}
          FROM matched m
          LEFT JOIN {self._standing()} a ON a.tenant_id = %(tenant)s AND a.id = m.record
          LEFT JOIN hand ON hand.account_id = m.record
        ),
        settled AS (SELECT j.*, {applies} FROM judged j)"""

    def _standing(self) -> str:
        """The records with what facts keep for them as columns."""
        if not self.record_type.facts:
            return self.table
        kept = ", ".join(
            f"max(f.value) FILTER (WHERE f.field_key = '{name}') AS \"{name}\""
            for name in self.record_type.facts
        )
        return f"""(
            SELECT t.*, kept.* FROM {self.table} t CROSS JOIN LATERAL (
              SELECT {kept} FROM accounts_fact f
              WHERE f.tenant_id = t.tenant_id AND f.account_id = t.id AND f.unit_id IS NULL AND f.value <> ''
            ) kept
          )"""

    def _differs(self, each: Field) -> str:
        first, *_rest = each.columns
        new = ", ".join(f'm."{column}"' for column in each.columns)
        old = ", ".join(f'a."{column}"' for column in each.columns)
        empty = f""" AND a."{first}" IS NULL""" if each.only_when_empty else ""
        return (
            f'a.id IS NOT NULL AND m."{first}" IS NOT NULL AND ROW({new}) IS DISTINCT FROM ROW({old}){empty}'
        )

    def _by_hand(self, each: Field) -> str:
        if self.record_type.by_hand:
            return self.record_type.by_hand
        if not self.record_type.has_facts:
            return " OR ".join(f"coalesce(a.\"{column}\"::text, '') <> ''" for column in each.columns)
        keys = ", ".join(f"'{column.removesuffix('_id')}'" for column in each.columns)
        return f"coalesce(hand.keys && ARRAY[{keys}], false)"

    def _applies(self, each: Field) -> str:
        change = f"j.record::text || ':{each.key}'"
        return (
            f'j."differs_{each.key}" AND (NOT j."hand_{each.key}" OR {change} = ANY(%(accepted)s::text[]))'
            f" AND NOT {change} = ANY(%(declined)s::text[])"
        )

    # The dry run --------------------------------------------------------------------------------------------

    def repeated_keys(self, key: str) -> list[Row]:
        """(value, lines) for keys that more than one row of the file claims."""
        return self.fetch(
            f'WITH {self.rows()} SELECT "{key}", array_agg(line ORDER BY line) FROM rows '
            f'WHERE "{key}" IS NOT NULL GROUP BY "{key}" HAVING count(*) > 1 ORDER BY 2'
        )

    def repeated_naturally(self) -> list[Row]:
        """(lines) of rows that mean the same record by more than their keys, and have no keys that tell them apart."""
        group = self.record_type.natural_group
        if not group:
            return []
        numbers = ", ".join(f'"{key}"' for key in self.record_type.keys)
        return self.fetch(
            f"WITH {self.rows()} SELECT array_agg(line ORDER BY line) FROM rows GROUP BY {group} "
            f"HAVING count(*) > greatest(1, count(DISTINCT ({numbers}))) ORDER BY 1"
        )

    def torn_rows(self) -> list[Row]:
        """(line, record ids) for rows whose keys point to different records."""
        return self.fetch(
            f"WITH {self.matched()} SELECT line, candidates::text[] FROM matched "
            "WHERE (SELECT count(DISTINCT c) FROM unnest(candidates) AS c) > 1 ORDER BY line"
        )

    def shared_records(self) -> list[Row]:
        """(lines) of rows that mean the same record by different keys."""
        return self.fetch(
            f"WITH {self.matched()} SELECT array_agg(line ORDER BY line) FROM matched "
            "WHERE record IS NOT NULL GROUP BY record HAVING count(*) > 1 ORDER BY 1"
        )

    def above(self) -> list[Row]:
        """(line or none, id, id above, name) of everybody who would stand below somebody, after these rows; laid out."""
        column = self.record_type.tree
        return self.fetch(
            f"""WITH {self.matched()}, said AS MATERIALIZED (
              SELECT line, coalesce(record, made) AS id, "{column}" AS above, name FROM matched
            ) SELECT s.line, coalesce(s.id, a.id)::text, coalesce(s.above, a."{column}")::text, coalesce(s.name, a.name)
            FROM said s FULL JOIN (
              SELECT id, "{column}", name FROM {self.table} WHERE tenant_id = %(tenant)s AND "{column}" IS NOT NULL
            ) a ON a.id = s.id
            WHERE coalesce(s.above, a."{column}") IS NOT NULL ORDER BY s.line, 2"""
        )

    def orphans(self) -> list[Row]:
        """(line, line above, name) of rows below a row of the file that is not taken in."""
        return self.fetch(
            f"WITH {self.rows()} SELECT r.line, r.above_line, r.name FROM rows r WHERE r.above_line IS NOT NULL "
            "AND NOT EXISTS (SELECT FROM rows p WHERE p.line = r.above_line) ORDER BY 1"
        )

    def names(self, ids: Sequence[str]) -> dict[str, str]:
        """What records are called, and those that rows would make; laid out."""
        return dict(
            self.fetch(
                f"SELECT id::text, name FROM {self.table} WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s::uuid[]) "
                f"UNION ALL SELECT made::text, name FROM {LAID_OUT} WHERE record IS NULL AND made = ANY(%(ids)s::uuid[])",
                ids=list(ids),
            )
        )

    def namesakes(self) -> list[Row]:
        """(line, name) of new rows whose name a known record has already."""
        return self.fetch(
            f"WITH {self.matched()} SELECT m.line, m.name FROM matched m WHERE m.record IS NULL AND EXISTS ("
            f"SELECT 1 FROM {self.table} a WHERE a.tenant_id = %(tenant)s AND a.name = m.name) ORDER BY 1"
        )

    def without(self, column: str) -> list[Row]:
        """(line, name) of rows that say nothing about a column that is not known either."""
        return self.fetch(
            f"""WITH {self.matched()} SELECT m.line, coalesce(m.name, a.name) FROM matched m
            LEFT JOIN {self.table} a ON a.tenant_id = %(tenant)s AND a.id = m.record
            WHERE m."{column}" IS NULL AND a."{column}" IS NULL ORDER BY 1"""
        )

    def tally(self) -> dict[str, int]:
        """How many records would be new, changed and the same, and how many changes of each field are in it."""
        fields = self.record_type.stored
        counts = ", ".join(
            f"""count(*) FILTER (WHERE "applies_{each.key}"),
            count(*) FILTER (WHERE "differs_{each.key}" AND NOT "applies_{each.key}")"""
            for each in fields
        )
        row = self.fetch(
            f"WITH {self.settled()} SELECT count(*) FILTER (WHERE record IS NULL), "
            f"count(*) FILTER (WHERE {self._any('applies')}), count(*), {counts} FROM settled"
        )[0]
        new, changed, total, *rest = row
        return {
            "new": new,
            "changed": changed,
            "same": total - new - changed,
            "fields": {each.key: rest[2 * n] for n, each in enumerate(fields)},
            "kept": {each.key: rest[2 * n + 1] for n, each in enumerate(fields)},
        }

    def differences(self, key: str, limit: int) -> list[Row]:
        """(line, record, known name, old values, new values, written by hand, will be written) for one field."""
        each = self.record_type.by_key[key]
        old = ", ".join(f'"old_{column}"' for column in each.columns)
        new = ", ".join(f'"{column}"' for column in each.columns)
        rows = self.fetch(
            f"WITH {self.settled()} SELECT line, record::text, known_as, jsonb_build_array({old}), "
            f'jsonb_build_array({new}), "hand_{key}", "applies_{key}" FROM settled '
            f'WHERE "differs_{key}" ORDER BY line LIMIT %(limit)s',
            limit=limit,
        )
        return [(*row[:3], json.loads(row[3]), json.loads(row[4]), *row[5:]) for row in rows]

    def _any(self, answer: str) -> str:
        return " OR ".join(f'"{answer}_{each.key}"' for each in self.record_type.stored)

    # Writing: one chunk after the other, within one transaction ----------------------------------------------

    def lock(self) -> None:
        """One import of a kind at a time per tenant; until the end of the transaction."""
        # Foreign keys are checked by prepared statements. Planned anew for a tenant that the statistics do not know yet,
        # each of them would walk the whole tenant; the general plan goes by the unique index.
        self.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        self.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%(tenant)s::text || %(kind)s, 0))",
            kind=f"import {self.record_type.name}",
        )

    def hold_records(self) -> None:
        """Nobody else changes the records that the rows mean while they are compared and written."""
        self.execute(
            f"WITH {self.matched()}, held AS (SELECT a.id FROM {self.table} a WHERE a.tenant_id = %(tenant)s "
            "AND a.id IN (SELECT record FROM matched) ORDER BY a.id FOR UPDATE) SELECT count(*) FROM held"
        )

    def write_changes(self, chunk: int, defaults: dict[str, Any], today: Any) -> int:
        """Laid out. Put down what will be written, for new records their whole content, with the facts about it so far.

        `defaults` fills columns left open.
        """
        columns = self.record_type.columns
        whole = ", ".join(
            f"'{name}', coalesce(s.\"{name}\", %(default_{name})s::{kind})"
            if name in defaults
            else f"'{name}', s.\"{name}\""
            for name, kind in columns.items()
        )
        more = "".join(f", '{name}', %(default_{name})s" for name in defaults if name not in columns)
        old, new = self._written("old"), self._written("new")
        also = self._derived()
        return self.execute(
            f"""
            WITH {self.settled()},
            written AS MATERIALIZED (
              SELECT s.line, coalesce(s.record, s.made) AS record, s.record IS NULL AS created,
                CASE WHEN s.record IS NULL THEN '{{}}'::jsonb ELSE {old} {also["before"]} END AS before,
                CASE WHEN s.record IS NULL THEN jsonb_strip_nulls(jsonb_build_object({whole}{more}))
                  ELSE {new} {also["after"]} END AS after
              FROM settled s LEFT JOIN {self.table} a ON a.tenant_id = %(tenant)s AND a.id = s.record
              WHERE s.record IS NULL OR {self._any("applies")}
            )
            INSERT INTO accounts_importchange
              (tenant_id, version, created_at, of_id, line, record, created, before, after, facts)
            SELECT %(tenant)s, 1, now(), %(batch)s, line, record, created, before, after, CASE WHEN created THEN '[]' ELSE
              coalesce((SELECT jsonb_agg(to_jsonb(f)) FROM accounts_fact f
                WHERE f.tenant_id = %(tenant)s AND f.account_id = w.record AND f.unit_id IS NULL
                  AND w.after ? coalesce(%(fact_columns)s::jsonb ->> f.field_key, f.field_key)), '[]'::jsonb) END
            FROM written w ORDER BY line
            """,
            chunk=chunk,
            today=today,
            fact_columns=json.dumps({name: column for column, name in self.field_keys().items()}),
            **{f"default_{name}": value for name, value in defaults.items()},
        )

    def field_keys(self) -> dict[str, str]:
        """Facts are addressed by field, not by column: csm_id is written as csm."""
        fields = apps.get_model(self.record_type.model)._meta.local_concrete_fields
        return {each.attname: each.name for each in fields if each.attname != each.name}

    def _written(self, which: str) -> str:
        prefix = "old_" if which == "old" else ""
        parts = []
        for each in self.record_type.stored:
            pairs = ", ".join(f"'{column}', s.\"{prefix}{column}\"" for column in each.columns)
            parts.append(
                f"CASE WHEN s.\"applies_{each.key}\" THEN jsonb_build_object({pairs}) ELSE '{{}}'::jsonb END"
            )
        return " || ".join(parts)

    def _derived(self) -> dict[str, str]:
        before, after = "", ""
        for each in self.record_type.stored:
            for column, expression in each.also.items():
                when = f'CASE WHEN s."applies_{each.key}" THEN'
                before += f" || {when} jsonb_build_object('{column}', a.\"{column}\") ELSE '{{}}'::jsonb END"
                after += f" || {when} jsonb_build_object('{column}', {expression}) ELSE '{{}}'::jsonb END"
        return {"before": before, "after": after}

    def insert_records(self, first_line: int, last_line: int) -> int:
        """The new records, from the changes put down for these lines."""
        kinds = self._all_kinds()
        names = ", ".join(f'"{name}"' for name in kinds)
        values = ", ".join(self._value_on_create(name) for name in kinds)
        shape = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        return self.execute(
            f"""
            INSERT INTO {self.table} (id, tenant_id, version, created_at, {names})
            SELECT ch.record, ch.tenant_id, 1, now(), {values}
            FROM accounts_importchange ch CROSS JOIN LATERAL jsonb_to_record(ch.after) AS r({shape})
            WHERE ch.tenant_id = %(tenant)s AND ch.of_id = %(batch)s AND ch.created
              AND ch.line BETWEEN %(first)s AND %(last)s
            ORDER BY ch.line RETURNING 1
            """,
            first=first_line,
            last=last_line,
        )

    def place_records(self) -> int:
        """Put new records below those that may have been made after them."""
        column = self.record_type.tree
        return self.execute(
            f"""
            UPDATE {self.table} a SET "{column}" = (ch.after ->> '{column}')::uuid FROM accounts_importchange ch
            WHERE ch.tenant_id = %(tenant)s AND ch.of_id = %(batch)s AND ch.created AND ch.after ? '{column}'
              AND a.tenant_id = %(tenant)s AND a.id = ch.record AND a."{column}" IS NULL
            """
        )

    def update_records(self, first_line: int, last_line: int, *, which: str = "after") -> int:
        """The changed columns of known records, from the changes put down for these lines."""
        kinds = self._all_kinds()
        shape = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        sets = ", ".join(
            f'"{name}" = CASE WHEN ch.after ? \'{name}\' THEN r."{name}" ELSE a."{name}" END'
            for name in kinds
        )
        return self.execute(
            f"""
            UPDATE {self.table} a SET {sets}
            FROM accounts_importchange ch CROSS JOIN LATERAL jsonb_to_record(ch.after) AS r({shape})
            WHERE ch.tenant_id = %(tenant)s AND ch.of_id = %(batch)s AND NOT ch.created
              AND ch.line BETWEEN %(first)s AND %(last)s AND a.tenant_id = %(tenant)s AND a.id = ch.record
            """,
            first=first_line,
            last=last_line,
        )

    def _all_kinds(self) -> dict[str, str]:
        """Every column an import writes with its type: the fields' own, derived ones, and defaults of new records."""
        model = apps.get_model(self.record_type.model)
        facts = self.record_type.facts
        kinds = {name: kind for name, kind in self.record_type.columns.items() if name not in facts}
        derived = {column for each in self.record_type.stored for column in each.also}
        for column in model._meta.local_concrete_fields:
            untouched = column.name in ("id", "tenant", "version", "created_at") or column.generated
            needed = not column.null and not column.has_db_default()
            if not untouched and column.column not in kinds and (needed or column.column in derived):
                kinds[column.column] = column.db_type(connection).split("(")[0].replace("varchar", "text")
        return kinds

    def _value_on_create(self, name: str) -> str:
        column = next(
            each
            for each in apps.get_model(self.record_type.model)._meta.local_concrete_fields
            if each.column == name
        )
        if name == self.record_type.tree:  # what a later row makes is not there yet
            return f'(SELECT p.id FROM {self.table} p WHERE p.tenant_id = ch.tenant_id AND p.id = r."{name}")'
        if column.null or column.is_relation:
            return f'r."{name}"'
        default = column.get_default()
        if default is None:
            return f'r."{name}"'
        quoted = "'" + str(default).replace("'", "''") + "'" if default not in (None, "") else "''"
        return f'coalesce(r."{name}", {quoted})'

    # Taking it back -----------------------------------------------------------------------------------------

    def restore_records(self) -> int:
        """Give known records their old values where the import's are still there; how many keep something newer."""
        kinds = self._all_kinds()
        shape = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        groups = [tuple(each.columns) for each in self.record_type.stored if not each.is_fact]
        groups += [(name,) for name in kinds if not any(name in group for group in groups)]
        ours = {
            group: f"(ch.after ? '{group[0]}' AND ROW({_all('a', group)}) IS NOT DISTINCT FROM ROW({_all('w', group)}))"
            for group in groups
        }
        sets = ", ".join(
            f'"{name}" = CASE WHEN {test} THEN b."{name}" ELSE a."{name}" END'
            for group, test in ours.items()
            for name in group
        )
        newer = " OR ".join(f"(ch.after ? '{group[0]}' AND NOT {test})" for group, test in ours.items())
        rows = self.fetch(
            f"""
            WITH held AS (
              SELECT ch.id, ({newer}) AS newer
              FROM accounts_importchange ch
              CROSS JOIN LATERAL jsonb_to_record(ch.after) AS w({shape})
              JOIN {self.table} a ON a.tenant_id = %(tenant)s AND a.id = ch.record
              WHERE ch.tenant_id = %(tenant)s AND ch.of_id = %(batch)s AND NOT ch.created
            ), restored AS (
              UPDATE {self.table} a SET {sets}
              FROM accounts_importchange ch
              CROSS JOIN LATERAL jsonb_to_record(ch.after) AS w({shape})
              CROSS JOIN LATERAL jsonb_to_record(ch.before) AS b({shape})
              WHERE ch.tenant_id = %(tenant)s AND ch.of_id = %(batch)s AND NOT ch.created
                AND a.tenant_id = %(tenant)s AND a.id = ch.record
              RETURNING 1
            )
            SELECT count(*) FILTER (WHERE newer) FROM held
            """
        )
        return int(rows[0][0])


def _all(alias: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f'{alias}."{column}"' for column in columns)
