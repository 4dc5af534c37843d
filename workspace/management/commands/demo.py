import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from workspace.demo import loading
from workspace.demo.people import PASSWORD, Vendor


class Command(BaseCommand):
    help = "Load the demo vendors where they are missing; nothing a person edited is touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="print the tenants and their sign-ins as JSON"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        added = loading.load()
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {"tenants": [described(vendor) for vendor, _ in loading.VENDORS]}, ensure_ascii=False
                )
            )
            return
        for tenant, is_new in added.items():
            self.stdout.write(f"{tenant.name}: {'読み込みました' if is_new else 'そのまま残しました'}")


def described(vendor: Vendor) -> dict[str, Any]:
    users = [
        {
            "email": f"{person.key}@{vendor.mail_domain}",
            "password": PASSWORD,
            "role": person.role.value,
            "name": person.name,
        }
        for person in vendor.people
    ]
    return {"slug": vendor.slug, "name": vendor.name, "users": users}
