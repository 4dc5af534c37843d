"""Pages travel compressed. Their length tells an eavesdropper nothing of use: Django adds noise to it, the CSRF token is
masked anew in every page, and no other site can make a browser ask for one with its session (SameSite)."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Only pages: files are compressed already, and answers of the API keep the strong ETag that If-Match needs."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
