"""What the CTA list is narrowed to."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ctas import registry
from ctas.models import Status
from ctas.models.cta import CLOSED_BY_HAND
from tenants.roles import Role

if TYPE_CHECKING:
    from tenants.models import Membership

WHOSE = {"mine": _("自分"), "team": _("チーム")}
STATES = {"open": _("要対応"), "asleep": _("スヌーズ"), "closed": _("完了・解消")}
WORKERS = (Role.CSM, Role.SALES, Role.CONTRIBUTOR)


@dataclass(frozen=True)
class Chosen:
    whose: str
    state: str
    rule: str

    @classmethod
    def of(cls, query: QueryDict, member: "Membership") -> Self:
        """From the address; those who lead or only read start with the team's."""
        whose, state, rule = (query.get(key, "") for key in ("whose", "state", "rule"))
        return cls(
            whose if whose in WHOSE else "mine" if member.role in WORKERS else "team",
            state if state in STATES else "open",
            rule if registry.find(rule) else "",
        )

    def of_people(self, ctas: Any, member: "Membership") -> Any:
        return ctas.assigned_to(member) if self.whose == "mine" else ctas

    def apply(self, ctas: Any, member: "Membership", today: date) -> Any:
        found = self.of_people(ctas, member)
        if self.rule:
            found = found.filter(rule=self.rule)
        if self.state == "asleep":
            return found.asleep(today)
        if self.state == "closed":
            return found.filter(status__in=(*CLOSED_BY_HAND, Status.RESOLVED))
        return found.awake(today)

    @property
    def people_choices(self) -> list[tuple[str, Any, bool]]:
        return [(key, label, key == self.whose) for key, label in WHOSE.items()]

    @property
    def state_choices(self) -> list[tuple[str, Any, bool]]:
        return [(key, label, key == self.state) for key, label in STATES.items()]

    @property
    def rule_choices(self) -> list[tuple[str, Any, bool]]:
        rules = [(rule.code, rule.label, rule.code == self.rule) for rule in registry.all_rules()]
        return [("", _("すべてのルール"), not self.rule), *rules]
