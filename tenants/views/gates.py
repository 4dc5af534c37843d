"""Sign-in pages that differ from allauth's by more than their template."""

from typing import Any

from allauth.account.views import LogoutView, PasswordResetDoneView, PasswordResetView
from django.http import HttpRequest, HttpResponse

SENT_TO = "password_mail_sent_to"


class SignOut(LogoutView):
    """Nothing of the pages stays in the browser: the next person at this machine finds no cached page."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class ForgottenPassword(PasswordResetView):
    """Remembers the address only to show it on the next page, which is the same for known and unknown ones."""

    def form_valid(self, form: Any) -> HttpResponse:
        self.request.session[SENT_TO] = form.cleaned_data["email"]
        return super().form_valid(form)


class ForgottenPasswordSent(PasswordResetDoneView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "email": self.request.session.get(SENT_TO, "")}


sign_out = SignOut.as_view()
forgotten_password = ForgottenPassword.as_view()
forgotten_password_sent = ForgottenPasswordSent.as_view()
