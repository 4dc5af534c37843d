from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.search import SearchGrams
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, BinnedManager
from tenants.scope import TenantQuerySet


class PersonState(models.TextChoices):
    ACTIVE = "active", _("在任")
    TRANSFERRED = "transferred", _("異動")
    LEFT = "left", _("退職")


@recorded
class KeyPerson(OfAccount, Binned):
    """A person of the customer, or a body (会議体) that decides like one (S1 1.22)."""

    personal_fields = ("name", "kana", "external_id", "department", "title", "email", "phone", "note")

    account = TenantForeignKey(Account, models.CASCADE, related_name="key_persons")
    name = models.CharField(_("お名前・会議体の名前"), max_length=120)
    kana = models.CharField(_("よみ"), max_length=120, blank=True, default="")
    is_body = models.BooleanField(_("会議体"), default=False)
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent
    department = models.CharField(_("部署"), max_length=120, blank=True, default="")
    title = models.CharField(_("役職"), max_length=80, blank=True, default="")
    email = models.EmailField(_("メール"), blank=True, default="")
    phone = models.CharField(_("電話"), max_length=40, blank=True, default="")
    contact = TenantForeignKey(
        "tenants.Membership",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("こちらの窓口"),
    )
    state = models.CharField(
        _("在任の状態"), max_length=12, choices=PersonState.choices, default=PersonState.ACTIVE
    )
    state_since = models.DateField(_("その日付"), null=True, blank=True)
    note = models.TextField(_("メモ"), blank=True, default="")
    grams = models.GeneratedField(
        expression=SearchGrams("name", "kana", "department"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        editable=False,
    )

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_person_per_external_id",
                violation_error_message=_("同じ外部IDの人がもうあります"),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "account"]),
            GinIndex(fields=["grams"], name="key_person_grams"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def addressed(self) -> str:
        """How we speak of them: 大庭さん; a body by its name."""
        return self.name if self.is_body else _("%(surname)sさん") % {"surname": self.name.split()[0]}


class RoleKind(models.TextChoices):
    ECONOMIC_BUYER = "economic_buyer", _("決裁者")
    CHAMPION = "champion", _("推進者")
    INFLUENCER = "influencer", _("影響者")
    USER_LEAD = "user_lead", _("利用部門の責任者")
    ADMINISTRATOR = "administrator", _("運用担当")


def in_force(role: str, on: date) -> Q:
    """The condition, behind the prefix ``role``, that a role is held on ``on``."""
    begun = Q(**{f"{role}starts_on__isnull": True}) | Q(**{f"{role}starts_on__lte": on})
    not_over = Q(**{f"{role}ends_on__isnull": True}) | Q(**{f"{role}ends_on__gte": on})
    return begun & not_over & Q(**{f"{role}deleted_at__isnull": True})


class PersonRoleQuerySet(TenantQuerySet):
    def held_on(self, on: date) -> Self:
        """Roles in force on ``on`` by somebody who is still there."""
        still_there = Q(person__state=PersonState.ACTIVE) | Q(person__state_since__gt=on)
        return self.filter(in_force("", on), still_there, person__deleted_at__isnull=True)


@recorded
class PersonRole(OfAccount, Binned):
    """A role a person has had from one day to another; several at once are fine (S1 1.23)."""

    personal_fields = ()

    account = TenantForeignKey(Account, models.CASCADE, related_name="person_roles")
    person = TenantForeignKey(KeyPerson, models.CASCADE, related_name="roles")
    kind = models.CharField(_("役割"), max_length=20, choices=RoleKind.choices)
    starts_on = models.DateField(_("はじめ"), null=True, blank=True)
    ends_on = models.DateField(_("おわり"), null=True, blank=True)

    objects = BinnedManager.from_queryset(PersonRoleQuerySet)()  # type: ignore[misc]

    class Meta(Binned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="role_ends_after_it_begins",
                violation_error_message=_("おわりは、はじめより後にしてください"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "account", "kind"])]

    def __str__(self) -> str:
        return self.get_kind_display()
