from django import template
from django.utils.safestring import SafeString

from accounts import frame
from accounts.markdown import render

register = template.Library()


@register.filter
def surname(name: str) -> str:
    """佐伯 of 佐伯 美咲: how colleagues are named in a row."""
    return frame.surname(name)


@register.filter
def markdown(text: str) -> SafeString:
    """A note as safe HTML."""
    return render(text)
