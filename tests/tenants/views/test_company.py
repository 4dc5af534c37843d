from typing import Any

import pytest

from tenants.models import Holiday
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World

pytestmark = pytest.mark.django_db
COMPANY = "/t/midori/settings/"


def values(page: Any) -> dict[str, Any]:
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}


def test_an_admin_changes_the_company_and_an_older_page_does_not_win(world: World, sign_in: Any) -> None:
    client = sign_in(world.member(Role.ADMIN))
    given = values(client.get(COMPANY))
    assert client.post(f"{COMPANY}edit/", {**given, "fiscal_start_month": 10}).status_code == 303
    assert world.tenant().fiscal_start_month == 10
    late = client.post(f"{COMPANY}edit/", {**given, "name": "古い画面から"})
    assert "ほかの人が先に変えました" in late.content.decode()
    assert world.tenant().name == "みどり商事株式会社"


def test_zones_and_months_are_checked(world: World, sign_in: Any) -> None:
    client = sign_in(world.member(Role.ADMIN))
    given = values(client.get(COMPANY))
    for wrong in ({"time_zone": "Mars/Base"}, {"fiscal_start_month": 13}, {"reply_to": "x"}, {"name": ""}):
        assert client.post(f"{COMPANY}edit/", {**given, **wrong}).context["form"].errors
    assert client.post(f"{COMPANY}edit/", {**given, "time_zone": "Asia/Seoul"}).status_code == 303


def test_own_days_off_come_and_go(world: World, sign_in: Any) -> None:
    client = sign_in(world.member(Role.ADMIN))
    day = {"on": "2099-12-29", "name": "年末休み"}
    assert client.post(f"{COMPANY}days/", day).status_code == 303
    assert "もう入っています" in client.post(f"{COMPANY}days/", day).content.decode()
    with tenant_scope(world.tenant()):
        found = Holiday.objects.get()
    assert client.post(f"{COMPANY}days/{found.pk}/removal/").status_code == 303
    with tenant_scope(world.tenant()):
        assert not Holiday.objects.exists()


def test_a_manager_reads_only(world: World, sign_in: Any) -> None:
    client = sign_in(world.member(Role.MANAGER))
    assert "変えられるのは管理者です" in client.get(COMPANY).content.decode()
    assert client.post(f"{COMPANY}edit/", {}).status_code == 403
