"""Form rendering: every Django form is drawn with the templates below `templates/django/forms/`."""

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Set as `FORM_RENDERER`; needs `django.forms` in INSTALLED_APPS for Django's own widgets."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"


class DateInput(forms.DateInput):
    """A date with the browser's calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
