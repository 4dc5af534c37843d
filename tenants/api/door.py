"""The door of the API: a token becomes a member and a tenant's scope before any view, as the address does for pages.

The token alone decides which tenant. Cookies count for nothing here, so no other site can make a browser write.
"""

import logging
import math
from datetime import datetime

import redis
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.api.problems import CONTENT_TYPE, Problem, not_found
from tenants.middleware import GetResponse, answer_inside, needs_second_factor
from tenants.models import ApiToken, Membership
from tenants.sign_in import lock

MOUNT = "/api/v1/"
OPEN = ("/api/v1/openapi.json", "/api/v1/docs")
ACTOR = "api:"
log = logging.getLogger("masume.api")


class ApiMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(MOUNT) or request.path_info in OPEN:
            return self.get_response(request)
        token = token_of(request)
        member = member_of(token)
        if token is None or member is None:
            return refused(request)
        token.note_used()
        if needs_second_factor(member):
            detail = _("管理者は、先に二つめの確認を設定してください")
            return Problem(403, "second_factor_needed", detail).response
        response = answer_inside(request, member, self.get_response, actor=f"{ACTOR}{member.pk}")
        return as_problem(response)


def token_of(request: HttpRequest) -> ApiToken | None:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return ApiToken.find(text.strip()) if scheme.lower() == "bearer" else None


def member_of(token: ApiToken | None) -> Membership | None:
    """Who the token works as: asked anew at every request, so that a removal or another role holds at once."""
    return Membership.objects.active().filter(pk=token.member_id).first() if token else None


def refused(request: HttpRequest) -> HttpResponse:
    """The same for no, a wrong, a revoked and a past token; after ten in a row from one address it has to wait."""
    until = stopped_until(request) if "Authorization" in request.headers else None
    if until:
        wait = max(1, math.ceil((until - timezone.now()).total_seconds()))
        detail = _("使えないトークンが続きました。しばらく待ってください")
        return Problem(429, "too_many_wrong_tokens", detail, headers={"Retry-After": str(wait)}).response
    detail = _("トークンが要ります。Authorization: Bearer … で送ってください")
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": "Bearer"}).response


def stopped_until(request: HttpRequest) -> datetime | None:
    """Count a wrong token of this address, as sign-in counts wrong passwords. Nobody guesses 256 bits, so good tokens
    still come in from a stopped address, and a cache that is down stops nobody."""
    key = f"api:{get_client_ip(request)}"
    try:
        return lock.take_try(key) or lock.note_failure(key)
    except redis.RedisError:
        log.warning("wrong tokens are not counted: the cache does not answer")
        return None


def as_problem(response: HttpResponseBase) -> HttpResponseBase:
    """Whatever went wrong outside of an operation (no such address, a fault of ours) in the same form."""
    if response.status_code < 400 or response.headers.get("Content-Type") == CONTENT_TYPE:
        return response
    if response.status_code == 404:
        return not_found().response
    if response.status_code >= 500:
        return Problem(response.status_code, "fault", _("こちらの不具合です。何も保存していません")).response
    return Problem(response.status_code, "invalid", _("この要求は受け取れません")).response
