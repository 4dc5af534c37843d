from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "workspace"

    def ready(self) -> None:
        from accounts import tabs
        from tenants import settings_tabs
        from workspace import navigation

        navigation.register()
        tabs.register(_("スケジュール"), "workspace:schedule", order=22, also=("accounts:occasion_index",))
        settings_tabs.register(_("カレンダー"), "workspace:calendar_index", action="self.use", order=75)
