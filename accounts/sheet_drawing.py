"""The markup of the rows of the sheet. Python and not a template: two dozen rows of a dozen tags each were a third of
the page of an account. Whatever is typed passes ``fill``, which escapes it."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.frame import surname
from accounts.sheet.reading import Row
from ui.inline import inline_edit
from ui.markup import fill
from ui.templatetags.ui import badge, icon
from ui.wording import table_date

NOTHING = mark_safe("")
ANY = "any"
ROW = '<div class="f{old}" id="f-{key}"><dt>{label}</dt><dd class="f-val">{field}{acts}</dd><dd class="src">{source}</dd></div>'
ACTS = '<span class="blank-acts">{who}{ask}</span>'
ASK = (
    '<button class="btn btn--s" type="button" id="ask-{key}" hx-post="{url}" hx-target="#f-{key}" hx-swap="outerHTML">'
    "{said}</button>"
)
MENU = (
    '<details class="menu prov" hx-post="{provenance}" hx-trigger="toggle once" hx-target="find .pop" hx-swap="innerHTML">'
    '<summary><span class="vh">{named}</span><span hx-get="{fact}" hx-trigger="inline-edit:saved from:#f-{key}"'
    ' hx-target="this" hx-swap="innerHTML">{source}</span></summary><div class="pop"></div></details>'
)
NO_SOURCE = '<span class="no-src">{text}</span>'
MARK = '<span class="src-mark">{badge}</span>'
WHEN = '<span class="src-when">{day}{author}</span>'


class SheetDrawing:
    """The rows of one account; addresses are reversed once and not for every row."""

    def __init__(self, account: Any) -> None:
        self.account = account

    def row(self, row: Row) -> SafeString:
        key, source = row.key, source_of(row)
        if row.cell.may_edit:
            source = fill(
                MENU,
                key=key,
                provenance=self._url("provenance", key),
                fact=self._url("fact", key),
                named=_("%(label)sの出典") % {"label": row.cell.label},
                source=source,
            )
        return fill(
            ROW,
            key=key,
            old=" f--old" if row.is_faded else "",
            label=row.cell.label,
            field=inline_edit(row.cell),
            acts=self._acts(row),
            source=source,
        )

    def _acts(self, row: Row) -> SafeString:
        """Who fills a blank, and putting it on the list of what to ask."""
        if row.asks.is_retired or (row.is_known and not row.cell.may_edit):
            return NOTHING
        who = badge(_("営業"), "fuji") if row.owner == "sales" else badge("CSM", "ai")
        if not row.cell.may_edit:
            return fill(ACTS, who=who, ask=asked() if row.is_asked else NOTHING)
        said = (
            fill("{icon}{text}", icon=icon("check", "s"), text=_("聞く予定"))
            if row.is_asked
            else _("聞くことに加える")
        )
        ask = fill(ASK, key=row.key, url=self._url("ask", row.key), said=said)
        return fill(ACTS, who=who, ask=ask)

    def _url(self, name: str, key: str) -> str:
        return self._urls[name].replace(f"/{ANY}/", f"/{key}/")

    @cached_property
    def _urls(self) -> dict[str, str]:
        names = ("ask", "fact", "provenance")
        return {name: reverse(f"accounts:{name}", args=[self.account.pk, ANY]) for name in names}


def asked() -> SafeString:
    return badge(_("聞く予定"), "ai")


def source_of(row: Row) -> SafeString:
    """Where the value comes from, who wrote it and when it held."""
    if not row.cell.value:
        return fill("{text}", text=_("該当なし")) if row.is_settled else NOTHING
    fact = row.fact
    to_ask = fill(MARK, badge=asked()) if row.is_asked else NOTHING
    source: Any = row.source
    if not source and row.cell.may_edit and not (fact and fact.as_of):
        source = fill(NO_SOURCE, text=_("出典なし"))
    to_ask = fill("{to_ask}{marks}", to_ask=to_ask, marks=marks_of(row))
    if fact is None:
        return fill("{to_ask}{source}", to_ask=to_ask, source=source)
    author = f" {surname(fact.author.name)}" if fact.author else ""
    when = fill(WHEN, day=table_date(fact.as_of), author=author)
    return fill("{to_ask}{source}{when}", to_ask=to_ask, source=source, when=when)


def marks_of(row: Row) -> SafeString:
    """That a value is old, or of a question that is asked no more."""
    retired = (
        fill("{badge} ", badge=badge(_("いまは聞かない項目"), "line")) if row.asks.is_retired else NOTHING
    )
    if not row.is_faded:
        return retired
    words = _("%(day)sのまま") % {"day": table_date(row.held_on)}
    return fill("{retired}{mark}", retired=retired, mark=fill(MARK, badge=badge(words, "caution")))
