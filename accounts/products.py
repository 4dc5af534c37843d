"""The catalogue, and what a customer bought of it: fields edited in place, and the list on the contracts page."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import choices
from accounts.lists import AccountList
from accounts.lists import register as add_list
from accounts.models import Product, ProductFeature, Subscription
from tenants.editing import Editable
from tenants.editing import register as make_editable
from tenants.editing.fields import for_column

PAGE = "contract"
NUMBER = _("ほかのシステムでの番号は何ですか")
PRODUCT_FIELDS = ("name", "quantity_unit", "note")
FEATURE_FIELDS = ("name", "is_sticky", "note")

make_editable(
    "product",
    Product,
    for_column(Product, "name"),
    for_column(Product, "quantity_unit", hint=_("席、ライセンス、拠点など")),
    for_column(Product, "note", widget="textarea", hint=_("誰の何を助けますか")),
    for_column(Product, "retired_on", hint=_("販売中です")),
    for_column(Product, "external_id", hint=NUMBER),
    action="product.edit",
    label=_("製品"),
)
make_editable(
    "product_feature",
    ProductFeature,
    for_column(ProductFeature, "name"),
    for_column(ProductFeature, "is_sticky"),
    for_column(ProductFeature, "note", widget="textarea", hint=_("お客様のどの業務で使われますか")),
    action="product.edit",
    label=_("機能"),
)


def called(line: Subscription) -> str:
    """The product's name; the catalogue is read once for all lines."""
    return next((one.name for one in choices.every_product() if one.pk == line.product_id), "")


SUBSCRIPTION: Editable = make_editable(
    "subscription",
    Subscription,
    for_column(Subscription, "product", choices=choices.products),
    for_column(Subscription, "contract", choices=choices.contracts),
    for_column(Subscription, "unit", choices=choices.units, hint=_("全社")),
    for_column(Subscription, "quantity", lowest=0, hint=_("いくつの契約ですか"), owner="sales"),
    for_column(Subscription, "deployed", lowest=0, hint=_("いくつ使える状態ですか")),
    for_column(Subscription, "deployed_on", hint=_("いつの数ですか")),
    for_column(Subscription, "amount", widget="money", hint=_("年額はいくらですか"), owner="sales"),
    for_column(Subscription, "starts_on", hint=_("契約と同じです")),
    for_column(Subscription, "ends_on", hint=_("契約と同じです")),
    for_column(Subscription, "external_id", hint=NUMBER),
    action="contract.edit",
    label=_("契約の明細"),
    called=called,
)

add_list(
    AccountList(
        "subscription",
        PAGE,
        _("製品と数量"),
        _("契約ごとに、製品、部門、契約数と展開数を書きます。余白と展開率がここから分かります。"),
        "subscriptions",
        ("product", "contract", "unit", "quantity", "deployed", "amount", "starts_on", "ends_on"),
        ("product", "contract", "unit", "quantity", "deployed", "amount", "starts_on", "ends_on"),
        (F("unit__name").asc(nulls_first=True), "product__name", "pk"),
        along=("product",),
        narrows=("contract", "product", "unit", "external_id"),
        action="contract.edit",
    )
)
