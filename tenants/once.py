"""Creates happen once: the same idempotency key again gets the answer of the first time, not a second row."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tenants.models import IdempotencyKey
from tenants.scope import current_member, current_tenant_id

KEY_FIELD = "idempotency_key"
LONGEST = 64


def other_body() -> HttpResponse:
    return HttpResponse(_("この操作はもう済んでいます。画面を開き直してください"), status=422)


def once(
    view: Callable[..., HttpResponse], *, mismatch: Callable[[], HttpResponse] = other_body
) -> Callable[..., HttpResponse]:
    """For POST views that create. The key comes from the ``Idempotency-Key`` header or the form; it is stored in the
    same transaction as the row, so a killed process leaves neither. The same key with another body is 422, in the
    words of ``mismatch``."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = short(request.headers.get("Idempotency-Key") or request.POST.get(KEY_FIELD, ""))
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        digest = _digest(request)
        if not _claim(key, digest):
            return _replay(key, digest) or mismatch()
        response = view(request, *args, **kwargs)
        if response.status_code < 400:
            _remember(key, response)
        return response

    return guarded


def short(key: str) -> str:
    """Keys of any length stay apart."""
    return (
        key.replace("\x00", "")
        if len(key) <= LONGEST
        else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    )


def _digest(request: HttpRequest) -> str:
    """What was asked for, as one short text. The stream of a form with files can be read only once, so not the body."""
    if not request.POST and not request.FILES:
        return hashlib.sha256(request.path.encode() + request.body).hexdigest()
    typed = sorted((k, v) for k, values in request.POST.lists() if k != "csrfmiddlewaretoken" for v in values)
    files = sorted((k, f.name, f.size) for k, found in request.FILES.lists() for f in found)
    said = repr((request.path, typed, files)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()


def _claim(key: str, digest: str) -> bool:
    member = current_member()
    with connection.cursor() as cursor:
        # Waits for a twin that is still at work, then finds its row.
        cursor.execute(
            """
            INSERT INTO tenants_idempotencykey
              (tenant_id, version, created_at, member_id, key, body_hash, status, location, body)
            VALUES (%s, 1, now(), %s, %s, %s, 0, '', '') ON CONFLICT (tenant_id, member_id, key) DO NOTHING RETURNING id
            """,
            [current_tenant_id(), member.pk if member else None, key, digest],
        )
        return cursor.fetchone() is not None


def _replay(key: str, digest: str) -> HttpResponse | None:
    """The answer of the first time; None if something else was asked for then."""
    done = IdempotencyKey.objects.get(member=current_member(), key=key)
    if done.body_hash != digest:
        return None
    response = HttpResponse(done.body, status=done.status)
    for line in filter(None, done.location.split("\n")):
        name, _sep, value = line.partition(": ")
        response.headers[name] = value
    return response


def _remember(key: str, response: HttpResponse) -> None:
    kept = [
        f"{name}: {response.headers[name]}"
        for name in ("Content-Type", "ETag", "Location", "HX-Redirect", "HX-Trigger")
        if name in response.headers
    ]
    IdempotencyKey.objects.filter(member=current_member(), key=key).update(
        status=response.status_code, location="\n".join(kept), body=response.content.decode()
    )
