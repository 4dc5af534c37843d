"""What a database holds and what guards it, in a form that two databases can be compared by."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from psycopg2 import sql

# Rows are compared by their text, so whatever the server's settings say, it is written the same.
PLAIN = """
SET search_path = ''; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601';
SET bytea_output = 'hex'; SET extra_float_digits = 1; SET statement_timeout = 0; SET row_security = off
"""
TABLES = """
SELECT c.relname, EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id' AND attnum > 0)
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
# The sum of 64 bits of each row's md5: no order, no memory, and doubled rows do not cancel each other out.
ROWS = """
SELECT {tenant}, count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)::text
FROM public.{table} AS t GROUP BY 1
"""
ACL = """
(SELECT string_agg(coalesce(g.rolname, 'PUBLIC') || '=' || a.privilege_type, ',' ORDER BY g.rolname, a.privilege_type)
 FROM aclexplode({acl}) AS a LEFT JOIN pg_roles g ON g.oid = a.grantee)
"""
# A dump writes some conditions with other brackets and casts than it read; the rest of the text is what counts.
BARE = r"regexp_replace({text}, '::[a-z ]+(\[\])?|ARRAY|[][()]', '', 'g')"
SHAPE = {
    "tables": f"""
        SELECT relname, relkind::text, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner),
          {ACL.format(acl="coalesce(relacl, acldefault('r', relowner))")}
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')""",
    "columns": f"""
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
          pg_get_expr(d.adbin, d.adrelid), a.attgenerated::text, {ACL.format(acl="a.attacl")}
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum)
          = (a.attrelid, a.attnum)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": f"""
        SELECT conrelid::regclass::text, conname, {BARE.format(text="pg_get_constraintdef(oid)")}, convalidated
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexes": f"SELECT tablename, {BARE.format(text='indexdef')} FROM pg_indexes WHERE schemaname = 'public'",
    "policies": """
        SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check
        FROM pg_policies WHERE schemaname = 'public'""",
    "triggers": """
        SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger
        WHERE NOT tgisinternal""",
    "functions": f"""
        SELECT p.oid::regprocedure::text, md5(pg_get_functiondef(p.oid)), pg_get_userbyid(proowner), prosecdef,
          {ACL.format(acl="coalesce(proacl, acldefault('f', proowner))")}
        FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')""",
    "extensions": "SELECT extname FROM pg_extension",
}
ROLES = """
SELECT DISTINCT rolname, rolsuper OR rolbypassrls FROM pg_roles r WHERE EXISTS (
  SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid
    AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())) ORDER BY 1
"""
Sums = dict[str, dict[str, list[Any]]]


@dataclass
class Manifest:
    """``rows``: table → tenant ("" where a row has none) → [count, checksum]; ``shape``: kind of thing → its lines;
    ``roles``: each role that owns or may do something here → whether row-level security does not hold it."""

    made_at: str
    major: int
    rows: Sums
    shape: dict[str, list[str]]
    roles: dict[str, bool]
    files: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(count for sums in self.rows.values() for count, _sum in sums.values())

    @property
    def tenants(self) -> set[str]:
        return set(self.rows.get("tenants_tenant", {}))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def read(connection: Any, made_at: str) -> Manifest:
    """Everything about the database that ``connection`` is on; its role must see all rows."""
    with connection.cursor() as cursor:
        cursor.execute(PLAIN)
        rows = dict(sums(cursor))
        shape = {name: lines(cursor, query) for name, query in SHAPE.items()}
        cursor.execute(ROLES)
        roles = dict(cursor.fetchall())
    return Manifest(made_at, connection.server_version // 10000, rows, shape, roles)


def sums(cursor: Any) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    cursor.execute(TABLES)
    for table, has_tenant in cursor.fetchall():
        tenant = sql.SQL("''")
        if has_tenant:
            tenant = sql.SQL("coalesce(t.tenant_id::text, '')")
        elif table == "tenants_tenant":
            tenant = sql.SQL("t.id::text")
        cursor.execute(sql.SQL(ROWS).format(tenant=tenant, table=sql.Identifier(table)))
        yield table, {owner: [count, checksum] for owner, count, checksum in cursor.fetchall()}


def lines(cursor: Any, query: str) -> list[str]:
    cursor.execute(query)
    return sorted(" | ".join(str(value) for value in row) for row in cursor.fetchall())


def differences(wanted: Manifest, found: Manifest) -> list[str]:
    """What ``found`` lacks, has beyond, or has otherwise; [] when both are the same."""
    told = []
    for table in sorted({*wanted.rows, *found.rows}):
        was, now = wanted.rows.get(table, {}), found.rows.get(table, {})
        for tenant in sorted({*was, *now}):
            if was.get(tenant) != now.get(tenant):
                told.append(f"{table} {tenant}: {was.get(tenant)} → {now.get(tenant)}")
    for name in SHAPE:
        before, after = set(wanted.shape.get(name, [])), set(found.shape.get(name, []))
        told += [f"{name}: − {line}" for line in sorted(before - after)]
        told += [f"{name}: + {line}" for line in sorted(after - before)]
    return told
