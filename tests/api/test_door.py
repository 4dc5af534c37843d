"""Who comes in with which token, and what everybody else is told."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tenants import membership
from tenants.models import ApiToken, Membership, Tenant, User
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World


@pytest.fixture(autouse=True)
def _nothing_counted(fresh_cache: Any) -> None:
    """Wrong tokens are counted by address."""


def test_the_command_prints_a_token_that_works_and_keeps_only_its_hash(world: World, program: Any) -> None:
    out = StringIO()
    call_command("api_token", tenant="midori", user="csm@midori.example", name="CRM", stdout=out)
    token = out.getvalue().strip()
    assert program(world.csm, token)("GET", "accounts").status_code == 200
    kept = ApiToken.objects.get(name="CRM")
    assert token not in repr(ApiToken.objects.filter(pk=kept.pk).values().get())
    assert kept.last_used_at is not None
    with pytest.raises(SystemExit) as refused:
        call_command("api_token", tenant="midori", user="csm@aoba.example", stderr=StringIO())
    assert refused.value.code == 2


def test_the_token_alone_decides_the_tenant(world: World, program: Any) -> None:
    theirs = program(world.member(Role.ADMIN, "aoba"))
    assert [row["id"] for row in theirs("GET", "accounts").json()["results"]] == [
        str(world.account_id("foreign"))
    ]
    assert theirs("GET", f"accounts/{world.account_id()}").status_code == 404


def refusals(world: World, program: Any) -> Any:
    """One token for each reason why it opens nothing."""
    yield "none", None
    yield "invented", program(world.csm, "masume_" + "x" * 43)
    yield "empty", program(world.csm, "")
    for name, change in (
        ("revoked", {"revoked_at": timezone.now()}),
        ("past", {"expires_at": timezone.now() - timedelta(seconds=1)}),
    ):
        token, text = ApiToken.issue(world.csm, name)
        ApiToken.objects.filter(pk=token.pk).update(**change)
        yield name, program(world.csm, text)
    yield "removed member", program(world.member("removed"))


def test_every_refusal_reads_the_same(world: World, program: Any) -> None:
    answers = set()
    for name, refused in refusals(world, program):
        response = refused("GET", "accounts") if refused else Client().get("/api/v1/accounts")
        assert response.status_code == 401, name
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.headers["Content-Type"] == "application/problem+json"
        answers.add(response.content)
    assert len(answers) == 1


def test_a_session_opens_nothing(world: World, sign_in: Any) -> None:
    assert sign_in(world.csm).get("/api/v1/accounts").status_code == 401


def test_after_ten_wrong_tokens_an_address_waits_and_good_tokens_still_come_in(
    world: World, program: Any
) -> None:
    good, wrong = program(world.csm), program(world.csm, "masume_wrong")
    answers = [wrong("GET", "accounts") for _ in range(11)]
    assert [answer.status_code for answer in answers[:9]] == [401] * 9
    assert [answer.status_code for answer in answers[9:]] == [429, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
    assert good("GET", "accounts").status_code == 200


def test_another_role_a_removal_and_a_suspension_hold_at_the_next_request(world: World, program: Any) -> None:
    manager = world.member(Role.MANAGER)
    call = program(manager)
    path = f"accounts/{world.account_id('other')}"
    assert call("PATCH", path, {"industry": "運輸"}, If_Match="*").status_code == 200
    membership.change_role(manager, Role.VIEWER, seen=Role.MANAGER)
    assert call("PATCH", path, {"industry": "物流"}, If_Match="*").status_code == 403
    Tenant.objects.filter(slug="midori").update(is_suspended=True)
    assert call("GET", path).status_code == 401
    Tenant.objects.filter(slug="midori").update(is_suspended=False)
    User.objects.filter(pk=manager.user_id).update(is_active=False)
    assert call("GET", path).status_code == 401
    User.objects.filter(pk=manager.user_id).update(is_active=True)
    assert call("GET", path).status_code == 200
    with tenant_scope(world.tenant(), member=world.member(Role.ADMIN)):
        membership.remove(Membership.objects.get(pk=manager.pk), {})
    assert call("GET", path).status_code == 401
    Membership.objects.filter(pk=manager.pk).update(removed_at=None)
    assert call("GET", path).status_code == 401, "coming back does not wake old tokens"


def test_an_admin_without_a_second_factor_is_asked_for_it(world: World, program: Any, settings: Any) -> None:
    settings.ADMINS_NEED_SECOND_FACTOR = True
    refused = program(world.member(Role.ADMIN))("GET", "accounts")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_needed")
    assert program(world.csm)("GET", "accounts").status_code == 200


def test_an_address_that_is_not_there_is_a_problem_and_asks_for_a_token_first(
    world: World, program: Any
) -> None:
    missing = program(world.csm)("GET", "nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert Client().get("/api/v1/nothing").status_code == 401


def test_the_description_is_open_and_nothing_else(world: World) -> None:
    assert Client().get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    assert "https://" not in page.content.decode(), "everything is served from here"
