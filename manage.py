#!/usr/bin/env python3
import os
import sys

BESIDE_TENANTS = {
    "--help", "--version", "check", "collectstatic", "compilemessages", "help", "makemessages", "makemigrations",
    "migrate", "showmigrations", "sqlmigrate", "version",
}  # fmt: skip


def main(words: list[str]) -> None:
    """Like the web server and the workers, a command that touches rows of tenants is held by row-level security."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cs_planner.settings")
    import django
    from django.core.management import execute_from_command_line

    if words[1:] and words[1] not in BESIDE_TENANTS and "--help" not in words:
        django.setup()
        from tenants.readiness import refuse_unsafe_role

        refuse_unsafe_role()
    execute_from_command_line(words)


if __name__ == "__main__":
    main(sys.argv)
