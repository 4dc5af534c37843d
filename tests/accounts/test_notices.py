"""Followers and people named in a record hear of it, in the app and by mail; nobody else does, and nobody twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import notices
from accounts.models import Activity, Follower, Notice, NoticeSetting
from accounts.models.notice import NoticeMail
from success_plans.models import ActionItem
from tenants.models import JobSlot, OutboxMail, User
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def base(world: World, rest: str) -> str:
    return f"/t/midori/accounts/{world.account_id()}/{rest}"


def told(world: World) -> dict[str, str]:
    with tenant_scope(world.tenant()):
        rows = Notice.objects.select_related("member__user")
        return {notice.member.name: notice.kind for notice in rows}


def note(client: Client, world: World, text: str) -> Activity:
    client.post(base(world, "notes/"), {"text": text})
    with tenant_scope(world.tenant()):
        return Activity.objects.latest("created_at")


def test_followers_hear_of_a_new_record_and_its_writer_does_not(
    client: Client, world: World, sign_in: Any
) -> None:
    client.post(base(world, "follow/"))
    sign_in(world.member(Role.SALES)).post(base(world, "follow/"))
    note(client, world, "電話した")
    assert told(world) == {"伊藤": "followed"}


def test_who_stopped_following_hears_nothing(client: Client, world: World, sign_in: Any) -> None:
    seller = sign_in(world.member(Role.SALES))
    seller.post(base(world, "follow/"))
    seller.post(base(world, "follow/"))
    seller.post(base(world, "unfollow/"))
    note(client, world, "電話した")
    assert told(world) == {}


@pytest.mark.parametrize("text", ["@渡辺 見てください", "相談です\n＠渡辺さん", "見出し\n詳しくは@渡辺まで"])
def test_who_is_named_hears_of_it(client: Client, world: World, text: str) -> None:
    note(client, world, text)
    assert told(world) == {"渡辺": "mention"}


def test_a_surname_that_two_share_names_nobody_and_the_whole_name_does(client: Client, world: World) -> None:
    User.objects.filter(pk=world.member(Role.MANAGER).user_id).update(name="田中 一郎")
    note(client, world, "@田中 見てください")
    assert told(world) == {"田中": "mention"}  # 田中, the viewer, is called so and nothing else
    note(client, world, "@田中一郎 見てください")
    assert told(world) == {"田中": "mention", "田中 一郎": "mention"}


def test_a_name_added_later_is_news_once(client: Client, world: World, sign_in: Any) -> None:
    sign_in(world.member(Role.MANAGER)).post(base(world, "follow/"))
    record = note(client, world, "電話した")
    with tenant_scope(world.tenant()):
        Notice.objects.update(read_at=timezone.now())
    edit = f"/t/midori/edit/activity/{record.pk}/"
    client.post(edit, {"field": "body", "value": "@渡辺 確かめてください", "base": ""})
    with tenant_scope(world.tenant()):
        (notice,) = Notice.objects.all()
        assert (notice.kind, notice.read_at) == ("mention", None)
        Notice.objects.update(read_at=timezone.now())
    client.post(edit, {"field": "body", "value": "@渡辺 もう一度", "base": "@渡辺 確かめてください"})
    with tenant_scope(world.tenant()):
        assert Notice.objects.get().read_at is not None


def test_a_changed_record_is_no_news_for_who_follows_since(
    client: Client, world: World, sign_in: Any
) -> None:
    record = note(client, world, "電話した")
    sign_in(world.member(Role.SALES)).post(base(world, "follow/"))
    edit = {"field": "body", "value": "長く話した", "base": ""}
    client.post(f"/t/midori/edit/activity/{record.pk}/", edit)
    assert told(world) == {}


def test_nobody_is_told_of_an_account_they_may_not_see(client: Client, world: World) -> None:
    helper = world.member(Role.CONTRIBUTOR)
    note(client, world, "@中村 見てください")
    assert told(world) == {}
    with tenant_scope(world.tenant(), member=world.csm):
        work = make.row(ActionItem, world.account(), assignee=helper)
    note(client, world, "@中村 見てください")
    assert told(world) == {"中村": "mention"}
    with tenant_scope(world.tenant(), member=helper):
        assert notices.unread_of(helper).count() == 1
        work.put_in_bin()
        ActionItem.objects.all().delete()
        assert notices.unread_of(helper).count() == 0


def test_the_bell_counts_until_the_record_is_read(client: Client, world: World, sign_in: Any) -> None:
    boss = sign_in(world.member(Role.MANAGER))
    record = note(client, world, "@渡辺 見てください")
    shown = boss.get("/t/midori/notices/").content.decode()
    assert "data-unread" in shown
    assert '<span class="name">お知らせ</span><span class="count">1</span>' in shown
    with tenant_scope(world.tenant()):
        notice = Notice.objects.get()
    assert client.post(f"/t/midori/notices/{notice.pk}/read/").status_code == 403
    answer = boss.post(f"/t/midori/notices/{notice.pk}/read/")
    assert answer.headers["Location"].endswith(f"#ev-{record.pk}")
    assert (
        '<span class="name">お知らせ</span><span class="count">'
        not in boss.get("/t/midori/notices/").content.decode()
    )


def test_everything_is_read_at_once(client: Client, world: World, sign_in: Any) -> None:
    boss = sign_in(world.member(Role.MANAGER))
    note(client, world, "@渡辺 一つ")
    note(client, world, "@渡辺 二つ @伊藤")
    boss.post("/t/midori/notices/read/")
    with tenant_scope(world.tenant()):
        assert Notice.objects.filter(read_at=None).count() == 1


def test_a_record_in_the_bin_is_no_news(client: Client, world: World, sign_in: Any) -> None:
    record = note(client, world, "@渡辺 見てください")
    client.post(f"/t/midori/delete/activity/{record.pk}/")
    assert (
        "見てください" not in sign_in(world.member(Role.MANAGER)).get("/t/midori/notices/").content.decode()
    )


def test_one_mail_a_day_tells_what_is_unread_and_a_second_run_nothing(client: Client, world: World) -> None:
    note(client, world, "@渡辺 見てください")
    note(client, world, "@渡辺 もう一つ @伊藤")
    with tenant_scope(world.tenant(), actor="test"):
        Notice.objects.filter(member=world.member(Role.SALES)).update(read_at=timezone.now())
        assert notices.mail(NoticeMail.SOON, timezone.now()) == 0
        assert notices.mail(NoticeMail.DAILY, timezone.now()) == 1
        assert notices.mail(NoticeMail.DAILY, timezone.now()) == 0
        (mail,) = OutboxMail.objects.filter(kind="notices")
    assert mail.to == "manager@midori.example"
    assert mail.subject.startswith("お知らせ 2件")
    assert "東都百貨店株式会社:@渡辺 見てください(鈴木)" in mail.body
    assert "/t/midori/notices/" in mail.body


def test_who_is_named_after_the_mail_hears_of_that_too(client: Client, world: World, sign_in: Any) -> None:
    sign_in(world.member(Role.MANAGER)).post(base(world, "follow/"))
    record = note(client, world, "電話した")
    with tenant_scope(world.tenant(), actor="test"):
        assert notices.mail(NoticeMail.DAILY, timezone.now()) == 1
    edit = {"field": "body", "value": "@渡辺 確かめてください", "base": ""}
    client.post(f"/t/midori/edit/activity/{record.pk}/", edit)
    with tenant_scope(world.tenant(), actor="test"):
        assert notices.mail(NoticeMail.DAILY, timezone.now()) == 1
        assert "■ あなた宛て" in OutboxMail.objects.filter(kind="notices").latest("created_at").body


def test_a_long_letter_says_that_there_is_more(client: Client, world: World) -> None:
    for n in range(notices.LINES + 1):
        note(client, world, f"@渡辺 {n}件目")
    with tenant_scope(world.tenant(), actor="test"):
        notices.mail(NoticeMail.DAILY, timezone.now())
        body = OutboxMail.objects.get(kind="notices").body
    assert body.count("件目") == notices.LINES
    assert "ほかは、お知らせのページにあります" in body


def test_each_chooses_when_mails_come(client: Client, world: World, sign_in: Any) -> None:
    boss, seller = sign_in(world.member(Role.MANAGER)), sign_in(world.member(Role.SALES))
    boss.post("/t/midori/notices/mail/", {"mail": "soon"})
    seller.post("/t/midori/notices/mail/", {"mail": "never"})
    assert boss.post("/t/midori/notices/mail/", {"mail": "hourly"}).status_code == 422
    note(client, world, "@渡辺 @伊藤 見てください")
    with tenant_scope(world.tenant(), actor="test"):
        slot = JobSlot.objects.get(tenant=world.tenant(), job="notices.soon")
        assert slot.due_at > timezone.now() + timedelta(minutes=14)
        assert notices.mail(NoticeMail.DAILY, timezone.now()) == 0
        assert notices.mail(NoticeMail.SOON, timezone.now()) == 1
        assert OutboxMail.objects.get(kind="notices").to == "manager@midori.example"
        assert NoticeSetting.objects.count() == 2


def test_who_left_hears_nothing_more(client: Client, world: World) -> None:
    gone = world.member("removed")
    with tenant_scope(world.tenant(), actor="test"):
        Follower.objects.create(account=world.account(), member=gone)
    note(client, world, "@退職 @退職花子 見てください")
    assert told(world) == {}
