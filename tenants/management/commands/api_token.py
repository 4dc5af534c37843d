"""``manage.py api_token --tenant SLUG --user EMAIL``: a token for a program, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tenants.models import ApiToken, Membership


class Command(BaseCommand):
    help = "プログラムがそのメンバーとしてAPIを使うためのトークンを作り、1回だけ出します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="会社(アドレスに入る名前)")
        parser.add_argument("--user", required=True, metavar="EMAIL", help="メンバーのメールアドレス")
        parser.add_argument("--name", default="コマンドで作成", help="何に使うか")
        parser.add_argument("--days", type=int, default=0, help="使える日数(書かなければ期限なし)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Standard output is the token alone, so that a script can take it."""
        members = Membership.objects.active().filter(tenant__slug=options["tenant"])
        member = members.filter(user__email=options["user"].strip().lower()).first()
        if member is None:
            self.stderr.write(f"会社「{options['tenant']}」に、メンバー {options['user']} はいません。")
            raise SystemExit(2)
        if not 0 <= options["days"] <= 3650:
            self.stderr.write("--days は 1 から 3650 までです。")
            raise SystemExit(2)
        _made, token = ApiToken.issue(member, options["name"][:80], days=options["days"])
        self.stdout.write(token)
