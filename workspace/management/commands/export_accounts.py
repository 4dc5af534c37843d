import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants.models import Membership
from tenants.permissions import may
from tenants.scope import tenant_scope
from ui.exports import FORMATS, table_file
from workspace.account_list import export
from workspace.account_list.query import ListQuery


class Command(BaseCommand):
    help = (
        "Write the account list as CSV (UTF-8 with BOM) or xlsx: the accounts, columns and order that this person "
        "sees. Exit status 2 for an unknown tenant or person, or one who may not export."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the tenant's slug")
        parser.add_argument(
            "--as", required=True, dest="email", metavar="EMAIL", help="whose rights and view"
        )
        parser.add_argument("--format", required=True, choices=FORMATS, help="kind of file")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write here instead of standard output")
        parser.add_argument(
            "--query",
            default="view=team",
            metavar="QUERY",
            help="filters as in the page's address, e.g. 'view=season&month=3&sort=arr' (default: view=team)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        member = member_or_exit(options["tenant"], options["email"])
        with tenant_scope(member.tenant, member=member), timezone.override(member.tenant.zone):
            query = ListQuery.of(options["query"], member)
            rows = export.table(query, member, timezone.localdate())
            content = table_file(options["format"], export.heads(query), rows)
        if options["out"]:
            options["out"].write_bytes(content)
        else:
            getattr(self.stdout, "buffer", sys.stdout.buffer).write(content)


def member_or_exit(slug: str, email: str) -> Membership:
    """The active member with that address, who may export; exits with status 2 otherwise."""
    members = Membership.objects.active().filter(tenant__slug=slug, user__email__iexact=email)
    member = members.first()
    if member is None:
        raise CommandError(f"{slug} に {email} というメンバーはいません", returncode=2)
    if not may(member, "account.export"):
        raise CommandError(f"{email} ({member.get_role_display()})は書き出せません", returncode=2)
    return member
