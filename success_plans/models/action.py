from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from success_plans.models.objective import Objective
from success_plans.models.of_plan import OfPlan
from success_plans.models.plan import SuccessPlan
from tenants.constraints import NoCircle
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned
from tenants.permissions import Reach

if TYPE_CHECKING:
    from tenants.models import Membership


class ActionState(models.TextChoices):
    TODO = "todo", _("未着手")
    DOING = "doing", _("進行中")
    DONE = "done", _("完了")
    DROPPED = "dropped", _("取りやめ")


OPEN = (ActionState.TODO, ActionState.DOING)


@recorded
class ActionItem(OfPlan, Binned):
    """Who does what by when (S1 1.32). The assignee is one of ours or a person of the customer, never both."""

    personal_fields = ()

    account = TenantForeignKey("accounts.Account", models.CASCADE, related_name="actions")
    plan = TenantForeignKey(SuccessPlan, models.CASCADE, related_name="actions")
    objective = TenantForeignKey(Objective, models.CASCADE, related_name="actions")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(_("アクション"), max_length=300)
    assignee = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("誰が(こちら)"),
    )
    customer_assignee = TenantForeignKey(
        "accounts.KeyPerson",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("誰が(先方)"),
    )
    starts_on = models.DateField(_("いつから"), null=True, blank=True)
    due_on = models.DateField(_("期日"), null=True, blank=True)
    state = models.CharField(_("状態"), max_length=10, choices=ActionState.choices, default=ActionState.TODO)
    quantity = models.CharField(_("実行度"), max_length=60, blank=True, default="")
    blocked_by = TenantForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="blocks",
        verbose_name=_("先に済ませるもの"),
    )
    arises_from = TenantForeignKey(
        "accounts.Activity", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    done_on = models.DateField(_("終えた日"), null=True, blank=True)
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent

    class Meta(Binned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(assignee__isnull=True) | Q(customer_assignee__isnull=True),
                name="one_assignee_per_action",
                violation_error_message=_("誰がするかは、ひとりだけ選んでください"),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(due_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                name="action_begins_before_it_is_due",
                violation_error_message=_("期日は、いつからより後にしてください"),
            ),
            NoCircle(
                field="blocked_by",
                within="plan",
                name="no_action_waits_for_itself",
                violation_error_message=_("先に済ませるものをたどると、このアクションに戻ります"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_action_per_external_id",
                violation_error_message=_("同じ外部IDのアクションがもうあります"),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "objective", "position"]),
            models.Index(fields=["tenant", "assignee", "state", "due_on"]),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def finish(self, today: date) -> None:
        self._stand(ActionState.DONE, today)

    def reopen(self, state: str) -> None:
        """Back to where it stood before it was finished."""
        self._stand(ActionState(state), None)

    def _stand(self, state: ActionState, done_on: date | None) -> None:
        if self.state == state:
            return
        self.state, self.done_on = state, done_on
        self.save(update_fields=["state", "done_on"])

    def reaches(self, member: "Membership") -> set[Reach]:
        ties = super().reaches(member) - {Reach.ASSIGNED}
        return ties | {Reach.ASSIGNED} if member.pk == self.assignee_id else ties
