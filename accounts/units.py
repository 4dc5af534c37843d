"""The customer's business units: a tree, edited as a list in which each row says what it stands below (S1 1.15)."""

from django.utils.translation import gettext_lazy as _

from accounts import choices
from accounts.lists import AccountList
from accounts.lists import register as add_list
from accounts.models import BusinessUnit
from tenants.editing import register as make_editable
from tenants.editing.fields import for_column
from tenants.trees import in_tree_order

make_editable(
    "unit",
    BusinessUnit,
    for_column(BusinessUnit, "name"),
    for_column(BusinessUnit, "parent", choices=choices.units, hint=_("いちばん上です")),
    for_column(BusinessUnit, "headcount", lowest=0, hint=_("何人いますか")),
    for_column(BusinessUnit, "note", widget="textarea", hint=_("何をする部門ですか")),
    action="account.edit",
    label=_("部門"),
)

add_list(
    AccountList(
        "unit",
        "context",
        _("部門"),
        _("プラン、契約、敷居値は部門ごとに分けられます。上の部門を選ぶと組織図になります。"),
        "units",
        ("name", "parent", "headcount", "note"),
        ("name", "parent", "headcount", "note"),
        ("name", "pk"),
        arrange=in_tree_order,
    )
)
