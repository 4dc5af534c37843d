from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from ui import navigation


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self) -> None:
        from tenants import grants, jobs
        from tenants.erasing import door
        from tenants.permissions import may
        from tenants.sign_in import sessions

        navigation.allowed_by(lambda request, action: may(getattr(request, "member", None), action))
        jobs.load()
        post_migrate.connect(grants.grant_rights, sender=self, dispatch_uid="tenants.grant_rights")
        post_migrate.connect(door.open_door, sender=self, dispatch_uid="tenants.open_door")
        user_logged_in.connect(sessions.begin, dispatch_uid="tenants.session_begins")
        fill_menu()
        fill_settings()


def fill_settings() -> None:
    from tenants import settings_tabs

    settings_tabs.register(_("会社"), "tenants:company", action="tenant.read", order=10)
    settings_tabs.register(_("メンバー"), "tenants:member_index", action="member.read", order=20)
    settings_tabs.register(_("APIトークン"), "tenants:token_index", action="self.use", order=80)
    settings_tabs.register(_("処理の記録"), "tenants:work_index", action="work.read", order=85)
    settings_tabs.register(_("ごみ箱"), "tenants:bin", action="bin.read", order=90)


def fill_menu() -> None:
    """The brand menu: what one opens rarely. Pages outside the tenant are given by their path."""
    add = navigation.register_menu
    add("settings", "tenants:company", "settings", label=_("設定"), action="tenant.read", order=10)
    add("members", "tenants:member_index", "users", label=_("メンバー"), action="member.read", order=20)
    add("bin", "tenants:bin", "bin", label=_("ごみ箱"), action="bin.read", order=30)
    add("leave", "tenants:own_leave", "cal", label=_("自分の休みと代理"), action="self.use", order=60)
    add("tokens", "tenants:token_index", "link", label=_("APIトークン"), action="self.use", order=65)
    add("switch", None, "swap", label=_("会社を切り替える"), url="/tenants/", order=70)
    add("security", None, "key", label=_("自分の安全の設定"), url="/me/security/", order=80)
    add("sign_out", None, "leave", label=_("サインアウト"), url="/sign-out/", order=90, method="post")
