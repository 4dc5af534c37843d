"""What the API says when it cannot do what was asked: RFC 9457, with the fields that are wrong and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions

from tenants import vanished

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with what was sent; ``pointer`` says where in the body, empty for a query or header."""

    field: str
    message: str
    pointer: str = ""

    @classmethod
    def at(cls, field: str, message: str, *deeper: str | int) -> "Fault":
        escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in (field, *deeper))
        return cls(field, message, "".join(f"/{part}" for part in escaped))


class Problem(Exception):
    """Raised anywhere below a view of the API; becomes the answer."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.faults, self.headers, self.more = list(faults), dict(headers or {}), more

    @classmethod
    def invalid(cls, *faults: Fault) -> "Problem":
        return cls(400, "invalid", _("送られた値に、直すところがあります"), faults)

    @property
    def response(self) -> HttpResponse:
        errors = [
            {"field": f.field, "message": f.message, **({"pointer": f.pointer} if f.pointer else {})}
            for f in self.faults
        ]
        body = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **({"errors": errors} if errors else {}),
            **self.more,
        }
        return JsonResponse(
            body,
            status=self.status,
            headers=self.headers,
            content_type=CONTENT_TYPE,
            json_dumps_params={"ensure_ascii": False},
        )


def answer(error: Exception, context: Any) -> HttpResponse | None:
    """The answer to an exception (DRF's ``EXCEPTION_HANDLER``); None lets it through, as a fault of ours."""
    problem = problem_of(error)
    return problem.response if problem else None


def problem_of(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return not_found()
    if isinstance(error, PermissionDenied):
        return forbidden()
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "too_large", _("送られたものが大きすぎます"))
    if isinstance(error, ValidationError):
        return Problem(409, "refused", error.messages[0])
    if vanished.is_vanished(error):
        return Problem(409, "gone", vanished.said())
    if isinstance(error, exceptions.MethodNotAllowed):
        return Problem(405, "method_not_allowed", _("この宛先では、そのメソッドは使えません"))
    if isinstance(error, exceptions.UnsupportedMediaType):
        return Problem(415, "unsupported_media_type", _("Content-Type: application/json で送ってください"))
    if isinstance(error, exceptions.APIException):
        return Problem(error.status_code, "invalid", str(error.detail))
    return None


def not_found() -> Problem:
    return Problem(404, "not_found", _("見つかりません"))


def forbidden(*faults: Fault) -> Problem:
    return Problem(403, "forbidden", _("この操作をする権限がありません"), faults)


def unreadable(detail: str) -> Problem:
    return Problem(400, "unreadable", detail)
