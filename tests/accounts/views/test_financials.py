import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Account, FinancialFigure, FinancialPeriod, FinancialReport
from tenants.scope import tenant_scope
from tests.accounts.financials.type5 import FIGURES, type5, without
from tests.world import World

PASTE = "\t25/3期\t26/3期\n売上高\t1,455\t1,483\n営業利益\t37\t－\n"


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def url(world: World, rest: str = "") -> str:
    return f"/t/midori/accounts/{world.account_id()}/financials/{rest}"


def send(client: Client, world: World, content: bytes) -> Any:
    return client.post(url(world, "report/"), {"file": SimpleUploadedFile("report.csv", content)})


def packed_in(answer: Any) -> str:
    found = re.search(r'name="packed" value="([^"]+)"', answer.content.decode())
    assert found, answer.content.decode()[-3000:]
    return found[1]


def write(client: Client, world: World, answer: Any, **more: Any) -> Any:
    return client.post(url(world, "write/"), {"packed": packed_in(answer), **more})


def figures(world: World) -> dict[str, tuple[int | None, str]]:
    with tenant_scope(world.tenant()):
        rows = FinancialFigure.objects.filter(financial_period__deleted_at=None).select_related(
            "financial_period"
        )
        return {f"{row.financial_period} {row.line}": (row.amount, row.state) for row in rows}


def edit(client: Client, world: World, line: str, value: str, base: str = "") -> Any:
    with tenant_scope(world.tenant()):
        pk = FinancialFigure.objects.get(line=line).pk
    return client.post(
        f"/t/midori/edit/financial_figure/{pk}/", {"field": "amount", "value": value, "base": base}
    )


def test_a_report_is_looked_at_before_anything_is_written(client: Client, world: World) -> None:
    answer = send(client, world, type5())
    assert "見本建設株式会社 26/3期" in answer.content.decode()
    assert figures(world) == {}


def test_a_report_brings_nine_figures_with_source_and_date(client: Client, world: World) -> None:
    assert write(client, world, send(client, world, type5())).status_code == 303
    assert figures(world)["26/3期 operating_profit"] == (100_000_000, "known")
    with tenant_scope(world.tenant()):
        period = FinancialPeriod.objects.get()
        assert (period.source, period.as_of, period.basis) == (
            "有報 26/3期",
            date(2026, 6, 26),
            "consolidated",
        )
    page = client.get(url(world)).content.decode()
    assert "有報 26/3期" in page and 'aria-label="売上高 億円。26/3期 10"' in page


def test_what_is_not_in_the_report_is_undisclosed(client: Client, world: World) -> None:
    write(client, world, send(client, world, type5(without("OperatingIncome"))))
    assert figures(world)["26/3期 operating_profit"] == (None, "undisclosed")
    assert "未開示" in client.get(url(world)).content.decode()


def test_the_same_file_twice_writes_once(client: Client, world: World) -> None:
    first = send(client, world, type5())
    write(client, world, first)
    assert "取り込み済みです" in send(client, world, type5()).content.decode()
    assert write(client, world, first).status_code == 422
    with tenant_scope(world.tenant()):
        assert FinancialReport.objects.count() == 1


def corrected(**dei: Any) -> bytes:
    changed = tuple(
        (element, context, "110000000")
        if element.endswith("OperatingIncome") and context == "CurrentYearDuration"
        else (element, context, value)
        for element, context, value in FIGURES
    )
    return type5(changed, AmendmentFlag="true", NumberOfSubmission="2", FilingDate="2026-08-01", **dei)


@pytest.mark.parametrize("order", [(type5, corrected), (corrected, type5)])
def test_the_correction_wins_in_either_order_and_both_stay(client: Client, world: World, order: Any) -> None:
    for make in order:
        write(client, world, send(client, world, make()))
    assert figures(world)["26/3期 operating_profit"] == (110_000_000, "known")
    with tenant_scope(world.tenant()):
        assert sorted(FinancialReport.objects.values_list("is_amendment", flat=True)) == [False, True]


def test_a_figure_typed_by_a_person_stays_unless_ticked(client: Client, world: World) -> None:
    write(client, world, send(client, world, type5()))
    assert edit(client, world, "operating_profit", "101", base="100").status_code == 200
    answer = send(client, world, corrected())
    assert "人が書いた値を置き換える" in answer.content.decode()
    write(client, world, answer)
    assert figures(world)["26/3期 operating_profit"] == (101_000_000, "known")


def test_a_ticked_figure_is_replaced(client: Client, world: World) -> None:
    write(client, world, send(client, world, type5()))
    edit(client, world, "operating_profit", "101", base="100")
    write(client, world, send(client, world, corrected()), overwrite="2026-03-31-fy-operating_profit")
    assert figures(world)["26/3期 operating_profit"] == (110_000_000, "known")


def test_what_was_typed_between_look_and_write_stays(client: Client, world: World) -> None:
    write(client, world, send(client, world, type5()))
    answer = send(client, world, corrected())
    edit(client, world, "operating_profit", "99", base="100")
    write(client, world, answer)
    assert figures(world)["26/3期 operating_profit"] == (99_000_000, "known")


def test_another_companys_report_is_warned_of_by_its_code(client: Client, world: World) -> None:
    with tenant_scope(world.tenant()):
        Account.objects.filter(pk=world.account_id()).update(edinet_code="E00304")
    text = send(client, world, type5()).content.decode()
    assert "見本建設株式会社(E99991)のものです" in text and "E00304" in text


def test_a_file_that_is_no_report_is_refused_and_nothing_is_written(client: Client, world: World) -> None:
    answer = send(client, world, b"PK\x03\x04")
    assert answer.status_code == 422 and "展開して" in answer.content.decode()
    assert figures(world) == {}


def test_a_proposal_is_good_for_its_account_alone_and_only_unchanged(client: Client, world: World) -> None:
    packed = packed_in(send(client, world, type5()))
    for wrong in (packed[:-1] + ("a" if packed[-1] != "a" else "b"), "", "x:y"):
        assert client.post(url(world, "write/"), {"packed": wrong}).status_code == 422
    with tenant_scope(world.tenant()):
        Account.objects.filter(pk=world.account_id("other")).update(csm=world.csm)
    other = f"/t/midori/accounts/{world.account_id('other')}/financials/write/"
    assert client.post(other, {"packed": packed}).status_code == 422
    assert figures(world) == {}


def test_a_pasted_table_is_looked_at_then_written(client: Client, world: World) -> None:
    form = {"table": PASTE, "unit": "億円", "source": "決算短信", "as_of": "2026-05-12"}
    answer = client.post(url(world, "paste/"), form)
    assert figures(world) == {}
    write(client, world, answer)
    assert figures(world)["25/3期 revenue"] == (145_500_000_000, "known")
    assert figures(world)["26/3期 operating_profit"] == (None, "undisclosed")
    with tenant_scope(world.tenant()):
        assert set(FinancialPeriod.objects.values_list("source", flat=True)) == {"決算短信"}


def test_a_paste_that_cannot_be_read_keeps_what_was_pasted(client: Client, world: World) -> None:
    answer = client.post(url(world, "paste/"), {"table": "\t27/3\n売上高\t<b>約40</b>", "unit": "億円"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "1行目2列目: 27/3期はまだ終わっていません" in text
    assert "&lt;b&gt;約40&lt;/b&gt;" in text and "<b>約40" not in text


def test_mixed_units_are_warned_of(client: Client, world: World) -> None:
    form = {"table": "\t25/3\t26/3\n売上高\t1,455\t148,300\n", "unit": "百万円"}
    assert "単位が混ざっていないか" in client.post(url(world, "paste/"), form).content.decode()


def test_a_period_is_added_by_hand_and_filled_in_place(client: Client, world: World) -> None:
    assert client.post(url(world, "periods/"), {"period": "26/3"}).status_code == 303
    assert edit(client, world, "revenue", "12億円").status_code == 200
    assert edit(client, world, "sga", "未開示").status_code == 200
    assert figures(world)["26/3期 revenue"] == (1_200_000_000, "known")
    assert figures(world)["26/3期 sga"] == (None, "undisclosed")
    assert figures(world)["26/3期 cash"] == (None, "unknown")


@pytest.mark.parametrize(
    ("typed", "said"), [("99/3", "まだ終わっていません"), ("-2026/3", "26/3 のように"), ("26/3\x00", "NUL")]
)
def test_a_period_that_cannot_be_is_refused(client: Client, world: World, typed: str, said: str) -> None:
    answer = client.post(url(world, "periods/"), {"period": typed})
    assert answer.status_code == 422 and said in answer.content.decode()


def test_a_negative_balance_is_refused_in_words_and_a_loss_is_not(client: Client, world: World) -> None:
    client.post(url(world, "periods/"), {"period": "26/3"})
    refused = edit(client, world, "assets", "-5")
    assert refused.status_code == 422 and "マイナスになりません" in refused.json()["message"]
    assert edit(client, world, "operating_profit", "△5").status_code == 200


def test_what_was_undisclosed_stands_in_the_history_and_is_put_back(client: Client, world: World) -> None:
    client.post(url(world, "periods/"), {"period": "26/3"})
    edit(client, world, "revenue", "未開示")
    edit(client, world, "revenue", "12億円", "未開示")
    html = client.get(f"/t/midori/accounts/{world.account_id()}/history/").content.decode()
    table = re.sub(r"<[^>]+>|\s", "", html.split('<div class="sheet')[1])
    assert "金額(百万円)空欄→未開示" in table and "金額(百万円)未開示→1,200" in table
    path = re.search(r'hx-get="([^"]+)"[^>]*aria-label="[^"]*金額\(百万円\)を前の値に戻す"', html)
    assert path
    assert client.post(path[1].replace("&amp;", "&"), {"base": "1,200"}).status_code == 200
    assert figures(world)["26/3期 revenue"] == (None, "undisclosed")


def test_a_deleted_period_comes_back_unless_another_took_its_place(client: Client, world: World) -> None:
    client.post(url(world, "periods/"), {"period": "26/3"})
    with tenant_scope(world.tenant()):
        pk = FinancialPeriod.objects.get().pk
    client.post(f"/t/midori/delete/financial_period/{pk}/")
    assert figures(world) == {}
    client.post(url(world, "periods/"), {"period": "26/3"})
    answer = client.post(f"/t/midori/restore/financial_period/{pk}/")
    assert answer.status_code < 400
    assert "この決算期は、もう表にあります" in client.get(url(world)).content.decode()
