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
