"""Half a request is none: what was cut off on its way is refused, in every kind of form."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tenants.roles import Role
from tenants.scope import tenant_scope
from tenants.whole_requests import CutShort, WholeStream
from tests.world import World

FORM = "application/x-www-form-urlencoded"


class Broken:
    """What arrives before the connection ends; a server hands it on as if that were all."""

    def __init__(self, text: bytes) -> None:
        self.read = self.readline = BytesIO(text).read


def post(client: Client, world: World, body: bytes, arrived: int, kind: str) -> int:
    path, cut = f"/t/midori/edit/account/{world.account_id()}/", {"wsgi.input": Broken(body[:arrived])}
    return client.generic("POST", path, body, content_type=kind, **cut).status_code


@pytest.mark.parametrize("kind", [FORM, MULTIPART_CONTENT])
def test_a_form_cut_off_anywhere_writes_nothing(kind: str, world: World, sign_in: Any) -> None:
    client = sign_in(world.member(Role.MANAGER))
    multipart = encode_multipart(BOUNDARY, {"field": "industry", "base": "", "value": "x" * 20})
    body = multipart if kind == MULTIPART_CONTENT else b"field=industry&base=&value=" + b"x" * 20
    for arrived in range(0, len(body), 7):
        assert post(client, world, body, arrived, kind) == 400, arrived
    with tenant_scope(world.tenant()):
        assert world.account().industry == ""
    assert post(client, world, body, len(body), kind) == 200


def test_a_stream_that_comes_in_pieces_is_whole() -> None:
    class Pieces:
        def __init__(self) -> None:
            self.left = [b"ab", b"c", b"de"]

        def read(self, size: int) -> bytes:
            return self.left.pop(0) if self.left else b""

    assert WholeStream(Pieces(), 5).read() == b"abcde"
    stream = WholeStream(Pieces(), 5)
    assert (stream.read(3), stream.read(2), stream.read(9)) == (b"abc", b"de", b"")
    with pytest.raises(CutShort):
        WholeStream(Pieces(), 6).read()
