"""What several resources of plans share: which rows are live, SMART, and the rows that a body names."""

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.visible import on_visible_accounts
from success_plans import objectives
from success_plans.completeness import LETTERS, NONE, OK, WARN, letters_of, letters_together
from success_plans.models import (
    Criterion,
    Objective,
)
from success_plans.queries import with_dates
from success_plans.reading import CHECKS, aim_of
from tenants.api import (
    Fault,
    Problem,
    Shape,
    Shown,
)
from tenants.api.shapes import (
    enum_shape,
    object_shape,
)
from tenants.models import Membership
from tenants.scope import current_member

# Whatever lies below something in the bin is in no list, as it is on no page.


def live_objectives(rows: Any, member: Any) -> Any:
    return on_visible_accounts(rows.filter(plan__deleted_at=None), member)


def below_live_objectives(rows: Any, member: Any) -> Any:
    live = rows.filter(objective__deleted_at=None, objective__plan__deleted_at=None)
    return on_visible_accounts(live, member)


# SMART: what is filled, read along with the rows


SMART = object_shape(
    {letter: enum_shape([OK, WARN, NONE]).titled(CHECKS[letter]) for letter in LETTERS},
    lambda letters, letter: letters[letter],
).titled("SMART", _("okは埋まっている、warnは途中か未確認、noneはまだない"))


def with_criteria(objectives: Any) -> Any:
    return objectives.prefetch_related(Prefetch("criteria", Criterion.objects.order_by("position", "pk")))


def letters(objective: Objective) -> dict[str, str]:
    return letters_of(aim_of(objective, objective.criteria.all()))  # type: ignore[attr-defined]


def letters_of_plan(plan: Any) -> dict[str, str]:
    return letters_together(letters(objective) for objective in plan.objectives.all())


def with_objectives(plans: Any) -> Any:
    dated = with_dates(plans, timezone.localdate())
    return dated.prefetch_related(Prefetch("objectives", with_criteria(Objective.objects.all())))


def figure(key: str, shape: Shape, title: Any) -> Shown:
    """Something that ``rows`` worked out along with the record."""
    return Shown(shape.titled(title), lambda record: getattr(record, key))


def find(model: Any, key: str, pk: str | None) -> Any:
    """What was named by its id; None where nothing was."""
    if not pk:
        return None
    if (found := objectives.find(model.objects.all(), pk)) is None:
        raise Problem.invalid(Fault.at(key, _now("見つかりません")))
    return found


def member() -> Membership:
    """Whose token it is."""
    found = current_member()
    assert found is not None
    return found
