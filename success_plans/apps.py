from django.apps import AppConfig
from django.db.models import Exists, OuterRef, Q


class SuccessPlansConfig(AppConfig):
    name = "success_plans"

    def ready(self) -> None:
        from accounts import visibility
        from success_plans import editing  # noqa: F401  registers what is edited in place
        from success_plans.models import ActionItem

        visibility.register(
            lambda member: Q(Exists(ActionItem.objects.filter(account=OuterRef("pk"), assignee=member)))
        )
