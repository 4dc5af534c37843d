"""The forms of allauth in our words: one label above, no placeholder, one new password instead of two."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.utils.translation import gettext_lazy as _

NEW_PASSWORD_HELP = _("12文字以上。よく使われる言葉や、お名前に似たものは避けてください")


class Plain:
    """``says`` gives label, help and attributes per field; placeholders go, ``dropped`` fields too."""

    fields: dict[str, forms.Field]
    all_required = True  # so that no field says so
    says: dict[str, tuple[Any, Any, dict[str, str]]] = {}
    dropped: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.dropped:
            del self.fields[name]
        for name, (label, help_text, attrs) in self.says.items():
            field = self.fields[name]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.update(attrs)


PASSWORD = {"class": "input", "autocomplete": "current-password"}
NEW_PASSWORD = {"class": "input", "autocomplete": "new-password"}
CODE = {"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": "autofocus"}


class SignInForm(Plain, account.LoginForm):
    says = {
        "login": (_("メールアドレス"), "", {"class": "input", "autocomplete": "username webauthn"}),
        "password": (_("パスワード"), "", PASSWORD),
    }


class ForgottenPasswordForm(Plain, account.ResetPasswordForm):
    says = {"email": (_("メールアドレス"), "", {"class": "input", "autocomplete": "username"})}


class NewPasswordForm(Plain, account.ResetPasswordKeyForm):
    dropped = ("password2",)
    says = {"password1": (_("新しいパスワード"), NEW_PASSWORD_HELP, NEW_PASSWORD)}


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    dropped = ("password2",)
    says = {
        "oldpassword": (_("いまのパスワード"), "", PASSWORD),
        "password1": (_("新しいパスワード"), NEW_PASSWORD_HELP, NEW_PASSWORD),
    }


class SetPasswordForm(Plain, account.SetPasswordForm):
    dropped = ("password2",)
    says = {"password1": (_("パスワード"), NEW_PASSWORD_HELP, NEW_PASSWORD)}


class ConfirmPasswordForm(Plain, account.ReauthenticateForm):
    says = {"password": (_("パスワード"), "", PASSWORD)}


class MailCodeForm(Plain, account.ConfirmEmailVerificationCodeForm):
    says = {"code": (_("メールに書いた6桁"), "", {**CODE, "inputmode": "text"})}


class NewAddressForm(Plain, account.AddEmailForm):
    says = {
        "email": (
            _("新しいメールアドレス"),
            _("届いた6桁を入れるまで、いまのアドレスのままです"),
            {"class": "input", "autocomplete": "email"},
        )
    }


class SecondFactorForm(Plain, second_factor.AuthenticateForm):
    says = {"code": (_("6桁の数字"), "", CODE)}


class ConfirmSecondFactorForm(Plain, second_factor.ReauthenticateForm):
    says = {"code": (_("6桁の数字"), "", CODE)}


class ActivateAppForm(Plain, app.ActivateTOTPForm):
    says = {"code": (_("アプリに出た6桁"), "", CODE)}


class AddPasskeyForm(Plain, passkey.AddWebAuthnForm):
    says = {
        "name": (_("名前"), _("どの端末のものか、あとで見分けるためです"), {"class": "input"}),
        "passwordless": (
            _("パスワードなしで入れるようにする"),
            _("端末の指紋、顔、暗証番号で確かめます。外すと、パスワードのあとの確認にだけ使います"),
            {"checked": "checked"},
        ),
    }


class RenamePasskeyForm(Plain, passkey.EditWebAuthnForm):
    says = {"name": (_("名前"), "", {"class": "input"})}
