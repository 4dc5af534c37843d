"""Every id that a program may send, in bodies and in query strings, swapped for the other tenant's: the answer is that
for an id which never was, and nothing moves. Nobody lists the inputs: they are read from the declarations."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from accounts.models import KeyPerson
from cs_planner.api import RESOURCES
from tenants.api.listing import queries_of
from tenants.api.operations import Operation, operations_of
from tenants.api.schema import body_of
from tenants.models import Membership
from tenants.roles import Role
from tests.fingerprint import differences, fingerprint
from tests.furnish import Key, furnish
from tests.world import World

OPERATIONS = [op for resource in RESOURCES for op in operations_of(resource)]
WITH_BODY = [op for op in OPERATIONS if body_of(op)]


def forms_of(schema: Any) -> list[str]:
    """The texts around an id in a value of this schema; none if it holds no id."""
    if schema.get("format") == "uuid":
        return ["{}"]
    if "(member|person)" in schema.get("pattern", ""):
        return ["member:{}", "person:{}"]
    return forms_of(schema["items"]) if "items" in schema else []


def sample(schema: Any) -> Any:
    """Some value that fits."""
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") == "date":
        return "2027-03-31"
    return schema.get("minimum", "見本")


def path_of(op: Operation, rows: dict[Key, UUID]) -> str:
    pk = rows[op.subject, op.binned, "mine"] if op.subject else ""
    return op.route.replace("<uuid:pk>", str(pk)).replace("<path:external_id>", f"N-{uuid4()}")


def bodies(op: Operation, rows: dict[Key, UUID]) -> Iterator[tuple[str, str, dict[str, Any], bool]]:
    """Key, the text around its id, the rest of a body that would do, whether the value is a list."""
    schema = body_of(op)
    assert schema
    adds = op.resource.adds if op.kind in ("create", "put") else None
    needed = op.resource.needed if adds else schema.get("required", [])
    rest = {key: sample(schema["properties"][key]) for key in needed}
    if "starts_on" in rest:
        rest["starts_on"] = "2026-10-01"
    if adds and adds.parent:
        rest[adds.parent] = str(rows[adds.parent_model, False, "mine"])
    for key, value in schema["properties"].items():
        for form in forms_of(value):
            yield key, form, rest, "items" in value


def foreign_to(op: Operation, key: str, rows: dict[Key, UUID]) -> set[UUID]:
    """The other tenant's row of the kind that the key names, and one of its people of each sort."""
    keys = {
        field.name: field.remote_field.model
        for field in op.resource.model._meta.local_fields
        if field.remote_field
    }
    return {rows[model, False, "foreign"] for model in (keys.get(key, Membership), Membership, KeyPerson)}


def test_an_id_of_another_tenant_in_a_body_is_answered_like_a_random_one(world: World, program: Any) -> None:
    rows, call = furnish(world), program(world.member(Role.ADMIN))
    call("GET", "accounts")  # the token notes when it was first used
    before, tried = fingerprint("midori", "aoba"), 0
    for op in WITH_BODY:
        headers = {"If_Match": "*"} if op.changes_a_record else {}
        for key, form, rest, many in bodies(op, rows):
            for pk in foreign_to(op, key, rows):
                texts = [form.format(one) for one in (pk, uuid4())]
                sent = [{**rest, key: [text] if many else text} for text in texts]
                said = [call(op.method, path_of(op, rows), body, **headers) for body in sent]
                tried += 1
                assert said[0].content.replace(texts[0].encode(), b"") == said[1].content.replace(
                    texts[1].encode(), b""
                ), (op.id, key)
                assert {one.status_code for one in said} <= {400, 404}, (op.id, key, said[0].content.decode())
    assert tried > 80
    assert differences(before, fingerprint("midori", "aoba")) == {}


def test_an_id_of_another_tenant_in_a_query_finds_nothing(world: World, program: Any) -> None:
    rows, call = furnish(world), program(world.member(Role.ADMIN))
    tried = 0
    for op in OPERATIONS:
        for query in queries_of(op.resource) if op.kind == "list" else ():
            for form in forms_of(query.schema):
                for pk in foreign_to(op, query.name, rows):
                    paths = [f"{op.route}?{query.name}={form.format(one)}" for one in (pk, uuid4())]
                    said = [call("GET", path) for path in paths]
                    tried += 1
                    assert said[0].status_code == 200, (op.id, query.name)
                    if query.name != "cursor":
                        assert said[0].json() == said[1].json() == {"results": [], "next": None}, query.name
    assert tried > 60
