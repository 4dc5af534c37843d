"""``ETag`` and ``If-Match``: a record is changed only by somebody who says which version of it they mean."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tenants.api.problems import Problem

TAG = re.compile(r'"(\d{1,18})"', re.A)


def etag(record: Any) -> str:
    return f'"{record.version}"'


def wanted(request: HttpRequest) -> str:
    return request.headers.get("If-Match", "").strip()


def demand(request: HttpRequest, record: Any, current: Callable[[], dict[str, Any]]) -> None:
    """Raise 428 without ``If-Match``, 412 when the record stands at another version; both say what stands there.

    ``*`` means: whatever stands there now.
    """
    given = wanted(request)
    if given == "*" or str(record.version) in TAG.findall(given):
        return
    status, code, detail = (
        (412, "stale", _("ほかの人が先に変えました。いまの値を見て、送り直してください"))
        if given
        else (428, "precondition_required", _("If-Match に、読んだときの ETag を送ってください"))
    )
    raise Problem(status, code, detail, headers={"ETag": etag(record)}, current=current())
