"""Fiscal periods as people name them: 26/3期, 26/3期 2Q累計, and how many months they cover."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tenants.editing.fields import narrow

WHOLE_YEAR = 12
_TYPED = re.compile(
    r"(?:FY)?(?P<year>\d{2}|\d{4})\s*[/.\-年]\s*(?P<month>\d{1,2})\s*月?\s*(?:期|決算)?"
    r"\s*(?:第?\s*(?P<quarter>[1-3])\s*(?:Q|四半期)\s*(?:累計)?)?"
)


@dataclass(frozen=True, order=True)
class Period:
    """A fiscal year, or its first one to three quarters added up (累計), as reports state them. ``ends_on`` is its last day;
    ``starts_on`` is None for a period of the usual length."""

    ends_on: date
    quarter: int | None = None
    starts_on: date | None = None

    @property
    def usual_months(self) -> int:
        return WHOLE_YEAR if self.quarter is None else 3 * self.quarter

    @property
    def months(self) -> int:
        """How many months it covers, rounded to whole ones."""
        return self.usual_months if self.starts_on is None else months_between(self.starts_on, self.ends_on)

    @property
    def is_odd(self) -> bool:
        """変則決算: shorter or longer than usual, so that no year-on-year comparison is fair."""
        return self.months != self.usual_months

    @property
    def label(self) -> str:
        """26/3期, or 25/9期 2Q累計."""
        year = _("%(year)s/%(month)s期") % {"year": f"{self.ends_on:%y}", "month": self.ends_on.month}
        return (
            year
            if self.quarter is None
            else _("%(year)s %(quarter)sQ累計") % {"year": year, "quarter": self.quarter}
        )


def months_between(starts_on: date, ends_on: date) -> int:
    """The length of a period in months, the last day included: April 1 to March 31 is 12, a stray week counts for nothing."""
    after = ends_on + timedelta(days=1)
    return max(
        0,
        round(
            (after.year - starts_on.year) * 12
            + after.month
            - starts_on.month
            + (after.day - starts_on.day) / 31
        ),
    )


def parse_period(typed: str, today: date) -> Period:
    """``26/3``, ``2026年3月期``, ``25/9期 2Q`` as a period that ended by ``today``; ValidationError says what is wrong."""
    found = _TYPED.fullmatch(narrow(typed).upper())
    if found is None:
        raise ValidationError(
            _("決算期は 26/3 のように、終わる年と月で入力してください。四半期は 25/9 2Q のように続けます")
        )
    year, month = int(found["year"]), int(found["month"])
    year += 2000 if year < 100 else 0
    if not 1 <= month <= 12:
        raise ValidationError(
            _("%(month)s月はありません。終わる月を1から12で入力してください") % {"month": month}
        )
    if not 1990 <= year <= 2100:
        raise ValidationError(
            _("%(year)s年は扱えません。1990年からの決算期を入力してください") % {"year": year}
        )
    ends_on = date(year, month, monthrange(year, month)[1])
    if ends_on > today:
        message = _("%(period)sはまだ終わっていません。終わった期の実績だけを入れてください")
        raise ValidationError(message % {"period": Period(ends_on).label})
    return Period(ends_on, int(found["quarter"]) if found["quarter"] else None)
