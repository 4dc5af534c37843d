"""``/livez`` and ``/readyz``, answered before sessions, hosts and tenants are looked at."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from tenants import readiness


class HealthCheckMiddleware:
    """First in the chain: a load balancer asks by address, and asks even while the database is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/livez":
            return uncached(HttpResponse("ok\n", content_type="text/plain"))
        if request.path_info == "/readyz":
            found = readiness.report()
            return uncached(JsonResponse(found, status=200 if found["ready"] else 503))
        return self.get_response(request)


def uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
