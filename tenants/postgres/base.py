"""PostgreSQL, with the tenant of the context bound at every BEGIN."""

from django.db.backends.postgresql import base

from tenants import scope


class DatabaseWrapper(base.DatabaseWrapper):
    def set_autocommit(
        self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False
    ) -> None:
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        # Every outermost atomic() passes here, also those in tasks and in on_commit hooks.
        current = scope.scope_or_none()
        if not autocommit and current is not None and self.alias == "default":
            with self.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT bind_tenant(%s, %s, %s)",
                    (current.tenant.pk, current.actor, current.request_id),
                )
