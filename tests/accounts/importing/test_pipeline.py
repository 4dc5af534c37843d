from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.importing import batches
from accounts.models import Account, Fact, Import, ImportFinding
from accounts.models.imports import ImportState
from tenants.roles import Role
from tenants.scope import tenant_scope

from .files import EDINET_HEADER, edinet_csv, edinet_row, number

KIND = "提出者種別"
CODE, NAME, CLOSING, NUMBER = "ＥＤＩＮＥＴコード", "提出者名", "決算日", "提出者法人番号"


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def scope(world):
    admin = world.member(Role.ADMIN)
    with tenant_scope(admin.tenant, member=admin):
        yield admin


def look(admin, rows, **choices):
    """Upload rows of the EDINET list and read them as far as the dry run."""
    data = rows if isinstance(rows, bytes) else edinet_csv(rows)
    batch = batches.keep(
        SimpleUploadedFile("list.csv", data), "accounts", admin, choices={"stage": "live", **choices}
    )
    batches.read(batch)
    return batch


def take_in(admin, rows, **choices):
    batch = look(admin, rows, **choices)
    assert batch.state == ImportState.CHECKED, batch.problem
    batch.state = ImportState.APPLYING
    batches.write(batch)
    return batch


def codes(batch):
    return sorted((found.line, found.code) for found in ImportFinding.objects.filter(of=batch))


ROWS = [edinet_row(index) for index in range(1, 31)]


def test_a_dry_run_writes_no_account(scope):
    before = Account.objects.count()
    batch = look(scope, ROWS)
    assert batch.state == ImportState.CHECKED
    assert Account.objects.count() == before
    assert (batch.summary["new"], batch.summary["changed"], batch.summary["same"]) == (30, 0, 0)
    assert batch.summary["as_of"] == "2019-01-10"


def test_applying_writes_what_was_read(scope):
    take_in(scope, ROWS)
    account = Account.objects.get(edinet_code="E00003")
    assert (account.name, account.kana) == ("㈱髙島第3商事", "カブシキガイシャタカシマダイ3ショウジ")
    assert (account.fiscal_month, account.fiscal_day) == (3, 20)
    assert (account.capital, account.securities_code, account.is_listed) == (1_003_000_000, "1003", True)
    assert (account.stage, account.csm_id) == ("live", None)
    assert account.stage_since is not None
    assert Account.objects.get(edinet_code="E00004").fiscal_month is None
    fact = Fact.objects.get(account=account, field_key="industry")
    assert (fact.origin, fact.source, str(fact.as_of)) == ("import", "list.csv", "2019-01-10")
    assert Fact.objects.get(account__edinet_code="E00004", field_key="fiscal_month").state == "ask"


def test_the_same_file_again_changes_nothing(scope):
    take_in(scope, ROWS)
    versions = list(Account.objects.order_by("pk").values_list("pk", "version"))
    facts = list(Fact.objects.order_by("pk").values_list("pk", "version"))
    again = take_in(scope, ROWS)
    assert (again.summary["new"], again.summary["changed"], again.summary["same"]) == (0, 0, 30)
    assert list(Account.objects.order_by("pk").values_list("pk", "version")) == versions
    assert list(Fact.objects.order_by("pk").values_list("pk", "version")) == facts


def test_a_newer_edition_updates_by_code_and_number(scope):
    take_in(scope, ROWS[:3])
    newer = [
        edinet_row(1, **{NAME: "髙島キャピタル㈱"}),
        edinet_row(2, **{CODE: "", CLOSING: "9月30日"}),  # found by its 法人番号
        edinet_row(3, **{"所在地": "", CLOSING: ""}),  # empty cells blank nothing
    ]
    batch = take_in(scope, newer)
    assert batch.summary["fields"]["name"] == 1
    assert batch.summary["fields"]["fiscal_closing"] == 1
    renamed = Account.objects.get(edinet_code="E00001")
    assert (renamed.name, renamed.former_names) == ("髙島キャピタル㈱", "㈱髙島第1商事")
    assert Account.objects.get(edinet_code="E00002").fiscal_month == 9
    untouched = Account.objects.get(edinet_code="E00003")
    assert (untouched.fiscal_day, untouched.address) == (20, "千代田区大手町一丁目3番")
    assert Account.objects.filter(edinet_code__startswith="E0000").count() == 3


def test_what_the_file_no_longer_has_is_not_deleted(scope):
    take_in(scope, ROWS)
    take_in(scope, ROWS[:1])
    assert Account.objects.filter(edinet_code__isnull=False).count() == 30


def test_values_of_people_stay_unless_chosen(scope):
    take_in(scope, ROWS[:2])
    account = Account.objects.get(edinet_code="E00001")
    Account.objects.filter(pk=account.pk).update(industry="小売業")
    Fact.objects.filter(account=account, field_key="industry").update(origin="hand", author=scope)
    batch = take_in(scope, ROWS[:2])
    account.refresh_from_db()
    assert account.industry == "小売業"
    assert batch.summary["kept"]["industry"] == 1
    take_in(scope, ROWS[:2], accepted=[f"{account.pk}:industry"])
    account.refresh_from_db()
    assert account.industry == "卸売業"
    assert Fact.objects.get(account=account, field_key="industry").origin == "import"


def test_a_change_may_be_declined(scope):
    take_in(scope, ROWS[:1])
    account = Account.objects.get(edinet_code="E00001")
    take_in(scope, [edinet_row(1, **{NAME: "別の名前"})], declined=[f"{account.pk}:name"])
    account.refresh_from_db()
    assert account.name == "㈱髙島第1商事"


def test_rows_with_errors_are_left_out_and_all_of_them_are_named(scope):
    rows = [
        edinet_row(1),
        edinet_row(2, **{NUMBER: "1" + number(5)[1:]}),
        edinet_row(3, **{CLOSING: "13月"}),
        edinet_row(4, **{NAME: ""}),
        edinet_row(5, **{"資本金": "約10", CLOSING: "毎月"}),
        edinet_row(6, **{KIND: "個人（組合発行者を除く）"}),
        edinet_row(7, **{NUMBER: number(100001000001)}),  # the number of the first row
    ]
    batch = look(scope, rows)
    found = [
        (line, code)
        for line, code in codes(batch)
        if code not in ("closing_missing", "closing_mid_month", "closing_month_end")
    ]
    assert found == [
        (3, "duplicate_in_file"), (4, "corporate_number_check_digit"), (5, "closing_impossible"), (6, "name_missing"),
        (7, "closing_unreadable"), (7, "number_unreadable"), (8, "individual"), (9, "duplicate_in_file"),
    ]  # fmt: skip
    assert (batch.summary["new"], batch.summary["left_out"]) == (0, 7)


def test_a_corrected_cell_is_read_again(scope):
    rows = [edinet_row(1, **{CLOSING: "13月"}), edinet_row(2)]
    batch = look(scope, rows)
    assert batch.summary["new"] == 1
    batch.corrections = {"3": {str(EDINET_HEADER.index(CLOSING)): "3月末"}}
    batch.state = ImportState.CHECKING
    batches.look(batch)
    assert batch.summary["new"] == 2
    batch.corrections["4"] = None
    batch.state = ImportState.CHECKING
    batches.look(batch)
    assert (batch.summary["new"], batch.summary["left_out"]) == (1, 1)


def test_keys_that_point_to_two_accounts_are_refused(scope):
    take_in(scope, ROWS[:2])
    batch = look(scope, [edinet_row(1, **{NUMBER: number(100001000002)})])
    assert (3, "matches_two") in codes(batch)
    assert batch.summary["left_out"] == 1


def test_two_rows_for_one_account_are_refused(scope):
    take_in(scope, ROWS[:1])
    batch = look(scope, [edinet_row(1, **{NUMBER: ""}), edinet_row(1, **{CODE: "E09999"})])
    assert [code for _line, code in codes(batch) if code == "same_record_twice"] == ["same_record_twice"] * 2


def test_the_same_name_is_no_match(scope):
    batch = take_in(scope, [edinet_row(1, **{NAME: "東都百貨店株式会社"})])
    assert (3, "same_name") in codes(batch)
    assert Account.objects.filter(name="東都百貨店株式会社").count() == 2


def test_the_same_numbers_in_another_tenant_do_not_matter(world):
    for slug in ("midori", "aoba"):
        admin = world.member(Role.ADMIN, slug)
        with tenant_scope(admin.tenant, member=admin):
            assert take_in(admin, ROWS[:5]).summary["created"] == 5


def test_a_column_of_people_is_matched_to_members(scope):
    csm = "社名,法人番号,担当者\n"
    rows = [
        ("甲", number(1), "鈴木"),
        ("乙", number(2), "csm@midori.example"),
        ("丙", number(3), "だれか"),
        ("丁", number(4), ""),
    ]
    data = (csm + "".join(",".join(row) + "\n" for row in rows)).encode()
    batch = take_in(scope, data)
    assert codes(batch) == [(4, "member_unknown")]
    owners = dict(Account.objects.filter(name__in="甲乙丙丁").values_list("name", "csm__user__name"))
    assert owners == {"甲": "鈴木", "乙": "鈴木", "丙": None, "丁": None}


def test_one_csm_for_all(scope, world):
    csm = world.member(Role.CSM)
    take_in(scope, ROWS[:2], csm=str(csm.pk))
    assert set(Account.objects.filter(edinet_code__isnull=False).values_list("csm", flat=True)) == {csm.pk}


def test_undo_takes_back_and_leaves_what_people_did(scope):
    take_in(scope, ROWS[:4])
    old = Account.objects.get(edinet_code="E00001")
    facts = sorted(Fact.objects.filter(account=old).values_list("field_key", "noted_at", "origin"))
    rows = [
        edinet_row(1, **{NAME: "新しい名前", "提出者業種": "銀行業"}),
        *[edinet_row(n) for n in (2, 11, 12, 13)],
    ]
    batch = take_in(scope, rows)
    Account.objects.filter(pk=old.pk).update(industry="人が直した業種")
    kept = Account.objects.get(edinet_code="E00012")
    Account.objects.filter(pk=kept.pk).update(tier="high")
    batch.state = ImportState.UNDOING
    batches.take_back(batch)
    old.refresh_from_db()
    assert (old.name, old.former_names, old.industry) == ("㈱髙島第1商事", "", "人が直した業種")
    assert set(Account.objects.filter(edinet_code__gte="E00010").values_list("edinet_code", flat=True)) == {
        "E00012"
    }
    assert (batch.summary["removed"], batch.summary["restored"], batch.summary["kept_by_people"]) == (2, 0, 2)
    assert sorted(Fact.objects.filter(account=old).values_list("field_key", "noted_at", "origin")) == facts


def test_a_stopped_import_saves_nothing(scope):
    batch = look(scope, ROWS)
    Import.objects.filter(pk=batch.pk).update(stop_requested=True, state=ImportState.APPLYING)
    batch.refresh_from_db()
    batches.write(batch)
    assert (batch.state, batch.problem) == (ImportState.CHECKED, {"code": "stopped"})
    assert not Account.objects.filter(edinet_code__isnull=False).exists()


def test_a_dry_run_that_no_longer_holds_is_shown_again(scope):
    batch = look(scope, [edinet_row(1)])
    take_in(scope, [edinet_row(1, **{NUMBER: ""}), edinet_row(2, **{NUMBER: number(100001000001)})])
    batch.state = ImportState.APPLYING
    batches.write(batch)
    assert (batch.state, batch.problem) == (ImportState.CHECKED, {"code": "outdated"})


def test_what_became_known_since_the_dry_run_is_the_same_or_shown_again(scope):
    same, other = look(scope, ROWS), look(scope, [edinet_row(n, 提出者業種="銀行業") for n in range(1, 31)])
    take_in(scope, ROWS[:10])
    for batch in (same, other):
        batch.state = ImportState.APPLYING
        batches.write(batch)
    told = {name: same.summary[name] for name in ("created", "updated", "same")}
    assert told == {"created": 20, "updated": 0, "same": 10}
    assert (other.state, other.problem) == (ImportState.CHECKED, {"code": "outdated"})
    assert (other.summary["new"], other.summary["changed"]) == (0, 30)


def test_files_nobody_asks_for_any_more_are_deleted(scope):
    batch = look(scope, ROWS[:1])
    stray = default_storage.save(f"imports/{scope.tenant_id}/stray", ContentFile(b"x"))
    assert batches.forget_files(timezone.now() - timedelta(days=1)) == 0
    assert batches.forget_files(timezone.now() + timedelta(days=1)) == 2
    assert not default_storage.exists(stray)
    assert not default_storage.exists(batch.stored_as)


def test_a_mapping_is_remembered_when_it_was_used(scope):
    batch = look(scope, ROWS[:2])
    batch.mapping[4] = {**batch.mapping[4], "target": ""}
    batch.state = ImportState.CHECKING
    batches.look(batch)
    batch.state = ImportState.APPLYING
    batches.write(batch)
    assert look(scope, ROWS[:1]).targets[4] == ""


def test_an_unreadable_file_says_why(scope):
    batch = look(scope, b"PK\x03\x04")
    assert (batch.state, batch.problem["code"]) == (ImportState.REFUSED, "file_kind_mismatch")


def test_an_encoding_that_cannot_be_told_is_asked_for(scope):
    data = "社名,決算月\n高島屋,3月\n".encode("euc_jp")
    batch = look(scope, data)
    assert batch.state == ImportState.ASKING
    batch.options, batch.state = {"encoding": "euc_jp"}, ImportState.READING
    batches.read(batch)
    assert batch.state == ImportState.CHECKED
