"""Inviting (inside a tenant) and being invited (outside of any)."""

from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tenants import inviting, role_words
from tenants.models import Invitation, Membership, User
from tenants.permissions import action
from tenants.requests import TenantRequest
from tenants.roles import Role
from tenants.scope import current_member, current_tenant
from tenants.sign_in.forms import NEW_PASSWORD_HELP
from ui.pages import go, page, toast_next


class InvitationForm(forms.Form):
    all_required = True
    email = forms.EmailField(label=gettext_lazy("メールアドレス"))
    name = forms.CharField(label=gettext_lazy("お名前"), max_length=80, required=False)
    role = forms.ChoiceField(label=gettext_lazy("役割"))

    def __init__(self, by: Membership, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = inviting.invitable(by)  # type: ignore[attr-defined]
        self.fields["role"].initial = Role.CSM

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if Membership.objects.active().in_tenant(current_tenant()).filter(user__email=email).exists():
            raise forms.ValidationError(_("この人は、もうメンバーです"))
        return email


@action("member.invite")
def new(request: TenantRequest) -> HttpResponse:
    by = request.member
    form = InvitationForm(by, request.POST or None)
    if not (request.method == "POST" and form.is_valid()):
        roles = [(value, label, role_words.sentence(value)) for value, label in inviting.invitable(by)]
        return page(request, "tenants/invitations/form.html", {"form": form, "roles": roles})
    given = form.cleaned_data
    invitation, link = inviting.invite(
        current_tenant(), given["email"], given["role"], name=given["name"], by=by
    )
    return sent(request, invitation, link)


@action("invitation.handle", Invitation)
@require_POST
def renew(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if invitation.accepted_at or invitation.withdrawn_at:
        return gone(request)
    return sent(request, *inviting.renew(invitation, by=current_member()))


@action("invitation.handle", Invitation)
@require_POST
def withdraw(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    inviting.withdraw(invitation)
    toast_next(request, _("%(email)sへの招待を取り消しました") % {"email": invitation.email})
    return go(request, reverse("tenants:member_index"))


def sent(request: HttpRequest, invitation: Invitation, link: str) -> HttpResponse:
    """Mailed where mail is set up. Without SMTP the link is shown, this once, to whoever invited."""
    inviting.send(invitation, link)
    context = {"invitation": invitation, "link": "" if settings.HAS_SMTP else link}
    return page(request, "tenants/invitations/sent.html", context)


def gone(request: HttpRequest) -> HttpResponse:
    toast_next(request, _("この招待は、もう使われたか取り消されています"))
    return go(request, reverse("tenants:member_index"))


class JoinForm(forms.Form):
    all_required = True
    name = forms.CharField(
        label=gettext_lazy("お名前"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "input"}),
    )
    password = forms.CharField(
        label=gettext_lazy("パスワード"),
        help_text=NEW_PASSWORD_HELP,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "input"}),
    )

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if password := given.get("password"):
            person = User(email=self.email, name=given.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given


@never_cache
@sensitive_post_parameters("password")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The page an invitation's link opens. A GET changes nothing: mail scanners open links too."""
    response = answer(request, token)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def answer(request: HttpRequest, token: str) -> HttpResponse:
    invitation = inviting.find(token)
    if invitation is None or not invitation.is_open or invitation.tenant.is_suspended:
        return page(request, "tenants/invitations/closed.html", {"invitation": invitation}, status=410)
    known = User.objects.filter(email=invitation.email).first()
    if known is None:
        return join_as_new_person(request, invitation)
    if request.user != known:
        return page(request, "tenants/invitations/known.html", context_of(invitation))
    if request.method == "POST":
        return welcome(request, invitation, known)
    return page(request, "tenants/invitations/confirm.html", context_of(invitation))


def join_as_new_person(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = JoinForm(invitation.email, request.POST or None, initial={"name": invitation.name})
    if request.method != "POST" or not form.is_valid():
        return page(request, "tenants/invitations/join.html", {**context_of(invitation), "form": form})
    given = form.cleaned_data
    try:
        with transaction.atomic():
            person = User.objects.create_user(invitation.email, given["password"], name=given["name"])
            if inviting.accept(invitation, person) is None:
                raise IntegrityError
    except IntegrityError:  # the same form was sent twice at once, and the other one was faster
        return HttpResponseRedirect(request.path)
    return perform_login(request, person, redirect_url=f"/t/{invitation.tenant.slug}/")


def welcome(request: HttpRequest, invitation: Invitation, person: User) -> HttpResponse:
    inviting.accept(invitation, person)
    return HttpResponseRedirect(f"/t/{invitation.tenant.slug}/")


def context_of(invitation: Invitation) -> dict[str, Any]:
    return {"invitation": invitation, "may": role_words.sentence(invitation.role)}
