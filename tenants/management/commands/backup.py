"""``manage.py backup FILE``: all tenants and their uploads as one file that was read back and counted."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tenants.backups import Refused
from tenants.backups.taking import take


class Command(BaseCommand):
    help = (
        "すべての会社のデータと取り込んだファイルを、1つの控えにします。書いたあとに読み返して、会社と表ごとに行を数えます。"
        "DATABASE_BACKUP_URL の利用者で読みます。"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="控えの名前(例 masume-20261123.backup)。あるものには書きません"
        )
        parser.add_argument("--json", action="store_true", help="結果を JSON で出します")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].absolute()
        url = os.environ.get("DATABASE_BACKUP_URL")
        if not url:
            self.stderr.write("DATABASE_BACKUP_URL に、すべての行を読める利用者の接続先を指定してください。")
            raise SystemExit(2)
        try:
            found = take(target, url, Path(settings.MEDIA_ROOT))
        except Refused as reason:
            self.stderr.write(str(reason))
            raise SystemExit(1) from None
        facts = {
            "file": str(target), "bytes": target.stat().st_size, "made_at": found.made_at,
            "tenants": len(found.tenants), "tables": len(found.rows), "rows": found.count,
            "uploads": sum(name.startswith("media/") for name in found.files),
        }  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        words = "{tenants} 社、{tables} 表、{rows:,} 行、ファイル {uploads} 個、{bytes:,} バイト"
        self.stdout.write(f"控えを書き、読み返して数えました: {target}")
        self.stdout.write(words.format(**facts))
