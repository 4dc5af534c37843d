"""Files like those EDINET offers (type=5), made up: UTF-16 with a mark, tab-separated, quoted, the same oddities."""

import csv
import io
from typing import Any

from accounts.financials.edinet import HEADER

Line = tuple[str, str, str]  # element, context, value

DEI: dict[str, str] = {
    "jpdei_cor:NumberOfSubmissionDEI": "1",
    "jpcrp_cor:FilingDateCoverPage": "2026-06-26",
    "jpdei_cor:EDINETCodeDEI": "E99991",
    "jpdei_cor:FilerNameInJapaneseDEI": "見本建設株式会社",
    "jpdei_cor:AccountingStandardsDEI": "Japan GAAP",
    "jpdei_cor:WhetherConsolidatedFinancialStatementsArePreparedDEI": "true",
    "jpdei_cor:CurrentFiscalYearStartDateDEI": "2025-04-01",
    "jpdei_cor:CurrentPeriodEndDateDEI": "2026-03-31",
    "jpdei_cor:TypeOfCurrentPeriodDEI": "FY",
    "jpdei_cor:AmendmentFlagDEI": "false",
}
PARENT = "_NonConsolidatedMember"
FIGURES: tuple[Line, ...] = (
    # the summary first, as in a real report: five years, then the parent alone
    ("jpcrp_cor:NetSalesSummaryOfBusinessResults", "Prior1YearDuration", "900000000"),
    ("jpcrp_cor:NetSalesSummaryOfBusinessResults", "CurrentYearDuration", "1000000000"),
    ("jpcrp_cor:NetSalesSummaryOfBusinessResults", "CurrentYearDuration" + PARENT, "700000000"),
    ("jpcrp_cor:CashAndCashEquivalentsSummaryOfBusinessResults", "CurrentYearInstant", "300000000"),
    ("jppfs_cor:Assets", "CurrentYearInstant", "2000000000"),
    ("jppfs_cor:NetAssets", "CurrentYearInstant_ShareholdersEquityMember", "1"),
    ("jppfs_cor:NetAssets", "CurrentYearInstant", "1200000000"),
    ("jppfs_cor:NetSales", "Prior1YearDuration", "900000000"),
    ("jppfs_cor:NetSales", "CurrentYearDuration", "1000000000"),
    ("jppfs_cor:SellingGeneralAndAdministrativeExpenses", "CurrentYearDuration", "200000000"),
    ("jppfs_cor:OperatingIncome", "CurrentYearDuration_ConstructionReportableSegmentsMember", "5"),
    ("jppfs_cor:OperatingIncome", "CurrentYearDuration", "100000000"),
    ("jppfs_cor:OperatingIncome", "CurrentYearDuration", "100000000"),
    ("jppfs_cor:OperatingIncome", "CurrentYearDuration" + PARENT, "60000000"),
    ("jppfs_cor:DepreciationAndAmortizationOpeCF", "CurrentYearDuration", "20000000"),
    ("jppfs_cor:AmortizationOfGoodwillOpeCF", "CurrentYearDuration", "－"),
    ("jppfs_cor:NetCashProvidedByUsedInOperatingActivities", "CurrentYearDuration", "150000000"),
    ("jppfs_cor:NetCashProvidedByUsedInInvestmentActivities", "CurrentYearDuration", "-80000000"),
)


def type5(figures: tuple[Line, ...] = FIGURES, encoding: str = "utf-16", **dei: Any) -> bytes:
    """The bytes of a report; ``dei`` replaces key data by the ends of their names (``EDINETCode="E12345"``)."""
    key_data = dict(DEI)
    for name, value in dei.items():
        key = next(each for each in key_data if each.partition(":")[2].startswith(name))
        key_data[key] = value
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    for element, value in key_data.items():
        writer.writerow([element, "", "FilingDateInstant", "提出日時点", "その他", "時点", "－", "－", value])
    for element, context, value in figures:
        writer.writerow([element, "", context, "当期", "連結", "期間", "JPY", "円", value])
    return file.getvalue().encode(encoding)


def without(*elements: str) -> tuple[Line, ...]:
    return tuple(line for line in FIGURES if line[0].partition(":")[2] not in elements)


def in_ifrs() -> tuple[Line, ...]:
    return (
        ("jpcrp_cor:RevenueIFRSSummaryOfBusinessResults", "CurrentYearDuration", "1000000000"),
        ("jpigp_cor:RevenueIFRS", "CurrentYearDuration", "1000000000"),
        ("jpigp_cor:OperatingProfitLossIFRS", "CurrentYearDuration", "-40000000"),
        ("jpigp_cor:SellingGeneralAndAdministrativeExpensesIFRS", "CurrentYearDuration", "210000000"),
        ("jpigp_cor:DepreciationAndAmortizationOpeCFIFRS", "CurrentYearDuration", "30000000"),
        ("jpigp_cor:NetCashProvidedByUsedInOperatingActivitiesIFRS", "CurrentYearDuration", "90000000"),
        ("jpigp_cor:NetCashProvidedByUsedInInvestingActivitiesIFRS", "CurrentYearDuration", "-70000000"),
        ("jpigp_cor:CashAndCashEquivalentsIFRS", "CurrentYearInstant", "310000000"),
        ("jpigp_cor:AssetsIFRS", "CurrentYearInstant", "2100000000"),
        ("jpigp_cor:EquityIFRS", "CurrentYearInstant", "1250000000"),
        ("jppfs_cor:NetSales", "CurrentYearDuration" + PARENT, "650000000"),
    )
