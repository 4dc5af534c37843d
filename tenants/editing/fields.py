"""How one kind of value is typed, read back and shown."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from tenants.models import Membership
from tenants.roles import Role
from tenants.scope import current_scope, current_tenant

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Choice = tuple[str, str]
MAX_TEXT = 20_000
MAX_MONEY = 10**17


@dataclass(frozen=True)
class EditField:
    """One editable field of a kind of record.

    ``parse(text, record)`` turns what was typed into the value to store, or raises ValidationError with a message
    for the person; ``raw`` gives the text they would type for a stored value; ``show(value, record)`` what they read.
    """

    key: str
    label: "StrOrPromise"
    parse: Callable[[str, Any], Any]
    raw: Callable[[Any], str]
    show: Callable[[Any, Any], str]
    widget: str = "text"
    choices: Callable[[Any], Sequence[Choice]] | None = None
    hint: "StrOrPromise" = ""  # the question that a blank asks
    action: str = ""  # when the field needs more than the record's own action
    help: "StrOrPromise" = ""
    owner: str = ""  # who fills a blank: "sales", or the CSM
    attrs: dict[str, str] = field(default_factory=dict)
    read: Callable[[Any], Any] | None = None  # one value that several columns hold together,
    write: Callable[[Any], dict[str, Any]] | None = None  # and the columns it is written to
    wrote: Callable[[Any], tuple[str, datetime | None]] | None = (
        None  # who wrote what is kept beside the record, when
    )

    def standing(self, record: Any) -> Any:
        """The value that stands in the record now."""
        return self.read(record) if self.read else getattr(record, self.column(type(record)))

    def columns(self, model: type[models.Model], value: Any) -> dict[str, Any]:
        """What an UPDATE sets for ``value``."""
        return self.write(value) if self.write else {self.column(model): value}

    def column(self, model: type[models.Model]) -> str:
        return str(model._meta.get_field(self.key).attname)  # type: ignore[union-attr]


def narrow(text: str) -> str:
    """Full-width figures and signs as half-width ones, without the spaces around."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("▲", "-").strip()


def clean_text(text: str) -> str:
    if "\x00" in text:
        raise ValidationError(_("使えない文字(NUL)が入っています。消してから保存してください"))
    if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise ValidationError(_("壊れた文字が入っています。入力し直してください"))
    return text.replace("\r\n", "\n").strip()


def parse_number(text: str, *, lowest: Decimal | None = None, places: int = 4) -> Decimal | None:
    cleaned = narrow(clean_text(text)).replace(",", "").replace("¥", "").replace(" ", "")
    if not cleaned:
        return None
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        raise ValidationError(_("数字で入力してください。例:21")) from None
    if not value.is_finite() or (value and value.adjusted() >= 13):  # abs() overflows at 1e999999999
        raise ValidationError(_("数が大きすぎます。桁を確かめてください"))
    if lowest is not None and value < lowest:
        raise ValidationError(_("%(lowest)s以上の数で入力してください") % {"lowest": lowest})
    return round(value, places)


def parse_whole(text: str, *, lowest: int | None = None, highest: int | None = None) -> int | None:
    value = parse_number(text, lowest=None if lowest is None else Decimal(lowest))
    if value is None:
        return None
    if value != int(value):
        raise ValidationError(_("小数のない数で入力してください"))
    if highest is not None and value > highest:
        raise ValidationError(_("%(highest)s以下の数で入力してください") % {"highest": f"{highest:,}"})
    return int(value)


def parse_money(text: str) -> int | None:
    """Yen from what is typed in units of 10,000 yen (3,840, 3840万円, 48億, 4億2,240万円), or in yen when it says 円."""
    cleaned = narrow(clean_text(text)).replace(",", "").replace("¥", "")
    if "億" in cleaned:
        oku, rest = cleaned.split("億", 1)
        whole = parse_number(oku, lowest=Decimal(0)) or Decimal(0)
        if whole >= MAX_MONEY / 10**8:
            raise ValidationError(_("数が大きすぎます。桁を確かめてください"))
        return int(whole * 10**8) + (parse_money(rest.removeprefix("円")) or 0)
    unit = 1 if cleaned.endswith("円") and not cleaned.endswith("万円") else 10_000
    value = parse_number(cleaned.removesuffix("円").removesuffix("万"), lowest=Decimal(0))
    return None if value is None else int(value * unit)


def money(value: int | None) -> str:
    """3,840万円, 48億円, 4億2,240万円; what is smaller than 10,000 yen is not lost."""
    if value is None:
        return ""
    oku, rest = divmod(value, 10**8)
    man = grouped(Decimal(rest) / 10_000)
    if not oku:
        return _("%(man)s万円") % {"man": man}
    if not rest:
        return _("%(oku)s億円") % {"oku": f"{oku:,}"}
    return _("%(oku)s億%(man)s万円") % {"oku": f"{oku:,}", "man": man}


def parse_date(text: str) -> date | None:
    cleaned = narrow(clean_text(text)).replace("/", "-").replace(".", "-")
    if not cleaned:
        return None
    try:
        found = date(*(int(part) for part in cleaned.split("-")))
    except (TypeError, ValueError, OverflowError):
        raise ValidationError(_("日付は 2026/11/19 のように入力してください")) from None
    if not 1950 <= found.year <= 2150:
        raise ValidationError(_("年を確かめてください(1950年から2150年まで)"))
    return found


def parse_time(text: str) -> time | None:
    cleaned = narrow(clean_text(text))
    if not cleaned:
        return None
    try:
        return time.fromisoformat(cleaned.zfill(5))
    except ValueError:
        raise ValidationError(_("時刻は 13:30 のように入力してください")) from None


def plain_number(value: Any) -> str:
    return "" if value is None else f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def grouped(value: Any) -> str:
    return "" if value is None else f"{Decimal(plain_number(value)):,}"


def for_column(
    model: type[models.Model],
    key: str,
    *,
    widget: str = "",
    choices: Any = None,
    hint: "StrOrPromise" = "",
    action: str = "",
    label: "StrOrPromise" = "",
    lowest: int | None = None,
    highest: int | None = None,
    roles: Sequence[Role] = (),
    help: "StrOrPromise" = "",
    owner: str = "",
) -> EditField:
    """The field for one column of ``model``, by the column's type."""
    column: Any = model._meta.get_field(key)
    common: dict[str, Any] = {
        "key": key,
        "label": label or column.verbose_name,
        "hint": hint,
        "action": action,
        "help": help or column.help_text,
        "owner": owner,
    }
    if isinstance(column, models.ForeignKey):
        options = choices or (lambda record: member_choices(*roles))
        return EditField(
            parse=_one_of(options, column.null),
            raw=lambda v: str(v or ""),
            show=_label_of(options, column),
            widget=widget or "select",
            choices=options,
            **common,
        )
    if column.choices:
        options = lambda record: [("", ""), *column.choices] if column.blank else list(column.choices)  # noqa: E731
        return EditField(
            parse=_one_of(options, column.blank, empty=""),
            raw=lambda v: str(v or ""),
            show=_label_of(options),
            widget=widget or "select",
            choices=options,
            **common,
        )
    if isinstance(column, models.BooleanField):
        options = lambda record: [("", ""), ("yes", _("はい")), ("no", _("いいえ"))]  # noqa: E731
        return EditField(
            parse=lambda text, record: {"yes": True, "no": False}.get(text, None if column.null else False),
            raw=lambda v: {True: "yes", False: "no"}.get(v, ""),
            show=lambda v, record: {True: _("はい"), False: _("いいえ")}.get(v, ""),
            widget=widget or "select",
            choices=options,
            **common,
        )
    if isinstance(column, models.DateField):
        return EditField(
            parse=_required(parse_date, column),
            raw=lambda v: v.isoformat() if v else "",
            show=lambda v, record: f"{v:%Y/%m/%d}" if v else "",
            widget=widget or "date",
            **common,
        )
    if isinstance(column, models.TimeField):
        return EditField(
            parse=_whatever(parse_time),
            raw=lambda v: f"{v:%H:%M}" if v else "",
            show=lambda v, record: f"{v:%H:%M}" if v else "",
            widget=widget or "time",
            **common,
        )
    if widget == "money":
        return EditField(
            parse=_whatever(parse_money),
            raw=lambda v: "" if v is None else grouped(Decimal(v) / 10_000),
            show=lambda v, record: money(v),
            widget="money",
            **common,
        )
    if isinstance(column, models.DecimalField):
        return EditField(
            parse=_whatever(parse_number),
            raw=plain_number,
            show=lambda v, record: grouped(v),
            widget=widget or "number",
            **common,
        )
    if isinstance(column, models.IntegerField):
        top = highest if highest is not None else 2**31 - 1
        return EditField(
            parse=_required(lambda text: parse_whole(text, lowest=lowest, highest=top), column),
            raw=plain_number,
            show=lambda v, record: grouped(v),
            widget=widget or "number",
            **common,
        )
    long = isinstance(column, models.TextField)
    return EditField(
        parse=_text(column),
        raw=lambda v: v or "",
        show=lambda v, record: v or "",
        widget=widget or ("textarea" if long else "text"),
        **common,
    )


Parse = Callable[[str, Any], Any]


def _whatever(parse: Callable[[str], Any]) -> Parse:
    """A parser that does not care about the record."""
    return lambda text, record: parse(text)


def _text(column: Any) -> Parse:
    limit = column.max_length or MAX_TEXT

    def parse(text: str, record: Any) -> str | None:
        value = clean_text(text)
        if not value:
            if not column.blank:
                raise ValidationError(_("%(label)sは空にできません") % {"label": column.verbose_name})
            return None if column.null else ""
        if len(value) > limit:
            raise ValidationError(
                _("%(limit)s文字までです。いま%(now)s文字あります")
                % {"limit": f"{limit:,}", "now": f"{len(value):,}"}
            )
        for validator in column.validators:
            validator(value)
        return value

    return parse


def _required(parse: Callable[[str], Any], column: Any) -> Parse:
    def checked(text: str, record: Any) -> Any:
        value = parse(text)
        if value is None and not column.null:
            raise ValidationError(_("%(label)sは空にできません") % {"label": column.verbose_name})
        return value

    return checked


def _one_of(options: Callable[[Any], Sequence[Choice]], may_be_empty: bool, empty: Any = None) -> Parse:
    def parse(text: str, record: Any) -> Any:
        value = clean_text(text)
        if not value and may_be_empty:
            return empty
        if value not in {str(key) for key, _label in options(record)}:
            raise ValidationError(_("選べる値の中から選んでください"))
        return value

    return parse


def _label_of(options: Callable[[Any], Sequence[Choice]], column: Any = None) -> Callable[[Any, Any], str]:
    """A value that is no choice any more (a member who left, a row in the bin) is still said to be there."""

    def label(value: Any, record: Any) -> str:
        if not value:
            return ""
        named = (str(name).lstrip() for key, name in options(record) if str(key) == str(value))
        return next(named, _gone(column))

    return label


def _gone(column: Any) -> str:
    is_member = column is None or column.remote_field.model is Membership
    return _("以前のメンバー") if is_member else _("削除されたもの")


def active_members() -> list[Membership]:
    """Everybody who works here, by name; asked once per request."""
    cache = current_scope().cache
    if "members" not in cache:
        members = Membership.objects.active().in_tenant(current_tenant()).order_by("user__name")
        cache["members"] = {member.pk: member for member in members}
    return list(cache["members"].values())


def member_choices(*roles: Role) -> list[Choice]:
    """Active members of the tenant, of the given roles or all, with an empty choice first."""
    found = [member for member in active_members() if not roles or member.role in roles]
    return [("", ""), *((str(member.pk), member.name) for member in found)]
