"""What each kind of operation does. The record was found and the right to it asked before (``Operation``)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from tenants.api import versions
from tenants.api.listing import page_of
from tenants.api.problems import Fault, Problem, forbidden
from tenants.api.reading import body_of, texts_of
from tenants.api.resources import New, Resource, refusal
from tenants.editing.drafting import Draft
from tenants.editing.saving import Refused, save_together
from tenants.permissions import may, require, visible_or_404
from tenants.scope import current_member

if TYPE_CHECKING:
    from tenants.api.operations import Operation

ROOT = "/api/v1"


def listing(op: "Operation", request: Request) -> HttpResponse:
    rows, after = page_of(op.resource, request)
    address = request.build_absolute_uri(f"{request.path}?{after}") if after else None
    return json_of({"results": [op.resource.dump(row, in_list=True) for row in rows], "next": address})


def show(op: "Operation", request: Request, record: Any) -> HttpResponse:
    return answer(op.resource, record)


def content(op: "Operation", request: Request, record: Any) -> HttpResponse:
    """The bytes of the file, as a download."""
    assert op.resource.content
    return op.resource.content(record)


def create(op: "Operation", request: Request) -> HttpResponse:
    return made(op.resource, new_record(op.resource, texts_to_make(op.resource, body_of(request))))


def change(op: "Operation", request: Request, record: Any) -> HttpResponse:
    resource = op.resource
    read_only = [*resource.schema["properties"], *resource.creatable]
    texts = texts_of(body_of(request), resource.written, read_only=read_only)
    record = locked(resource, request, record)
    write(resource, record, texts)
    return answer(resource, record)


def delete(op: "Operation", request: Request, record: Any) -> HttpResponse:
    locked(op.resource, request, record).put_in_bin()
    return HttpResponse(status=204)


def restore(op: "Operation", request: Request, record: Any) -> HttpResponse:
    held = locked(op.resource, request, record)
    try:
        with transaction.atomic():
            held.take_out_of_bin()
    except IntegrityError as error:  # another record took its place meanwhile
        raise refusal(Refused.by(op.resource.model, error)) from None
    return answer(op.resource, record)


def do(op: "Operation", request: Request, record: Any) -> HttpResponse:
    """Carry out a verb, with what its form asks for. What the record's state does not allow is 409."""
    assert op.verb
    texts = texts_of(body_of(request, optional=True), op.verb.inputs)
    record = locked(op.resource, request, record)
    demand_keys(op.verb.also_needed, texts)
    cleaned: dict[str, Any] = {}
    if op.verb.form:
        form = op.verb.form(texts)
        if not form.is_valid():
            raise Problem.invalid(*(Fault.at(key, str(found[0])) for key, found in form.errors.items()))
        cleaned = form.cleaned_data
    op.verb.run(record, cleaned)
    return answer(op.resource, record)


def show_by_key(op: "Operation", request: Request, external_id: str) -> HttpResponse:
    record = with_key(op.resource, external_id)
    if record is None:
        raise Http404
    return answer(op.resource, visible_or_404(op.resource.model, record.pk))


def put_by_key(op: "Operation", request: Request, external_id: str) -> HttpResponse:
    """Make the record with that external id (201), or change the one that has it (200).

    Two at once: the second waits for the first, then finds its row and is a change. Keys that are not sent stay.
    """
    body = body_of(request)
    if body.setdefault("external_id", external_id) != external_id:
        raise Problem.invalid(Fault.at("external_id", _("宛先の外部IDと違います")))
    texts = texts_to_make(op.resource, body)
    existing = with_key(op.resource, external_id)
    if existing is None:
        if versions.wanted(request) not in ("", "*"):
            raise Problem(412, "stale", _("この外部IDの記録はまだありません"))
        try:
            with transaction.atomic():
                return made(op.resource, new_record(op.resource, texts))
        except Problem as problem:
            existing = with_key(op.resource, external_id) if problem.code == "duplicate" else None
            if existing is None:
                raise
    if request.headers.get("If-None-Match", "").strip() == "*":
        raise Problem(412, "stale", _("この外部IDの記録がもうあります"))
    record = visible_or_404(op.resource.model, existing.pk)
    require(op.resource.found.action if op.resource.found else op.action, record)
    record = locked(op.resource, request, record)
    write(op.resource, record, without_fixed(op.resource, record, texts))
    return answer(op.resource, record)


def with_key(resource: Resource, external_id: str) -> Any:
    """The record with that external id, in the bin or not."""
    key = read_key(resource, external_id)
    rows = getattr(resource.model, "everything", resource.model.objects)
    found = rows.filter(external_id=key).first()
    if found is not None and getattr(found, "deleted_at", None):
        raise Problem(
            409, "in_bin", _("この外部IDの記録はごみ箱にあります。戻してから送ってください"), id=str(found.pk)
        )
    return found


def read_key(resource: Resource, external_id: str) -> Any:
    assert resource.found
    try:
        texts = resource.written["external_id"].text(external_id)
        key = resource.found.fields["external_id"].parse(texts, None)
    except ValidationError as error:
        raise Problem.invalid(Fault("external_id", error.messages[0])) from None
    if not key:
        raise Http404
    return key


def texts_to_make(resource: Resource, body: Mapping[str, Any]) -> dict[str, Any]:
    return texts_of(body, resource.creatable, read_only=resource.schema["properties"])


def without_fixed(resource: Resource, record: Any, texts: Mapping[str, Any]) -> dict[str, Any]:
    """``texts`` but for what only a new record takes, which has to be what stands there: no record moves elsewhere. What
    only said how it was to be made says nothing any more."""
    kept = {one.name: one.attname for one in resource.model._meta.concrete_fields}
    columns = {key: kept[key] for key in texts if key in resource.fixed and key in kept}
    if faults := [
        Fault.at(key, _("作ったあとは変えられません"))
        for key, column in columns.items()
        if texts[key] != ("" if (stands := getattr(record, column)) is None else str(stands))
    ]:
        raise Problem.invalid(*faults)
    return {key: text for key, text in texts.items() if key not in resource.fixed}


def new_record(resource: Resource, sent: Mapping[str, Any]) -> Any:
    """The record that was sent; Problem names every key that will not do."""
    adds, found, texts = resource.adds, resource.found, dict(sent)
    assert adds and found
    demand_keys(adds.needs, texts)
    parent = parent_of(resource, texts.pop(adds.parent, "")) if adds.parent else None
    if parent is None:
        require(adds.action)
    check_fields(resource, texts, parent, freely=adds.freely)
    like = found.model(**hung_on(adds.parent, parent)) if parent else found.model()
    draft = Draft(
        found, list(resource.fields), {key: texts[key] for key in texts if key in resource.fields}, like
    )
    made = adds.make(New(draft, texts, parent, current_member()))
    for key, part in resource.parts.items():
        if key in texts:
            part.write(made, texts[key])
    return made


def hung_on(key: str, parent: Any) -> dict[str, Any]:
    """What a new record knows of its parent: also the account, where the parent is of one."""
    return {key: parent, **({"account": parent.account} if hasattr(parent, "account") else {})}


def parent_of(resource: Resource, pk: str) -> Any:
    """What the new record hangs on; one of another tenant is answered like one that never was."""
    adds = resource.adds
    assert adds
    if not pk:
        raise Problem.invalid(Fault.at(adds.parent, _("どれに加えるか、IDを送ってください")))
    try:
        parent = visible_or_404(adds.parent_model, pk)
    except Http404:
        raise Problem.invalid(Fault.at(adds.parent, _("見つかりません"))) from None
    require(adds.action, parent)
    return parent


def write(resource: Resource, record: Any, texts: Mapping[str, Any]) -> None:
    """Put what was sent into a locked record."""
    assert resource.found
    check_fields(resource, texts, record)
    try:
        save_together(resource.found, record, {k: v for k, v in texts.items() if k not in resource.parts})
    except Refused as refused:
        raise refusal(refused) from None
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        faults = [Fault.at(key, messages[0]) for key, messages in error.message_dict.items()]
        raise Problem.invalid(*faults) from None
    for key, part in resource.parts.items():
        if key in texts:
            part.write(record, texts[key])


def demand_keys(needed: Sequence[str], texts: Mapping[str, Any]) -> None:
    if faults := [Fault.at(key, _("この項目を送ってください")) for key in needed if key not in texts]:
        raise Problem.invalid(*faults)


def check_fields(resource: Resource, texts: Mapping[str, Any], subject: Any, freely: Any = ()) -> None:
    """Some fields ask for more than the record: 403 names those that this member may not write."""
    found = resource.found
    assert found
    faults = [
        Fault.at(key, _("この項目を変える権限がありません"))
        for key in texts
        if key in found.fields
        and key not in freely
        and not may(current_member(), found.fields[key].action or found.action, subject)
    ]
    if faults:
        raise forbidden(*faults)


def locked(resource: Resource, request: Request, record: Any) -> Any:
    """The record as it stands now, kept from everybody else until the answer, at the version that was asked for."""
    model = resource.model
    rows = getattr(model, "everything", model.objects)
    held = rows.select_for_update().filter(pk=record.pk).first()
    if held is None or getattr(held, "deleted_at", None) != getattr(record, "deleted_at", None):
        raise Http404
    versions.demand(request._request, held, lambda: resource.dump(read(resource, held.pk)))
    return held


def read(resource: Resource, pk: Any) -> Any:
    """The record anew, with what its JSON needs; also from the bin."""
    rows = getattr(resource.model, "everything", resource.model.objects)
    return resource.rows(rows.all()).get(pk=pk)


def answer(resource: Resource, record: Any, status: int = 200) -> HttpResponse:
    found = read(resource, record.pk)
    response = json_of(resource.dump(found), status)
    if resource.has_version:
        response.headers["ETag"] = versions.etag(found)
    return response


def made(resource: Resource, record: Any) -> HttpResponse:
    response = answer(resource, record, 201)
    response.headers["Location"] = f"{ROOT}/{resource.name}/{record.pk}"
    return response


def key_used_otherwise() -> HttpResponse:
    detail = _("この Idempotency-Key は、別の内容で使われています")
    return Problem(422, "idempotency_key_reused", detail).response


def json_of(body: Any, status: int = 200) -> HttpResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
