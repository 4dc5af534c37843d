from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from success_plans.models import PlanTemplate, SuccessPlan
from success_plans.models.plan import PlanType
from success_plans.periods import Period
from success_plans.rules import check_period
from success_plans.template_editing import chosen, rules_of

OWN = "own"


class PlanForm(forms.Form):
    """A new plan: for a proposed period by one press, or (``period=own``) with a title and dates of one's own."""

    plan_type = forms.ChoiceField(choices=PlanType.choices, initial=PlanType.CUSTOMER_OBJECTIVE)
    template: Any = forms.ModelChoiceField(queryset=None, required=False)
    period = forms.CharField()
    title = forms.CharField(label=_("題"), max_length=120, required=False)
    starts_on = forms.DateField(label=_("はじめ"), required=False, widget=forms.DateInput({"type": "date"}))
    ends_on = forms.DateField(label=_("おわり"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(
        self,
        *args: Any,
        periods: list[Period],
        types: list[tuple[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.periods = {period.key: period for period in periods}
        self.fields["template"].queryset = PlanTemplate.objects.select_related("own_type")  # type: ignore[attr-defined]
        if types is not None:
            self.fields["plan_type"].choices = types  # type: ignore[attr-defined]
            self.fields["plan_type"].initial = types[0][0]
        self.allowed = {rules_of(key) for key, _label in self.fields["plan_type"].choices}  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The columns of the plan to make, and its ``template``, whose type is the plan's."""
        given = super().clean() or {}
        template, type_ = given.get("template"), chosen(given.get("plan_type", ""))
        if template:
            given |= {"plan_type": template.plan_type, "own_type": template.own_type}
        elif type_:
            given |= type_.columns
        if given.get("plan_type") not in self.allowed:
            self.add_error("plan_type", _("この種類のプランを書く役割ではありません"))
        period = self.periods.get(given.pop("period", ""))
        if period:
            given = {**given, "title": period.title, "starts_on": period.starts_on, "ends_on": period.ends_on}
        else:
            self._check_own(given)
        self._check_length(given)
        return given

    def _check_length(self, given: dict[str, Any]) -> None:
        if not self.errors and given.get("plan_type"):
            try:
                check_period(given["plan_type"], given["starts_on"], given["ends_on"])
            except ValidationError as error:
                self.add_error("period", error)

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
