from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.frame import frame
from accounts.history import DAYS, history_of, made_by, summary_of
from accounts.merging_accounts import merges_of
from accounts.models import Account
from tenants.bin import in_bin
from tenants.ids import id_in
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import page


@action("history.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    """Every change of the account and of everything on it, newest first; ``?who`` and ``?before`` narrow it."""
    who = request.GET.get("who", "")
    may_see_bin = may(request.member, "bin.read")
    merges = merges_of(account)
    context = {
        **frame(request, account),
        "history": history_of(account, who=who, cursor=id_in(request.GET.get("before", "")), merges=merges),
        "merges": merges,
        "may_merge": may(request.member, "account.merge"),
        "summary": summary_of(account),
        "made": made_by(account),
        "bin": in_bin(account=account, size=5) if may_see_bin else None,
        "who": who,
        "days": DAYS,
        "today": timezone.localdate(),
    }
    return page(request, "accounts/histories/index.html", context)
