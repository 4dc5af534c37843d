"""How rooms above take part in the timeline: what an activity can be about, and what its next step can become."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from accounts.models import Account
from tenants.editing import Choice

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Tie:
    """Something of a room above that an activity may be about, such as a plan. One at most.

    ``choices(account)`` to choose from, ``narrow(rows, value)`` those about it, ``read(activities)`` says for each
    (by id) its value, words and page, ``tie(activity, value)`` writes it (empty: none).
    """

    name: str
    label: "StrOrPromise"
    choices: Callable[[Account], Sequence[Choice]]
    narrow: Callable[[Any, UUID], Any]
    read: Callable[[Sequence[UUID]], Mapping[UUID, tuple[str, str, str]]]
    tie: Callable[[Any, str], None]


@dataclass(frozen=True)
class Task:
    """Something else a next step can become. ``choices(account)`` are where it can go, ``read(activities)`` says what
    it became already (words and page, by activity), ``url_name`` takes the activity and the choice as ``where``."""

    label: "StrOrPromise"
    url_name: str
    action: str
    choices: Callable[[Account], Sequence[Choice]]
    read: Callable[[Sequence[UUID]], Mapping[UUID, tuple[str, str]]]


_ties: dict[str, Tie] = {}
_tasks: list[Task] = []


def register(tie: Tie) -> None:
    _ties[tie.name] = tie


def register_task(task: Task) -> None:
    _tasks.append(task)


def ties() -> list[Tie]:
    return list(_ties.values())


def tie_called(name: str) -> Tie:
    return _ties[name]


def tasks() -> list[Task]:
    return _tasks
