"""From an invitation to a place in the tenant, through the pages."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from tenants import jobs
from tenants.models import Invitation, Membership, User
from tenants.roles import Role
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_cache")]
INVITE = "/t/midori/settings/invitations/new/"
NEW = {"name": "水原 紗季", "password": "まったく新しい合言葉2026"}


def invite(sign_in: Any, by: Membership, email: str = "mizuhara@midori.example", role: str = "csm") -> str:
    """The path of the link, as whoever invited sees it."""
    answer = sign_in(by).post(INVITE, {"email": email, "name": "", "role": role})
    assert answer.status_code == 200, answer
    return "/" + answer.context["link"].split("/", 3)[3]


def test_a_new_person_joins_with_one_link(
    world: World, sign_in: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        path = invite(sign_in, world.member(Role.MANAGER))
    assert mail.outbox[0].to == ["mizuhara@midori.example"] and path in mail.outbox[0].body
    client = Client()
    page = client.get(path)
    assert "渡辺が、みどり商事株式会社に招いています" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    joined = client.post(path, NEW)
    assert (joined.status_code, joined.url) == (302, "/t/midori/")
    assert client.get("/").url == "/t/midori/"
    place = Membership.objects.get(user__email="mizuhara@midori.example")
    assert (place.role, place.name) == ("csm", "水原 紗季")
    assert Client().get(path).status_code == 410, "a link works once"


def test_with_smtp_a_worker_mails_a_link_that_nobody_else_sees(
    world: World, sign_in: Any, settings: Any
) -> None:
    settings.HAS_SMTP = True
    answer = sign_in(world.member(Role.ADMIN)).post(INVITE, {"email": "new@midori.example", "role": "csm"})
    assert answer.context["link"] == "" and mail.outbox == []
    jobs.work(watched=False)
    (path,) = (word for word in mail.outbox[0].body.split() if "/invitations/" in word)
    assert Client().get("/" + path.split("/", 3)[3]).status_code == 200


def test_looking_at_a_link_changes_nothing(world: World, sign_in: Any) -> None:
    path = invite(sign_in, world.member(Role.ADMIN))
    for _scanner in range(3):
        assert Client().get(path).status_code == 200
    assert Client().post(path, NEW).status_code == 302


def test_a_weak_password_keeps_what_was_typed(world: World, sign_in: Any) -> None:
    page = Client().post(invite(sign_in, world.member(Role.ADMIN)), {**NEW, "password": "short"})
    assert page.status_code == 200 and "水原 紗季" in page.content.decode()
    assert not User.objects.filter(email="mizuhara@midori.example").exists()


def test_somebody_of_another_tenant_joins_as_themselves_only(world: World, sign_in: Any) -> None:
    outsider = world.member(Role.CSM, "aoba")
    path = invite(sign_in, world.member(Role.ADMIN), outsider.user.email, "viewer")
    assert "サインインして参加する" in Client().get(path).content.decode()
    stranger = sign_in(world.member(Role.VIEWER, "aoba"))
    assert "サインアウトして続ける" in stranger.post(path).content.decode()
    client = sign_in(outsider)
    assert client.post(path).url == "/t/midori/"
    assert {m.tenant.slug for m in Membership.objects.active().of(outsider.user)} == {"aoba", "midori"}
    assert "株式会社青葉製作所" in client.get("/tenants/").content.decode()


def test_an_invitation_runs_out_after_seven_days_and_can_be_renewed(world: World, sign_in: Any) -> None:
    admin = world.member(Role.ADMIN)
    path = invite(sign_in, admin)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert "切れました" in Client().get(path).content.decode()
        again = sign_in(admin).post(f"/t/midori/settings/invitations/{Invitation.objects.get().pk}/renewal/")
        assert Client().get("/" + again.context["link"].split("/", 3)[3]).status_code == 200


def test_a_renewed_or_withdrawn_link_stops_working(world: World, sign_in: Any) -> None:
    admin = world.member(Role.ADMIN)
    first = invite(sign_in, admin)
    second = invite(sign_in, admin)
    assert Client().get(first).status_code == 410
    pending = Invitation.objects.pending().get()
    sign_in(admin).post(f"/t/midori/settings/invitations/{pending.pk}/withdrawal/")
    assert Client().post(second, NEW).status_code == 410


def test_a_manager_makes_nobody_an_admin(world: World, sign_in: Any) -> None:
    manager = world.member(Role.MANAGER)
    answer = sign_in(manager).post(INVITE, {"email": "x@midori.example", "role": "admin"})
    assert answer.context["form"].errors["role"]
    invite(sign_in, world.member(Role.ADMIN), role="admin")
    pending = Invitation.objects.get()
    for verb in ("renewal", "withdrawal"):
        url = f"/t/midori/settings/invitations/{pending.pk}/{verb}/"
        assert sign_in(manager).post(url).status_code == 403


def test_a_member_is_not_invited_twice_and_a_removed_one_comes_back(world: World, sign_in: Any) -> None:
    admin = world.member(Role.ADMIN)
    answer = sign_in(admin).post(INVITE, {"email": "csm@midori.example", "role": "csm"})
    assert "もうメンバーです" in answer.content.decode()
    gone = world.member("removed")
    path = invite(sign_in, admin, gone.user.email, "sales")
    assert sign_in(gone).post(path).url == "/t/midori/"
    back = Membership.objects.active().get(pk=gone.pk)
    assert (back.role, back.removed_at) == ("sales", None)


def test_tokens_are_not_stored(world: World, sign_in: Any) -> None:
    token = invite(sign_in, world.member(Role.ADMIN)).strip("/").split("/")[-1]
    assert Invitation.objects.get().token_hash != token
    assert Client().get(f"/invitations/{Invitation.objects.get().token_hash}/").status_code == 410
