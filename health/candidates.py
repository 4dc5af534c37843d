"""Red measures of an account's health, as what a recovery plan could be about (S3 3.7)."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from health import blending
from health.models import Scorecard
from health.models.score import Band
from health.registry import all_measures
from health.scoring import present_score
from success_plans.candidates import Candidate, until
from success_plans.models import SuccessPlan


def red_measures(plan: SuccessPlan, today: date) -> Iterable[Candidate]:
    """As of the last night, the reddest first; two statements."""
    score = present_score(plan.account_id)
    if score is None:
        return
    card = Scorecard.current()
    known = [(measure, score.parts.get(measure.code)) for measure in all_measures()]
    red = [
        (points, measure)
        for measure, points in known
        if blending.band(points, card.good_from, card.caution_from) == Band.RISK
    ]
    for points, measure in sorted(red, key=lambda pair: (pair[0] or 0, pair[1].code)):
        words = {
            "until": until(plan), "measure": measure.label, "points": points, "goal": card.caution_from,
        }  # fmt: skip
        yield Candidate(
            key=f"measure:{measure.code}",
            statement=_("%(until)sに、ヘルスの「%(measure)s」を%(points)s点から%(goal)s点以上へ上げる") % words,
            source=_("ヘルス「%(measure)s」%(points)s点(危険)") % words,
            why=measure.read(plan.account, today).text,
            criterion={
                "metric": _("ヘルス「%(measure)s」") % words, "unit": _("点"), "baseline": points,
                "target": card.caution_from, "method": _("毎晩のヘルスの計算"),
            },
        )  # fmt: skip
