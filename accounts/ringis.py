"""What was promised to get the purchase through, and the way of working we propose: lists of an account's pages."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.choices import NONE, remembered
from accounts.lists import AccountList
from accounts.lists import register as add_list
from accounts.models import Formation, Ringi, RingiPromise
from tenants.editing import Choice
from tenants.editing import register as make_editable
from tenants.editing.fields import for_column


def ringis(record: Any) -> list[Choice]:
    """The approval documents of the record's account."""
    found = Ringi.objects.filter(account=record.account_id).order_by(F("on").desc(nulls_last=True), "pk")
    rows = remembered("ringis", record.account_id, lambda: list(found.values_list("pk", "title")))
    return [NONE, *((str(pk), title) for pk, title in rows)]


def promises(record: Any) -> list[Choice]:
    """The promises of the record's account, for objectives that keep one."""
    found = RingiPromise.objects.filter(account=record.account_id, ringi__deleted_at=None).order_by("pk")
    rows = remembered("promises", record.account_id, lambda: list(found.values_list("pk", "promise")))
    return [NONE, *((str(pk), promise) for pk, promise in rows)]


make_editable(
    "ringi",
    Ringi,
    for_column(Ringi, "title", widget="textarea"),
    for_column(Ringi, "on", hint=_("いつ決裁されましたか")),
    for_column(Ringi, "amount", widget="money", hint=_("いくらで通りましたか"), owner="sales"),
    for_column(Ringi, "purpose", hint=_("何のための購入と書かれましたか"), owner="sales"),
    for_column(Ringi, "approvers", widget="textarea", hint=_("誰が承認しましたか"), owner="sales"),
    for_column(Ringi, "copy_with", hint=_("写しは誰が持っていますか")),
    action="account.edit",
    label=_("稟議"),
)
make_editable(
    "promise",
    RingiPromise,
    for_column(RingiPromise, "promise", widget="textarea"),
    for_column(RingiPromise, "ringi", choices=ringis),
    for_column(RingiPromise, "figure", widget="textarea", hint=_("いくつと書かれましたか")),
    for_column(RingiPromise, "due_on", hint=_("いつまでにですか")),
    for_column(RingiPromise, "state"),
    action="account.edit",
    label=_("稟議の約束"),
)
make_editable(
    "formation",
    Formation,
    for_column(Formation, "purpose", widget="textarea"),
    for_column(Formation, "theirs", widget="textarea", hint=_("先方は誰が出ますか")),
    for_column(Formation, "ours", widget="textarea", hint=_("当社は誰が出ますか")),
    for_column(Formation, "cadence", hint=_("どのくらいの間隔ですか")),
    for_column(Formation, "state"),
    action="account.edit",
    label=_("座組み"),
)

add_list(
    AccountList(
        "ringi",
        "contract",
        _("稟議"),
        _("購入のときの稟議書に何と書かれたか。期待値の調整はここから始まります。"),
        "ringis",
        ("title", "on", "amount", "purpose", "approvers", "copy_with"),
        ("title", "on", "amount", "purpose", "approvers", "copy_with"),
        (F("on").desc(nulls_last=True), "pk"),
        place=10,
        files=True,
    )
)
add_list(
    AccountList(
        "promise",
        "contract",
        _("稟議の約束"),
        _("稟議書が約束した効果と数字。プランの目標から「どの約束を果たすか」を選べます。"),
        "promises",
        ("promise", "ringi", "figure", "due_on", "state"),
        ("ringi", "promise", "figure", "due_on"),
        place=11,
    )
)
add_list(
    AccountList(
        "formation",
        "context",
        _("座組みの提案"),
        _("個別最適でなく全体最適を提案するために、誰と誰が、何のために、どのくらい会うかを書きます。"),
        "formations",
        ("purpose", "theirs", "ours", "cadence", "state"),
        ("purpose", "theirs", "ours", "cadence"),
    )
)
