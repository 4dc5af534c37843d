"""Markup with values in it, escaped as ``format_html`` does, at a third of its price.

Django's ``escape`` looks at every argument for a lazy text before it escapes one. The rows of a list and the fields of a
sheet put 1,500 values into a page; here each is looked at once. What is safe already stays as it is.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.safestring import SafeString


def fill(markup: str, **values: Any) -> SafeString:
    """``markup`` with ``{name}`` replaced by each value, escaped. ``markup`` is always a literal of the code."""
    return SafeString(markup.format_map({name: escaped(value) for name, value in values.items()}))


def escaped(value: Any) -> str:
    if type(value) is SafeString:
        return value
    if type(value) is str:
        return escape(value)
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))  # type: ignore[no-any-return]


def joined(parts: Iterable[SafeString], between: str = "") -> SafeString:
    """Markup that ``fill`` made, one after the other."""
    return SafeString(between.join(parts))
