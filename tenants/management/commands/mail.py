"""``manage.py mail``: the operator's view of mails that no SMTP server has taken."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tenants import doors, file_mail
from tenants.models.outbox import MailState, OutboxMail


class Command(BaseCommand):
    help = "SMTPで送っていないメールを出します: ファイルに残したものと、送信を待つもの。新しいものが先です。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=50, help="ファイルのメールを何通まで出すか(既定 50)")
        parser.add_argument("--json", action="store_true", help="結果を JSON で出します")

    def handle(self, *args: Any, **options: Any) -> None:
        kept, waiting = file_mail.kept()[: options["limit"]], in_outbox()
        if options["json"]:
            self.stdout.write(json.dumps({"mails": kept, "outbox": waiting}, ensure_ascii=False))
            return
        for mail in kept:
            self.stdout.write(f"■ {mail['at']}  {mail['to']}  {mail['subject']}\n{mail['body'].strip()}\n")
        for mail in waiting:
            self.stdout.write(f"□ {mail['state']}  {mail['tenant']}  {mail['to']}  {mail['subject']}")
        if not kept and not waiting:
            self.stdout.write("送っていないメールはありません。")


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
