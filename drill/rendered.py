"""The forms of a page as a browser would send them, read from its HTML."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

SENDING = ("hx-post", "hx-get", "hx-put", "hx-patch", "hx-delete")
NOT_SENT = ("submit", "button", "image", "reset")


@dataclass
class Form:
    """Where it goes, how, and what it sends untouched: pairs of name and value, in the order of the page."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for name, _value in self.fields]

    @property
    def path(self) -> str:
        return urlsplit(self.action).path


def forms_of(html: str, path: str) -> list[Form]:
    """Every form, every element with an hx- address of its own, and every link with a query string, of a page at ``path``."""
    reader = _Reader(path)
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.open: Form | None = None
        self.select: tuple[Form, str, list[tuple[str, bool]]] | None = None
        self.area: tuple[Form, str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        sends = next((name for name in SENDING if name in given), "")
        if tag == "form":
            self.open = self._form(given, sends)
            self.by_id[given.get("id", "")] = self.open
        elif sends:
            self._form(given, sends)
        elif tag == "a" and "?" in given.get("href", ""):
            self._link(given["href"])
        owner = self.by_id.get(given["form"]) if "form" in given else self.open
        if owner and given.get("name"):
            self._control(tag, given, owner)
        elif tag == "option" and self.select:
            self.select[2].append((given.get("value", ""), "selected" in given))

    def _form(self, given: dict[str, str], sends: str) -> Form:
        method = sends.removeprefix("hx-").upper() or given.get("method", "get").upper()
        form = Form(method, urljoin(self.path, given.get(sends) or given.get("action") or self.path))
        form.fields += [
            (name, str(value)) for name, value in json.loads(given.get("hx-vals") or "{}").items()
        ]
        self.found.append(form)
        return form

    def _link(self, href: str) -> None:
        target = urlsplit(urljoin(self.path, href))
        if not target.netloc:
            self.found.append(Form("GET", target.path, parse_qsl(target.query, keep_blank_values=True)))

    def _control(self, tag: str, given: dict[str, str], owner: Form) -> None:
        kind = given.get("type", "text")
        if tag == "select":
            self.select = (owner, given["name"], [])
        elif tag == "textarea":
            self.area = (owner, given["name"], [])
        elif tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in given:
                owner.fields.append((given["name"], given.get("value", "on")))
        elif tag in ("input", "button") and kind not in NOT_SENT:
            owner.fields.append((given["name"], given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area[2].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.area:
            owner, name, text = self.area
            owner.fields.append((name, "".join(text)))
            self.area = None
        elif tag == "select" and self.select:
            owner, name, options = self.select
            chosen = [value for value, selected in options if selected] or [
                value for value, _s in options[:1]
            ]
            owner.fields += [(name, value) for value in chosen]
            self.select = None
