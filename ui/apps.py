from django.apps import AppConfig


class UIConfig(AppConfig):
    """Parts every room draws with: tags, templates, style sheets, elements. No models, knows no room."""

    name = "ui"
