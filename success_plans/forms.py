from typing import Any

from django import forms
from django.utils.translation import gettext as _

from success_plans.models import SuccessPlan
from success_plans.models.plan import PlanType
from success_plans.periods import Period

OWN = "own"


class PlanForm(forms.Form):
    """A new plan: for a proposed period by one press, or (``period=own``) with a title and dates of one's own."""

    plan_type = forms.ChoiceField(choices=PlanType.choices, initial=PlanType.CUSTOMER_OBJECTIVE)
    period = forms.CharField()
    title = forms.CharField(label=_("題"), max_length=120, required=False)
    starts_on = forms.DateField(label=_("はじめ"), required=False, widget=forms.DateInput({"type": "date"}))
    ends_on = forms.DateField(label=_("おわり"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, periods: list[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = {period.key: period for period in periods}

    def clean(self) -> dict[str, Any]:
        """The columns of the plan to make."""
        given = super().clean() or {}
        period = self.periods.get(given.pop("period", ""))
        if period:
            return {**given, "title": period.title, "starts_on": period.starts_on, "ends_on": period.ends_on}
        self._check_own(given)
        return given

    def _check_own(self, given: dict[str, Any]) -> None:
        questions = {
            "title": _("題を書いてください。例:2026年度下期 サクセスプラン"),
            "starts_on": _("はじめの日を選んでください"),
            "ends_on": _("おわりの日を選んでください"),
        }
        for name, question in questions.items():
            if not given.get(name) and name not in self.errors:
                self.add_error(name, question)
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            message = next(
                c.violation_error_message
                for c in SuccessPlan._meta.constraints
                if c.name == "plan_ends_after_it_begins"
            )
            self.add_error("ends_on", str(message))
