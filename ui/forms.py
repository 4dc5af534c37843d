"""Form rendering: every Django form is drawn with the templates below `templates/django/forms/`."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Set as `FORM_RENDERER`; needs `django.forms` in INSTALLED_APPS for Django's own widgets."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
