from accounts.importing.mapping import ASK, CERTAIN, LIKELY, propose, remember, signature
from accounts.importing.records.accounts import ACCOUNTS

from .files import EDINET_HEADER, edinet_row, number

ROWS = [edinet_row(index) for index in range(1, 20)]


def targets(header, rows, **options):
    return [proposal.target for proposal in propose(ACCOUNTS, header, rows, **options)]


def test_the_edinet_list_is_understood():
    proposals = propose(ACCOUNTS, EDINET_HEADER, ROWS)
    assert [proposal.target for proposal in proposals] == [
        "edinet_code", "filer_kind", "is_listed", "", "capital@1000000", "fiscal_closing", "name", "", "kana", "address",
        "industry", "securities_code", "corporate_number",
    ]  # fmt: skip
    by_target = {proposal.target: proposal for proposal in proposals}
    assert by_target["name"].certainty == CERTAIN
    assert by_target["securities_code"].certainty == LIKELY
    assert (by_target["capital@1000000"].certainty, by_target["capital@1000000"].reason) == (ASK, "unit")
    assert by_target["corporate_number"].count == 19


def test_a_list_of_a_crm():
    header = ["Account ID", "取引先名", "ﾌﾘｶﾞﾅ", "業種", "資本金（百万円）", "決算月", "担当者", "備考"]
    row = ["A-1", "髙島屋", "ﾀｶｼﾏﾔ", "小売", "66025", "2月", "佐伯", ""]
    assert targets(header, [row]) == [
        "external_id", "name", "kana", "industry", "capital@1000000", "fiscal_closing", "csm", "",
    ]  # fmt: skip


def test_a_field_is_proposed_once():
    assert sorted(targets(["会社名", "社名", "name"], [["a", "b", "c"]])) == ["", "", "name"]


def test_numbers_with_check_digits_tell_their_column():
    rows = [["a", number(index)] for index in range(100, 110)]
    assert targets(["会社名", "管理番号X"], rows) == ["name", "corporate_number"]


def test_a_remembered_mapping_wins():
    header = ["会社名", "資本金"]
    kept = remember(header, ["", "arr@1000"])
    assert targets(["会社名", "資本金 "], [["a", "1"]], remembered=kept) == ["", "arr@1000"]
    assert signature(header) == signature(["会社名", "資 本 金"]) != signature(["会社名"])


def test_a_field_that_no_longer_exists_is_forgotten():
    assert targets(["会社名"], [["a"]], remembered={"会社名": "gone"}) == [""]
