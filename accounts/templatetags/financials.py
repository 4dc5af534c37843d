from typing import Any

from django import template
from django.utils.translation import gettext as _

from accounts.models.financial import FigureState
from tenants.editing.fields import grouped

register = template.Library()


@register.filter
def figure(amount: int | None) -> str:
    """Yen to the last figure, or 未開示."""
    return _("未開示") if amount is None else grouped(amount).replace("-", "−")


@register.filter
def standing_figure(standing: Any) -> str:
    """What stands in the table now, empty for a blank."""
    return "" if standing is None or standing.state == FigureState.UNKNOWN else figure(standing.amount)
