"""What was copied as HTML becomes the text it showed: paragraphs, lists, links and tables as Markdown, nothing else."""

import re
from html.parser import HTMLParser

LOOKS_LIKE_HTML = re.compile(
    r"<!doctype html|<(html|body|div|p|br|table|ul|ol|span)\b[^>]*>|</(div|p|li|td|span|h[1-6])>", re.I
)
SILENT = {"script", "style", "head", "title", "template", "svg", "noscript"}
BLOCKS = {"p", "div", "section", "article", "header", "footer", "ul", "ol", "table", "blockquote", "pre", "h1", "h2",
          "h3", "h4", "h5", "h6"}  # fmt: skip
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~"}


def as_text(typed: str) -> str:
    """``typed`` as it is, unless it is HTML: then what a reader would have seen of it. One tag alone is talked about."""
    if len(LOOKS_LIKE_HTML.findall(typed)) < 2:
        return typed
    reader = _Reader()
    reader.feed(typed)
    reader.close()
    lines = [line.strip() for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0
        self.links: list[str] = []
        self.counts: list[int | None] = []  # of the lists that are open; None where items have no number

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag == "a":
            self.links.append(dict(attrs).get("href") or "")
            self.parts.append("[")
        elif tag in ("ul", "ol"):
            self.counts.append(0 if tag == "ol" else None)
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n" + self.bullet())
        elif tag == "br" or tag == "tr":
            self.parts.append("\n")
        elif tag in BLOCKS:
            self.parts.append("\n\n" + (f"{'#' * int(tag[1])} " if tag[1:].isdigit() else ""))
        else:
            self.parts.append(MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag == "a" and self.links:
            href = self.links.pop()
            self.parts.append(f"]({href})" if href.startswith(("http://", "https://", "mailto:")) else "]")
        elif tag in ("ul", "ol") and self.counts:
            self.counts.pop()
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag in BLOCKS:
            self.parts.append("\n\n")
        else:
            self.parts.append(MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))

    def bullet(self) -> str:
        if not self.counts or self.counts[-1] is None:
            return "- "
        self.counts[-1] += 1
        return f"{self.counts[-1]}. "
