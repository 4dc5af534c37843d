"""Whatever people edit programs edit too, or it is said why not; and everything that is described says what it is."""

from typing import Any

from django.apps import apps
from django.test import Client

from cs_planner.api import RESOURCES, WITHOUT
from tenants.editing.registry import all_editables
from tenants.history import TenantEvent


def edited() -> set[Any]:
    """Every model whose changes are kept or whose fields are edited in place."""
    kept = {m.pgh_tracked_model for m in apps.get_models() if issubclass(m, TenantEvent)}
    return kept | {found.model for found in all_editables()}


def test_what_people_edit_is_in_the_api_or_its_room_says_why_not() -> None:
    offered = {resource.model for resource in RESOURCES}
    assert edited() - offered - WITHOUT.keys() == set(), (
        "declare it in <room>/api.py, or say why not in WITHOUT"
    )
    assert WITHOUT.keys() - (edited() - offered) == set(), "these need no excuse any more"
    assert [model for model, reason in WITHOUT.items() if len(reason) < 15] == []


def test_every_editable_field_is_written_by_the_api_too() -> None:
    for resource in RESOURCES:
        if resource.found:
            assert resource.found.fields.keys() - resource.written.keys() == set(resource.without)


def test_every_field_and_every_condition_says_what_it_is() -> None:
    described = Client().get("/api/v1/openapi.json").json()
    nameless = [
        f"{name}.{key}"
        for name, schema in described["components"]["schemas"].items()
        if name != "Problem"
        for key in keys_without_title(schema)
    ]
    nameless += [
        f"{one['operationId']}?{parameter['name']}"
        for path in described["paths"].values()
        for one in path.values()
        for parameter in one["parameters"]
        if parameter["in"] == "query" and not parameter.get("description")
    ]
    assert nameless == []


def keys_without_title(schema: dict[str, Any]) -> list[str]:
    found = []
    for key, value in schema.get("properties", {}).items():
        if not is_japanese(value.get("title", "")):
            found.append(key)
        found += [f"{key}.{deeper}" for deeper in keys_without_title(value.get("items", value))]
    return found


def is_japanese(text: str) -> bool:
    return text.isupper() or any(ord(char) > 0x3000 for char in text)
