"""The mail that leads to a new password. A worker makes and sends it, so that the page answers alike for every address,
and no key is stored on the way."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from tenants import jobs
from tenants.jobs.registry import Payload, job
from tenants.jobs.working import Beat
from tenants.models import Membership, User
from tenants.scope import tenant_scope

TEMPLATE = "account/email/password_reset_key"


def ask(user: User) -> None:
    """Work belongs to a tenant: any in which the person has a place. Who has none could not come in anyway."""
    place = Membership.objects.active().of(user).first()
    if place:
        with tenant_scope(place.tenant, actor="system"):
            jobs.enqueue("password.mail", {"user": str(user.pk)})


@job("password.mail", urgent=True, atomic=False)
def send(payload: Payload, beat: Beat) -> None:
    """A repeat after a crash mails another key; either works, once."""
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if user:
        context = {"password_reset_url": link(user)}
        get_adapter().render_mail(TEMPLATE, user.email, context).send()


def link(user: User) -> str:
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.PUBLIC_URL.rstrip("/") + path.replace("UID-KEY", key)
