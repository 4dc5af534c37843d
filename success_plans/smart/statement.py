"""What the coach is asked about: a sentence, the fields beside it and what is known of the customer (shared SMART.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from accounts.fiscal import FiscalClosing

OBJECTIVE, ACTION = "objective", "action"
SHARED = "customer_objective"
"""The plan type that the customer reads; the others are ours alone."""


@dataclass(frozen=True)
class Context:
    """``closing`` is None while the customer's fiscal year is unknown; ``ringi`` is what contract and ringi promise,
    ``parent`` the objective an action hangs on."""

    as_of: date
    closing: FiscalClosing | None = None
    plan_type: str = SHARED
    ringi: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Fields:
    metric: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    unit: str = ""
    due: date | None = None
    review_date: date | None = None
    method: str = ""
    owner: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Statement:
    text: str
    context: Context
    kind: str = OBJECTIVE
    fields: Fields = field(default_factory=Fields)

    @property
    def is_action(self) -> bool:
        return self.kind == ACTION


def statement_from(record: Mapping[str, Any]) -> Statement:
    """A record in the shape of ``smart-examples.jsonl``; raises ValueError or KeyError for one that has not this shape."""
    about, given = record.get("context") or {}, record.get("fields") or {}
    context = Context(
        date.fromisoformat(about["as_of"]),
        FiscalClosing(int(about["fy_end_month"])) if about.get("fy_end_month") else None,
        about.get("plan_type") or SHARED,
        text_of(about.get("ringi")),
        text_of(about.get("parent_objective")),
    )
    fields: dict[str, Any] = {
        name: text_of(given.get(name)) for name in ("metric", "unit", "method", "owner", "evidence")
    }
    fields |= {name: number_of(given.get(name)) for name in ("baseline", "target")}
    fields |= {name: day_of(given.get(name)) for name in ("due", "review_date")}
    return Statement(record["text"], context, record.get("kind") or OBJECTIVE, Fields(**fields))


def text_of(value: Any) -> str:
    """Lists of promises come as one text."""
    return "、".join(map(str, value)) if isinstance(value, list) else str(value or "").strip()


def number_of(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value).replace(",", "").rstrip("%"))
    except InvalidOperation:
        return None


def day_of(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
