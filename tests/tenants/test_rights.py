"""Who may do what, written down a second time: a right that changes has to be meant, and shows in the review.

The matrix of ``test_every_url`` reads the same table as the pages, so it cannot see that the table itself gave way. After
a change that is meant, or for what is new: ``MASUME_WRITE_RIGHTS=1 pytest tests/tenants/test_rights.py``.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tenants.editing.registry import all_editables
from tenants.permissions import REACH
from tenants.scope import TENANT_URLCONF

FILE = Path(__file__).with_name("rights.json")
Rights = dict[str, dict[str, Any]]


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in found:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns)
        else:
            yield pattern


def addresses() -> dict[str, str]:
    """Name of the address → action, and the model it loads."""
    found = {}
    for pattern in patterns(get_resolver(TENANT_URLCONF).url_patterns):
        view = pattern.callback
        subject = getattr(view, "subject", None)
        told = (getattr(view, "action", None) or "nothing", subject.__name__ if subject else "")
        found[f"{pattern.name} {pattern.pattern}"] = " ".join(filter(None, told))
    return found


def actions() -> dict[str, dict[str, str]]:
    return {action: {str(role): str(reach) for role, reach in row.items()} for action, row in REACH.items()}


def fields() -> dict[str, dict[str, str]]:
    """Kind of record → its fields, each with the action that writes it."""
    return {
        found.kind: {key: one.action or found.action for key, one in found.fields.items()}
        for found in all_editables()
    }


def rights() -> Rights:
    return {"addresses": addresses(), "actions": actions(), "fields": fields()}


def written() -> Rights:
    if os.environ.get("MASUME_WRITE_RIGHTS"):
        FILE.write_text(json.dumps(rights(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return dict(json.loads(FILE.read_text()))


def changed(part: str) -> dict[str, Any]:
    """What is otherwise than it was written down; what nobody has written down yet is no change."""
    before, now = written()[part], rights()[part]
    return {key: (before[key], now[key]) for key in before.keys() & now.keys() if before[key] != now[key]}


def test_each_action_is_for_whom_it_was_written_down() -> None:
    assert changed("actions") == {}


def test_each_address_asks_for_what_was_written_down() -> None:
    assert changed("addresses") == {}


def test_each_kind_has_the_fields_that_were_written_down() -> None:
    assert changed("fields") == {}


def test_what_is_written_down_is_most_of_what_there_is() -> None:
    """New rooms may land before their rights are written down, but not many of them."""
    for part, now in rights().items():
        assert len(written()[part].keys() & now.keys()) > 0.7 * len(now), part
