"""The business driver tree of a customer: what is edited in it, and how it is drawn and painted (S1 1.12–1.18)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import choices, pairs
from accounts.choices import NONE, remembered
from accounts.context import provenance
from accounts.financials.amounts import shown
from accounts.lists import AccountList
from accounts.lists import register as add_list
from accounts.models import Account, DriverNode, FinancialFigure, IssueDriver, ManagementIssue
from accounts.models.driver import NodeKind
from accounts.models.financial import FigureState
from tenants.editing import Choice
from tenants.editing import register as make_editable
from tenants.editing.fields import for_column
from tenants.scope import current_scope
from tenants.trees import in_tree_order

OKU = 10**8
PAGE = "driver"


def nodes(account: Any) -> list[DriverNode]:
    """The nodes of an account as they stand; asked once per request."""
    found = DriverNode.objects.filter(account=account).order_by("position", "created_at", "pk")
    return remembered("drivers", account, lambda: list(found))


def node_choices(record: Any) -> list[Choice]:
    """Nodes by their place in the tree, for whatever points at one."""

    def read() -> list[Choice]:
        tree = in_tree_order(nodes(record.account_id))
        return [NONE, *((str(node.pk), choices.INDENT * depth + node.name) for node, depth in tree)]

    return remembered("driver_choices", record.account_id, read)


make_editable(
    "driver",
    DriverNode,
    for_column(DriverNode, "name", widget="textarea"),
    for_column(DriverNode, "kind"),
    for_column(DriverNode, "parent", choices=node_choices, hint=_("いちばん上です")),
    for_column(DriverNode, "position", lowest=0, highest=999),
    for_column(DriverNode, "value", hint=_("いまいくつですか")),
    for_column(DriverNode, "target", hint=_("先方は目標を置いていますか")),
    for_column(DriverNode, "line", hint=_("業績からは取りません")),
    for_column(DriverNode, "unit", choices=choices.units, hint=_("どの部門の数字ですか")),
    for_column(DriverNode, "feature", choices=choices.features, hint=_("どの機能が効きますか")),
    for_column(DriverNode, "is_agreed"),
    for_column(DriverNode, "is_out_of_scope"),
    *provenance(DriverNode),
    action="account.edit",
    label=_("ドライバー"),
)

add_list(
    AccountList(
        "driver",
        PAGE,
        _("ツリーの中身"),
        _("経営の目標から、それを動かす数字、お客様の業務、当社の機能へと下ろします。"),
        "drivers",
        ("name", "parent", "kind", "value", "target", "unit", "is_agreed"),
        ("name", "parent", "kind", "value", "target", "line", "unit", "feature"),
        ("position", "created_at", "pk"),
        arrange=in_tree_order,
        narrows=("kind", "unit", "feature"),
        more=("line", "feature", "position", "is_out_of_scope"),
    )
)  # fmt: skip


make_editable(
    "issue_driver",
    IssueDriver,
    for_column(IssueDriver, "issue", choices=choices.issues),
    for_column(IssueDriver, "driver", choices=node_choices),
    action="account.edit",
    label=_("経営課題とドライバー"),
    called=lambda pair: pair_called(pair),
)
ISSUE_DRIVERS = pairs.register(
    pairs.Pair("issue_driver", _("経営課題とドライバー"), "issue_drivers", ("issue", "driver"))
)


def pair_called(pair: Any) -> str:
    """課題 → ドライバー, past and present, those of the account asked for at once."""
    cache = current_scope().cache.setdefault("issue_and_driver_names", {})
    if pair.account_id not in cache:
        issues = ManagementIssue.everything.filter(account=pair.account_id).values_list("pk", "title")
        drivers = DriverNode.everything.filter(account=pair.account_id).values_list("pk", "name")
        cache[pair.account_id] = {**dict(issues), **dict(drivers)}
    names = cache[pair.account_id]
    return f"{names.get(UUID(str(pair.issue_id)), '')} → {names.get(UUID(str(pair.driver_id)), '')}"


def issues_of(account: Account) -> dict[UUID, list["Link"]]:
    """The issues that each node is about, by their priority."""
    found: dict[UUID, list[Link]] = {}
    for row in pairs.rows_of(ISSUE_DRIVERS, account):
        label = _now("課題%(n)s") % {"n": row.issue.priority or ""}
        link = Link(label, pairs.url_of("issue", account, row.issue_id), row.issue.title)
        found.setdefault(row.driver_id, []).append(link)
    return found


@dataclass(frozen=True)
class Link:
    """Something that works on a node, such as an objective of a plan."""

    label: str
    url: str
    title: str = ""


Links = Callable[[Account], dict[UUID, list[Link]]]
_links: list[Links] = []


def register_links(source: Links) -> None:
    """Name a function that says what works on the nodes of an account; this room knows no plans."""
    _links.append(source)


@dataclass(frozen=True)
class Drawn:
    """One node with what is below it. ``known`` are the four things one has to know of a figure."""

    node: DriverNode
    value: str
    known: Sequence[bool]
    links: Sequence[Link]
    issues: Sequence[Link] = ()
    below: "list[Drawn]" = field(default_factory=list)

    @property
    def look(self) -> str:
        if self.node.is_out_of_scope:
            return "mute"
        if self.links:
            return "hit"
        return "" if self.value or self.node.kind == NodeKind.FEATURE else "un"

    @property
    def cells(self) -> list[str]:
        """The states of its cells in the lattice."""
        return ["" if known else "un-csm" for known in self.known]


@dataclass(frozen=True)
class Tree:
    tops: Sequence[Drawn]
    known: int
    total: int


def tree_of(account: Account) -> Tree:
    """The tree, painted by what is known: one statement for the nodes, one for the statement's figures."""
    figures, links, issues = newest_figures(account), links_of(account), issues_of(account)
    drawn = {
        node.pk: draw(node, figures, links.get(node.pk, []), issues.get(node.pk, []))
        for node in nodes(account.pk)
    }
    tops: list[Drawn] = []
    for one in drawn.values():
        above = drawn.get(one.node.parent_id) if one.node.parent_id else None
        (above.below if above else tops).append(one)
    counted = [one for one in drawn.values() if not one.node.is_out_of_scope]
    known = sum(sum(one.known) for one in counted)
    return Tree(tops, known, sum(len(one.known) for one in counted))


def draw(node: DriverNode, figures: dict[str, int], links: list[Link], issues: list[Link]) -> Drawn:
    amount = figures.get(node.line)
    value = node.value or ("" if amount is None else f"{shown(amount, OKU)}億円")
    known = (bool(value), bool(node.unit_id), bool(node.source or (node.line and value)), node.is_agreed)
    return Drawn(node, value, known, links, issues)


def links_of(account: Account) -> dict[UUID, list[Link]]:
    found: dict[UUID, list[Link]] = {}
    for source in _links:
        for pk, links in source(account).items():
            found.setdefault(pk, []).extend(links)
    return found


def newest_figures(account: Account) -> dict[str, int]:
    """Of each line, what the newest full year says."""
    rows = FinancialFigure.objects.filter(
        account=account,
        state=FigureState.KNOWN,
        financial_period__deleted_at=None,
        financial_period__quarter=None,
    )
    newest = rows.order_by("line", "-financial_period__ends_on").distinct("line")
    return dict(newest.values_list("line", "amount"))
