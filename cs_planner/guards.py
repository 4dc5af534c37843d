"""What a browser may lend to our pages: none of its devices. Passkeys need no leave on our own address."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

DEVICES = ("camera", "geolocation", "microphone", "payment", "usb")


class PermissionsPolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = ", ".join(f"{device}=()" for device in DEVICES)
        return response
