"""The kinds of background work, registered by the rooms that do them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from tenants.jobs.working import Beat

Payload = dict[str, Any]
LIMIT = timedelta(minutes=15)
Run = Callable[[Payload, "Beat"], None]


class GiveUp(Exception):
    """Trying again would not help: the slot is dead at once, with this message."""


@dataclass(frozen=True)
class Job:
    """``urgent``: a person is waiting. ``atomic``: one transaction around everything, the mark "done" included.

    After its ``limit`` an attempt has failed, whatever it is still doing. ``label`` is what people call the work.
    """

    name: str
    run: Run
    actor: Callable[[Payload], str]
    urgent: bool = False
    atomic: bool = True
    limit: timedelta = LIMIT
    label: Any = ""


_jobs: dict[str, Job] = {}


def job(
    name: str, *, actor: Callable[[Payload], str] | None = None, label: Any = "", **how: Any
) -> Callable[[Run], Run]:
    """Register the decorated function; ``actor`` is what history records (default ``job:<name>``), ``how`` as in Job."""

    def register(run: Run) -> Run:
        _jobs[name] = Job(name, run, actor or (lambda payload: f"job:{name}"), label=label or name, **how)
        return run

    return register


def find(name: str) -> Job:
    if name not in _jobs:
        raise GiveUp(f"no job is called {name}")
    return _jobs[name]


def label_of(name: str) -> Any:
    """What people call it; a job that the code no longer has keeps its name."""
    return _jobs[name].label if name in _jobs else name


def load() -> dict[str, Job]:
    """Import every room's ``jobs`` module; called once, when Django is ready."""
    from tenants.jobs import invitations, mailing, tidying  # noqa: F401  the jobs of this room
    from tenants.sign_in import reset_mail  # noqa: F401

    autodiscover_modules("jobs")
    return _jobs
