"""``manage.py restore FILE``: what a backup holds, in the place of the database and the uploads."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tenants import readiness
from tenants.backups import Refused
from tenants.backups.restoring import restore

OF_THE_DATABASE = ("database", "role", "policies", "migrations")


class Command(BaseCommand):
    help = (
        "控えを別のデータベースに戻し、会社と表ごとの行と検査値、ポリシー、トリガー、権利を控えと照らしてから、"
        "いまのデータベースと名前を入れ替えます。前のデータベースは別の名前で残します。"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="manage backup で作った控え")
        parser.add_argument("--replace", action="store_true", help="データのあるデータベースと入れ替えます")
        parser.add_argument("--json", action="store_true", help="結果を JSON で出します")

    def handle(self, *args: Any, **options: Any) -> None:
        owner, backup = (os.environ.get(name) for name in ("DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"))
        if not owner or not backup:
            self.stderr.write("DATABASE_OWNER_URL と DATABASE_BACKUP_URL を指定してください。")
            raise SystemExit(2)
        try:
            done = restore(
                options["file"], owner, backup, Path(settings.MEDIA_ROOT), replace=options["replace"]
            )
        except Refused as reason:
            self.stderr.write(str(reason))
            raise SystemExit(1) from None
        checks = readiness.report()["checks"]
        wrong = {
            name: checks[name]["reason"] for name in OF_THE_DATABASE if not checks.get(name, {}).get("ok")
        }
        if options["json"]:
            facts = {
                "rows": done.manifest.count,
                "tenants": len(done.manifest.tenants),
                "kept_as": done.kept_as,
            }
            self.stdout.write(json.dumps({**facts, "made_at": done.manifest.made_at, "not_ready": wrong}))
            return
        self.stdout.write(
            f"{done.manifest.made_at} の控えに戻しました({done.manifest.count:,} 行を照らし合わせました)。"
        )
        if done.kept_as:
            self.stdout.write(
                f"前のデータベースは {done.kept_as} という名前で残しました。要らなくなったら消してください。"
            )
        if "migrations" in wrong:
            self.stdout.write("控えは前の版のものです。次に起動するとき(または migrate で)表を移行します。")
        for name, what in wrong.items():
            if name != "migrations":
                self.stdout.write(f"注意: {name}: {what}")
