"""Getting in, being stopped, staying in and leaving, through the pages."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from tenants import jobs
from tenants.models import User
from tenants.roles import Role
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_cache")]


def sign_in_as(client: Client, email: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post("/sign-in/", {"login": email, "password": password, **extra})


def test_a_person_signs_in_and_lands_in_their_tenant(world: World) -> None:
    client = Client()
    answer = sign_in_as(client, "CSM@midori.example")
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/").url == "/t/midori/"


def test_next_leads_back_but_never_to_another_site(world: World) -> None:
    assert sign_in_as(Client(), "csm@midori.example", next="/t/midori/plans/").url == "/t/midori/plans/"
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert sign_in_as(Client(), "csm@midori.example", next=elsewhere).url == "/"


def test_known_and_unknown_addresses_get_the_same_answer(world: World) -> None:
    known, unknown = (
        sign_in_as(Client(), email, "wrong-password-1").context["form"].non_field_errors()
        for email in ("csm@midori.example", "nobody@midori.example")
    )
    assert known == unknown and "違います" in known[0]
    for email in ("csm@midori.example", "nobody@midori.example"):
        client = Client()
        answer = client.post("/password/forgotten/", {"email": email}, follow=True)
        assert answer.redirect_chain == [("/password/forgotten/sent/", 302)]
        assert email in answer.content.decode()
    assert mail.outbox == [], "nothing is sent while the page answers"
    jobs.work(watched=False)
    assert [message.to for message in mail.outbox] == [["csm@midori.example"]]


def test_an_older_hash_is_made_anew_at_the_next_sign_in(world: World, settings: Any) -> None:
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]  # the first one is only fast
    for older in ("scrypt", "pbkdf2_sha256"):
        world.csm.user.password = make_password(PASSWORD, hasher=older)
        world.csm.user.save()
        assert sign_in_as(Client(), "csm@midori.example").status_code == 302
        kept = User.objects.get(pk=world.csm.user_id).password
        assert kept.startswith("argon2$argon2id$") and "m=19456,t=2,p=1" in kept
    assert sign_in_as(Client(), "csm@midori.example").status_code == 302
    assert User.objects.get(pk=world.csm.user_id).password == kept, "what is new enough is left alone"


@pytest.mark.parametrize("email", ["csm@midori.example", "nobody@midori.example"])
def test_ten_wrong_passwords_stop_an_address_for_fifteen_minutes(
    world: World, email: str, fresh_cache: Any
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _try in range(9):
            assert "違います" in sign_in_as(Client(), email, "wrong").content.decode()
        assert "15分のあいだ止めています" in sign_in_as(Client(), email, "wrong").content.decode()
        assert "15分のあいだ止めています" in sign_in_as(Client(), email).content.decode()
        other = sign_in_as(Client(), "sales@midori.example")
        assert other.status_code == 302, "nobody else is stopped"
        fresh_cache()  # what the cache itself does after fifteen minutes
        clock.shift(timedelta(minutes=15))
        assert (sign_in_as(Client(), email).status_code == 302) is email.startswith("csm")


def test_the_right_password_starts_the_count_again(world: World) -> None:
    for _round in range(2):
        for _try in range(9):
            sign_in_as(Client(), "csm@midori.example", "wrong")
        assert sign_in_as(Client(), "csm@midori.example").status_code == 302


def test_a_password_mail_works_once_and_signs_other_browsers_out(world: World) -> None:
    elsewhere, client = Client(), Client()
    sign_in_as(elsewhere, "csm@midori.example")
    client.post("/password/forgotten/", {"email": "csm@midori.example"})
    jobs.work(watched=False)
    link = next(word for word in mail.outbox[0].body.split() if "/password/new/" in word)
    path = "/" + link.split("/", 3)[3]
    form = client.get(path, follow=True)
    done = client.post(form.request["PATH_INFO"], {"password1": "まったく別の長い合言葉です2026"})
    assert done.status_code == 302, done.context["form"].errors
    assert client.get("/").url == "/t/midori/", "the mail proves who they are"
    assert elsewhere.get("/").url.startswith("/sign-in/")
    assert "もう使えません" in Client().get(path).content.decode()


def test_short_and_common_passwords_are_refused_in_japanese(world: World, sign_in: Any) -> None:
    client = sign_in(world.csm)
    for bad in ("short-one", "password1234"):
        page = client.post("/me/password/", {"oldpassword": PASSWORD, "password1": bad})
        assert page.status_code == 200 and page.context["form"].errors["password1"]


def test_a_session_slides_for_twelve_hours_without_a_write_per_request(
    world: World, django_assert_num_queries: Any
) -> None:
    client, start = Client(), timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        sign_in_as(client, "csm@midori.example")
        client.get("/tenants/")
        with django_assert_num_queries(3):  # session, user, memberships: nothing is written
            client.get("/tenants/")
        for _part in range(3):
            clock.shift(timedelta(hours=11))
            assert client.get("/tenants/").status_code == 200
        clock.shift(timedelta(hours=12, minutes=1))
        assert client.get("/tenants/").status_code == 302


def test_a_session_ends_after_a_week_however_busy(world: World) -> None:
    client, start = Client(), timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        sign_in_as(client, "csm@midori.example")
        for _part in range(16):
            clock.shift(timedelta(hours=10))
            assert client.get("/tenants/").status_code == 200
        clock.shift(timedelta(hours=10))
        assert client.get("/tenants/").status_code == 302


def test_signing_out_ends_the_session_and_empties_the_browser(world: World, sign_in: Any) -> None:
    client = sign_in(world.csm)
    assert Session.objects.count() == 1
    answer = client.post("/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert Session.objects.count() == 0
    assert client.get("/t/midori/plans/").status_code == 302


def test_sign_up_is_closed(world: World) -> None:
    assert "招待制" in Client().get("/sign-up/").content.decode()
    Client().post("/sign-up/", {"email": "new@example.com", "password1": "a long enough password"})
    assert "招待制" in Client().post("/sign-up/", {"email": "x@example.com"}).content.decode()


def test_somebody_without_a_tenant_is_told_so(world: World, sign_in: Any) -> None:
    answer = sign_in(world.member("removed")).get("/")
    assert answer.status_code == 403 and "いま入れる会社がありません" in answer.content.decode()


def test_a_deactivated_person_is_out_at_the_next_request(world: World, sign_in: Any) -> None:
    member = world.member(Role.CSM)
    client = sign_in(member)
    member.user.is_active = False
    member.user.save()
    assert client.get("/").url.startswith("/sign-in/")
    assert "違います" in sign_in_as(Client(), member.user.email).content.decode()
