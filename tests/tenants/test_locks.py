"""Locks of the whole site that no single page would miss: each was once taken away to see whether a test notices."""

from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from accounts.models import Account, Activity
from tenants.editing import editable, save_field
from tenants.middleware import TenantMiddleware, needs_second_factor
from tenants.models import EditorMark
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.doors import DOORS
from tests.threads import in_threads
from tests.world import PASSWORD, World, ident

ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "///evil.example", "https:evil.example", "http:///evil.example",
    "\thttps://evil.example", "javascript:alert(1)", "https://testserver@evil.example/", "https://testserver.evil.example/",
]  # fmt: skip


def test_no_write_is_taken_from_a_form_of_another_site(world: World, sign_in: Any) -> None:
    client = sign_in(world.member(Role.ADMIN), enforce_csrf_checks=True)
    for door in DOORS:
        path = door.path(world.account_id())
        if "<" not in path:  # the door is where a word of its own belongs
            assert client.post(f"/t/midori/{path}").status_code == 403, door.route


def test_no_page_of_a_tenant_is_kept_by_anybody(world: World, sign_in: Any) -> None:
    client = sign_in(world.member(Role.ADMIN))
    for door in DOORS:
        answer = client.get(f"/t/midori/{door.path(world.account_id() if door.subject is Account else None)}")
        assert "no-store" in answer.headers["Cache-Control"], door.route


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(target: str, world: World, fresh_cache: Any) -> None:
    form = {"login": "csm@midori.example", "password": PASSWORD, "next": target}
    answer = Client().post("/sign-in/", form)
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]
    assert "javascript" not in answer.headers["Location"]


def test_what_a_refused_save_had_begun_is_rolled_back(world: World, sign_in: Any) -> None:
    url = f"/t/midori/edit/account/{world.account_id()}/"
    with tenant_scope(world.tenant(), actor="test"):
        taken, base = world.account("other").external_id, world.account().external_id
    form = {"field": "external_id", "value": taken, "base": base, "editor": "page", "seq": "1"}
    assert sign_in(world.member(Role.ADMIN)).post(url, form).status_code == 422
    with tenant_scope(world.tenant(), actor="test"):
        assert not EditorMark.objects.filter(editor="page").exists()


def test_admins_are_asked_for_a_second_factor_where_it_is_wanted(world: World, settings: Any) -> None:
    settings.ADMINS_NEED_SECOND_FACTOR = True
    assert needs_second_factor(world.member(Role.ADMIN))
    assert not needs_second_factor(world.member(Role.MANAGER))


def test_a_view_that_declares_nothing_is_not_called() -> None:
    request = RequestFactory().get("/")
    request.member = object()  # type: ignore[attr-defined]
    view = path("", lambda request: HttpResponse()).callback
    with pytest.raises(ImproperlyConfigured):
        TenantMiddleware(lambda request: HttpResponse()).process_view(request, view, (), {})


def test_a_row_never_changes_its_tenant(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        for column in ("tenant", "tenant_id"):
            with pytest.raises(TypeError):
                Account.objects.update(**{column: ident("aoba")})


def test_an_inner_scope_leaves_the_outer_one_bound(world: World) -> None:
    def bound() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app_tenant_id(), current_setting('app.actor')")
            return cursor.fetchone()

    with tenant_scope(world.tenant("midori"), actor="outer"):
        with tenant_scope(world.tenant("aoba"), actor="inner"):
            assert bound() == (ident("aoba"), "inner")
        assert bound() == (ident("midori"), "outer")


def test_the_same_key_with_another_form_is_refused(world: World, sign_in: Any) -> None:
    client, url = sign_in(world.csm), f"/t/midori/accounts/{world.account_id()}/notes/"
    assert client.post(url, {"text": "電話", "idempotency_key": "k"}).status_code < 400
    assert client.post(url, {"text": "訪問", "idempotency_key": "k"}).status_code == 422
    with tenant_scope(world.tenant(), actor="test"):
        assert [note.title for note in Activity.objects.all()] == ["電話"]


def test_of_two_who_read_the_same_one_is_told_of_the_other(transactional_db: Any) -> None:
    """Both have read the record before either writes: only the version inside the UPDATE can tell."""
    world, both_read, told = World(), Barrier(2), []

    def save(text: str) -> None:
        with transaction.atomic(), tenant_scope(world.tenant(), actor=text):
            record = Account.objects.get(pk=world.account_id())
            both_read.wait(20)
            told.append(save_field(editable("account"), record, "industry", text, base="", mark=None))

    in_threads(lambda: save("百貨店"), lambda: save("小売"))
    assert sorted(type(outcome).__name__ for outcome in told) == ["Conflict", "Saved"]
