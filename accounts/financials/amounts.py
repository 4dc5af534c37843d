"""Amounts of statements: stored in yen, typed and shown in million or hundred million yen."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.editing.fields import clean_text, grouped, narrow

UNITS = {
    "円": 1,
    "千円": 10**3,
    "万円": 10**4,
    "百万円": 10**6,
    "億円": 10**8,
    "十億円": 10**9,
    "兆円": 10**12,
}
MILLION, HUNDRED_MILLION = UNITS["百万円"], UNITS["億円"]
UNIT_CHOICES = [
    ("百万円", gettext_lazy("百万円")),
    ("億円", gettext_lazy("億円")),
    ("千円", gettext_lazy("千円")),
    ("円", gettext_lazy("円")),
]
MOST = 10**17
NOT_DISCLOSED = frozenset({"-", "―", "－", "—", "ー", "…", "n/a", "na", "未開示", "非開示"})
"""How a table says that a figure is not there. It is never zero."""

_SIGNED = re.compile(r"(?P<minus>[-△▲]\s*|\((?=.*\)$))?(?P<figure>\d[\d,]*(?:\.\d+)?)\s*\)?\s*(?P<unit>\D*)")


def parse_amount(text: str, unit: str = "百万円") -> int | None:
    """Yen from what is typed; None for nothing. ``unit`` counts unless the text names its own (12億円, 3,400百万円).

    △123, ▲123, -123 and (123) are losses. Raises ValidationError with what to do.
    """
    cleaned = narrow(clean_text(text)).replace(" ", "").replace("¥", "")
    if not cleaned:
        return None
    found = _SIGNED.fullmatch(cleaned)
    if found is None:
        raise ValidationError(
            _("「%(text)s」は金額として読めません。例:1,483、△120、12億円") % {"text": text.strip()[:40]}
        )
    named = found["unit"].rstrip(")") or unit
    named = named if named.endswith("円") else f"{named}円"
    if named not in UNITS:
        raise ValidationError(
            _("単位「%(unit)s」は分かりません。円・千円・百万円・億円のどれかで入力してください")
            % {"unit": named[:20]}
        )
    figure = found["figure"].replace(",", "")
    if len(figure) > 24:
        raise ValidationError(_("数が大きすぎます。桁と単位を確かめてください"))
    amount = (Decimal(figure) * UNITS[named]).to_integral_value(ROUND_HALF_UP)
    if amount >= MOST:
        raise ValidationError(_("数が大きすぎます。桁と単位を確かめてください"))
    return -int(amount) if found["minus"] else int(amount)


def in_unit(yen: int, unit: int = HUNDRED_MILLION) -> Decimal:
    """The amount in that unit: whole above ten of it, one place below, so that small companies keep their figures."""
    amount = Decimal(yen) / unit
    return amount.quantize(Decimal(1) if abs(amount) >= 10 else Decimal("0.1"), ROUND_HALF_UP)


def shown(yen: int | None, unit: int = HUNDRED_MILLION) -> str:
    """1,483 or −49 in that unit, without naming it; empty for None."""
    if yen is None:
        return ""
    return grouped(in_unit(yen, unit)).replace("-", "−")


def typed(yen: int | None, unit: int = MILLION) -> str:
    """The exact amount in that unit as somebody would type it: 27,225.613."""
    return "" if yen is None else grouped((Decimal(yen) / unit).normalize())
