"""Taking over an EDINET report: whose it is, whether a correction stands above it, what it would change."""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.financials.edinet import Report
from accounts.financials.lines import KEYS
from accounts.financials.taking import Figures, Proposal, Source, propose, write
from accounts.models import Account, FinancialReport
from accounts.models.fact import Origin, SourceKind
from accounts.models.financial import Basis
from tenants.editing.fields import narrow
from tenants.scope import current_member


@dataclass(frozen=True)
class Arrival:
    """A report that somebody chose, looked at but not taken."""

    report: Report
    digest: str
    proposal: Proposal
    is_of_another_company: bool
    is_taken_already: bool
    corrected_by: FinancialReport | None

    @property
    def may_be_taken(self) -> bool:
        return not self.is_taken_already


def digest_of(content: bytes) -> str:
    """What tells one file from another."""
    return hashlib.sha256(content).hexdigest()


def look_at(account: Account, report: Report, digest: str) -> Arrival:
    """What taking ``report`` over would do to the account's figures."""
    earlier = list(
        account.financial_reports.filter(ends_on=report.period.ends_on, quarter=report.period.quarter)
    )
    higher = [other for other in earlier if other.rank > rank_of(report) and other.digest != digest]
    corrected_by = max(higher, key=lambda other: other.rank, default=None)
    figures = {} if corrected_by else figures_of(report)
    return Arrival(
        report=report,
        digest=digest,
        proposal=propose(account, figures, source_of(report), cautions_of(account, report)),
        is_of_another_company=bool(account.edinet_code) and account.edinet_code != report.edinet_code,
        is_taken_already=any(other.digest == digest for other in earlier),
        corrected_by=corrected_by,
    )


def rank_of(report: Report) -> tuple[bool, int, str]:
    return report.is_amendment, report.submission, str(report.filed_on or "")


def figures_of(report: Report) -> Figures:
    """Every line of the period; one that the report does not state is 未開示, never 0 and never the parent's alone."""
    return {(report.period, key): report.figures.get(key) for key in KEYS}


def source_of(report: Report) -> Source:
    name = (
        _("訂正報告書")
        if report.is_amendment
        else _("有報")
        if report.period.quarter is None
        else _("四半期報告書")
    )
    return Source(
        kind=SourceKind.PRIMARY,
        text=f"{name} {report.period.label}",
        as_of=report.filed_on,
        basis=Basis.CONSOLIDATED if report.is_consolidated else Basis.PARENT,
        origin=Origin.IMPORT,
    )


def cautions_of(account: Account, report: Report) -> list[str]:
    found = []
    if account.edinet_code and account.edinet_code != report.edinet_code:
        message = _("この書類は%(filer)s(%(code)s)のものです。このお客様のEDINETコードは%(own)sです")
        found.append(
            message % {"filer": report.filer, "code": report.edinet_code, "own": account.edinet_code}
        )
    if not account.edinet_code and not alike(account.name, report.filer):
        message = _("提出者は%(filer)sです。このお客様(%(name)s)のものか確かめてください")
        found.append(message % {"filer": report.filer, "name": account.name})
    if report.period.is_odd:
        message = _("%(months)sか月の変則決算です。前の期とは比べません")
        found.append(message % {"months": report.period.months})
    if not report.is_consolidated:
        found.append(_("連結財務諸表を作らない会社です。単体の数字として記録します"))
    return found


def alike(one: str, other: str) -> bool:
    """The same company name but for 株式会社 and the width of letters."""
    bare = [
        narrow(name).replace("株式会社", "").replace("(株)", "").replace(" ", "") for name in (one, other)
    ]
    return bare[0] == bare[1]


def take(account: Account, arrival: Arrival, overwrite: set[str]) -> int:
    """Keep the report and write its figures, in the caller's transaction; how many figures changed."""
    report = arrival.report
    FinancialReport.objects.create(
        account=account,
        ends_on=report.period.ends_on,
        quarter=report.period.quarter,
        starts_on=report.period.starts_on,
        basis=arrival.proposal.source.basis,
        edinet_code=report.edinet_code[:6],
        filer=report.filer[:200],
        standard=report.standard[:40],
        is_amendment=report.is_amendment,
        submission=report.submission,
        filed_on=report.filed_on,
        figures=dict(report.figures),
        digest=arrival.digest,
        taken_by=current_member(),
    )
    return write(account, arrival.proposal, overwrite)
