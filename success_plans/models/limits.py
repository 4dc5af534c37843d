"""What the database promises about the number of objectives."""

from typing import Any

from tenants.constraints import TenantConstraint


class FewInRecovery(TenantConstraint):
    """A recovery plan holds ``limit`` live objectives at most, whoever adds one and from wherever (S3 3.7).

    The plan's row is held while they are counted: of two people at the same moment, the second one counts what the
    first one added.
    """

    fields = ("plan",)
    template = """
CREATE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.deleted_at IS NOT NULL THEN RETURN NEW; END IF;
  PERFORM FROM success_plans_successplan AS plan
    WHERE plan.tenant_id = NEW.tenant_id AND plan.id = NEW.plan_id AND plan.plan_type = 'recovery'
    FOR NO KEY UPDATE;
  IF FOUND AND %(limit)s <= (
    SELECT count(*) FROM %(table)s AS other
    WHERE other.tenant_id = NEW.tenant_id AND other.plan_id = NEW.plan_id AND other.deleted_at IS NULL
      AND other.id <> NEW.id
  ) THEN
    RAISE EXCEPTION 'one too many' USING ERRCODE = 'check_violation', CONSTRAINT = '%(plain)s', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER %(name)s BEFORE INSERT OR UPDATE OF deleted_at, plan_id ON %(table)s
  FOR EACH ROW EXECUTE FUNCTION %(function)s()"""
    remove_template = "DROP TRIGGER %(name)s ON %(table)s; DROP FUNCTION %(function)s()"

    def __init__(self, *, limit: int, name: str, violation_error_message: Any = None) -> None:
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.limit = limit

    def parts(self, model: Any, schema_editor: Any) -> dict[str, Any]:
        function = schema_editor.quote_name(f"{model._meta.db_table}_{self.name}")
        return {
            **super().parts(model, schema_editor),
            "plain": self.name,
            "function": function,
            "limit": self.limit,
        }

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "limit": self.limit}
