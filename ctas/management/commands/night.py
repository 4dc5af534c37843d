"""``manage.py night --on DATE [--tenant SLUG] [--json]``: the night's work now, for what is known on that date."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ctas import night
from tenants import doors
from tenants.models import Tenant


def a_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"日付は 2026-10-01 のように書いてください: {text}") from None


class Command(BaseCommand):
    help = (
        "夜間の計算を行います: ヘルスを測り、CTAを開いて閉じます。何度実行しても、二度目は何も変わりません。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--on", type=a_date, help="この日にわかっていることで計算します(既定は各社の今日)"
        )
        parser.add_argument("--tenant", default="", metavar="SLUG", help="この会社だけを計算します")
        parser.add_argument("--json", action="store_true", help="結果を JSON で出します")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = doors.tenants_named(options["tenant"])
        if options["tenant"] and not tenants:
            self.stderr.write(f"会社「{options['tenant']}」はありません。")
            raise SystemExit(2)
        done: dict[str, dict[str, int]] = {}
        failed: dict[str, str] = {}
        for tenant in tenants:
            try:
                done[tenant.slug] = self.night_of(tenant, options["on"])
            except Exception as error:  # noqa: BLE001  one tenant's trouble must not keep the others waiting
                failed[tenant.slug] = f"{type(error).__name__}: {error}"
        self.tell(done, failed, as_json=options["json"])
        if failed:
            raise SystemExit(1)

    def night_of(self, tenant: Tenant, on: date | None) -> dict[str, int]:
        with doors.inside(tenant, actor="job:night"):
            return night.run(on or timezone.localdate()).as_dict()

    def tell(self, done: dict[str, Any], failed: dict[str, str], *, as_json: bool) -> None:
        for slug, error in failed.items():
            self.stderr.write(f"{slug}: 計算できませんでした。{error}")
        if as_json:
            self.stdout.write(json.dumps({"tenants": done}, ensure_ascii=False))
            return
        for slug, n in done.items():
            self.stdout.write(
                f"{slug}: {n['scored']}社のヘルスを計算し、CTAを{n['opened']}件開き、{n['closed']}件閉じました"
                f"({n['unchanged']}件はそのまま)。"
            )
