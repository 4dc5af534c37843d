"""Fields of the sheet without a column: how each kind is typed and shown. The value is text in ``Fact.value``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Fact, SheetField
from accounts.models.sheet import FieldKind, Owes
from tenants.editing import EditField
from tenants.editing.fields import Choice, clean_text, grouped, parse_date, parse_number, plain_number

LINE, AREA = 300, 20_000


@dataclass(frozen=True)
class Kind:
    """``parse`` gives the text that is kept, "" for nothing; ``show`` what is read."""

    widget: str
    parse: Callable[[str], str]
    show: Callable[[str], str] = lambda text: text


def text_up_to(limit: int) -> Callable[[str], str]:
    def parse(typed: str) -> str:
        text = clean_text(typed)
        if len(text) > limit:
            words = {"limit": f"{limit:,}", "now": f"{len(text):,}"}
            raise ValidationError(_("%(limit)s文字までです。いま%(now)s文字あります") % words)
        return text

    return parse


def number(typed: str) -> str:
    return plain_number(parse_number(typed))


def shown_number(text: str) -> str:
    return grouped(Decimal(text)) if text else ""


def day(typed: str) -> str:
    found = parse_date(typed)
    return found.isoformat() if found else ""


def shown_day(text: str) -> str:
    return f"{date.fromisoformat(text):%Y/%m/%d}" if text else ""


KINDS = {
    FieldKind.TEXT: Kind("text", text_up_to(LINE)),
    FieldKind.AREA: Kind("textarea", text_up_to(AREA)),
    FieldKind.NUMBER: Kind("number", number, shown_number),
    FieldKind.DATE: Kind("date", day, shown_day),
    FieldKind.CHOICE: Kind("select", text_up_to(LINE)),
}


def edit_field(field: SheetField) -> EditField:
    """The field for editing in place. Its address is the account and the key; ``Fact`` keeps what is written."""
    kind = KINDS[FieldKind(field.kind)]
    is_choice = field.kind == FieldKind.CHOICE
    return EditField(
        key=field.key,
        label=field.label,
        parse=one_of(field) if is_choice else lambda typed, record: kind.parse(typed),
        raw=lambda value: value or "",
        show=lambda value, record: kind.show(value or ""),
        widget=kind.widget,
        choices=(lambda account: choices(field, account)) if is_choice else None,
        hint=field.question,
        owner="sales" if field.owner == Owes.SALES else "",
        read=lambda account: kept(account).get(field.key, ""),
        # The account counts a version, so that two writers of one fact meet as they do at a column.
        write=lambda value: {"version": F("version") + 1},
        wrote=lambda account: written(account, field.key),
    )


def one_of(field: SheetField) -> Callable[[str, Any], str]:
    def parse(typed: str, record: Any) -> str:
        text = clean_text(typed)
        if text and text not in field.options:
            raise ValidationError(_("選べる値の中から選んでください"))
        return text

    return parse


def choices(field: SheetField, account: Any) -> Sequence[Choice]:
    """The options, and what stands there though it is no option any more."""
    standing = kept(account).get(field.key, "")
    options = field.options if standing in ("", *field.options) else [*field.options, standing]
    return [("", ""), *((option, option) for option in options)]


def kept(account: Any) -> dict[str, str]:
    """The values of the account without a column; read once for each reading of the account."""
    if not hasattr(account, "kept_values"):
        facts = Fact.objects.filter(account=account.pk, unit=None).exclude(value="")
        account.kept_values = dict(facts.values_list("field_key", "value"))
    return account.kept_values  # type: ignore[no-any-return]


def keep(account: Any, values: dict[str, str]) -> None:
    """They were read already."""
    account.kept_values = values


def written(account: Any, key: str) -> tuple[str, datetime | None]:
    """Who wrote the value, and when."""
    facts = Fact.objects.filter(account=account.pk, unit=None, field_key=key).select_related("author__user")
    fact = facts.first()
    if fact is None:
        return "", None
    return fact.author.name if fact.author else "", fact.noted_at
