"""OpenAPI from the same declarations that the API runs on, by drf-spectacular."""

from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from tenants.api.listing import SEVERAL, queries_of
from tenants.api.problems import CONTENT_TYPE
from tenants.api.queries import Query
from tenants.api.shapes import Schema

if TYPE_CHECKING:
    from tenants.api.operations import Operation

ANYWHERE = (400, 401, 403, 429)
REFUSALS = {
    "list": (),
    "create": (409, 413, 415, 422),
    "by_key": (404, 409),
    "put": (404, 409, 412, 413, 415, 428),
    "show": (404,),
    "content": (404,),
    "change": (404, 409, 412, 413, 415, 428),
    "delete": (404, 412, 428),
    "restore": (404, 412, 428),
    "verb": (404, 409, 412, 413, 415, 428),
}
PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                    "pointer": {"type": "string"},
                },
            },
        },
        "current": {"type": "object", "additionalProperties": True},
        "id": {"type": "string"},
    },
}
STRING: Schema = {"type": "string"}


@cache
def openapi() -> dict[str, Any]:
    """The whole description; it depends on nothing but the code."""
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return]


class OperationSchema(AutoSchema):  # type: ignore[misc]
    """Describes the operation behind one method of a view."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> dict[str, Any] | None:
        op: Operation = self.view.operations[method.upper()]
        self.registry = registry
        body = body_of(op)
        return {
            "operationId": op.id,
            "summary": summary_of(op),
            "tags": [op.resource.name],
            "parameters": parameters_of(op),
            **({"requestBody": self.request(op, body)} if body else {}),
            "security": [{"token": []}],
            "responses": self.responses(op),
        }

    def request(self, op: "Operation", body: Schema) -> Schema:
        name = {"change": "Change", "put": "Put", "create": "New"}.get(op.kind)
        schema = self.component(f"{op.resource.component}{name}", body) if name else body
        return {"required": op.kind != "verb", "content": {"application/json": {"schema": schema}}}

    def responses(self, op: "Operation") -> Schema:
        one = self.component(op.resource.component, op.resource.schema)
        problem = {"content": {CONTENT_TYPE: {"schema": self.component("Problem", PROBLEM)}}}
        found: dict[str, Schema] = {str(code): response for code, response in answers_of(op, one).items()}
        for status in sorted({*ANYWHERE, *REFUSALS[op.kind]}):
            found[str(status)] = {"description": REASONS[status](), **problem}
        return found

    def component(self, name: str, schema: Schema) -> Schema:
        made = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name)
        self.registry.register_on_missing(made)
        return made.ref  # type: ignore[no-any-return]


def answers_of(op: "Operation", one: Schema) -> dict[int, Schema]:
    tagged = {"headers": {"ETag": {"schema": STRING}}} if op.resource.has_version else {}
    single: Schema = {"description": _("記録"), "content": {"application/json": {"schema": one}}, **tagged}
    if op.kind == "delete":
        return {204: {"description": _("ごみ箱に入れました")}}
    if op.kind == "list":
        properties = {"results": {"type": "array", "items": one}, "next": {"type": ["string", "null"]}}
        page = {"type": "object", "required": ["results", "next"], "properties": properties}
        return {200: {"description": _("1回分"), "content": {"application/json": {"schema": page}}}}
    if op.kind == "content":
        binary = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
        return {200: {"description": _("ファイルの中身"), "content": binary}}
    if op.kind == "create":
        return {201: single}
    return {200: single, 201: single} if op.kind == "put" else {200: single}


def body_of(op: "Operation") -> Schema | None:
    resource = op.resource
    if op.kind == "create":
        return body_schema(resource.creatable, resource.needed)
    if op.kind == "put":
        return body_schema(resource.creatable, [])
    if op.kind == "change":
        return body_schema(resource.written, [])
    if op.verb and op.verb.inputs:
        return body_schema(op.verb.inputs, op.verb.needed)
    return None


def body_schema(shapes: Any, needed: list[str]) -> Schema:
    properties = {key: shape.schema for key, shape in shapes.items()}
    required = {"required": needed} if needed else {}
    return {"type": "object", "additionalProperties": False, "properties": properties, **required}


def parameters_of(op: "Operation") -> list[Schema]:
    found: list[Schema] = []
    if "<uuid:pk>" in op.route:
        found.append(parameter("id", "path", {"type": "string", "format": "uuid"}, needed=True))
    if "<path:external_id>" in op.route:
        schema = {"type": "string", "minLength": 1, "maxLength": 100}
        found.append(parameter("external_id", "path", schema, needed=True))
    if op.kind == "list":
        found += [narrowing(query) for query in queries_of(op.resource)]
    if op.kind == "create":
        label = _("同じ鍵でもう一度送ると、1回目の答えが返ります(24時間)")
        found.append(parameter("Idempotency-Key", "header", STRING, label=label))
    if op.changes_a_record or op.kind == "put":
        label = _("読んだときの ETag。「*」は、いま何があっても書くことを意味します")
        found.append(parameter("If-Match", "header", STRING, label=label, needed=op.changes_a_record))
    return found


def parameter(name: str, where: str, schema: Schema, *, label: str = "", needed: bool = False) -> Schema:
    described = {"description": label} if label else {}
    return {"name": name, "in": where, "required": needed, "schema": schema, **described}


def narrowing(query: Query) -> Schema:
    """Several values stand as ``state=todo&state=doing``."""
    schema = {"type": "array", "items": query.schema, "maxItems": SEVERAL} if query.many else query.schema
    return parameter(query.name, "query", schema, label=str(query.label))


def summary_of(op: "Operation") -> str:
    words = {
        "list": _("%(what)sの一覧"),
        "create": _("%(what)sを加える"),
        "by_key": _("%(what)sを外部IDで読む"),
        "put": _("%(what)sを外部IDで加えるか変える"),
        "show": _("%(what)sを読む"),
        "content": _("%(what)sの中身を読む"),
        "change": _("%(what)sを変える"),
        "delete": _("%(what)sをごみ箱に入れる"),
        "restore": _("%(what)sをごみ箱から戻す"),
    }
    return str(op.verb.label) if op.verb else words[op.kind] % {"what": op.resource.label}


REASONS = {
    400: lambda: _("送られた値に直すところがあります"),
    401: lambda: _("トークンがないか、使えません"),
    403: lambda: _("権限がありません"),
    404: lambda: _("見つかりません。ほかの会社のものも、見えない人には同じです"),
    409: lambda: _("いまの状態や、ほかの記録と合いません"),
    412: lambda: _("ほかの人が先に変えました。current にいまの値があります"),
    413: lambda: _("大きすぎます"),
    415: lambda: _("JSONではありません"),
    422: lambda: _("Idempotency-Key が別の内容で使われています"),
    428: lambda: _("If-Match がありません。current にいまの値があります"),
    429: lambda: _("使えないトークンが続きました"),
}
