from pathlib import Path

from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tenants.migration import Migration, runs

TABLE = migrations.CreateModel("Goal", [("id", models.UUIDField(primary_key=True))])
OTHER = migrations.CreateModel("Step", [("id", models.UUIDField(primary_key=True))])
FIELD = migrations.AddField("goal", "text", models.TextField(default=""))
LONGER = migrations.AlterField("goal", "text", models.TextField(default="", blank=True))
INDEX = migrations.AddIndex("step", models.Index(fields=["id"], name="steps"))
WORDS = migrations.RunSQL("SELECT 1")


def test_every_migration_of_ours_is_applied_in_runs() -> None:
    root = Path(__file__).parents[1]
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).parent == root}
    assert "accounts" in ours
    found = MigrationLoader(None).disk_migrations
    assert [key for key, one in found.items() if key[0] in ours and not isinstance(one, Migration)] == []


def test_operations_stay_in_their_order() -> None:
    for _app, one in MigrationLoader(None).disk_migrations.items():
        assert [op for run in runs(one.operations) for op in run] == one.operations


def test_a_run_ends_where_the_models_in_between_matter() -> None:
    assert list(runs([TABLE, OTHER])) == [[TABLE, OTHER]]
    assert list(runs([TABLE, FIELD])) == [[TABLE], [FIELD]]
    assert list(runs([FIELD, INDEX])) == [[FIELD, INDEX]]
    assert list(runs([FIELD, LONGER])) == [[FIELD], [LONGER]]
    assert list(runs([INDEX, WORDS, FIELD])) == [[INDEX], [WORDS], [FIELD]]
