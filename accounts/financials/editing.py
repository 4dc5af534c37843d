"""A figure in its table cell: typed in million yen, or said to be 未開示."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.financials.amounts import MILLION, NOT_DISCLOSED, parse_amount, shown, typed
from accounts.financials.lines import BY_KEY
from accounts.models import FinancialFigure, FinancialPeriod
from accounts.models.fact import Origin
from accounts.models.financial import FigureState
from tenants.editing import Edit, EditField
from tenants.editing.fields import clean_text, narrow
from tenants.scope import current_scope

Standing = tuple[str, int | None]


def parse(text: str, record: Any) -> Standing:
    if narrow(clean_text(text)).lower() in NOT_DISCLOSED:
        return FigureState.UNDISCLOSED, None
    amount = parse_amount(text)
    return (FigureState.UNKNOWN if amount is None else FigureState.KNOWN), amount


def raw(standing: Standing) -> str:
    state, amount = standing
    return _now("未開示") if state == FigureState.UNDISCLOSED else typed(amount, MILLION)


def show(standing: Standing, record: Any) -> str:
    """Whole million yen at rest; writing shows the exact figure."""
    state, amount = standing
    return _now("未開示") if state == FigureState.UNDISCLOSED else shown(amount, MILLION)


def figure_noted(edit: Edit) -> dict[str, object]:
    return {"origin": Origin.HAND}


def figure_called(figure: FinancialFigure) -> str:
    """26/3期 売上高; all periods of the account are asked for at once."""
    cache = current_scope().cache.setdefault("financial_periods", {})
    if figure.account_id not in cache:
        rows = FinancialPeriod.everything.filter(account=figure.account_id)
        cache[figure.account_id] = {row.pk: row.period.label for row in rows}
    period = cache[figure.account_id].get(figure.financial_period_id, "")
    return f"{period} {BY_KEY[figure.line].label}".strip()


FIGURE = EditField(
    key="amount",
    label=_("金額(百万円)"),
    parse=parse,
    raw=raw,
    show=show,
    widget="number",
    hint=_("不明"),
    help=_("百万円。公表していなければ「未開示」と書きます"),
    read=lambda record: (record.state, record.amount),
    write=lambda standing: {"state": standing[0], "amount": standing[1]},
)
