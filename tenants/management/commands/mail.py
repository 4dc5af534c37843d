"""``manage.py mail``: the operator's view of mails that no SMTP server has taken."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tenants import doors
from tenants.models.outbox import MailState, OutboxMail

RULE = b"-" * 79 + b"\n"  # what Django's file backend writes after each mail


class Command(BaseCommand):
    help = "SMTPで送っていないメールを出します: ファイルに残したものと、送信を待つもの。新しいものが先です。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=50, help="ファイルのメールを何通まで出すか(既定 50)")
        parser.add_argument("--json", action="store_true", help="結果を JSON で出します")

    def handle(self, *args: Any, **options: Any) -> None:
        kept, waiting = kept_as_files()[: options["limit"]], in_outbox()
        if options["json"]:
            self.stdout.write(json.dumps({"mails": kept, "outbox": waiting}, ensure_ascii=False))
            return
        for mail in kept:
            self.stdout.write(f"■ {mail['at']}  {mail['to']}  {mail['subject']}\n{mail['body'].strip()}\n")
        for mail in waiting:
            self.stdout.write(f"□ {mail['state']}  {mail['tenant']}  {mail['to']}  {mail['subject']}")
        if not kept and not waiting:
            self.stdout.write("送っていないメールはありません。")


def kept_as_files() -> list[dict[str, str]]:
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or settings.HOME / "mail")
    found = [mail for file in folder.glob("*.log") for mail in mails_in(file)]
    return sorted(found, key=lambda mail: mail["at"], reverse=True)


def mails_in(file: Path) -> list[dict[str, str]]:
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
    texts = [text for text in file.read_bytes().split(RULE) if text.strip()]
    return [{"at": at, **opened(text), "file": file.name} for text in texts]


def opened(text: bytes) -> dict[str, str]:
    message = message_from_bytes(text, policy=policy.default)
    body = message.get_body(("plain",))
    return {
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "body": body.get_content() if body else "",
    }


def in_outbox() -> list[dict[str, str]]:
    """Pending and failed mails of every tenant."""
    found = []
    for tenant in doors.tenants_named():
        with doors.inside(tenant, actor="operator"):
            unsent = OutboxMail.objects.exclude(state=MailState.SENT).order_by("-created_at")
            found += [
                {"tenant": tenant.slug, "to": m.to, "subject": m.subject, "state": m.state, "error": m.error}
                for m in unsent
            ]
    return found
