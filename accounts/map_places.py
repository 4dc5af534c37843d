"""Where somebody put a person on the stakeholder map: two columns, written as one value "120,340"."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tenants.editing import EditField
from tenants.editing.fields import clean_text, narrow

Place = tuple[int | None, int | None]
PATTERN = re.compile(r"(\d{1,4})\s*,\s*(\d{1,4})", re.ASCII)


def parse(text: str, record: Any) -> Place:
    typed = narrow(clean_text(text))
    if not typed:
        return None, None
    found = PATTERN.fullmatch(typed)
    if not found:
        raise ValidationError(_now("位置は 120,340 のように、左と上からの距離で書いてください"))
    return int(found[1]), int(found[2])


def raw(place: Place) -> str:
    return "" if place[0] is None else f"{place[0]},{place[1]}"


MAP_PLACE = EditField(
    key="map_x",
    label=_("マップでの位置"),
    parse=parse,
    raw=raw,
    show=lambda place, record: raw(place),
    hint=_("組織の線から自動で決まります"),
    help=_("左と上からの距離。例: 120,340"),
    read=lambda record: (record.map_x, record.map_y),
    write=lambda place: {"map_x": place[0], "map_y": place[1]},
)
