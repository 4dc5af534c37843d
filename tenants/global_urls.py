"""Pages outside any tenant. The names of allauth's pages are the ones allauth looks up."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.generic import RedirectView

from tenants.views import gates, home, invitations

SIGN_IN: list[URLPattern | URLResolver] = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/second/", second_factor.authenticate, name="mfa_authenticate"),
    path("sign-in/second/remember/", second_factor.trust, name="mfa_trust"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/address/", account.email_verification_sent, name="account_email_verification_sent"),
    path("sign-out/", gates.sign_out, name="account_logout"),
    path("sign-up/", account.signup, name="account_signup"),  # closed; allauth wants the name
    path("stopped/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("confirm/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("password/forgotten/", gates.forgotten_password, name="account_reset_password"),
    path("password/forgotten/sent/", gates.forgotten_password_sent, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

ONESELF: list[URLPattern | URLResolver] = [
    path("me/security/", second_factor.index, name="mfa_index"),
    path("me/security/app/", app.activate_totp, name="mfa_activate_totp"),
    path("me/security/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/security/passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("me/security/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("me/security/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("me/security/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("me/security/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/security/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("me/security/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/password/set/", account.password_set, name="account_set_password"),
    path("me/address/", account.email, name="account_email"),
    path("me/sessions/", sessions.list_usersessions, name="usersessions_list"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("tenants/", home.switch, name="switch"),
    path("invitations/<str:token>/", invitations.join, name="join"),
    *SIGN_IN,
    *ONESELF,
]
