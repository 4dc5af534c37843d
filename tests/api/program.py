"""A program that speaks to the API with a token of its own."""

from typing import Any

from django.test import Client

from tenants.models import ApiToken, Membership


class Program:
    """Speaks to the API as one member; ``sent`` and ``got`` are JSON."""

    def __init__(self, member: Membership, token: str | None = None) -> None:
        self.member = member
        self.token = ApiToken.issue(member, "試験")[1] if token is None else token
        self.client = Client(raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {} if body is None else {"data": body, "content_type": "application/json"}
        named = {
            "Authorization": f"Bearer {self.token}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        call = getattr(self.client, method.lower())
        return call(f"/api/v1/{path}", headers=named, **sent)
