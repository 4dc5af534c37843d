"""``manage.py create_tenant --slug S --name N --admin EMAIL``: a new vendor and the link for its first admin."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from tenants import inviting
from tenants.models import Invitation, Membership, Tenant
from tenants.roles import Role


class Command(BaseCommand):
    help = (
        "会社を作り、最初の管理者が参加するための、1回だけ使えるリンクを出します。"
        "まだ誰も参加していない会社には、新しいリンクを出し直します。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--slug", required=True, help="アドレスに入る名前(半角の英小文字、数字、ハイフン)"
        )
        parser.add_argument("--name", required=True, help="会社名")
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="最初の管理者のメールアドレス")
        parser.add_argument("--json", action="store_true", help="結果を JSON で出します")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["admin"])
            tenant, invitation, link = self.create(options["slug"], options["name"], options["admin"])
        except ValidationError as error:
            self.stderr.write(" ".join(error.messages))
            raise SystemExit(2) from None
        if options["json"]:
            expires = invitation.expires_at.isoformat()
            found = {"slug": tenant.slug, "name": tenant.name, "admin": invitation.email}
            self.stdout.write(json.dumps({**found, "link": link, "expires_at": expires}, ensure_ascii=False))
            return
        until = timezone.localtime(invitation.expires_at)
        self.stdout.write(f"{tenant.name}({tenant.slug})の管理者 {invitation.email} のリンク")
        self.stdout.write(f"({until:%Y/%m/%d %H:%M} まで、1回だけ使えます):\n{link}")

    @transaction.atomic
    def create(self, slug: str, name: str, admin: str) -> tuple[Tenant, Invitation, str]:
        tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None:
            tenant = Tenant(slug=slug, name=name)
            tenant.full_clean()
            tenant.save()
        elif Membership.objects.in_tenant(tenant).exists():
            raise ValidationError(
                f"会社「{slug}」はもうあり、人が参加しています。招待は画面から送ってください。"
            )
        invitation, link = inviting.invite(tenant, admin, Role.ADMIN)
        return tenant, invitation, link
