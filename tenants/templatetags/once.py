"""The key that makes a form create one row, however often it is sent (``tenants.once``)."""

import secrets

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenants.once import KEY_FIELD

register = template.Library()


@register.simple_tag
def once_key() -> SafeString:
    """A hidden field with a fresh key, for every form whose view is ``@once``."""
    return format_html('<input type="hidden" name="{}" value="{}">', KEY_FIELD, secrets.token_urlsafe(16))
