from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from ui import navigation


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self) -> None:
        from tenants import grants, jobs
        from tenants.permissions import may
        from tenants.sign_in import sessions

        navigation.allowed_by(lambda request, action: may(getattr(request, "member", None), action))
        jobs.load()
        post_migrate.connect(grants.grant_rights, sender=self, dispatch_uid="tenants.grant_rights")
        user_logged_in.connect(sessions.begin, dispatch_uid="tenants.session_begins")
        fill_menu()


def fill_menu() -> None:
    """The brand menu: what one opens rarely. Pages outside the tenant are given by their path."""
    add = navigation.register_menu
    add("bin", "tenants:bin", "bin", label=_("ごみ箱"), action="bin.read", order=60)
    add("switch", None, "swap", label=_("会社を切り替える"), url="/tenants/", order=70)
    add("security", None, "key", label=_("自分の安全の設定"), url="/me/security/", order=80)
    add("sign_out", None, "leave", label=_("サインアウト"), url="/sign-out/", order=90, method="post")
