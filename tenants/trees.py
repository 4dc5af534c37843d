"""Rows that stand below other rows of their own kind: the database refuses circles, Python puts them in order."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.db import models

CIRCLE = """
PERFORM pg_advisory_xact_lock(hashtextextended('{table}' || NEW.tenant_id, 0));
IF EXISTS (
  WITH RECURSIVE above AS (
    SELECT id, parent_id FROM {table} WHERE tenant_id = NEW.tenant_id AND id = NEW.parent_id
    UNION
    SELECT next.id, next.parent_id FROM {table} AS next JOIN above ON next.id = above.parent_id
    WHERE next.tenant_id = NEW.tenant_id
  ) SELECT FROM above WHERE id = NEW.id
) THEN
  RAISE check_violation USING MESSAGE = 'a row stands below itself', CONSTRAINT = '{constraint}', TABLE = '{table}';
END IF;
RETURN NEW;
"""


def no_circles(table: str, constraint: str) -> pgtrigger.Trigger:
    """No row stands below itself by ``parent``, however many moves come at once.

    ``constraint`` is the model's own check that a row is not its own parent: its sentence is told for longer circles
    too. Moves of one tenant wait for each other, because two that are fine alone may close a circle together.
    """
    return pgtrigger.Trigger(
        name="no_circles",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
        condition=pgtrigger.Condition("NEW.parent_id IS NOT NULL"),
        func=CIRCLE.format(table=table, constraint=constraint),
    )


def not_itself(name: str, message: Any) -> models.CheckConstraint:
    """The shortest circle, and the sentence for all of them."""
    return models.CheckConstraint(
        condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
        name=name,
        violation_error_message=message,
    )


def in_tree_order(rows: Iterable[Any]) -> list[tuple[Any, int]]:
    """Each row with its depth, parents before children, siblings as they come; what hangs on a row that is not among
    ``rows`` stands at the top."""
    rows = list(rows)
    known = {row.pk for row in rows}
    below = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in known else None].append(row)
    ordered: list[tuple[Any, int]] = []
    waiting = [(row, 0) for row in reversed(below[None])]
    while waiting:
        row, depth = waiting.pop()
        ordered.append((row, depth))
        waiting += [(child, depth + 1) for child in reversed(below[row.pk])]
    return ordered
