"""What operators type: a new vendor's link, and mails that were not sent."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.mail import send_mail
from django.core.management import call_command
from django.test import Client

from tenants.models import Membership, Tenant
from tenants.models.outbox import OutboxMail
from tenants.scope import tenant_scope
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_cache")]


def told(*words: str) -> Any:
    out = StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


def create(slug: str = "shinki", admin: str = "boss@shinki.example") -> Any:
    return told("create_tenant", "--slug", slug, "--name", "新規ソフト株式会社", "--admin", admin)


def test_a_new_vendor_starts_with_one_link(world: World) -> None:
    first = create()
    again = create()
    client = Client()
    old, path = ("/" + found["link"].split("/", 3)[3] for found in (first, again))
    assert client.get(old).status_code == 410, "the newer link replaces the one before"
    assert "新規ソフト株式会社の準備ができました" in client.get(path).content.decode()
    joined = client.post(path, {"name": "社長", "password": "まったく新しい合言葉2026"})
    assert joined.url == "/t/shinki/"
    assert Membership.objects.get(tenant__slug="shinki").role == "admin"
    with pytest.raises(SystemExit) as refused:
        create()
    assert refused.value.code == 2


@pytest.mark.parametrize(
    ("slug", "admin"), [("Bad Slug", "a@b.example"), ("ok", "no-address"), ("midori", "a@b.example")]
)
def test_wrong_use_is_exit_status_2_and_leaves_nothing(world: World, slug: str, admin: str) -> None:
    before = Tenant.objects.count()
    with pytest.raises(SystemExit) as refused:
        create(slug, admin)
    assert (refused.value.code, Tenant.objects.count()) == (2, before)


def test_mails_kept_as_files_and_waiting_ones_are_shown(world: World, settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    send_mail("招待です", "次のリンク\nhttp://localhost/x/", None, ["a@b.example"])
    with tenant_scope(world.tenant(), actor="test"):
        OutboxMail.objects.create(kind="morning", key="1", to="c@d.example", subject="朝", body="…")
    found = told("mail")
    assert [(m["to"], m["subject"]) for m in found["mails"]] == [("a@b.example", "招待です")]
    assert "http://localhost/x/" in found["mails"][0]["body"]
    assert [(m["tenant"], m["to"], m["state"]) for m in found["outbox"]] == [
        ("midori", "c@d.example", "pending")
    ]
