"""The least a signed-in page of a tenant can cost on these tables: session and user from the database, the tenant's
look-up, a transaction, the binding, the rows by their index, a plain template. No permission, history shown, or words.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import Context, Engine
from django.test.utils import override_settings
from django.urls import path

from accounts.models import Account, Activity, KeyPerson

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bench.floor.tenant",
]
ROW = ("id", "name", "stage", "industry", "arr", "tier", "fiscal_month")
HEAD = "<!doctype html><html lang=ja><title>Floor</title><nav><a href=/>今日</a><a href=/accounts/>アカウント</a></nav><main>"
LIST = Engine().from_string(
    HEAD
    + "<table>{% for a in rows %}<tr><td><a href='/accounts/{{ a.id }}/'>{{ a.name }}</a><td>{{ a.stage }}"
    "<td>{{ a.industry }}<td>{{ a.arr }}<td>{{ a.tier }}<td>{{ a.fiscal_month }}<td>{{ a.csm_id }}{% endfor %}</table>"
)
DETAIL = Engine().from_string(
    HEAD
    + "<h1>{{ a.name }}</h1><p>{{ a.stage }} {{ a.industry }} {{ a.arr }} {{ a.tier }} {{ a.fiscal_month }}</p>"
    "<ul>{% for p in people %}<li>{{ p.name }} {{ p.title }}{% endfor %}</ul>"
    "<ol>{% for e in notes %}<li>{{ e.on|date:'Y/m/d' }} {{ e.kind }} {{ e.title }}{% endfor %}</ol>"
)


def application() -> WSGIHandler:
    """The floor as a WSGI application with only the middleware it needs."""
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        return WSGIHandler()


def tenant(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def enter(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT tenant_id FROM tenants_membership WHERE user_id = %s AND removed_at IS NULL",
                [request.user.pk],
            )
            request.tenant_id = cursor.fetchone()[0]  # type: ignore[attr-defined]
            cursor.execute("SELECT bind_tenant(%s, %s, %s)", [request.tenant_id, "floor", ""])  # type: ignore[attr-defined]
            return get_response(request)

    return enter


def rows(model: Any, request: HttpRequest) -> QuerySet[Any]:
    """Plain querysets: the scope of the product's managers is part of what is measured against this."""
    return QuerySet(model).filter(tenant_id=request.tenant_id)  # type: ignore[attr-defined]


def account_list(request: HttpRequest) -> HttpResponse:
    found = rows(Account, request).only(*ROW, "csm_id").order_by("name", "id")[:50]
    return HttpResponse(LIST.render(Context({"rows": found})))


def account(request: HttpRequest, pk: UUID) -> HttpResponse:
    context = {
        "a": rows(Account, request).only(*ROW).get(pk=pk),
        "people": rows(KeyPerson, request).filter(account_id=pk)[:20],
        "notes": rows(Activity, request).filter(account_id=pk).order_by("-on", "-id")[:20],
    }
    return HttpResponse(DETAIL.render(Context(context)))


def save(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One UPDATE; the triggers of the table (version, history) run here as they do in the product."""
    rows(Account, request).filter(pk=pk).update(industry=request.POST["value"])
    return JsonResponse({"value": request.POST["value"]})


urlpatterns = [
    path("accounts/", account_list),
    path("accounts/<uuid:pk>/", account),
    path("edit/account/<uuid:pk>/", save),
]
