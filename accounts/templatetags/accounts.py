from django import template

from accounts import frame

register = template.Library()


@register.filter
def surname(name: str) -> str:
    """佐伯 of 佐伯 美咲: how colleagues are named in a row."""
    return frame.surname(name)
