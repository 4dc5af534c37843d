import tenants.migration
from django.db import migrations, models


class Migration(tenants.migration.Migration):
    dependencies = [("tenants", "0010_own_plans")]

    operations = [
        migrations.AddField(
            "apitoken",
            "opens",
            models.CharField(
                choices=[("api", "API"), ("calendar", "カレンダー")], default="api", editable=False, max_length=10
            ),
        ),
        migrations.AddField("apitoken", "about", models.UUIDField(editable=False, null=True)),
    ]
