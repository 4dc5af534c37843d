import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account, Import
from tenants.roles import Role
from tenants.scope import tenant_scope

from .files import edinet_csv, edinet_row, number, xlsx
from .test_pipeline import CLOSING, NUMBER


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def run(world, tmp_path, capsys):
    """``run(rows, "--dry-run")`` gives the exit status and the JSON answer."""

    def imported(rows, *options, name="list.csv"):
        path = tmp_path / name
        if rows is not None:
            path.write_bytes(rows if isinstance(rows, bytes) else edinet_csv(rows))
        status = 0
        try:
            call_command(
                "import_records",
                "accounts",
                str(path),
                "--tenant",
                "midori",
                "--as",
                "admin@midori.example",
                "--json",
                *options,
            )
        except SystemExit as end:
            status = int(end.code or 0)
        return status, json.loads(capsys.readouterr().out)

    return imported


def accounts(world):
    with tenant_scope(world.tenant()):
        return Account.objects.filter(edinet_code__isnull=False).count()


def test_a_clean_file_is_saved(run, world):
    status, answer = run([edinet_row(n) for n in range(1, 11)])
    assert status == 0
    counts = [answer[name] for name in ("rows", "created", "updated", "unchanged", "skipped")]
    assert counts == [10, 10, 0, 0, 0]
    assert answer["errors"] == []
    assert {warning["code"] for warning in answer["warnings"]} == {"closing_missing"}
    with tenant_scope(world.tenant()):
        assert set(Account.objects.filter(edinet_code__isnull=False).values_list("stage", flat=True)) == {
            "live"
        }


def test_the_same_file_again_is_unchanged(run, world):
    rows = [edinet_row(n) for n in range(1, 6)]
    run(rows)
    status, answer = run(rows)
    assert (status, answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 0, 5)


BAD = [edinet_row(1), edinet_row(2, **{NUMBER: "1" + number(7)[1:]}), edinet_row(3, **{CLOSING: "13月"})]


def test_one_error_saves_nothing(run, world):
    status, answer = run(BAD)
    assert (status, answer["created"], answer["skipped"], accounts(world)) == (1, 0, 3, 0)
    first = answer["errors"][0]
    assert set(first) == {"line", "column", "value", "code", "message"}
    assert (first["line"], first["column"], first["code"]) == (4, NUMBER, "corporate_number_check_digit")
    assert [error["line"] for error in answer["errors"]] == [4, 5]


def test_valid_rows_only_when_asked(run, world):
    status, answer = run(BAD, "--valid-only")
    assert (status, answer["created"], answer["skipped"], accounts(world)) == (0, 1, 2, 1)
    assert len(answer["errors"]) == 2


def test_a_dry_run_saves_nothing_and_leaves_no_trace(run, world):
    status, answer = run([edinet_row(1)], "--dry-run")
    assert (status, answer["created"], accounts(world)) == (0, 1, 0)
    with tenant_scope(world.tenant()):
        assert not Import.objects.exists()
    assert run(BAD, "--dry-run")[0] == 1


def test_a_stage_by_value_or_name(run, world):
    run([edinet_row(1)], "--stage", "見込み")
    with tenant_scope(world.tenant()):
        assert Account.objects.get(edinet_code="E00001").stage == "prospect"


def test_individuals_are_left_out(run, world):
    status, answer = run([edinet_row(1, 提出者種別="個人（組合発行者を除く）"), edinet_row(2)])
    assert (status, answer["created"], answer["skipped"]) == (0, 1, 1)
    assert "individual" in {warning["code"] for warning in answer["warnings"]}


def test_an_unreadable_file_fails(run, world):
    status, answer = run(b"PK\x03\x04")
    assert (status, answer["rows"], answer["errors"][0]["code"]) == (1, 0, "file_kind_mismatch")
    status, answer = run("社名,決算月\n高島屋,3月\n".encode("euc_jp"))
    assert (status, answer["errors"][0]["code"]) == (1, "encoding_unknown")
    assert run("社名,決算月\n高島屋,3月\n".encode("euc_jp"), "--encoding", "euc_jp")[0] == 0


def test_a_workbook(run, world, tmp_path):
    xlsx(
        tmp_path / "list.xlsx",
        [["会社名", "決算月", "法人番号"], ["甲", "3月", number(1)], ["乙", "", number(2)]],
    )
    status, answer = run(None, name="list.xlsx")
    assert (status, answer["created"]) == (0, 2)


@pytest.mark.parametrize("email", ["csm@midori.example", "admin@aoba.example", "nobody@midori.example"])
def test_who_may_not_import_is_wrong_use(email, world, tmp_path):
    (tmp_path / "list.csv").write_bytes(edinet_csv([edinet_row(1)]))
    with pytest.raises(CommandError) as refused:
        call_command(
            "import_records", "accounts", str(tmp_path / "list.csv"), "--tenant", "midori", "--as", email
        )
    assert refused.value.returncode == 2


def test_history_says_an_import_did_it(run, world):
    run([edinet_row(1)])
    with tenant_scope(world.tenant()):
        event = Account.objects.get(edinet_code="E00001").events.get()
        assert event.pgh_actor == f"import:{Import.objects.get().pk}"


def test_another_tenant_sees_nothing_of_it(run, world):
    run([edinet_row(1)])
    aoba = world.member(Role.ADMIN, "aoba")
    with tenant_scope(aoba.tenant, member=aoba):
        assert not Import.objects.exists()
        assert not Account.objects.filter(edinet_code="E00001").exists()
