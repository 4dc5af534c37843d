"""The description of the API and the page that shows it. Both say nothing about any tenant, so anybody reads them."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from tenants.api.schema import openapi
from ui.pages import page


@require_GET
def description(request: HttpRequest) -> HttpResponse:
    return JsonResponse(openapi(), json_dumps_params={"ensure_ascii": False})


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    return page(request, "tenants/api/docs.html")
