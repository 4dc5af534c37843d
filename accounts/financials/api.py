"""The customer's figures for programs: amounts in yen, ``"undisclosed"`` where the company does not say."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.financials.amounts import MOST
from accounts.financials.taking import with_blanks
from accounts.models import Account, FinancialFigure, FinancialPeriod, FinancialReport
from accounts.models.financial import FigureState
from accounts.visible import on_visible_accounts
from tenants.api import Adding, Resource, column
from tenants.api.shapes import Shape, nullable, whole_shape
from tenants.editing import editable

_WHOLE = nullable(whole_shape(1 - MOST, MOST - 1, suffix="円"))
YEN = replace(_WHOLE, schema={**_WHOLE.schema, "description": _("円")})
UNDISCLOSED = "undisclosed"


def figure_text(value: Any) -> str:
    if value == UNDISCLOSED:
        return _now("未開示")
    if isinstance(value, str):
        raise ValidationError(_now('円の整数か null、または "undisclosed" を送ってください'))
    return YEN.text(value)  # type: ignore[no-any-return]


def figure_json(standing: tuple[str, int | None]) -> int | str | None:
    state, amount = standing
    return UNDISCLOSED if state == FigureState.UNDISCLOSED else amount


FIGURE = Shape(
    {
        **_WHOLE.schema,
        "type": ["integer", "string", "null"],
        "pattern": f"^{UNDISCLOSED}$",
        "title": _("金額"),
        "description": _("円。公表していないときは undisclosed"),
    },
    figure_text,
    figure_json,
)

PERIODS = Resource(
    name="financial-periods",
    model=FinancialPeriod,
    label=_("決算期"),
    reads="account.read",
    lists="account.list",
    found=editable("financial_period"),
    shows={"account": column(FinancialPeriod, "account")},
    filters=("account", "ends_on", "quarter", "basis"),
    visible=on_visible_accounts,
    adds=Adding(
        "account.edit", "account", Account, make=lambda new: with_blanks(new.create(account=new.parent))
    ),
)

FIGURES = Resource(
    name="financial-figures",
    model=FinancialFigure,
    label=_("業績"),
    reads="account.read",
    lists="account.list",
    found=editable("financial_figure"),
    shapes={"amount": FIGURE},
    shows={
        key: column(FinancialFigure, key)
        for key in ("account", "financial_period", "line", "state", "origin")
    },
    filters=("account", "financial_period", "line", "state"),
    visible=lambda rows, member: on_visible_accounts(
        rows.filter(financial_period__deleted_at__isnull=True), member
    ),
)

REPORTS = Resource(
    name="financial-reports",
    model=FinancialReport,
    label=_("取り込んだ書類"),
    reads="account.read",
    lists="account.list",
    shows={
        key: column(FinancialReport, key)
        for key in (
            "account", "ends_on", "quarter", "starts_on", "basis", "edinet_code", "filer", "standard",
            "is_amendment", "submission", "filed_on", "figures",
        )
    },
    filters=("account", "ends_on", "edinet_code"),
    visible=on_visible_accounts,
)  # fmt: skip

RESOURCES = (PERIODS, FIGURES, REPORTS)
