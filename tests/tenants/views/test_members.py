"""Roles, leaves and leaving, through the pages."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from success_plans.models import ActionItem
from tenants import inviting, place_history, role_words
from tenants.models import Membership, User
from tenants.permissions import REACH
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

pytestmark = pytest.mark.django_db
MEMBERS = "/t/midori/settings/members/"


def change_role(client: Client, member: Membership, role: str, seen: str = "") -> None:
    client.post(f"{MEMBERS}{member.pk}/role/", {"role": role, "seen": seen or member.role})
    member.refresh_from_db()


def test_the_page_shows_everybody_with_their_accounts(
    world: World, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(world.member(Role.ADMIN))
    with django_assert_max_num_queries(14):
        page = client.get(MEMBERS)
    text = page.content.decode()
    assert "7人で使っています" in text and "退職 花子" not in text
    load = {line.member.name: line.accounts for line in page.context["lines"]}
    assert (load["鈴木"], load["小林"], load["伊藤"], load["田中"]) == (1, 1, 1, 0)


def test_members_are_as_many_statements_as_one_member(
    world: World, sign_in: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(world.member(Role.ADMIN))
    with CaptureQueriesContext(connection) as few:
        client.get(MEMBERS)
    with tenant_scope(world.tenant()):
        for _more in range(5):
            make.row(Membership, tenant=world.tenant(), role=Role.CSM)
    with django_assert_num_queries(len(few)):
        client.get(MEMBERS)


def test_an_admin_changes_roles_but_the_last_admin_stays(world: World, sign_in: Any) -> None:
    admin, viewer = world.member(Role.ADMIN), world.member(Role.VIEWER)
    client = sign_in(admin)
    change_role(client, admin, "viewer")
    assert admin.role == "admin"
    change_role(client, viewer, "admin")
    assert viewer.role == "admin"
    change_role(client, admin, "viewer")
    assert admin.role == "viewer"
    assert client.post(f"{MEMBERS}{viewer.pk}/role/", {"role": "csm"}).status_code == 403, "at once"


def test_a_role_changed_meanwhile_is_not_overwritten(world: World, sign_in: Any) -> None:
    viewer = world.member(Role.VIEWER)
    change_role(sign_in(world.member(Role.ADMIN)), viewer, "csm", seen="sales")
    assert viewer.role == "viewer"
    change_role(sign_in(world.member(Role.ADMIN)), viewer, "guest")
    assert viewer.role == "viewer", "guests come by personal link only"


def test_who_owns_accounts_leaves_only_after_each_has_a_successor(world: World, sign_in: Any) -> None:
    leaver, heir = world.csm, world.member("second-csm")
    with tenant_scope(world.tenant(), actor="test"):
        second = make.account(name="二つめ", csm=leaver, deputy=heir)
        action = make.row(ActionItem, world.account("other"), assignee=leaver)
        done = make.row(ActionItem, world.account("other"), assignee=leaver, state="done")
    url = f"{MEMBERS}{leaver.pk}/removal/"
    client, theirs = sign_in(world.member(Role.ADMIN)), sign_in(leaver)
    page = client.get(url)
    assert page.context["open"] == 3 and "担当CSM 2社、アクション 1件" in page.content.decode()
    half = {f"to-{world.account_id()}": heir.pk, f"to-{second.pk}": heir.pk}
    refused = client.post(url, half)
    assert "あと1社" in refused.content.decode()
    assert Membership.objects.get(pk=leaver.pk).removed_at is None
    assert theirs.get(MEMBERS).status_code == 200
    preview = client.post(f"{url}preview/", half, headers={"HX-Request": "true"})
    assert "<small>1 →</small> 3社" in preview.content.decode() and b"<html" not in preview.content
    assert client.post(url, {**half, "everyone": world.member(Role.MANAGER).pk}).status_code == 303
    with tenant_scope(world.tenant(), actor="test"):
        assert set(Account.objects.filter(csm=heir).values_list("pk", flat=True)) == {
            world.account_id(),
            world.account_id("other"),
            second.pk,
        }
        action.refresh_from_db()
        done.refresh_from_db()
    assert action.assignee_id == world.member(Role.MANAGER).pk
    assert done.assignee_id == leaver.pk, "what is done keeps the name of who did it"
    assert theirs.get(MEMBERS).status_code == 404, "at the next request"
    assert client.get(url).status_code == 404


def test_only_roles_that_may_care_take_an_account_over(world: World, sign_in: Any) -> None:
    url = f"{MEMBERS}{world.csm.pk}/removal/"
    for wrong in (world.member(Role.VIEWER), world.member(Role.SALES), world.member(Role.CSM, "aoba")):
        answer = sign_in(world.member(Role.ADMIN)).post(url, {f"to-{world.account_id()}": wrong.pk})
        assert "あと1社" in answer.content.decode()


def test_handing_over_takes_as_many_statements_for_many_accounts(
    world: World, sign_in: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    heir, counts = world.member(Role.MANAGER), []
    for slug_role, more in ((Role.CSM, 0), ("second-csm", 8)):
        leaver = world.member(slug_role)
        with tenant_scope(world.tenant(), actor="test"):
            for _more in range(more):
                make.account(csm=leaver)
        client = sign_in(world.member(Role.ADMIN))
        with CaptureQueriesContext(connection) as statements:
            assert client.post(f"{MEMBERS}{leaver.pk}/removal/", {"everyone": heir.pk}).status_code == 303
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_last_admin_is_not_removed(world: World, sign_in: Any) -> None:
    admin = world.member(Role.ADMIN)
    answer = sign_in(admin).post(f"{MEMBERS}{admin.pk}/removal/")
    assert "最後の管理者" in answer.content.decode()


def test_leaves_and_deputies(world: World, sign_in: Any) -> None:
    csm, deputy = world.csm, world.member("second-csm")
    client = sign_in(world.member(Role.MANAGER))
    given = {"leave_from": "2026-12-28", "leave_until": "2027-01-05", "deputy": str(deputy.pk)}
    assert client.post(f"{MEMBERS}{csm.pk}/leave/", given).status_code == 303
    csm.refresh_from_db()
    assert csm.is_away(date(2027, 1, 5)) and not csm.is_away(date(2027, 1, 6)) and csm.deputy == deputy
    wrong = client.post(f"{MEMBERS}{csm.pk}/leave/", {**given, "leave_until": "2026-12-27"})
    assert "初日より後" in wrong.content.decode()
    foreign = {**given, "deputy": str(world.member(Role.CSM, "aoba").pk)}
    assert client.post(f"{MEMBERS}{csm.pk}/leave/", foreign).context["form"].errors["deputy"]
    assert sign_in(csm).post("/t/midori/settings/leave/", {"leave_from": ""}).status_code == 303
    csm.refresh_from_db()
    assert csm.leave_from is None


def test_last_seen_is_written_at_most_once_in_ten_minutes(
    world: World, sign_in: Any, django_assert_num_queries: Any
) -> None:
    client, before = sign_in(world.csm), world.csm.last_seen_at
    client.get(MEMBERS)
    world.csm.refresh_from_db()
    assert world.csm.last_seen_at == before
    Membership.objects.filter(pk=world.csm.pk).update(last_seen_at=None)
    client.get(MEMBERS)
    world.csm.refresh_from_db()
    assert world.csm.last_seen_at is not None


def test_the_table_of_roles_says_every_action_truly() -> None:
    told = [action for actions in role_words.WORDS.values() for action in actions]
    assert sorted([*told, *role_words.SILENT]) == sorted(REACH)
    for actions in role_words.WORDS.values():
        assert len({tuple(REACH[action].items()) for action in actions}) == 1, actions


def test_admins_in_production_need_a_second_factor(world: World, sign_in: Any, settings: Any) -> None:
    settings.ADMINS_NEED_SECOND_FACTOR = True
    assert sign_in(world.member(Role.ADMIN)).get(MEMBERS).url == "/me/security/?required=1"
    assert sign_in(world.csm).get(MEMBERS).status_code == 200


def test_a_leave_that_ends_before_it_begins_is_refused_in_words(world: World, sign_in: Any) -> None:
    form = {"leave_from": "2026-12-10", "leave_until": "2026-12-01"}
    answer = sign_in(world.csm).post("/t/midori/settings/leave/", form)
    assert "休みの最終日は、初日より後にしてください" in answer.content.decode()
    assert Membership.objects.get(pk=world.csm.pk).leave_from is None


def test_the_history_says_who_changed_what_of_whom(world: World, sign_in: Any) -> None:
    admin, person = world.member(Role.ADMIN), world.member(Role.CSM)
    client = sign_in(admin)
    client.post(f"/t/midori/settings/members/{person.pk}/role/", {"role": "manager", "seen": "csm"})
    client.post("/t/midori/settings/invitations/new/", {"email": "neu@midori.example", "role": "viewer"})
    text = client.get("/t/midori/settings/members/history/").content.decode()
    row = text[text.index("役割を変えました") - 400 : text.index("役割を変えました") + 200]
    assert "佐藤" in row and "鈴木" in row and "<del>CSM</del>→<ins>マネージャー</ins>" in row
    assert "neu@midori.example" in text and "招きました" in text
    assert "aoba" not in text


def test_the_history_begins_again_where_the_page_ended(world: World, sign_in: Any) -> None:
    person = world.member(Role.VIEWER)
    with tenant_scope(world.tenant(), member=world.member(Role.ADMIN)):
        for number in range(place_history.PAGE + 5):
            role = Role.SALES if number % 2 else Role.CSM
            Membership.objects.filter(pk=person.pk).update(role=role)
        first, cursor = place_history.lines()
        second, _none = place_history.lines(cursor)
    assert len(first) == place_history.PAGE and cursor == first[-1].id
    assert not {line.id for line in first} & {line.id for line in second}
    assert sum(line.words == "役割を変えました" for line in [*first, *second]) == place_history.PAGE + 5


def test_whoever_joins_by_invitation_is_their_own_actor(world: World) -> None:
    tenant, user = world.tenant(), User.objects.create_user("neu@midori.example", "x", name="新井 花")
    invitation, _link = inviting.invite(tenant, "neu@midori.example", Role.CSM)
    inviting.accept(invitation, user)
    with tenant_scope(tenant, member=world.member(Role.ADMIN)):
        found, _cursor = place_history.lines()
    joined = next(line for line in found if line.words == "加わりました" and line.about == "新井 花")
    assert joined.by.name == "新井 花" and joined.after == "CSM"


def test_a_visit_is_no_news(world: World) -> None:
    member = world.member(Role.CSM)
    before = Membership._meta.get_field("events").related_model
    with tenant_scope(world.tenant(), member=member):
        count = before.objects.count()
        Membership.objects.filter(pk=member.pk).update(last_seen_at=timezone.now(), title="部長")
        assert before.objects.count() == count
