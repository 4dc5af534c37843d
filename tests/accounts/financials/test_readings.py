from datetime import date

from accounts.financials.chart import charts_of
from accounts.financials.periods import Period
from accounts.financials.readings import Year, readings

OKU = 10**8


def year(ends: int, *, starts_on: date | None = None, basis: str = "consolidated", **figures: int) -> Year:
    amounts = {key: amount * OKU for key, amount in figures.items()}
    return Year(Period(date(ends, 3, 31), None, starts_on), basis, amounts)


BEFORE = year(2025, revenue=1455, operating_profit=37, sga=400, operating_cf=52, investing_cf=-45)
NOW = year(2026, revenue=1483, operating_profit=45, sga=400, operating_cf=60, investing_cf=-49)


def said(*years: Year) -> str:
    return "".join(readings(years, OKU, "億円"))


def test_readings_state_the_numbers_behind_them() -> None:
    text = said(BEFORE, NOW)
    assert "売上高は1,455から1,483億円(+1.9%)。" in text
    assert "営業利益率は2.5%から3.0%(+0.5pt)。" in text
    assert "投資CFは2年で−94億円、営業CFは112億円。" in text


def test_more_profit_cash_and_investment_ask_whether_they_want_to_invest() -> None:
    assert "投資意欲あり? 営業利益37 → 45、営業CF 60、投資CF −45 → −49(億円)。" in said(BEFORE, NOW)


def test_less_investment_asks_nothing() -> None:
    assert "投資意欲" not in said(
        BEFORE, year(2026, revenue=1483, operating_profit=45, operating_cf=60, investing_cf=-30)
    )


def test_less_profit_and_a_higher_share_of_costs_ask_about_saving() -> None:
    assert "コスト抑制局面? 営業利益37 → 20億円、販管費率 27.5% → 28.3%。" in said(
        BEFORE, year(2026, revenue=1483, operating_profit=20, sga=420)
    )


def test_a_lower_share_of_costs_asks_nothing() -> None:
    assert "コスト抑制" not in said(BEFORE, year(2026, revenue=1483, operating_profit=20, sga=300))


def test_unequal_years_are_not_compared() -> None:
    short = year(2026, starts_on=date(2025, 7, 1), revenue=900)
    other_basis = year(2026, basis="parent", revenue=900)
    assert (
        said(BEFORE, short)
        == said(BEFORE, other_basis)
        == said(year(2024, revenue=1), NOW)
        == said(NOW)
        == ""
    )


def test_missing_figures_leave_their_sentence_out() -> None:
    assert said(year(2025, sga=400), year(2026, sga=410)) == ""


def test_a_chart_reads_every_value_aloud_and_says_what_is_missing() -> None:
    hidden = Year(Period(date(2024, 3, 31)), "consolidated", {}, frozenset({"revenue"}))
    chart = charts_of([hidden, BEFORE, NOW])[0]
    assert chart.label == "24/3期 未開示、25/3期 1,455、26/3期 1,483"
    assert len(chart.bars) == 2
    assert "未開示" in [word.text for word in chart.words]


def test_a_loss_hangs_below_the_axis() -> None:
    chart = charts_of([BEFORE, year(2026, revenue=1483, operating_profit=-20)])[1]
    gain, loss = chart.bars
    assert gain.y + gain.height <= chart.axis <= loss.y


def test_small_companies_are_drawn_in_million_yen() -> None:
    assert (
        charts_of([Year(Period(date(2026, 3, 31)), "consolidated", {"revenue": 480_000_000})])[0].unit
        == "百万円"
    )
