"""Groups of companies whose parents stand in the same file, in any order."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.importing import batches
from accounts.importing.trees import circles, too_deep
from accounts.models import Account, Import
from accounts.models.imports import ImportState
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), member=world.member(Role.ADMIN)):
        yield


def looked(world: World, text: str) -> Import:
    upload = SimpleUploadedFile("group.csv", text.encode())
    batch = batches.keep(upload, "accounts", world.member(Role.ADMIN))
    batches.read(batch)
    return batch


def taken(world: World, text: str, **choices: Any) -> Import:
    batch = looked(world, text)
    batch.choices, batch.state = choices, ImportState.APPLYING
    batch.save()
    batches.write(batch)
    assert batch.state == ImportState.DONE, batch.problem
    return batch


def parents(*names: str) -> dict[str, str]:
    rows = Account.objects.filter(name__in=names).select_related("parent")
    return {row.name: row.parent.name if row.parent else "" for row in rows}


def found(batch: Import, *codes: str) -> list[tuple[str, int, str]]:
    rows = batch.findings.filter(code__startswith="parent").order_by("line")
    return [(row.code, row.line, row.params.get("names", row.value)) for row in rows]


def test_children_may_stand_before_and_behind_their_parents(world: World) -> None:
    batch = taken(
        world,
        "会社名,外部ID,親会社\n孫商事,C-3,C-2\n子商事,C-2,㈱親ホールディングス\n親ホールディングス株式会社,C-1,\n末子商事,C-4,親ホールディングス\n",
    )
    assert found(batch) == []
    assert batch.summary["created"] == 4
    top = "親ホールディングス株式会社"
    assert parents("孫商事", "子商事", top, "末子商事") == {
        "孫商事": "子商事",
        "子商事": top,
        top: "",
        "末子商事": top,
    }


def test_chunks_far_apart_find_each_other(world: World) -> None:
    between = "\n".join(f"中の会社{n},C-{n}," for n in range(1_100))
    taken(world, f"会社名,外部ID,親会社\n最初の子,A-1,Z-1\n{between}\n最後の親,Z-1,最初の親\n最初の親,Z-2,\n")
    assert parents("最初の子", "最後の親") == {"最初の子": "最後の親", "最後の親": "最初の親"}


def test_a_known_company_goes_below_a_new_one_and_comes_back(world: World) -> None:
    known = make.account(name="知られた商事", external_id="C-1")
    batch = taken(world, "会社名,外部ID,親会社\n知られた商事,C-1,新しい親\n新しい親,C-2,\n")
    assert parents("知られた商事") == {"知られた商事": "新しい親"}
    batch.state = ImportState.UNDOING
    batch.save()
    batches.take_back(batch)
    known.refresh_from_db()
    assert (known.parent_id, Account.objects.filter(name="新しい親").exists()) == (None, False)


def test_a_company_that_is_known_wins_over_a_row_of_the_same_name(world: World) -> None:
    known = make.account(name="本社", external_id="C-9")
    taken(world, "会社名,外部ID,親会社\n支社,C-1,本社\n本社,C-2,\n")
    assert Account.objects.get(name="支社").parent_id == known.pk


def test_a_name_that_two_rows_claim_is_not_guessed(world: World) -> None:
    batch = taken(world, "会社名,外部ID,親会社\n支社,C-1,本社\n本社,C-2,\n㈱本社,C-3,\n")
    assert found(batch) == [("parent_ambiguous", 2, "本社")]
    assert parents("支社") == {"支社": ""}


def test_nobody_of_that_name_is_said(world: World) -> None:
    batch = taken(world, "会社名,外部ID,親会社\n支社,C-1,どこにもない\n")
    assert found(batch) == [("parent_unknown", 2, "どこにもない")]


def test_circles_are_refused_with_their_names_and_the_rest_goes_in(world: World) -> None:
    batch = taken(
        world,
        "会社名,外部ID,親会社\n甲社,C-1,乙社\n乙社,C-2,丙社\n丙社,C-3,甲社\n自分社,C-4,自分社\n丁社,C-5,\n戊社,C-6,丁社\n己社,C-7,甲社\n",
    )
    assert found(batch) == [
        ("parent_circle", 2, "甲社 → 乙社 → 丙社 → 甲社"),
        ("parent_circle", 3, "乙社 → 丙社 → 甲社 → 乙社"),
        ("parent_circle", 4, "丙社 → 甲社 → 乙社 → 丙社"),
        ("parent_circle", 5, "自分社 → 自分社"),
        ("parent_left_out", 8, "2"),
    ]
    assert parents("甲社", "自分社", "戊社", "己社") == {"戊社": "丁社", "己社": ""}


def test_a_circle_through_a_company_that_is_known_is_refused(world: World) -> None:
    top = make.account(name="知られた親", external_id="C-1")
    make.account(name="知られた子", external_id="C-2", parent=top)
    batch = looked(world, "会社名,外部ID,親会社\n知られた親,C-1,新しい社\n新しい社,C-3,知られた子\n")
    assert [(code, line) for code, line, _names in found(batch)] == [
        ("parent_circle", 2),
        ("parent_circle", 3),
    ]
    assert "知られた親 → 新しい社 → 知られた子 → 知られた親" in found(batch)[0][2]


def test_a_file_whose_columns_are_mixed_up_is_no_tower(world: World) -> None:
    rows = "\n".join(f"第{n}社,C-{n},第{n + 1}社" for n in range(40))
    batch = looked(world, f"会社名,外部ID,親会社\n{rows}\n第40社,C-40,\n")
    assert [row[:2] for row in found(batch)] == [("parent_too_deep", line) for line in range(2, 12)]
    assert batch.summary["new"] == 31


def test_a_parent_that_a_person_wrote_stays_unless_it_is_chosen(world: World, sign_in: Any) -> None:
    csm = sign_in(world.csm)
    old = make.account(name="手で書いた親")
    child = make.account(name="子商事", external_id="C-2", csm=world.csm)
    url = f"/t/midori/edit/account/{child.pk}/"
    assert csm.post(url, {"field": "parent", "value": str(old.pk), "base": ""}).status_code == 200
    text = "会社名,外部ID,親会社\n子商事,C-2,新しい親\n新しい親,C-1,\n"
    batch = looked(world, text)
    page = sign_in(world.member(Role.ADMIN)).get(f"/t/midori/imports/{batch.pk}/").content.decode()
    assert "<del>手で書いた親</del>→<ins>新しい親</ins>" in page
    taken(world, text)
    assert parents("子商事") == {"子商事": "手で書いた親"}


def test_a_walk_over_a_hundred_thousand_is_short() -> None:
    above = {n: n + 1 for n in range(100_000)}
    assert circles(above) == []
    assert len(too_deep(above, 30)) == 100_000 - 30
    assert [len(ring) for ring in circles({**above, 100_000: 0})] == [100_001]
