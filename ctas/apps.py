from django.apps import AppConfig


class CtasConfig(AppConfig):
    name = "ctas"

    def ready(self) -> None:
        from accounts import visibility
        from ctas import listening, registry  # noqa: F401  listening hears what is recorded
        from ctas.models import Cta

        registry.load()
        visibility.register(Cta.handed_to)
