"""Which customer is whose parent: through the page, by programs, by files, in merges, and never in a circle."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import merging_accounts
from accounts.groups import group_of, line_above
from accounts.importing import batches
from accounts.models import Account, Fact, ImportFinding
from accounts.models.imports import ImportState
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.api.program import Program
from tests.threads import in_threads
from tests.world import World

GROUP, PARENT = "/t/midori/accounts/{}/group/", "/t/midori/accounts/{}/parent/"


@pytest.fixture
def csm(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def group(world: World) -> dict[str, Account]:
    """東嶺HD, below it 東嶺ダイレクト and 東嶺物流, below that 東嶺倉庫; and 別会社."""
    with tenant_scope(world.tenant(), actor="test"):
        top = make.account(name="東嶺HD", kana="1", csm=world.csm, arr=10_000_000)
        direct = make.account(name="東嶺ダイレクト", kana="2", csm=world.csm, parent=top, arr=30_000_000)
        moves = make.account(name="東嶺物流", kana="3", csm=world.csm, parent=top)
        stores = make.account(name="東嶺倉庫", kana="4", csm=world.csm, parent=moves)
        other = make.account(name="別会社", kana="5", csm=world.csm)
    return {"top": top, "direct": direct, "moves": moves, "stores": stores, "other": other}


def parent_of(world: World, account: Account) -> Any:
    with tenant_scope(world.tenant()):
        return Account.objects.get(pk=account.pk).parent_id


@pytest.mark.parametrize("asked", ["top", "direct", "moves", "stores"])
def test_everybody_of_a_group_sees_the_same_tree(asked: str, world: World, group: dict[str, Account]) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        found = group_of(group[asked], world.csm)
    assert [(one.account.name, one.depth) for one in found] == [
        ("東嶺HD", 0), ("東嶺ダイレクト", 1), ("東嶺物流", 1), ("東嶺倉庫", 2),
    ]  # fmt: skip


def test_the_page_draws_it_and_offers_whom_one_searches_for(csm: Client, group: dict[str, Account]) -> None:
    text = csm.get(GROUP.format(group["stores"].pk)).content.decode()
    assert "4社" in text and "4,000万円" in text and "親会社を外す" in text
    assert "別会社" not in text
    text = csm.get(GROUP.format(group["stores"].pk), {"q": "別会"}).content.decode()
    assert "別会社を親会社にする" in text
    alone = csm.get(GROUP.format(group["other"].pk)).content.decode()
    assert "グループ会社はまだありません" in alone


def test_a_parent_is_chosen_told_with_its_source_and_taken_back(
    csm: Client, world: World, group: dict[str, Account]
) -> None:
    other, top = group["other"], group["top"]
    answer = csm.post(PARENT.format(other.pk), {"parent": str(top.pk)})
    assert answer.status_code == 303 and parent_of(world, other) == top.pk
    with tenant_scope(world.tenant()):
        assert Fact.objects.get(account=other, field_key="parent").author_id == world.csm.pk
    assert "東嶺HD" in csm.get(f"/t/midori/accounts/{other.pk}/history/").content.decode()
    assert csm.post(f"{PARENT.format(other.pk)}?parent=").status_code == 303
    assert parent_of(world, other) is None


def test_a_circle_is_refused_by_its_names(csm: Client, world: World, group: dict[str, Account]) -> None:
    answer = csm.post(PARENT.format(group["top"].pk), {"parent": str(group["stores"].pk)})
    assert answer.status_code == 422
    assert "東嶺HD → 東嶺倉庫 → 東嶺物流 → 東嶺HD と輪になります" in answer.content.decode()
    assert parent_of(world, group["top"]) is None
    answer = csm.post(PARENT.format(group["top"].pk), {"parent": str(group["top"].pk)})
    assert answer.status_code == 422 and "輪になります" in answer.content.decode()


@pytest.mark.parametrize("parent", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_nobody_is_chosen_who_is_not_there(
    parent: str, csm: Client, world: World, group: dict[str, Account]
) -> None:
    answer = csm.post(PARENT.format(group["other"].pk), {"parent": parent})
    assert answer.status_code == 422 and "選べるお客様の中から" in answer.content.decode()


def test_another_vendors_customer_is_no_parent(csm: Client, world: World, group: dict[str, Account]) -> None:
    with tenant_scope(world.tenant("aoba"), actor="test"):
        theirs = make.account(name="青葉の顧客")
    assert csm.post(PARENT.format(group["other"].pk), {"parent": str(theirs.pk)}).status_code == 422
    assert parent_of(world, group["other"]) is None


def test_whoever_may_not_edit_sees_the_tree_and_no_form(
    world: World, sign_in: Any, group: dict[str, Account]
) -> None:
    viewer = sign_in(world.member(Role.VIEWER))
    text = viewer.get(GROUP.format(group["top"].pk)).content.decode()
    assert "東嶺倉庫" in text and "親会社を探す" not in text
    assert viewer.post(PARENT.format(group["top"].pk), {"parent": ""}).status_code == 403


def test_a_contributor_sees_only_the_companies_with_work_for_them(
    world: World, group: dict[str, Account]
) -> None:
    from ctas.models import Cta

    helper = world.member(Role.CONTRIBUTOR)
    with tenant_scope(world.tenant(), actor="test"):
        for name in ("top", "stores"):
            make.row(Cta, group[name], assignee=helper, status="todo")
    with tenant_scope(world.tenant(), member=helper):
        found = group_of(group["top"], helper)
    assert [(one.account.name, one.depth) for one in found] == [("東嶺HD", 0), ("東嶺倉庫", 0)]


def test_the_database_refuses_what_two_close_together(world: World, group: dict[str, Account]) -> None:
    top, stores = group["top"], group["stores"]
    with tenant_scope(world.tenant(), actor="test"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(pk=top.pk).update(parent=stores)
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(pk=top.pk).update(parent=top)
        assert line_above(stores.pk) == [stores.pk, group["moves"].pk, top.pk]


@pytest.mark.django_db(transaction=True)
def test_two_who_each_put_the_other_above_at_the_same_moment(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        one, other = make.account(name="一"), make.account(name="二")
    answers: list[int] = []

    def below(account: Account, parent: Account) -> Any:
        from django.conf import settings

        client = Client(raise_request_exception=False)
        client.force_login(world.csm.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return lambda: answers.append(
            client.post(PARENT.format(account.pk), {"parent": str(parent.pk)}).status_code
        )

    with tenant_scope(world.tenant(), actor="test"):
        Account.objects.filter(pk__in=[one.pk, other.pk]).update(csm=world.csm)
    in_threads(below(one, other), below(other, one))
    assert sorted(answers) == [303, 422]
    assert (parent_of(world, one) is None) != (parent_of(world, other) is None)


def test_programs_read_write_and_filter_it(world: World, group: dict[str, Account]) -> None:
    client = Program(world.csm)
    other, top = group["other"], group["top"]
    here = f"accounts/{other.pk}"
    tag = client("GET", here).headers["ETag"]
    changed = client("PATCH", here, {"parent": str(top.pk)}, If_Match=tag)
    assert changed.status_code == 200 and changed.json()["parent"] == str(top.pk)
    listed = client("GET", f"accounts?parent={top.pk}").json()
    assert {row["name"] for row in listed["results"]} == {"東嶺ダイレクト", "東嶺物流", "別会社"}
    there = f"accounts/{top.pk}"
    tag = client("GET", there).headers["ETag"]
    refused = client("PATCH", there, {"parent": str(other.pk)}, If_Match=tag)
    assert refused.status_code == 400 and "輪になります" in refused.content.decode()


def take_in(world: World, text: str) -> Any:
    admin = world.member(Role.ADMIN)
    with tenant_scope(admin.tenant, member=admin):
        upload = SimpleUploadedFile("group.csv", text.encode())
        batch = batches.keep(upload, "accounts", admin, choices={"stage": "live"})
        batches.read(batch)
        assert batch.state == ImportState.CHECKED, batch.problem
        batch.state = ImportState.APPLYING
        batches.write(batch)
        found = ImportFinding.objects.filter(of=batch).order_by("line", "code")
        return list(found.values_list("line", "code"))


@pytest.fixture
def numbered(world: World, group: dict[str, Account]) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        for name, account in group.items():
            Account.objects.filter(pk=account.pk).update(external_id=f"G-{name}")


@pytest.mark.usefixtures("numbered")
def test_a_file_says_the_parent_by_name_or_number(world: World, group: dict[str, Account]) -> None:
    text = (
        "会社名,外部ID,親会社\n新しい会社,G-new,㈱東嶺HD\n別会社,G-other,G-moves\n"
        "もう一社,G-more,知らない会社\n"
    )
    found = take_in(world, text)
    assert (4, "parent_unknown") in found
    assert parent_of(world, group["other"]) == group["moves"].pk
    with tenant_scope(world.tenant()):
        assert Account.objects.get(external_id="G-new").parent_id == group["top"].pk
        assert Account.objects.get(external_id="G-more").parent_id is None


@pytest.mark.usefixtures("numbered")
def test_rows_that_would_close_a_circle_are_left_out_by_line(world: World, group: dict[str, Account]) -> None:
    text = "会社名,外部ID,親会社\n東嶺HD,G-top,G-stores\n別会社,G-other,G-top\n東嶺ダイレクト,G-direct,G-direct\n"
    found = take_in(world, text)
    assert [line for line, code in found if code == "parent_circle"] == [2, 4]
    assert parent_of(world, group["top"]) is None
    assert parent_of(world, group["other"]) == group["top"].pk
    assert parent_of(world, group["direct"]) == group["top"].pk


@pytest.mark.parametrize(
    ("kept", "merged", "parent"),
    [("top", "moves", None), ("moves", "top", None), ("other", "moves", "top"), ("direct", "moves", "top")],
)
def test_two_of_a_group_become_one_and_two_again(
    kept: str, merged: str, parent: str | None, world: World, group: dict[str, Account]
) -> None:
    before = {name: parent_of(world, account) for name, account in group.items()}
    with tenant_scope(world.tenant(), member=world.member(Role.MANAGER)):
        made = merging_accounts.merge(group[kept], group[merged], {})
    assert parent_of(world, group[kept]) == (group[parent].pk if parent else None)
    below = "stores" if merged == "moves" else "direct"
    assert parent_of(world, group[below]) == group[kept].pk
    with tenant_scope(world.tenant(), member=world.member(Role.MANAGER)):
        merging_accounts.take_back(made)
    assert {name: parent_of(world, account) for name, account in group.items()} == before


def test_the_one_far_below_cannot_stay(world: World, group: dict[str, Account]) -> None:
    with (
        tenant_scope(world.tenant(), member=world.member(Role.MANAGER)),
        pytest.raises(ValidationError, match="グループの下"),
    ):
        merging_accounts.merge(group["stores"], group["top"], {})


def test_the_tree_costs_as_many_statements_for_ten_as_for_two(
    world: World, group: dict[str, Account], django_assert_num_queries: Any
) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        for _n in range(8):
            make.account(parent=group["stores"], csm=world.csm)
    with tenant_scope(world.tenant(), member=world.csm), django_assert_num_queries(2):
        assert len(group_of(group["top"], world.csm)) == 12
