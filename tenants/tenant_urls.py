from django.urls import URLPattern, URLResolver, include, path

from tenants.editing.registry import all_editables
from tenants.views import (
    bin,
    company,
    editing,
    history,
    invitations,
    members,
    places,
    removals,
    tokens,
    work,
)  # fmt: skip

pages = [
    path("settings/", company.show, name="company"),
    path("settings/edit/", company.edit, name="company_edit"),
    path("settings/days/", company.add_holiday, name="holiday_add"),
    path("settings/days/<uuid:pk>/removal/", company.remove_holiday, name="holiday_remove"),
    path("settings/members/", members.index, name="member_index"),
    path("settings/members/<uuid:pk>/role/", members.role, name="member_role"),
    path("settings/members/<uuid:pk>/leave/", members.leave, name="member_leave"),
    path("settings/members/history/", places.index, name="member_history"),
    path("settings/leave/", members.own_leave, name="own_leave"),
    path("settings/members/<uuid:pk>/removal/", removals.removal, name="member_removal"),
    path("settings/members/<uuid:pk>/removal/preview/", removals.preview, name="member_removal_preview"),
    path("settings/invitations/new/", invitations.new, name="invitation_new"),
    path("settings/invitations/<uuid:pk>/renewal/", invitations.renew, name="invitation_renew"),
    path("settings/invitations/<uuid:pk>/withdrawal/", invitations.withdraw, name="invitation_withdraw"),
    path("settings/tokens/", tokens.index, name="token_index"),
    path("settings/tokens/new/", tokens.create, name="token_add"),
    path("settings/tokens/<uuid:pk>/revocation/", tokens.revoke, name="token_revoke"),
    path("settings/work/", work.index, name="work_index"),
    path("settings/bin/", bin.bin_page, name="bin"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *editing.urls(),
    *bin.urls(),
    *history.urls(all_editables()),
    path("", include((pages, "tenants"))),
]
