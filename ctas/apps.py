from django.apps import AppConfig


class CtasConfig(AppConfig):
    name = "ctas"

    def ready(self) -> None:
        from accounts import visibility
        from ctas import registry
        from ctas.models import Cta

        registry.load()
        visibility.register(Cta.handed_to)
