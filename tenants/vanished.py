"""What a write was to hang on went away while it was on its way: two customers became one, say.

The database refuses such a row by its key. Whoever wrote is told so and keeps what was typed; nothing was saved.
"""

import logging

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import reswap

from ui.pages import toast, wants_fragment

NAMES_NOBODY = "23503"  # PostgreSQL: foreign_key_violation
log = logging.getLogger(__name__)


def is_vanished(error: Exception) -> bool:
    return isinstance(error, IntegrityError) and getattr(error.__cause__, "pgcode", "") == NAMES_NOBODY


def said() -> str:
    return _(
        "保存していません。書いているあいだに、このお客様が別のお客様とまとめられたか、付け先が消されました。"
        "開き直してから、もう一度書いてください"
    )


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """409: a toast over the form as it stands, or a page that leads back. Asks nothing of the broken transaction."""
    log.warning("written to what is gone: %s", error, extra={"path": request.path})
    if wants_fragment(request):
        return toast(reswap(HttpResponse(status=409), "none"), said())
    return render(request, "409.html", {"said": said()}, status=409)
