"""The named world every test starts from, built once: two vendors, their people, and three accounts to aim at.

みどり商事 (midori) is where the tests happen; 青葉製作所 (aoba) must never be seen from there. Ids are fixed, so that a
test that commits can have the world built again without anything pointing at old rows.
"""

from datetime import date
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from accounts.models import Account
from tenants.models import Membership, Tenant, User
from tenants.roles import Role
from tenants.scope import tenant_scope

TODAY = date(2026, 11, 19)
PEOPLE = {
    Role.ADMIN: "佐藤",
    Role.MANAGER: "渡辺",
    Role.CSM: "鈴木",
    Role.SALES: "伊藤",
    Role.CONTRIBUTOR: "中村",
    Role.VIEWER: "田中",
}
TENANTS = {"midori": "みどり商事株式会社", "aoba": "株式会社青葉製作所"}
PASSWORD = "masume-tests-2026"


def ident(*parts: str) -> UUID:
    """The same id every time for the same words."""
    return uuid5(NAMESPACE_URL, "/".join(parts))


class World:
    """Handles to the world's rows, by tenant slug and role."""

    def tenant(self, slug: str = "midori") -> Tenant:
        return Tenant.objects.get(slug=slug)

    def member(self, role: str, slug: str = "midori") -> Membership:
        return Membership.objects.select_related("tenant", "user").get(pk=ident(slug, role))

    @cached_property
    def csm(self) -> Membership:
        return self.member(Role.CSM)

    def account_id(self, which: str = "mine") -> UUID:
        """``mine`` (鈴木's, sold by 伊藤), ``other`` (another CSM's, same tenant) or ``foreign`` (aoba's)."""
        return ident("account", which)

    def account(self, which: str = "mine") -> Account:
        return Account.objects.get(pk=self.account_id(which))


def build_world() -> None:
    for slug, name in TENANTS.items():
        build_tenant(slug, name)
    midori = Tenant.objects.get(slug="midori")
    gone = build_member(midori, "removed", "退職 花子", Role.CSM)
    Membership.objects.filter(pk=gone.pk).update(removed_at=timezone.now())
    second = build_member(midori, "second-csm", "小林", Role.CSM)
    build_account("midori", "mine", "東都百貨店株式会社", Role.CSM)
    build_account("midori", "other", "株式会社南風運輸", None, csm=second)
    build_account("aoba", "foreign", "東都百貨店株式会社", Role.CSM)


def build_tenant(slug: str, name: str) -> None:
    tenant = Tenant.objects.create(id=ident(slug), slug=slug, name=name)
    for role, person in PEOPLE.items():
        build_member(tenant, role, person, role)


def build_member(tenant: Tenant, key: str, name: str, role: str) -> Membership:
    user = User(id=ident("user", tenant.slug, key), email=f"{key}@{tenant.slug}.example", name=name)
    user.set_password(PASSWORD)
    user.save(force_insert=True)
    user.vouch_for_address()
    return Membership.objects.create(
        id=ident(tenant.slug, key), tenant=tenant, user=user, role=role, last_seen_at=timezone.now()
    )


def build_account(slug: str, which: str, name: str, owner: str | None, **fields: Any) -> None:
    tenant = Tenant.objects.get(slug=slug)
    if owner:
        fields["csm"] = Membership.objects.get(pk=ident(slug, owner))
        fields["commercial_owner"] = Membership.objects.get(pk=ident(slug, Role.SALES))
    with tenant_scope(tenant, actor="system"):
        # Both tenants carry the same external id on purpose: keys are per tenant.
        Account.objects.create(
            id=ident("account", which), name=name, kana="トウトヒャッカテン", external_id=f"A-{which[:1]}",
            stage="live", stage_since=date(2026, 4, 1), tier="high", fiscal_month=3, arr=38_400_000, **fields,
        )  # fmt: skip
