"""The test database as programs of their own reach it."""

from django.db import connections

from drill import ground


def database() -> str:
    return str(connections["default"].settings_dict["NAME"])


def app_url() -> str:
    return ground.url("DATABASE_URL", database())
