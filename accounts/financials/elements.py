"""Which XBRL elements mean which line, best first: the statement itself, then the five-year summary.

Names stand without their prefix (``jppfs_cor``, ``jpigp_cor``, ``jpcrp_cor``), which changes with the taxonomy's year.
IFRS reports carry their own names; banks and insurers report 経常収益 in place of 売上高.
"""

ELEMENTS: dict[str, tuple[str, ...]] = {
    "revenue": (
        "NetSales",
        "OperatingRevenue1",
        "OperatingRevenue2",
        "NetSalesAndOperatingRevenue",
        "NetSalesIFRS",
        "RevenueIFRS",
        "Revenue2IFRS",
        "TotalNetRevenuesIFRS",
        "OrdinaryIncomeBNK",
        "OperatingIncomeINS",
        "NetSalesSummaryOfBusinessResults",
        "OperatingRevenue1SummaryOfBusinessResults",
        "OperatingRevenue2SummaryOfBusinessResults",
        "NetSalesIFRSSummaryOfBusinessResults",
        "RevenueIFRSSummaryOfBusinessResults",
        "RevenuesUSGAAPSummaryOfBusinessResults",
        "OrdinaryIncomeSummaryOfBusinessResults",
    ),
    "operating_profit": (
        "OperatingIncome",
        "OperatingProfitLossIFRS",
        "OperatingIncomeIFRS",
        "OperatingProfitLossIFRSSummaryOfBusinessResults",
        "OperatingIncomeLossUSGAAPSummaryOfBusinessResults",
    ),
    "sga": ("SellingGeneralAndAdministrativeExpenses", "SellingGeneralAndAdministrativeExpensesIFRS"),
    "operating_cf": (
        "NetCashProvidedByUsedInOperatingActivities",
        "NetCashProvidedByUsedInOperatingActivitiesIFRS",
        "NetCashProvidedByUsedInOperatingActivitiesSummaryOfBusinessResults",
        "CashFlowsFromUsedInOperatingActivitiesIFRSSummaryOfBusinessResults",
        "CashFlowsFromUsedInOperatingActivitiesUSGAAPSummaryOfBusinessResults",
    ),
    "investing_cf": (
        "NetCashProvidedByUsedInInvestmentActivities",
        "NetCashProvidedByUsedInInvestingActivitiesIFRS",
        "NetCashProvidedByUsedInInvestingActivitiesSummaryOfBusinessResults",
        "CashFlowsFromUsedInInvestingActivitiesIFRSSummaryOfBusinessResults",
        "CashFlowsFromUsedInInvestingActivitiesUSGAAPSummaryOfBusinessResults",
    ),
    "cash": (
        "CashAndCashEquivalents",
        "CashAndCashEquivalentsIFRS",
        "CashAndCashEquivalentsSummaryOfBusinessResults",
        "CashAndCashEquivalentsIFRSSummaryOfBusinessResults",
        "CashAndCashEquivalentsUSGAAPSummaryOfBusinessResults",
    ),
    "assets": (
        "Assets",
        "AssetsIFRS",
        "TotalAssetsSummaryOfBusinessResults",
        "TotalAssetsIFRSSummaryOfBusinessResults",
        "TotalAssetsUSGAAPSummaryOfBusinessResults",
    ),
    "equity": (
        "NetAssets",
        "EquityIFRS",
        "NetAssetsSummaryOfBusinessResults",
        "EquityIncludingPortionAttributableToNonControllingInterestIFRSSummaryOfBusinessResults",
        "EquityIncludingPortionAttributableToNonControllingInterestUSGAAPSummaryOfBusinessResults",
    ),
}

WRITTEN_OFF = (
    "DepreciationAndAmortizationOpeCF",
    "AmortizationOfGoodwillOpeCF",
    "DepreciationAndAmortizationOnOtherOpeCF",
    "DepreciationAndAmortizationOpeCFIFRS",
    "AmortizationOpeCFIFRS",
)
"""What is added back to the operating profit for EBITDA, which no report states; each counts where it stands."""
