"""What the database itself promises about tenants: row-level security, the tenant key, composite foreign keys."""

from typing import Any

from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint

APP_ROLE = "masume_app"


class TenantConstraint(BaseConstraint):
    """A constraint written after all tables of a migration exist, so that order never matters."""

    template = ""
    remove_template = ""

    def parts(self, model: Any, schema_editor: Any) -> dict[str, Any]:
        return {"name": schema_editor.quote_name(self.name), "role": APP_ROLE}

    def statement(self, template: str, model: Any, schema_editor: Any) -> Statement:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return Statement(template, table=table, **self.parts(model, schema_editor))

    def constraint_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]
        self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        self.defer(schema_editor.deferred_sql, self.statement(self.template, model, schema_editor))
        return "SELECT 1"  # a schema editor executes or queues whatever comes back, even None

    def defer(self, queue: list[Any], statement: Statement) -> None:
        queue.append(statement)

    def remove_sql(self, model: Any, schema_editor: Any) -> Statement:  # type: ignore[override]
        return self.statement(self.remove_template, model, schema_editor)

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """The database decides; there is nothing a form could check better."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.deconstruct() == other.deconstruct()  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash((type(self), self.name))


class RowLevelSecurity(TenantConstraint):
    template = (
        "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY; ALTER TABLE %(table)s FORCE ROW LEVEL SECURITY; "
        "CREATE POLICY %(name)s ON %(table)s TO %(role)s "
        "USING (tenant_id = app_tenant_id()) WITH CHECK (tenant_id = app_tenant_id())"
    )
    remove_template = "DROP POLICY %(name)s ON %(table)s"


class ReadInTenant(TenantConstraint):
    """For the history of global rows: added to from anywhere, even before a tenant is known, read within one."""

    template = (
        "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY; ALTER TABLE %(table)s FORCE ROW LEVEL SECURITY; "
        "CREATE POLICY %(name)s ON %(table)s FOR SELECT TO %(role)s USING (tenant_id = app_tenant_id()); "
        "CREATE POLICY %(added)s ON %(table)s FOR INSERT WITH CHECK (true)"
    )
    remove_template = "DROP POLICY %(name)s ON %(table)s; DROP POLICY %(added)s ON %(table)s"

    def parts(self, model: Any, schema_editor: Any) -> dict[str, Any]:
        return {**super().parts(model, schema_editor), "added": schema_editor.quote_name(f"{self.name}_add")}


class TenantKey(TenantConstraint):
    """``(tenant_id, id)`` as a unique index: what composite keys point to, and one day the primary key."""

    template = "CREATE UNIQUE INDEX %(name)s ON %(table)s (tenant_id, id)"
    remove_template = "DROP INDEX %(name)s"

    def defer(self, queue: list[Any], statement: Statement) -> None:
        queue.insert(0, statement)


class SameTenant(TenantConstraint):
    """``FOREIGN KEY (tenant_id, x_id) REFERENCES parent (tenant_id, id)``: single-column keys look past policies."""

    template = (
        "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s "
        "FOREIGN KEY (tenant_id, %(column)s) REFERENCES %(parent)s (tenant_id, id)"
    )
    remove_template = "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s"

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def parts(self, model: Any, schema_editor: Any) -> dict[str, Any]:
        field = model._meta.get_field(self.field)
        parent = field.remote_field.model._meta.db_table
        return {
            **super().parts(model, schema_editor),
            "column": schema_editor.quote_name(field.column),
            "parent": Table(parent, schema_editor.quote_name),
        }

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}


class NoCircle(TenantConstraint):
    """Whoever follows ``field``, a key to the same table, from row to row never comes back to where they began.

    ``within`` names the parent whose rows are moved one after the other: two people who each put the other above could
    otherwise both be right. A bulk update sees the rows that it has changed already.
    """

    template = """
CREATE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.%(column)s IS NULL THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.%(within)s::text, 0));
  IF EXISTS (
    WITH RECURSIVE above AS (
      SELECT NEW.%(column)s AS id
      UNION
      SELECT parent.%(column)s FROM %(table)s AS parent JOIN above ON above.id = parent.id
      WHERE parent.tenant_id = NEW.tenant_id AND parent.id <> NEW.id
    ) SELECT FROM above WHERE above.id = NEW.id
  ) THEN
    RAISE EXCEPTION 'a circle' USING ERRCODE = 'check_violation', CONSTRAINT = '%(plain)s', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER %(name)s BEFORE INSERT OR UPDATE OF %(column)s ON %(table)s
  FOR EACH ROW EXECUTE FUNCTION %(function)s()"""
    remove_template = "DROP TRIGGER %(name)s ON %(table)s; DROP FUNCTION %(function)s()"

    def __init__(self, *, field: str, within: str, name: str, violation_error_message: Any = None) -> None:
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.fields, self.within = [field], within

    def parts(self, model: Any, schema_editor: Any) -> dict[str, Any]:
        def quoted(name: str) -> str:
            return str(schema_editor.quote_name(model._meta.get_field(name).column))

        return {
            **super().parts(model, schema_editor),
            "plain": self.name,
            "function": schema_editor.quote_name(f"{model._meta.db_table}_{self.name}"),
            "column": quoted(self.fields[0]),
            "within": quoted(self.within),
        }

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.fields[0], "within": self.within}
