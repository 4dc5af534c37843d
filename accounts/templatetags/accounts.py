from django import template
from django.template import Context
from django.utils.safestring import SafeString

from accounts import frame
from accounts.markdown import render
from accounts.sheet.reading import Row
from accounts.sheet_drawing import SheetDrawing, source_of

register = template.Library()


@register.filter
def surname(name: str) -> str:
    """佐伯 of 佐伯 美咲: how colleagues are named in a row."""
    return frame.surname(name)


@register.simple_tag(takes_context=True)
def sheet_row(context: Context, row: Row) -> SafeString:
    """A row of the sheet with its field in place, who fills a blank, and where the value comes from."""
    drawing = context.render_context.get("sheet_drawing")
    if drawing is None:
        drawing = context.render_context["sheet_drawing"] = SheetDrawing(row.account)
    return drawing.row(row)  # type: ignore[no-any-return]


@register.simple_tag
def sheet_source(row: Row) -> SafeString:
    return source_of(row)


@register.filter
def markdown(text: str) -> SafeString:
    """A note as safe HTML."""
    return render(text)
