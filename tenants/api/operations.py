"""The operations of a resource and the URLs they stand at. Each says its action and its subject, as a page does:
the permission check, the test matrix and the schema all read the same ``Operation``."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpResponse
from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.views import APIView

from tenants.api import handlers
from tenants.api.reading import StrictJSON
from tenants.api.resources import Resource, Verb
from tenants.api.schema import OperationSchema
from tenants.once import once
from tenants.permissions import action

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Handler = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Operation:
    """One method of one URL. ``kind`` is what it does: list, create, show, change, delete, restore, verb, by_key,
    put, content."""

    kind: str
    method: str
    route: str
    resource: Resource
    action: str
    run: Handler
    subject: Any = None
    binned: bool = False
    verb: Verb | None = None
    summary: "StrOrPromise" = field(default="", compare=False)

    @property
    def id(self) -> str:
        """``accounts_list``, ``ctas_snooze``: unique, and what generated clients call it."""
        return f"{self.resource.name}_{self.verb.name if self.verb else self.kind}".replace("-", "_")

    @property
    def changes_a_record(self) -> bool:
        return self.kind in ("change", "delete", "restore", "verb")

    def __call__(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Load what the URL names, ask whether this member may, then do it."""
        run: Handler = lambda request, *found, **rest: self.run(self, request, *found, **rest)  # noqa: E731
        if self.kind == "create":
            run = once(run, mismatch=handlers.key_used_otherwise)
        return action(self.action, self.subject, binned=self.binned)(run)(request, **kwargs)


class OperationView(APIView):
    """The operations that share a URL. The token was turned into a scope before (``tenants.api.door``)."""

    operations: ClassVar[dict[str, Operation]]
    parser_classes = (StrictJSON,)
    schema = OperationSchema()

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only ``Allow``, which every answer has."""
        return HttpResponse(status=204)

    def answer(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.operations["GET" if request.method == "HEAD" else str(request.method)](request, **kwargs)


def urls(resources: Iterable[Resource]) -> list[URLPattern]:
    return [pattern for resource in resources for pattern in urls_of(resource)]


def urls_of(resource: Resource) -> Iterator[URLPattern]:
    routes: dict[str, dict[str, Operation]] = {}
    for operation in operations_of(resource):
        routes.setdefault(operation.route, {})[operation.method] = operation
    for route, operations in routes.items():
        view = view_for(operations)
        yield path(route, view, name=next(iter(operations.values())).id)


def view_for(operations: dict[str, Operation]) -> Any:
    methods = {method.lower(): OperationView.answer for method in operations}
    cls = type("OperationView", (OperationView,), {**methods, "operations": operations})
    view = cls.as_view()  # type: ignore[attr-defined]
    view.operations = operations
    return view


def operations_of(resource: Resource) -> Iterator[Operation]:
    many, one = resource.name, f"{resource.name}/<uuid:pk>"
    found, model = resource.found, resource.model
    common: dict[str, Any] = {"resource": resource}
    yield Operation("list", "GET", many, action=resource.lists, run=handlers.listing, **common)
    if resource.adds:
        yield Operation("create", "POST", many, action=resource.adds.action, run=handlers.create, **common)
    if resource.has_external_id:
        yield from by_external_id(resource)
    yield Operation("show", "GET", one, action=resource.reads, run=handlers.show, subject=model, **common)
    if found:
        change = Operation(
            "change", "PATCH", one, action=found.action, run=handlers.change, subject=model, **common
        )
        yield change
    if found and resource.is_binned:
        yield Operation(
            "delete", "DELETE", one, action=found.removal, run=handlers.delete, subject=model, **common
        )
        yield Operation(
            "restore", "POST", f"{one}/restore", action=found.removal, run=handlers.restore, subject=model,
            binned=True, **common,
        )  # fmt: skip
    if resource.content:
        yield Operation(
            "content",
            "GET",
            f"{one}/content",
            action=resource.reads,
            run=handlers.content,
            subject=model,
            **common,
        )
    for verb in resource.verbs:
        yield Operation(
            "verb", "POST", f"{one}/{verb.name}", action=verb.action, run=handlers.do, subject=model, verb=verb,
            **common,
        )  # fmt: skip


def by_external_id(resource: Resource) -> Iterator[Operation]:
    """A record by the number it has elsewhere. PUT changes it, or makes it, which may ask for more."""
    assert resource.found
    route = f"{resource.name}/by-external-id/<path:external_id>"
    yield Operation("by_key", "GET", route, resource, resource.reads, handlers.show_by_key)
    yield Operation("put", "PUT", route, resource, resource.found.action, handlers.put_by_key)
