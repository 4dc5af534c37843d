"""会社: name, zone, fiscal year, days off, the sender of mails. A small form with a version check."""

import hashlib
from typing import Any
from uuid import uuid4

from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tenants import settings_tabs
from tenants.models import Holiday, Tenant
from tenants.models.tenant import a_time_zone
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from tenants.scope import current_tenant
from ui.pages import go, page, toast_next

FIELDS = (
    "name", "time_zone", "fiscal_start_month", "use_japanese_holidays", "sender_name", "reply_to", "may_approve_own_plans",
)  # fmt: skip
ZONES = (
    "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai", "Asia/Taipei", "Asia/Singapore", "Asia/Bangkok", "Asia/Kolkata",
    "Australia/Sydney", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "UTC",
)  # fmt: skip


class CompanyForm(forms.ModelForm):  # type: ignore[type-arg]
    """``seen`` is what stood on the page; a form made from older values is not saved over newer ones."""

    all_required = True
    seen = forms.CharField(widget=forms.HiddenInput)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("時間帯"),
        validators=[a_time_zone],
        help_text=gettext_lazy("朝6時の計算と、日付の変わり目がこの時間帯になります"),
    )
    fiscal_start_month = forms.TypedChoiceField(
        label=gettext_lazy("自社の期首月"), coerce=int, choices=[(m, f"{m}月") for m in range(1, 13)]
    )

    class Meta:
        model = Tenant
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = dict.fromkeys([self.instance.time_zone, *ZONES])
        self.fields["time_zone"].choices = [(zone, zone) for zone in zones]  # type: ignore[attr-defined]
        self.fields["seen"].initial = state_of(self.instance)
        self.fields["sender_name"].help_text = _("空なら会社名で送ります")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        now = Tenant.objects.select_for_update().get(pk=self.instance.pk)
        if given.get("seen") != state_of(now):
            raise forms.ValidationError(
                _("ほかの人が先に変えました。画面を開き直して、いまの値を見てから保存してください")
            )
        return given


def state_of(tenant: Tenant) -> str:
    return hashlib.sha256(repr([getattr(tenant, name) for name in FIELDS]).encode()).hexdigest()[:16]


class HolidayForm(forms.ModelForm):  # type: ignore[type-arg]
    all_required = True

    class Meta:
        model = Holiday
        fields = ("on", "name", "is_workday")
        widgets = {"on": forms.DateInput(attrs={"type": "date"})}


@action("tenant.read")
@require_GET
def show(request: TenantRequest) -> HttpResponse:
    return company_page(request, CompanyForm(instance=current_tenant()), HolidayForm())


@action("tenant.edit")
@require_POST
def edit(request: TenantRequest) -> HttpResponse:
    form = CompanyForm(request.POST, instance=Tenant.objects.get(pk=current_tenant().pk))
    if not form.is_valid():
        return company_page(request, form, HolidayForm())
    form.save()
    toast_next(request, _("会社の設定を保存しました"))
    return go(request, reverse("tenants:company"))


@action("tenant.edit")
@require_POST
@once
def add_holiday(request: TenantRequest) -> HttpResponse:
    form = HolidayForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error("on", _("その日はもう入っています"))
        else:
            return go(request, reverse("tenants:company") + "#days")
    return company_page(request, CompanyForm(instance=current_tenant()), form)


@action("tenant.edit", Holiday)
@require_POST
def remove_holiday(request: TenantRequest, holiday: Holiday) -> HttpResponse:
    holiday.delete()
    toast_next(request, _("%(day)sを消しました") % {"day": holiday})
    return go(request, reverse("tenants:company") + "#days")


def company_page(request: TenantRequest, form: CompanyForm, holiday: HolidayForm) -> HttpResponse:
    return page(
        request,
        "tenants/company/show.html",
        {
            "tabs": settings_tabs.tabs(request),
            "form": form,
            "holiday": holiday,
            "once": uuid4(),
            "days": list(Holiday.objects.filter(on__gte=timezone.localdate()).order_by("on")),
            "may_edit": may(request.member, "tenant.edit"),
        },
    )
