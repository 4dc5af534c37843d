from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ctas.models import Outcome
from ctas.models.cta import LONGEST_SNOOZE
from tenants.editing.fields import member_choices
from ui.forms import DateInput

REASONS = (_("先方の返事を待つ"), _("先方の稟議を待つ"), _("社内の確認を待つ"), _("次の打ち合わせで話す"))


class SnoozeForm(forms.Form):
    """Until when, at most 90 days away, and why."""

    until = forms.DateField(label=_("いつまで"), widget=DateInput)
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today or timezone.localdate()
        until: Any = self.fields["until"].widget
        until.attrs |= {"min": f"{self.today + timedelta(days=1)}", "max": f"{self.today + LONGEST_SNOOZE}"}
        self.fields["reason"].widget.attrs["list"] = "snooze-reasons"

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError(_("明日より後の日付を選んでください"))
        if until > self.today + LONGEST_SNOOZE:
            raise forms.ValidationError(_("延ばせるのは90日までです"))
        return until


class ClosingForm(forms.Form):
    """Done needs no words; not doing it does."""

    outcome = forms.ChoiceField(choices=Outcome.choices, required=False)
    reason = forms.CharField(label=_("理由"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["outcome"] = cleaned.get("outcome") or Outcome.DONE
        if cleaned["outcome"] == Outcome.DECLINED and not cleaned.get("reason"):
            self.add_error("reason", _("対応しない理由を書いてください"))
        return cleaned


class FlagForm(forms.Form):
    reason = forms.CharField(label=_("赤旗の理由"), max_length=200)


class AssignmentForm(forms.Form):
    member = forms.ChoiceField(label=_("担当"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["member"]
        field.choices = member_choices()
