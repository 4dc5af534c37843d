"""``manage.py erase_tenant SLUG``: what is there; with ``--yes-erase SLUG`` it goes, for good."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from tenants.erasing import tenant as erasing
from tenants.models import Tenant


class Command(BaseCommand):
    help = (
        "会社のデータをすべて消します: すべての表、履歴、ファイル、メール、ほかの会社にいない人とそのセッション。"
        "--yes-erase がなければ、消えるものを数えるだけです。控え(バックアップ)には残ります。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="会社のアドレスに入る名前")
        parser.add_argument("--yes-erase", metavar="SLUG", help="同じ名前をもう一度入れると、本当に消します")
        parser.add_argument("--json", action="store_true", help="結果を JSON で出します")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, confirmed = options["slug"], options["yes_erase"]
        tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None or (confirmed is not None and confirmed != slug):
            self.refuse(
                "その会社はありません。"
                if tenant is None
                else "--yes-erase の名前が違います。何も消していません。"
            )
        if erasing.OWNER not in connections:
            self.refuse("DATABASE_OWNER_URL を指定してください。")
        try:
            done = erasing.erase(tenant) if confirmed else erasing.look(tenant)  # type: ignore[arg-type]
        except erasing.StillAtWork:
            self.stderr.write(
                "この会社の仕事が動いています。会社は止めました。1分ほど待って、もう一度実行してください。"
            )
            raise SystemExit(1) from None
        if options["json"]:
            self.stdout.write(json.dumps({"erased": bool(confirmed), **asdict(done)}))
            return
        for table, count in done.rows.items():
            if count:
                self.stdout.write(f"{count:>12,}  {table}")
        self.stdout.write(
            f"ほかの会社にいない人 {done.people}、セッション {done.sessions}、ファイル {done.files}、メール {done.mails}"
        )
        words = (
            "すべて消しました。"
            if confirmed
            else f"まだ何も消していません。消すには --yes-erase {slug} を付けてください。"
        )
        self.stdout.write(words)

    def refuse(self, reason: str) -> None:
        self.stderr.write(reason)
        raise SystemExit(2)
