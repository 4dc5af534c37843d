"""Pages travel compressed, and nothing else does."""

import gzip
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory

from tests.world import World
from ui.compression import CompressPages

LONG = "同じことばが続きます。" * 200


def answered(response: HttpResponse) -> Any:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip, br"})
    return CompressPages(lambda request: response)(request)


def test_a_page_is_a_fraction_of_what_it_was(world: World, sign_in: Any) -> None:
    client = sign_in(world.csm)
    plain = client.get("/t/midori/accounts/").content
    packed = client.get("/t/midori/accounts/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.content) < len(plain) / 3
    assert gzip.decompress(packed.content).startswith(plain[:100])


def test_two_equal_pages_have_different_lengths() -> None:
    """So that nobody learns what is inside from the length, try after try (BREACH)."""
    assert len({len(answered(HttpResponse(LONG)).content) for _try in range(20)}) > 5


def test_an_answer_of_the_api_keeps_its_strong_etag() -> None:
    response = answered(JsonResponse({"name": LONG}, headers={"ETag": '"7"'}))
    assert response.headers["ETag"] == '"7"'
    assert "Content-Encoding" not in response.headers
