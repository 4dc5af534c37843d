from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.fields import UUIDv7
from tenants.owned import TenantOwned


def a_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("時間帯は「Asia/Tokyo」のような名前で入力してください"))


class Tenant(models.Model):
    """One vendor. Everything but people and sessions hangs below one."""

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    slug = models.CharField(
        max_length=50,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("半角の英小文字、数字、ハイフンで入力してください"))
        ],
    )
    name = models.CharField(_("会社名"), max_length=120)
    time_zone = models.CharField(_("時間帯"), max_length=50, default="Asia/Tokyo", validators=[a_time_zone])
    fiscal_start_month = models.PositiveSmallIntegerField(
        _("自社の期首月"), default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    sender_name = models.CharField(_("メールの差出人名"), max_length=80, blank=True, default="")
    reply_to = models.EmailField(_("返信先"), blank=True, default="")
    use_japanese_holidays = models.BooleanField(_("日本の祝日を休みにする"), default=True)
    may_approve_own_plans = models.BooleanField(
        _("自分のプランを自分で承認できる"),
        default=False,
        help_text=_("マネージャーがひとりの会社向けです。ふだんは、書いた人のほかが承認します"),
    )
    is_suspended = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Holiday(TenantOwned):
    """A day the company is closed beyond the national ones, or open in spite of one."""

    on = models.DateField(_("日付"))
    name = models.CharField(_("名前"), max_length=60)
    is_workday = models.BooleanField(_("祝日だが営業する"), default=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "on"],
                name="one_holiday_per_day",
                violation_error_message=_("その日はもう入っています"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
