"""The page on which people make and end their tokens."""

import re
from typing import Any

from django.test import Client

from tenants.models import ApiToken
from tenants.roles import Role
from tests.world import World

PAGE = "/t/midori/settings/tokens/"


def works(token: str) -> bool:
    return Client().get("/api/v1/accounts", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_token_is_shown_once_works_and_is_taken_back(world: World, sign_in: Any) -> None:
    client = sign_in(world.csm)
    made = client.post(f"{PAGE}new/", {"name": "基幹との夜間の同期", "days": "90"}).content.decode()
    token = re.search(r'id="token">(masume_[\w-]+)<', made)[1]
    assert works(token)
    page = client.get(PAGE).content.decode()
    assert "基幹との夜間の同期" in page
    assert token not in page
    kept = ApiToken.objects.get(name="基幹との夜間の同期")
    assert (kept.expires_at - kept.created_at).days == 90
    client.post(f"{PAGE}{kept.pk}/revocation/")
    assert not works(token)
    assert "使えなくしました" in client.get(PAGE).content.decode()
    assert "基幹との夜間の同期" not in client.get(PAGE).content.decode()


def test_members_see_their_own_and_an_admin_sees_and_ends_all(world: World, sign_in: Any) -> None:
    token, text = ApiToken.issue(world.csm, "鈴木の鍵")
    foreign, _text = ApiToken.issue(world.member(Role.CSM, "aoba"), "よその鍵")
    viewer, admin = sign_in(world.member(Role.VIEWER)), sign_in(world.member(Role.ADMIN))
    assert "鈴木の鍵" not in viewer.get(PAGE).content.decode()
    assert viewer.post(f"{PAGE}{token.pk}/revocation/").status_code == 403
    assert works(text)
    page = admin.get(PAGE).content.decode()
    assert "鈴木の鍵" in page
    assert "よその鍵" not in page
    assert admin.post(f"{PAGE}{foreign.pk}/revocation/").status_code == 404
    assert admin.post(f"{PAGE}{token.pk}/revocation/").status_code == 303
    assert not works(text)


def test_a_token_without_a_name_is_refused(world: World, sign_in: Any) -> None:
    answer = sign_in(world.csm).post(f"{PAGE}new/", {"name": "", "days": "0"})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()
