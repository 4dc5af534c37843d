from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CtasConfig(AppConfig):
    name = "ctas"

    def ready(self) -> None:
        from accounts import visibility
        from ctas import listening, registry, succession  # noqa: F401  they register themselves
        from ctas.models import Cta
        from tenants import settings_tabs

        registry.load()
        visibility.register(Cta.handed_to)
        settings_tabs.register(_("CTAルール"), "ctas:rule_index", action="rule.read", order=30)
