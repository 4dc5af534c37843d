import json
import sys
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.importing import batches
from accounts.importing.findings import Finding
from accounts.importing.records import RECORD_TYPES
from accounts.importing.words import Severity, message_of
from accounts.models import Import, ImportFinding
from accounts.models.account import Stage
from accounts.models.imports import ImportState
from tenants.models import Membership
from tenants.permissions import may
from tenants.scope import tenant_scope


class Command(BaseCommand):
    help = (
        "Import records from a .csv, .tsv or .xlsx file, by the same steps as the page. Without --valid-only any error means "
        "that nothing is saved. Exit status: 0 done, 1 rows failed or the file cannot be read, 2 wrong use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record_type", choices=sorted(RECORD_TYPES), help="what the rows are")
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="on whose behalf")
        parser.add_argument(
            "--stage",
            default=Stage.LIVE.value,
            type=_stage,
            help="stage of new accounts: "
            + ", ".join(f"{value} ({label})" for value, label in Stage.choices),
        )
        parser.add_argument("--encoding", help="when the file's own encoding cannot be told")
        parser.add_argument("--dry-run", action="store_true", help="report what would be done, save nothing")
        parser.add_argument(
            "--valid-only", action="store_true", help="save the valid rows although others have errors"
        )
        parser.add_argument("--json", action="store_true", help="print a JSON object for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        member = self.member(options["tenant"], options["email"])
        if not options["file"].is_file():
            raise CommandError(_("%(file)s がありません") % {"file": options["file"]}, returncode=2)
        with tenant_scope(member.tenant, member=member):
            batch = take_in(member, options)
            report = report_of(batch, saved=batch.state == ImportState.DONE, dry_run=options["dry_run"])
            if options["dry_run"]:
                transaction.set_rollback(True)
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else as_text(report))
        if report["errors"] and (not options["valid_only"] or batch.state == ImportState.REFUSED):
            sys.exit(1)

    def member(self, slug: str, email: str) -> Membership:
        member = Membership.objects.active().filter(tenant__slug=slug, user__email=email.lower()).first()
        if member is None:
            raise CommandError(
                _("%(email)s は %(slug)s のメンバーではありません") % {"email": email, "slug": slug},
                returncode=2,
            )
        if not may(member, "account.import"):
            raise CommandError(
                _("%(email)s は取り込みができる役割ではありません") % {"email": email}, returncode=2
            )
        return member


def take_in(member: Membership, options: dict[str, Any]) -> Import:
    """Read, look and, unless something forbids it, write."""
    file: Path = options["file"]
    choices = {"stage": options["stage"]}
    with file.open("rb") as opened:
        batch = batches.keep(File(opened, name=file.name), options["record_type"], member, choices=choices)
    if options["encoding"]:
        batch.options = {"encoding": options["encoding"]}
    batches.read(batch)
    if (
        batch.state == ImportState.CHECKED
        and not options["dry_run"]
        and (options["valid_only"] or not errors_of(batch))
    ):
        batch.state = ImportState.APPLYING
        batches.write(batch)
    return batch


def errors_of(batch: Import) -> list[dict[str, Any]]:
    if batch.state == ImportState.REFUSED:
        return [_shown(Finding(**batch.problem))]
    if batch.state == ImportState.ASKING:
        return [_shown(Finding("encoding_unknown"))]
    return _found(batch, Severity.ERROR)


def report_of(batch: Import, *, saved: bool, dry_run: bool) -> dict[str, Any]:
    """The contract for scripts. Without a save (and without a dry run) every row counts as skipped."""
    summary = batch.summary if saved or dry_run else {}
    names = ("created", "updated", "same") if saved else ("new", "changed", "same")
    created, updated, unchanged = (summary.get(name, 0) for name in names)
    return {
        "rows": batch.rows,
        "created": created,
        "updated": updated,
        "unchanged": unchanged,
        "skipped": batch.rows - created - updated - unchanged,
        "errors": errors_of(batch),
        "warnings": _found(batch, Severity.WARNING),
        "import": str(batch.pk) if saved else None,
    }


def as_text(report: dict[str, Any]) -> str:
    lines = [
        _("%(rows)s行: 新しい%(created)s、値が変わる%(updated)s、同じ%(unchanged)s、入れない%(skipped)s")
        % report,
        *(_place(found) for found in report["errors"]),
    ]
    if report["warnings"]:
        lines.append(
            _("ほかに、確かめることが%(count)s件あります(--json で読めます)")
            % {"count": len(report["warnings"])}
        )
    return "\n".join(lines)


def _place(found: dict[str, Any]) -> str:
    return _("%(line)s行目 %(column)s: %(message)s") % found


def _found(batch: Import, severity: Severity) -> list[dict[str, Any]]:
    findings = ImportFinding.objects.filter(of=batch, severity=severity).order_by("line", "column", "code")
    return [_shown(Finding(row.code, row.line, row.column, row.value, row.params)) for row in findings]


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "line": finding.line,
        "column": finding.column,
        "value": finding.value,
        "code": finding.code,
        "message": message_of(finding),
    }


def _stage(text: str) -> str:
    """A stage by its value or its Japanese name."""
    for value, label in Stage.choices:
        if text in (value, str(label)):
            return str(value)
    raise ValueError(text)
