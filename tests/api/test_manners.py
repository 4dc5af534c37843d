"""What a program meets that asks for something else than it should: one form of answer, and a hint at what works."""

from typing import Any

import pytest

from tests.world import World


@pytest.fixture
def csm(world: World, program: Any) -> Any:
    return program(world.csm)


def test_every_answer_says_which_methods_there_are(world: World, csm: Any) -> None:
    path = f"accounts/{world.account_id()}"
    asked = csm("OPTIONS", path)
    assert (asked.status_code, asked.content) == (204, b"")
    assert set(asked.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "PATCH"}
    assert asked.headers["Allow"] == csm("GET", path).headers["Allow"]
    head = csm("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == csm("GET", path).headers["ETag"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("DELETE", "accounts", 405),
        ("POST", "scores", 405),
        ("GET", "accounts/", 404),
        ("GET", "nothing", 404),
        ("GET", "accounts/7", 404),
    ],
)
def test_a_wrong_address_or_method_is_a_problem(csm: Any, method: str, path: str, status: int) -> None:
    refused = csm(method, path, {} if method == "POST" else None)
    assert (refused.status_code, refused.headers["Content-Type"]) == (status, "application/problem+json")
    assert refused.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_kind_of_body_is_refused(csm: Any, kind: str) -> None:
    headers = {"Authorization": f"Bearer {csm.token}"}
    refused = csm.client.generic("POST", "/api/v1/persons", b"{}", content_type=kind, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")
