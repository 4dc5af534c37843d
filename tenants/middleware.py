"""The door of every page: ``/t/<slug>/`` is taken off the path and the rest runs inside the tenant's scope."""

import re
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from tenants import vanished
from tenants.models import Membership
from tenants.request_log import name_of
from tenants.roles import Role
from tenants.scope import TENANT_URLCONF, tenant_scope

MOUNT = re.compile(r"^/t/([a-z0-9-]{1,50})(/.*)$")
SIGN_IN = "/sign-in/"


def needs_second_factor(member: Membership) -> bool:
    """Production asks admins for one (``ADMINS_NEED_SECOND_FACTOR``) before they see a page of the tenant."""
    return (
        settings.ADMINS_NEED_SECOND_FACTOR
        and member.role == Role.ADMIN
        and not is_mfa_enabled(member.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
    )


GetResponse = Callable[[HttpRequest], HttpResponseBase]


def answer_inside(
    request: HttpRequest, member: Membership, get_response: GetResponse, *, actor: str = ""
) -> HttpResponseBase:
    """The answer of a view, made inside the member's tenant.

    The transaction spans the rendered answer, and is rolled back when the answer is an error: Django turns an
    exception into a response before a middleware sees it, so a half-written save would otherwise be committed.
    """
    request.tenant, request.member = member.tenant, member  # type: ignore[attr-defined]
    actor = request.actor = actor or f"member:{member.pk}"  # type: ignore[attr-defined]
    with (
        tenant_scope(
            member.tenant,
            member=member,
            actor=actor,
            request_id=getattr(request, "request_id", "") or name_of(request),
        ),
        timezone.override(member.tenant.zone),
    ):
        response = get_response(request)
        if response.streaming:
            raise ImproperlyConfigured(
                "tenant rows are never streamed: the scope ends before the body is read"
            )
        if response.status_code >= 400 and not getattr(response, "keeps_its_writes", False):
            transaction.set_rollback(True)
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


class TenantMiddleware:
    """Membership decides; a stranger gets the same 404 as a missing row, an anonymous person the sign-in page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        mounted = MOUNT.match(request.path_info)
        if mounted is None:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self.to_sign_in(request)
        slug, rest = mounted.groups()
        member = Membership.objects.active().of(request.user).filter(tenant__slug=slug).first()
        if member is None:
            return render(request, "404.html", status=404)
        if needs_second_factor(member):
            return HttpResponseRedirect("/me/security/?required=1")
        member.note_seen()
        return self.inside(request, member, rest)

    def inside(self, request: HttpRequest, member: Membership, rest: str) -> HttpResponseBase:
        request.urlconf = TENANT_URLCONF  # type: ignore[attr-defined]
        request.path_info = rest
        return answer_inside(request, member, self.get_response)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> None:
        declares = hasattr(view, "action") or hasattr(view, "operations")
        if hasattr(request, "member") and not declares:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__name__} declares no @action")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the database refuses because its other end is gone is no fault of ours; see ``vanished``."""
        is_ours = hasattr(request, "member") and vanished.is_vanished(error)
        return vanished.answer(request, error) if is_ours else None

    @staticmethod
    def to_sign_in(request: HttpRequest) -> HttpResponse:
        if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})
        return redirect_to_login(request.get_full_path(), SIGN_IN)
