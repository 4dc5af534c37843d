"""Which part of a timeline is looked at: by kind, people of both sides, period, and whatever rooms above offer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from accounts.kinds import chosen
from accounts.models import ActivityMember, ActivityPerson
from accounts.ties import tie_called, ties
from tenants.editing.fields import parse_date
from tenants.ids import id_in


@dataclass(frozen=True)
class Narrowing:
    """What was chosen above the list; empty values look at everything."""

    kind: str = ""
    person: str = ""
    member: str = ""
    since: date | None = None
    until: date | None = None
    tied: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Narrowing":
        """From a query string; what cannot be read does not narrow."""
        return cls(
            kind=asked.get("kind", ""),
            person=ident(asked.get("person", "")),
            member=ident(asked.get("member", "")),
            since=day(asked.get("since", "")),
            until=day(asked.get("until", "")),
            tied={tie.name: value for tie in ties() if (value := ident(asked.get(tie.name, "")))},
        )

    def of(self, rows: Any) -> Any:
        """``rows`` of activities, narrowed."""
        if found := chosen(self.kind, retired=True):
            rows = rows.filter(own_type=found.own_type) if found.own_type else rows.filter(kind=found.kind)
        if self.person:
            met = ActivityPerson.objects.filter(activity=OuterRef("pk"), person=self.person)
            rows = rows.filter(Exists(met))
        if self.member:
            ours = ActivityMember.objects.filter(activity=OuterRef("pk"), member=self.member)
            rows = rows.filter(Exists(ours)) | rows.filter(written_by=self.member)
        if self.since:
            rows = rows.filter(on__gte=self.since)
        if self.until:
            rows = rows.filter(on__lte=self.until)
        for name, value in self.tied.items():
            rows = tie_called(name).narrow(rows, UUID(value))
        return rows

    @property
    def is_any(self) -> bool:
        return bool(self.query)

    @property
    def query(self) -> str:
        """The query string that asks for the same again."""
        given = {"kind": self.kind, "person": self.person, "member": self.member, "since": self.since or "",
                 "until": self.until or "", **self.tied}  # fmt: skip
        return urlencode({key: value for key, value in given.items() if value})


def ident(text: str) -> str:
    return str(id_in(text) or "")


def day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValidationError:
        return None
