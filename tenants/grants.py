"""What the app role may do, given by the owner after every migration."""

from typing import Any

from django.db import connections

from tenants.constraints import APP_ROLE
from tenants.history import append_only

# Read by start-up checks and by the tests; nothing writes them at run time.
READ_ONLY = ("django_migrations", "django_content_type")


def grant_rights(using: str, **kwargs: Any) -> None:
    """GRANT by kind of table: history is append-only, bookkeeping is read-only, the rest is read and written."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        history = {model._meta.db_table for model in append_only()}
        for table in sorted(tables):
            rights = "SELECT" if table in READ_ONLY else "SELECT, INSERT"
            if table not in history and table not in READ_ONLY:
                rights += ", UPDATE, DELETE"
            cursor.execute(
                f'REVOKE ALL ON "{table}" FROM {APP_ROLE}; GRANT {rights} ON "{table}" TO {APP_ROLE}'
            )
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
