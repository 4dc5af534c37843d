from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.unit import BusinessUnit
from accounts.search import SearchGrams
from tenants.constraints import NoCircle
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, BinnedManager
from tenants.scope import TenantQuerySet


class PersonState(models.TextChoices):
    ACTIVE = "active", _("在任")
    TRANSFERRED = "transferred", _("異動")
    LEFT = "left", _("退職")


class Attitude(models.TextChoices):
    """How far somebody is with us (S1 1.27): the levels of the engagement matrix, lowest first."""

    UNAWARE = "unaware", _("不認識")
    RESISTANT = "resistant", _("抵抗")
    NEUTRAL = "neutral", _("中立")
    SUPPORTIVE = "supportive", _("支持")
    LEADING = "leading", _("主導")


class Coverage(models.TextChoices):
    """How well we know somebody."""

    NONE = "none", _("接点なし")
    MET = "met", _("顔合わせまで")
    REGULAR = "regular", _("定期的に会う")
    TRUSTED = "trusted", _("本音を聞ける")


class Orientation(models.TextChoices):
    """By what somebody decides."""

    RESULTS = "results", _("事業の成果")
    FIGURES = "figures", _("費用と回収")
    OPERATION = "operation", _("現場の運用")
    TECHNOLOGY = "technology", _("技術と安全")
    RELATIONS = "relations", _("人と社内の合意")


class Influence(models.TextChoices):
    """How much somebody's word counts (力関係)."""

    HIGH = "high", _("強い")
    MID = "mid", _("中くらい")
    LOW = "low", _("弱い")


@recorded
class KeyPerson(OfAccount, Binned):
    """A person of the customer, or a body (会議体) that decides like one (S1 1.22, 1.36).

    ``attitude`` is where they stand, ``desired_attitude`` where we want them: the C and D of the engagement matrix.
    """

    personal_fields = (
        "name", "kana", "external_id", "department", "title", "email", "phone", "note", "interest", "motive",
        "decides_how", "meets",
    )  # fmt: skip

    account = TenantForeignKey(Account, models.CASCADE, related_name="key_persons")
    name = models.CharField(_("お名前・会議体の名前"), max_length=120)
    kana = models.CharField(_("よみ"), max_length=120, blank=True, default="")
    is_body = models.BooleanField(_("会議体"), default=False)
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent
    department = models.CharField(_("部署"), max_length=120, blank=True, default="")
    unit = TenantForeignKey(
        BusinessUnit,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="persons",
        verbose_name=_("部門"),
    )
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
    successor = TenantForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("後任")
    )
    reports_to = TenantForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("上司")
    )
    attitude = models.CharField(_("関与度"), max_length=12, choices=Attitude.choices, blank=True, default="")
    desired_attitude = models.CharField(
        _("目指す関与度"), max_length=12, choices=Attitude.choices, blank=True, default=""
    )
    approach_order = models.PositiveSmallIntegerField(_("働きかける順"), null=True, blank=True)
    coverage = models.CharField(
        _("接点の深さ"), max_length=10, choices=Coverage.choices, blank=True, default=""
    )
    orientation = models.CharField(
        _("決め手"), max_length=12, choices=Orientation.choices, blank=True, default=""
    )
    influence = models.CharField(_("影響力"), max_length=5, choices=Influence.choices, blank=True, default="")
    interest = models.CharField(_("関心・こだわり"), max_length=300, blank=True, default="")
    motive = models.CharField(_("思惑"), max_length=500, blank=True, default="")
    decides_how = models.CharField(_("決め方"), max_length=300, blank=True, default="")
    meets = models.CharField(_("開かれる時期"), max_length=100, blank=True, default="")
    meets_on = models.DateField(_("次の開催日"), null=True, blank=True)
    # The place on the stakeholder map that somebody chose; else the lines of reporting decide.
    map_x = models.PositiveSmallIntegerField(null=True, blank=True)
    map_y = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(_("メモ"), blank=True, default="")
    grams = models.GeneratedField(
        expression=SearchGrams("name", "kana", "department"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        editable=False,
    )
    note_grams = models.GeneratedField(
        expression=SearchGrams("note"),
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
            models.CheckConstraint(
                condition=Q(map_x__isnull=True, map_y__isnull=True) | Q(map_x__gte=0, map_y__gte=0),
                name="map_place_has_two_sides",
            ),
            NoCircle(
                field="reports_to",
                within="account",
                name="reports_in_no_circle",
                violation_error_message=_("上司をたどると本人に戻ります。どこかの上司を先に変えてください"),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "account"]),
            GinIndex(fields=["grams"], name="key_person_grams"),
            GinIndex(fields=["note_grams"], name="key_person_note_grams"),
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
    BUDGET = "budget", _("予算の査定")
    REVIEWER = "reviewer", _("審査")
    PURCHASING = "purchasing", _("購買の窓口")


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
    move = TenantForeignKey(
        "accounts.PersonMove", models.SET_NULL, null=True, blank=True, editable=False, related_name="roles"
    )  # that ended it, or began it for a successor

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
