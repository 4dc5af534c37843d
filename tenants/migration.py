"""How this project's migrations are applied: in runs of operations that share one picture of the models.

Django has the models drawn anew for every operation, a quarter of a second each with a hundred models; most operations do
not build on the one before.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger, RemoveTrigger

ON_MODELS = (migrations.AddField, migrations.AlterField, migrations.AddIndex, migrations.AddConstraint)
JOINING = (migrations.CreateModel, AddTrigger, RemoveTrigger, *ON_MODELS)


class Migration(migrations.Migration):
    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        if collect_sql or not self.atomic:
            return super().apply(project_state, schema_editor, collect_sql)
        for run in runs(self.operations):
            before = project_state.clone()
            project_state.__dict__.pop("apps", None)  # drawn when the run asks for it
            for operation in run:
                operation.state_forwards(self.app_label, project_state)
            for operation in run:
                operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state


def runs(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """The operations in their order; each run may see the models as they are before it and after it, not in between."""
    run = list[Operation]()
    for operation in operations:
        if run and not all(is_apart(operation, other) for other in run):
            yield run
            run = []
        run.append(operation)
    if run:
        yield run


def is_apart(later: Any, earlier: Any) -> bool:
    """Whether ``later`` has no need of the models as they are right after ``earlier``, nor the other way round."""
    if not isinstance(later, JOINING) or not isinstance(earlier, JOINING):
        return False
    if isinstance(later, migrations.CreateModel):
        return True
    if model_of(later) != model_of(earlier):
        return True
    if isinstance(earlier, migrations.CreateModel):  # its table would be made with what is added later
        return isinstance(later, AddTrigger)
    if isinstance(later, RemoveTrigger):
        return not isinstance(earlier, AddTrigger)
    fields = (migrations.AddField, migrations.AlterField)
    return not (
        isinstance(later, fields) and isinstance(earlier, fields) and later.name_lower == earlier.name_lower
    )


def model_of(operation: Any) -> str:
    name = operation.name if isinstance(operation, migrations.CreateModel) else operation.model_name
    return str(name.lower())
