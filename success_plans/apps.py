from typing import Any

from django.apps import AppConfig
from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class SuccessPlansConfig(AppConfig):
    name = "success_plans"

    def ready(self) -> None:
        from accounts import drivers, notices, tabs, visibility
        from success_plans import (  # noqa: F401  they register what they know
            asking,
            editing,
            result_editing,
            succession,
            template_editing,
            timeline,
        )
        from success_plans.drivers import links_of
        from success_plans.models import ActionItem, PlanComment
        from success_plans.queries import open_plans
        from tenants import settings_tabs
        from ui import navigation

        settings_tabs.register(
            _("プランのひな型"), "success_plans:template_index", action="plan_template.read", order=47
        )
        navigation.register(
            "plans",
            "success_plans:plan_index",
            "plan",
            label=_("サクセスプラン"),
            order=30,
            action="plan.read",
            matches="success_plans:",
        )
        tabs.register(
            _("プラン"),
            "success_plans:account_plans",
            rows=open_plans,
            order=20,
            also=(
                "success_plans:plan",
                "success_plans:plan_add",
                "success_plans:plan_from_sheet",
                "success_plans:results",
                "success_plans:plan_import",
            ),
        )
        drivers.register_links(links_of)
        visibility.register(
            lambda member: Q(Exists(ActionItem.objects.filter(account=OuterRef("pk"), assignee=member)))
        )

        def gone(sender: Any, instance: Any, **kwargs: Any) -> None:
            notices.forget([instance.pk])

        post_delete.connect(gone, PlanComment, weak=False, dispatch_uid="success_plans.comment_gone")
