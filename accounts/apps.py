from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # They register what they know.
        from accounts import (  # noqa: F401
            activities,
            attachments,
            context,
            drivers,
            editing,
            occasions,
            products,
            ringis,
            succession,
            tabs,
            units,
        )
        from accounts.metrics import editing as metric_editing  # noqa: F401
        from accounts.models import Account, KeyPerson
        from accounts.sheet.counting import count_new
        from tenants import erasing, settings_tabs

        post_save.connect(count_new, sender=Account, dispatch_uid="accounts.count_new")
        erasing.register(KeyPerson, called_by=("name", "kana", "email", "phone"))
        settings_tabs.register(_("基本情報シート"), "accounts:sheet_index", action="tenant.read", order=45)
        settings_tabs.register(
            _("記録の種類"), "accounts:activity_type_index", action="tenant.read", order=45
        )
        settings_tabs.register(
            _("お客様の予定の種類"), "accounts:occasion_type_index", action="tenant.read", order=45
        )
        settings_tabs.register(_("取り込み"), "accounts:import_index", action="account.import", order=50)
        settings_tabs.register(_("製品"), "accounts:product_index", action="product.read", order=45)
        settings_tabs.register(_("指標"), "accounts:metric_index", action="metric.read", order=46)
        tabs.register(_("基本情報"), "accounts:account", order=10)
        tabs.register(_("空欄台帳"), "accounts:blanks", order=85)
        tabs.register(
            _("キーパーソン"),
            "accounts:person_index",
            order=20,
            also=(
                "accounts:map",
                "accounts:engagement",
                "accounts:person_move",
                "accounts:opinion_add",
                "accounts:person_duplicates",
                "accounts:person_merge",
            ),
        )
        tabs.register(
            _("業績"),
            "accounts:financial_index",
            order=15,
            also=("accounts:financial_report", "accounts:financial_paste", "accounts:financial_period_add"),
        )
        tabs.register(_("事業環境"), "accounts:context_index", order=12)
        tabs.register(_("ドライバー"), "accounts:driver_index", order=17)
        tabs.register(_("指標"), "accounts:sample_index", order=25)
        tabs.register(_("契約"), "accounts:contract_index", order=30)
        tabs.register(_("グループ"), "accounts:group", order=32, also=("accounts:parent",))
        tabs.register(_("ファイル"), "accounts:attachment_index", order=82, also=("accounts:attachment_add",))
        tabs.register(
            _("タイムライン"),
            "accounts:activity_index",
            rows=activities.of_account,
            order=80,
            also=("accounts:history", "accounts:account_search"),
        )
