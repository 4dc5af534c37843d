"""A session ends twelve hours after its last use and a week after it began, without a write per request."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

RENEW_EVERY = 10 * 60
WEEK = 7 * 24 * 60 * 60
BEGAN, RENEWED = "began_at", "renewed_at"


class SessionAgeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self.age(request)
        return self.get_response(request)

    @staticmethod
    def age(request: HttpRequest) -> None:
        now = int(time.time())
        if now - request.session.get(BEGAN, 0) > WEEK:
            logout(request)
        elif now - request.session.get(RENEWED, 0) > RENEW_EVERY:
            request.session[RENEWED] = now  # a changed session is saved, and saving moves its end


def begin(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Connected to ``user_logged_in``."""
    request.session[BEGAN] = request.session[RENEWED] = int(time.time())
