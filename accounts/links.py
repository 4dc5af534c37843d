"""Links of a record: one a line, the address and then what it is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from tenants.editing.fields import clean_text

MOST = 20
_is_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Link:
    url: str
    label: str


def links_in(text: str) -> Sequence[Link]:
    """The links of a stored text; one without a name is called by its host. What is no address on the web, however it
    was stored, is only said."""
    found = []
    for line in filter(None, text.split("\n")):
        url, _space, label = line.partition(" ")
        if url.startswith(("https://", "http://")):
            found.append(Link(url, label.strip() or urlsplit(url).netloc))
        else:
            found.append(Link("", line))
    return found


def parse_links(typed: str, record: Any = None) -> str:
    """What is stored of what was typed; raises ValidationError naming the line that is no link."""
    lines = [line.replace("\u3000", " ").strip() for line in clean_text(typed).split("\n")]
    wanted = [line for line in lines if line]
    if len(wanted) > MOST:
        raise ValidationError(_("リンクは%(most)s個までです") % {"most": MOST})
    for line in wanted:
        try:
            _is_address(line.split(" ")[0])
        except ValidationError:
            message = _("「%(line)s」はリンクになりません。https:// から始まるURLを書いてください")
            raise ValidationError(message % {"line": line[:60]}) from None
    return "\n".join(wanted)
