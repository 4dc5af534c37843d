"""Telling colleagues of a record: whoever is named in it by @名前, whoever has a part in it, and whoever follows its
account.

Nobody is told of an account they may not see, and nobody of what they wrote themselves.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import news
from accounts.models import Account, Activity, Follower, Notice, NoticeSetting
from accounts.models.notice import NoticeKind, NoticeMail
from accounts.news import News
from tenants import jobs
from tenants.editing.fields import active_members
from tenants.models import Membership, OutboxMail
from tenants.permissions import Reach, reach
from ui.wording import prose_date

LINES = 30
SOON = timedelta(minutes=15)
AT = re.compile("[@＠]")


def named_in(text: str, members: Iterable[Membership]) -> set[UUID]:
    """Who is named by @佐伯 美咲 or @佐伯. A surname that two share names nobody: the whole name does."""
    if not AT.search(text):
        return set()
    known = names_of(members)
    if not known:
        return set()
    longest_first = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    found = re.findall(f"[@＠]({longest_first})", text.replace("\u3000", " "))
    return {known[name] for name in found}


def names_of(members: Iterable[Membership]) -> dict[str, UUID]:
    """Every way to write a member that means only one; a whole name comes before a surname."""
    whole: defaultdict[str, set[UUID]] = defaultdict(set)
    surnames: defaultdict[str, set[UUID]] = defaultdict(set)
    for member in members:
        name = " ".join(member.name.replace("\u3000", " ").split())
        whole[name].add(member.pk)
        whole[name.replace(" ", "")].add(member.pk)
        surnames[name.split(" ")[0]].add(member.pk)
    ways = {**surnames, **whole}
    return {way: next(iter(found)) for way, found in ways.items() if way and len(found) == 1}


def tell(activity: Activity, *, is_new: bool = True) -> None:
    """Notices for a record just written, or changed. A change is no news for followers."""
    text = f"{activity.title}\n{activity.body}\n{activity.next_step}\n{activity.insight}"
    followers = followers_of(activity.account_id) if is_new else set()
    spread(
        activity.account_id, text, followers, NoticeKind.FOLLOWED, activity.written_by_id, activity=activity
    )


def spread(
    account: UUID, text: str, others: set[UUID], kind: NoticeKind, writer: UUID | None, **about: Any
) -> None:
    """Notices ``about`` a record (its activity, or kind and id) for whoever is named in ``text``, and of ``kind`` for the
    ``others``. Nobody is told twice of it, but somebody named in it later hears of that."""
    members = active_members()
    named = named_in(text, members)
    wanted = [member for member in members if member.pk in named | others and member.pk != writer]
    seeing = [member for member in wanted if may_see(member, account)]
    rows = [
        Notice(
            account_id=account,
            member=member,
            kind=NoticeKind.MENTION if member.pk in named else kind,
            **about,
        )
        for member in seeing
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    again = Notice.objects.filter(member__in=named & {member.pk for member in seeing}, **about)
    again.exclude(kind=NoticeKind.MENTION).update(kind=NoticeKind.MENTION, read_at=None, mailed_at=None)
    if rows and NoticeSetting.objects.filter(member__in=seeing, mail=NoticeMail.SOON).exists():
        jobs.enqueue("notices.soon", at=timezone.now() + SOON)  # one that waits already takes these along


def followers_of(account: UUID) -> set[UUID]:
    return set(Follower.objects.filter(account=account).values_list("member", flat=True))


def may_see(member: Membership, account: UUID) -> bool:
    if reach(member, "account.read") is Reach.ALL:
        return True
    return Account.objects.visible_to(member).filter(pk=account).exists()


def notices_of(member: Membership) -> Any:
    """One's own, but not of records in the bin or of accounts that are not seen any more."""
    rows = Notice.objects.filter(still_there(), member=member)
    if reach(member, "account.read") is Reach.ALL:
        return rows
    return rows.filter(account__in=Account.objects.visible_to(member).values("pk"))


def still_there() -> Q:
    found = Q(activity__isnull=False, activity__deleted_at=None)
    for source in news.sources():
        found |= Q(Exists(source.standing(OuterRef("about"))), about_kind=source.kind)
    return found


def news_of(notices: Iterable[Notice]) -> list[tuple[Notice, News]]:
    """Each with what it tells of, but for those of records that are gone. Activities with their writers were read along
    with the notices; every other kind costs one statement."""
    told, above = list(notices), defaultdict(list)
    for one in told:
        if one.about:
            above[one.about_kind].append(one.about)
    read: dict[UUID, News] = {}
    for kind, ids in above.items():
        read |= news.source_called(kind).read(ids)
    return [
        (one, found)
        for one in told
        if (found := read.get(one.about) if one.about else news_of_activity(one.activity))
    ]


def news_of_activity(activity: Activity) -> News:
    timeline = reverse("accounts:activity_index", args=[activity.account_id])
    return News(activity.title, activity.written_by.name, f"{timeline}?until={activity.on}#ev-{activity.pk}")


def forget(ids: Sequence[UUID]) -> None:
    """Of records of rooms above that are gone for good."""
    Notice.objects.filter(about__in=ids).delete()


def unread_of(member: Membership) -> Any:
    return notices_of(member).filter(read_at=None)


def wanted_mail(member: Membership) -> str:
    setting = NoticeSetting.objects.filter(member=member).first()
    return setting.mail if setting else NoticeMail.DAILY


def mail(how: str, now: datetime) -> int:
    """Put one mail into the outbox for everybody who wants it so and has notices that they neither read nor were mailed;
    gives how many. A second time there is nothing left to tell."""
    chosen = dict(NoticeSetting.objects.values_list("member", "mail"))
    waiting = set(Notice.objects.filter(read_at=None, mailed_at=None).values_list("member", flat=True))
    members = [m for m in active_members() if m.pk in waiting and chosen.get(m.pk, NoticeMail.DAILY) == how]
    return sum(mail_to(member, now) for member in members)


@transaction.atomic
def mail_to(member: Membership, now: datetime) -> bool:
    """Marked and queued in one: a run that breaks off tells it all again, one beside it waits and finds nothing."""
    rows = unread_of(member).filter(mailed_at=None).select_for_update(of=("self",), no_key=True)
    found = list(rows.select_related("account", "activity__written_by__user").order_by("-pk"))
    if not found:
        return False
    Notice.objects.filter(pk__in=[one.pk for one in found]).update(mailed_at=now)
    subject = _("お知らせ %(n)s件 (%(day)s)") % {"n": len(found), "day": prose_date(timezone.localdate())}
    return OutboxMail.queue(
        "notices",
        f"{found[0].pk} {found[0].version} {member.pk}",
        to=member.user.email,
        subject=subject,
        body=letter(member, news_of(found)),
    )


def letter(member: Membership, found: list[tuple[Notice, News]]) -> str:
    by_kind = Counter(one.kind for one, _told in found)
    lines = [_("%(name)sさん") % {"name": member}]
    for kind in NoticeKind:
        if not by_kind[kind]:
            continue
        lines += ["", f"■ {kind.label}"]
        for one, told in [(one, told) for one, told in found if one.kind == kind][:LINES]:
            lines += [f"・{one.account.name}:{told.title}({told.by})", f"  {address(one)}"]
    if max(by_kind.values()) > LINES:
        lines += ["", _("ほかは、お知らせのページにあります")]
    page = settings.PUBLIC_URL.rstrip("/") + reverse("accounts:notice_index")
    return "\n".join([*lines, "", _("お知らせと、メールの受け取り方: %(url)s") % {"url": page}, ""])


def address(notice: Notice) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("accounts:notice", args=[notice.pk])
