"""The thresholds of a rule: what may be typed, and which value holds for which account."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, Expression, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from ctas.models import Mode, RuleSetting
from tenants.editing.fields import parse_whole

MODE = "mode"


@dataclass(frozen=True)
class Number:
    """A whole number with its unit, as it stands in the rule's sentence."""

    key: str
    label: Any
    default: int
    unit: Any
    lowest: int = 1
    highest: int = 366

    def parse(self, text: str) -> str:
        value = parse_whole(text, lowest=self.lowest, highest=self.highest)
        if value is None:
            raise ValidationError(_("数字で入力してください。例:%(example)s") % {"example": self.default})
        return str(value)

    def show(self, value: str) -> str:
        return f"{int(value):,}{self.unit}"

    def expression(self, value: str) -> Value:
        return Value(int(value), output_field=IntegerField())

    def cast(self, column: str) -> Expression:
        return Cast(column, IntegerField())


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    key: str
    label: Any
    default: str
    choices: tuple[tuple[str, Any], ...]

    def parse(self, text: str) -> str:
        if text not in dict(self.choices):
            raise ValidationError(_("選べる値の中から選んでください"))
        return text

    def show(self, value: str) -> str:
        return str(dict(self.choices).get(value, value))

    def expression(self, value: str) -> Value:
        return Value(value, output_field=CharField())

    def cast(self, column: str) -> Expression:
        return Cast(column, CharField())


Option = Number | Choice
MODE_OPTION = Choice(MODE, "", Mode.ON, tuple(Mode.choices))


@dataclass(frozen=True)
class Values:
    """The values of one rule at every level, read once; changed ones may be laid over them to see what would be."""

    rule: str
    options: Sequence[Option]
    tenant: dict[str, str]
    tiers: dict[str, dict[str, str]]
    with_accounts: frozenset[str]
    laid_over: dict[str, str]

    @classmethod
    def read(cls, rule: str, options: Sequence[Option], laid_over: dict[str, str] | None = None) -> Self:
        """``laid_over`` are values for the whole tenant that are not saved."""
        rows = list(RuleSetting.objects.filter(rule=rule).values_list("key", "tier", "account_id", "value"))
        tenant = {option.key: str(option.default) for option in (*options, MODE_OPTION)}
        tenant |= {key: value for key, tier, account, value in rows if not tier and not account}
        tiers: dict[str, dict[str, str]] = {}
        for key, tier, _account, value in rows:
            if tier:
                tiers.setdefault(key, {})[tier] = value
        with_accounts = frozenset(key for key, _tier, account, _value in rows if account)
        return cls(rule, options, tenant | (laid_over or {}), tiers, with_accounts, laid_over or {})

    def __getitem__(self, key: str) -> Expression:
        """The value that holds for the account of a query: a constant, unless a tier or account has its own."""
        option = next(found for found in (*self.options, MODE_OPTION) if found.key == key)
        value: Any = option.expression(self.tenant[key])
        if key in self.tiers:
            whens = [When(tier=tier, then=option.expression(own)) for tier, own in self.tiers[key].items()]
            value = Case(*whens, default=value)
        if key in self.with_accounts:
            own = RuleSetting.objects.filter(rule=self.rule, key=key, account=OuterRef("pk"))
            value = Coalesce(Subquery(own.annotate(typed=option.cast("value")).values("typed")), value)
        return value

    def is_mixed(self, key: str) -> bool:
        """Some tier or account has a value of its own."""
        return key in self.with_accounts or key in self.tiers

    @property
    def is_silent(self) -> bool:
        """Not switched on for anybody."""
        return self.tenant[MODE] != Mode.ON and not self.is_mixed(MODE)


__all__ = ["MODE", "MODE_OPTION", "Choice", "Number", "Option", "Values"]
