"""お知らせ: what colleagues wrote that one follows or was named in, and how one hears of it by mail."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Account, Follower, Notice, NoticeSetting
from accounts.models.notice import NoticeMail
from accounts.notices import news_of, notices_of, unread_of, wanted_mail
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next
from ui.paging import keyset_page


@action("self.use")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    rows = notices_of(request.member).select_related("account", "activity__written_by__user")
    found = keyset_page(
        rows, order=("-pk",), after=request.GET.get("after"), before=request.GET.get("before")
    )
    following = Follower.objects.filter(member=request.member).select_related("account")
    context = {
        "found": found,
        "told": news_of(found.rows),
        "ways": NoticeMail.choices,
        "mail": wanted_mail(request.member),
        "following": following.order_by("account__kana", "account__name"),
        "has_unread": any(notice.read_at is None for notice in found.rows),
    }
    return page(request, "accounts/notices/index.html", context)


@action("notice.read", Notice)
@require_POST
def read(request: TenantRequest, notice: Notice) -> HttpResponse:
    """Read, and on to the record."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
    return go(request, place(notice))


@action("notice.read", Notice)
@require_GET
def show(request: TenantRequest, notice: Notice) -> HttpResponse:
    """The link of a mail, straight to the record. It stays unread: a mail program that looks ahead reads nothing."""
    return go(request, place(notice))


def place(notice: Notice) -> str:
    """Where its record stands; among the notices, if that is gone by now."""
    told = news_of([notice])
    return told[0][1].url if told else reverse("accounts:notice_index")


@action("self.use")
@require_POST
def read_all(request: TenantRequest) -> HttpResponse:
    unread_of(request.member).update(read_at=timezone.now())
    toast_next(request, _("すべて読んだことにしました"))
    return go(request, reverse("accounts:notice_index"))


@action("self.use")
@require_POST
def set_mail(request: TenantRequest) -> HttpResponse:
    how = request.POST.get("mail", "")
    if how not in NoticeMail.values:
        return HttpResponse(_("受け取り方を選んでください"), status=422)
    NoticeSetting.objects.update_or_create(member=request.member, defaults={"mail": how})
    toast_next(request, _("メールの受け取り方を変えました"))
    return go(request, reverse("accounts:notice_index"))


@action("account.follow", Account)
@require_POST
def follow(request: TenantRequest, account: Account) -> HttpResponse:
    Follower.objects.get_or_create(account=account, member=request.member)
    toast_next(
        request,
        _("フォローしました。新しい記録をお知らせします"),
        undo=reverse("accounts:unfollow", args=[account.pk]),
    )
    return go(request, reverse("accounts:activity_index", args=[account.pk]))


@action("account.follow", Account)
@require_POST
def unfollow(request: TenantRequest, account: Account) -> HttpResponse:
    Follower.objects.filter(account=account, member=request.member).delete()
    toast_next(request, _("フォローをやめました"), undo=reverse("accounts:follow", args=[account.pk]))
    return go(request, reverse("accounts:activity_index", args=[account.pk]))
