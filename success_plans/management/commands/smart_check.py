"""``manage.py smart_check``: statements as JSON lines in, their SMART judgement as JSON lines out."""

import json
import sys
from typing import Any, TextIO

from django.core.management.base import BaseCommand

from success_plans.smart import judge, statement_from


class Command(BaseCommand):
    help = "標準入力のJSON行(目標やアクションの文)をSMARTで読み、1行ずつ判定を出します。"
    requires_system_checks: list[str] = []  # no database is touched

    def handle(self, *args: Any, **options: Any) -> None:
        """Each line out has ``id``, ``labels``, ``smart`` and ``read``. A line that is no statement is named on standard
        error and left out; the command then ends with 1."""
        sys.stdin.reconfigure(encoding="utf-8-sig")  # type: ignore[union-attr]
        if not self.answer(sys.stdin):
            raise SystemExit(1)

    def answer(self, lines: TextIO) -> bool:
        all_read = True
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                judged = judge(statement_from(record)).as_json()
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                all_read = False
                self.stderr.write(f"{number}行目は読めませんでした: {said(error)}")
                continue
            self.stdout.write(json.dumps({"id": record.get("id"), **judged}, ensure_ascii=False))
        return all_read


def said(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"JSONではありません({error.colno}文字目)"
    if isinstance(error, KeyError):
        return f"{error.args[0]} がありません"
    return "形が違います。text と context.as_of(2026-04-01 の形)が要ります"
