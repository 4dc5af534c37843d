"""Notes are written in Markdown; what is shown is HTML from a short list of harmless tags."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "hr", "li", "ol", "p", "pre", "s", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}

_reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_reader.disable(["image", "html_block", "html_inline"])


def render(text: str) -> SafeString:
    """Safe HTML. Raw HTML in the text is shown as text; headings sink below those of the page."""
    html = _reader.render(text)
    for level, below in (("h1", "h3"), ("h2", "h3"), ("h5", "h4"), ("h6", "h4")):
        html = html.replace(f"<{level}>", f"<{below}>").replace(f"</{level}>", f"</{below}>")
    # The one place that marks foreign words as safe: nh3 has just taken out everything that is not on the list.
    return mark_safe(
        nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer")
    )
