"""Two verbs for rules: does the rule hold for this account on this day?"""

from datetime import date

from django.utils import timezone

from accounts.models import Account
from ctas import firing, registry
from ctas.models import Cta
from tests.world import TODAY


def fires(code: str, account: Account, today: date = TODAY) -> Cta:
    """The rule opens exactly one CTA for ``account``, and a second run opens none; gives it."""
    opened = run(code, today)
    mine = Cta.objects.filter(pk__in=opened, account=account)
    assert mine.count() == 1, f"{code} opened {mine.count()} for {account}"
    assert run(code, today) == [], "a second run must open nothing new"
    return mine.get()


def stays_quiet(code: str, account: Account, today: date = TODAY) -> None:
    opened = Cta.objects.filter(pk__in=run(code, today), account=account)
    assert not opened, f"{code} fired: {opened[0].evidence}"


def run(code: str, today: date) -> list:
    rule = registry.find(code)
    with timezone.override("Asia/Tokyo"):
        return firing.evaluate(rule, today).opened


def settles(code: str, today: date) -> int:
    rule = registry.find(code)
    with timezone.override("Asia/Tokyo"):
        return firing.evaluate(rule, today).closed
