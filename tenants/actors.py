"""Who did something, as history and the bin show them: a person, somebody's program, an import, the nightly job."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tenants.models import Membership
from tenants.roles import Role
from tenants.scope import current_tenant

PERSON, PROGRAM, IMPORT, JOB, SYSTEM = "member", "api", "import", "job", "system"


@dataclass(frozen=True)
class Actor:
    """``kind`` decides how they are drawn; ``hue`` is that of the avatar."""

    kind: str
    name: str
    hue: str = ""

    @property
    def is_person(self) -> bool:
        return self.kind == PERSON

    @property
    def icon(self) -> str:
        return {PROGRAM: "link", IMPORT: "download", JOB: "moon"}.get(self.kind, "settings")


def actors_of(texts: Iterable[str]) -> dict[str, Actor]:
    """Actors by what history wrote down (``member:<id>``, ``api:<id>`` for a program with that member's token,
    ``job:<name>`` …), with one statement for all people."""
    wanted = set(texts)
    ids = [text.partition(":")[2] for text in wanted if text.startswith((f"{PERSON}:", f"{PROGRAM}:"))]
    members = Membership.objects.in_tenant(current_tenant()).filter(pk__in=ids).select_related("user")
    people = {str(member.pk): member for member in members} if ids else {}
    return {text: actor_of(text, people) for text in wanted}


def actor_of(text: str, people: dict[str, Membership]) -> Actor:
    kind, _sep, ident = text.partition(":")
    if kind == PERSON:
        found = people.get(ident)
        hue = "fuji" if found and found.role == Role.SALES else ""
        return Actor(PERSON, found.name if found else _("以前のメンバー"), hue)
    if kind == PROGRAM:
        found = people.get(ident)
        return Actor(PROGRAM, _("%(name)sのAPI") % {"name": found.name if found else _("以前のメンバー")})
    names = {JOB: _("夜間の計算"), IMPORT: _("取り込み"), "demo": _("見本データ")}
    return Actor(kind if kind in (JOB, IMPORT) else SYSTEM, names.get(kind, _("システム")))
