from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Account, Pin
from tenants.permissions import action
from tenants.scope import current_member
from ui.pages import go, toast_next


@action("account.read", Account)
@require_POST
def pin(request: HttpRequest, account: Account) -> HttpResponse:
    """Keep the account in one's sidebar."""
    Pin.objects.get_or_create(
        account=account, member=current_member(), defaults={"position": Pin.objects.count()}
    )
    toast_next(request, _("ピン留めしました"), undo=reverse("accounts:unpin", args=[account.pk]))
    return go(request, reverse("accounts:account", args=[account.pk]))


@action("account.read", Account)
@require_POST
def unpin(request: HttpRequest, account: Account) -> HttpResponse:
    Pin.objects.filter(account=account, member=current_member()).delete()
    toast_next(request, _("ピン留めを外しました"), undo=reverse("accounts:pin", args=[account.pk]))
    return go(request, reverse("accounts:account", args=[account.pk]))
