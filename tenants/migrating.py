"""Operations for migrations."""

from typing import Any

from django.db.migrations.operations.base import Operation


class InstallTriggers(Operation):
    """Install every trigger that the models of this migration's app have in their options.

    One operation instead of one for each trigger: each of those would have Django build all related models anew, which
    made the first start four times as long.
    """

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The triggers are already in the options of the models."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in to_state.apps.get_app_config(app_label).get_models():
            for trigger in getattr(model._meta, "triggers", []):
                schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in from_state.apps.get_app_config(app_label).get_models():
            for trigger in getattr(model._meta, "triggers", []):
                schema_editor.execute(trigger.uninstall_sql, params=None)

    def describe(self) -> str:
        return "Install the triggers of the app's models"


class AddEverywhere(Operation):
    """Add one field to many models of an app, and renew triggers that speak of it; ``triggers`` is by model.

    One operation for all of them, for the same reason.
    """

    reduces_to_sql = True
    reversible = False

    def __init__(self, name: str, field: Any, models: list[str], triggers: dict[str, list[Any]]) -> None:
        self.name, self.field, self.models, self.triggers = name, field, models, triggers

    def state_forwards(self, app_label: str, state: Any) -> None:
        for model in self.models:
            state.models[app_label, model].fields[self.name] = self.field
        for model, renewed in self.triggers.items():
            options = state.models[app_label, model].options
            names = {trigger.name for trigger in renewed}
            kept = [trigger for trigger in options.get("triggers", []) if trigger.name not in names]
            options["triggers"] = [*kept, *renewed]
        state.clear_delayed_apps_cache()
        state.__dict__.pop("apps", None)  # rendered anew, once, when somebody asks

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name in self.models:
            model = to_state.apps.get_model(app_label, name)
            schema_editor.add_field(model, model._meta.get_field(self.name))
        for renewed in self.triggers.values():
            for trigger in renewed:
                schema_editor.execute(trigger.install_sql, params=None)

    def describe(self) -> str:
        return f"Add {self.name} to {len(self.models)} models"
