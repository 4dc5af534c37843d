"""What a course says, in one sentence that states the numbers and leaves the judgement to the reader."""

from django.utils.translation import gettext as _

from accounts.metrics.figures import difference, with_unit
from accounts.metrics.series import Point, Series


def reading(series: Series) -> str:
    """The newest value, and how far it is from the one before and from the one a year ago."""
    newest, before, then = series.newest, series.previous, series.year_ago
    told = [
        _("%(day)sは%(value)s。")
        % {"day": f"{newest.on:%Y/%m/%d}", "value": with_unit(newest.value, series.metric)}
    ]
    if before:
        told.append(_compared(_("前回(%(day)s)の%(value)sから%(moved)s。"), before, series))
    if then and then != before:
        told.append(_compared(_("1年前(%(day)s)の%(value)sから%(moved)s。"), then, series))
    return "".join(told)


def _compared(text: str, with_point: Point, series: Series) -> str:
    return text % {
        "day": f"{with_point.on:%Y/%m/%d}",
        "value": with_unit(with_point.value, series.metric),
        "moved": difference(with_point.value, series.newest.value, series.metric),
    }
