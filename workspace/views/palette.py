"""検索・移動: accounts, people and plans by two characters, and the pages of the navigation."""

from typing import Any
from urllib.parse import quote

from django.db.models import BooleanField, Func, Max, Q, TextField, Value
from django.db.models.functions import Concat, Replace
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Account, Activity, KeyPerson
from accounts.search import search_accounts
from success_plans.models import SuccessPlan
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui import navigation
from ui.pages import page
from ui.searching import searched
from workspace.reading import listed, read_at_once

MOST, FEW = 8, 5
Option = dict[str, Any]


@action("self.use")
def palette(request: TenantRequest) -> HttpResponse:
    """Options for what is typed; without a question, where the person was at work lately and the pages."""
    query = searched(request.GET)
    member = request.member
    items = [
        *(matches(query, member) if query else recent(member)),
        *pages(request, query),
        *in_records(query),
    ]
    return page(request, "ui/palette_items.html", {"items": items, "query": query})


def matches(query: str, member: Any) -> list[Option]:
    """One statement for the three kinds of things that have names."""
    visible = Account.objects.visible_to(member).not_archived()
    hit = search_accounts(query)
    plans = SuccessPlan.objects.open().filter(account__in=visible.values("pk"))
    plans = plans.filter(Q(title__icontains=query) | Q(account__in=hit)).order_by("-created_at")
    people = KeyPerson.objects.filter(named(query), account__in=visible.filter(pk__in=hit).values("pk"))
    found = read_at_once(
        accounts=listed(visible.filter(pk__in=hit).order_by("kana", "name", "pk").values("id", "name", "industry")[:MOST]),
        people=listed(people.order_by("kana", "name", "pk").values("account_id", "name", "department", "title", "account__name")[:FEW]),
        plans=listed(plans.values("id", "title", "account__name")[:FEW]),
    )  # fmt: skip
    return [
        *(option("accounts:account", row["id"], row["name"], row["industry"], "accounts") for row in found["accounts"]),
        *(person(row) for row in found["people"]),
        *(option("success_plans:plan", row["id"], row["title"], row["account__name"], "plan") for row in found["plans"]),
    ]  # fmt: skip


def named(query: str) -> Q:
    """On KeyPerson: the person, not only the account, is meant; folded as the search folds."""
    text = Replace(folded(Concat("name", Value(" "), "kana", Value(" "), "department")), Value(" "))
    found = Q()
    for word in query.split():
        found &= Q(Contains(text, folded(Value(word, TextField()))))
    return found


def folded(text: Any) -> Func:
    return Func(text, function="search_normal", output_field=TextField())


class Contains(Func):
    """Whether the first text contains the second."""

    template = "strpos(%(expressions)s) > 0"
    output_field = BooleanField()


def person(row: dict[str, Any]) -> Option:
    place = " ".join(filter(None, (row["department"], row["title"])))
    note = "、".join(filter(None, (row["account__name"], place)))
    return option("accounts:account", row["account_id"], row["name"], note, "users")


def recent(member: Any) -> list[Option]:
    """Accounts the person wrote something about last."""
    visible = Account.objects.visible_to(member).values("pk")
    last = Activity.objects.filter(written_by=member, account__in=visible).order_by()
    rows = last.values("account_id", "account__name").annotate(last=Max("created_at")).order_by("-last")[:FEW]
    return [
        option("accounts:account", row["account_id"], row["account__name"], _("最近の記録"), "history")
        for row in rows
    ]


def option(url: str, pk: Any, label: str, note: str, icon: str) -> Option:
    return {"label": label, "url": reverse(url, args=[pk]), "note": note, "icon": icon}


def in_records(query: str) -> list[Option]:
    """On to the search in what was written."""
    if not query:
        return []
    label = _("「%(query)s」を記録から探す") % {"query": query}
    return [
        {
            "label": label,
            "url": reverse("accounts:search") + f"?q={quote(query)}",
            "note": "",
            "icon": "search",
        }
    ]


def pages(request: HttpRequest, query: str) -> list[Option]:
    lines = [*navigation.main(request), *navigation.menu(request)]
    return [
        {"label": str(line.entry.label), "url": line.href, "icon": line.entry.icon, "note": ""}
        for line in lines
        if line.entry.method == "get" and query.casefold() in str(line.entry.label).casefold()
    ]
