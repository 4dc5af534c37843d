from typing import Any

from django.db import models
from django.db.models import Func


class UUIDv7(Func):
    """Keys that sort by the time they were made; PostgreSQL 18 makes them."""

    function = "uuidv7"
    arity = 0
    output_field = models.UUIDField()


class Setting(Func):
    """A value bound by ``bind_tenant`` for this transaction, such as the actor; empty when nobody said."""

    template = "coalesce(current_setting('app.%(setting)s', true), '')"
    output_field = models.TextField()

    def __init__(self, setting: str) -> None:
        super().__init__(setting=setting)


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key within the tenant; its composite constraint is added to the model by itself."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["db_constraint"]
        return name, path, args, kwargs
