"""What allauth asks of the project: who may sign up, how failures are counted, what is said to people."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.request_log import after_answer
from tenants.sign_in import lock

WRONG_CODE = gettext_lazy(
    "数字が合いません。次の数字に変わってから入れてください。端末の時計もずれていませんか。"
)
WAIT = gettext_lazy("続けて間違えたため、いま止めています。15分ほどおいてから試してください。")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "メールアドレスかパスワードが違います。パスワードは大文字と小文字を分けて入れてください。"
        ),
        "incorrect_password": gettext_lazy("パスワードが違います。"),
        "enter_current_password": gettext_lazy("いまのパスワードが違います。"),
        "incorrect_code": gettext_lazy("数字が合いません。メールの6桁を確かめてください。"),
        "too_many_login_attempts": WAIT,
        "rate_limited": gettext_lazy("続けて送っています。少し待ってから、もう一度送ってください。"),
        "email_taken": gettext_lazy("このアドレスには変えられません。別のアドレスを入れてください。"),
        "same_as_current": gettext_lazy("いまと同じアドレスです。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation (``tenants.views.invitations``)."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if until := lock.take_try(credentials["email"]):
            raise stopped(until)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user:
            lock.forget(credentials["email"])
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        if until := lock.note_failure(credentials["email"]):
            raise stopped(until)

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing was taken from allauth's own count of failures."""

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Once the page has answered, and by a worker: the time it takes tells nobody whether there is such a person."""
        from tenants.sign_in import reset_mail

        after_answer(self.request, lambda: reset_mail.ask(user))

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The pages say themselves what happened; only texts made for the moment become toasts."""
        if kwargs.get("message"):
            super().add_message(request, *args, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        raise ValidationError(self.error_messages["email_password_mismatch"])


def stopped(until: datetime) -> ValidationError:
    return ValidationError(
        _(
            "10回続いたため、15分のあいだ止めています。%(time)sからまた試せます。"
            "急ぐときは「忘れた」から、メールのリンクで入れます。"
        )
        % {"time": f"{timezone.localtime(until):%H:%M}"}
    )


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("パスキー") if not count else _("パスキー %(number)s") % {"number": count + 1}
