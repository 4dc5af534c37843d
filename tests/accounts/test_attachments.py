"""Files of a customer: known by content, given out as downloads to whoever may see the account, gone with their row."""

import os
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import attachments
from accounts.models import Activity, Attachment, Ringi
from success_plans.models import ActionItem
from tenants.erasing.tenant import folders_of
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.api.program import Program
from tests.world import World

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def _uploads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def url(world: World, rest: str = "", which: str = "mine") -> str:
    return f"/t/midori/accounts/{world.account_id(which)}/files/{rest}"


def put(
    client: Client, world: World, name: str = "稟議の写し.pdf", content: bytes = PDF, at: str = ""
) -> Any:
    return client.post(url(world, "add/"), {"file": SimpleUploadedFile(name, content), "at": at})


def kept(world: World) -> Attachment:
    with tenant_scope(world.tenant()):
        return Attachment.objects.get()  # type: ignore[no-any-return]


def zipped(*names: str) -> bytes:
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


WORD = zipped("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("写し.PDF", PDF),
        ("提案.docx", WORD),
        ("試算.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml")),
        ("図.png", b"\x89PNG\r\n\x1a\n0000"),
        ("写真.jpeg", b"\xff\xd8\xff\xe0rest"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"),
        ("一覧.csv", "社名,よみ\n東都,トウト\n".encode("cp932")),
        ("長い.txt", ("議事" * 40_000).encode()),
    ],
)
def test_what_is_kept_comes_back_as_it_was(client: Client, world: World, name: str, content: bytes) -> None:
    assert put(client, world, name, content).status_code == 303
    found = kept(world)
    assert (found.name, found.size) == (name, len(content))
    answer = client.get(f"/t/midori/attachments/{found.pk}/")
    assert answer.content == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert name not in found.stored_as


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("ページ.html", b"<script>alert(1)</script>", "この種類のファイルは置けません"),
        ("図.svg", b"<svg onload='alert(1)'/>", "この種類のファイルは置けません"),
        ("一式.zip", WORD, "この種類のファイルは置けません"),
        ("実行.exe", b"MZ\x90\x00", "この種類のファイルは置けません"),
        ("名前だけ.pdf", b"MZ\x90\x00", "中身が"),
        ("ただの圧縮.docx", zipped("a.exe"), "中身が"),
        ("表.docx", zipped("[Content_Types].xml", "xl/workbook.xml"), "中身が"),
        ("マクロ.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "中身が"),
        ("壊れた.docx", b"PK\x03\x04nothing", "中身が"),
        ("文.txt", b"\x00\x01\x02\xff", "中身が"),
        ("空.txt", b"", "空です"),
    ],
)
def test_what_is_not_kept_is_told_why_and_leaves_nothing(
    client: Client, world: World, name: str, content: bytes, words: str
) -> None:
    answer = put(client, world, name, content)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    with tenant_scope(world.tenant()):
        assert not Attachment.objects.exists()
        assert not default_storage.exists(attachments.folder())


def test_twenty_megabytes_are_the_most_said_before_and_after(client: Client, world: World) -> None:
    assert "20.0 MB" in client.get(url(world)).content.decode().replace("\xa0", " ")
    answer = put(client, world, content=PDF.ljust(attachments.LARGEST + 1, b"\n"))
    shown = answer.content.decode().replace("\xa0", " ")
    assert (answer.status_code, "20.0 MBまでです" in shown) == (422, True)
    assert put(client, world, content=PDF.ljust(attachments.LARGEST, b"\n")).status_code == 303


@pytest.mark.parametrize(
    ("given", "kept_as"),
    [("../../etc/写し.pdf", "写し.pdf"), ("C:\\社外秘\\写し.pdf", "写し.pdf"), ("a\u202e\nb.pdf", "ab.pdf")],
)
def test_a_name_is_only_a_name(given: str, kept_as: str) -> None:
    assert attachments.named(given) == kept_as


def test_a_new_name_keeps_the_kind_of_file(client: Client, world: World) -> None:
    put(client, world)
    edit = f"/t/midori/edit/attachment/{kept(world).pk}/"
    client.post(edit, {"field": "name", "value": "悪い.exe", "base": "稟議の写し.pdf"})
    assert kept(world).name == "悪い.exe.pdf"
    with pytest.raises(ValidationError):
        attachments.renamed("  ", kept(world))


def test_a_file_hangs_on_a_record_or_a_ringi_of_its_own_account(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        record, ringi = make.row(Activity, world.account()), make.row(Ringi, world.account())
        stranger = make.row(Activity, world.account("other"))
    for at in (f"activity:{stranger.pk}", "activity:x", "account:1", f"ringi:{record.pk}"):
        assert put(client, world, at=at).status_code == 422
    put(client, world, "記録.pdf", at=f"activity:{record.pk}")
    put(client, world, "写し.pdf", at=f"ringi:{ringi.pk}")
    with tenant_scope(world.tenant()):
        assert record.attachments.get().name == "記録.pdf"
        assert ringi.attachments.get().name == "写し.pdf"
    timeline = client.get(f"/t/midori/accounts/{world.account_id()}/timeline/").content.decode()
    assert "記録.pdf" in timeline
    assert ringi.title[:40] in client.get(url(world)).content.decode()


def test_who_may_not_see_the_account_gets_no_file(client: Client, world: World, sign_in: Any) -> None:
    put(client, world)
    path = f"/t/midori/attachments/{kept(world).pk}/"
    helper = world.member(Role.CONTRIBUTOR)
    assert sign_in(world.member(Role.VIEWER)).get(path).status_code == 200
    assert sign_in(helper).get(path).status_code == 404
    assert sign_in(world.member(Role.ADMIN, "aoba")).get(path.replace("midori", "aoba")).status_code == 404
    assert Client().get(path).status_code == 302
    with tenant_scope(world.tenant(), member=world.csm):
        make.row(ActionItem, world.account(), assignee=helper)
    assert sign_in(helper).get(path).status_code == 200
    for role, code in ((Role.VIEWER, 403), (Role.CONTRIBUTOR, 303), (Role.SALES, 303)):
        assert put(sign_in(world.member(role)), world).status_code == code


def test_deleted_it_lies_in_the_bin_and_comes_back(client: Client, world: World) -> None:
    put(client, world)
    found = kept(world)
    client.post(f"/t/midori/delete/attachment/{found.pk}/")
    assert client.get(f"/t/midori/attachments/{found.pk}/").status_code == 404
    with tenant_scope(world.tenant()):
        assert attachments.sweep(timezone.now() + timedelta(days=9)) == 0, "what lies in the bin is kept"
    client.post(f"/t/midori/restore/attachment/{found.pk}/")
    assert client.get(f"/t/midori/attachments/{found.pk}/").status_code == 200


def test_a_file_goes_with_its_row_and_one_on_its_way_stays(client: Client, world: World) -> None:
    put(client, world)
    put(client, world, "もう一つ.pdf")
    with tenant_scope(world.tenant(), actor="test"):
        first = Attachment.objects.order_by("pk")[0]
        Attachment.everything.filter(pk=first.pk).delete()
        yesterday = timezone.now() - timedelta(days=1)
        assert attachments.sweep(yesterday) == 0, "it may still be on its way"
        os.utime(default_storage.path(first.stored_as), (0, 0))
        assert attachments.sweep(yesterday) == 1
        assert not default_storage.exists(first.stored_as)
        assert default_storage.exists(Attachment.objects.get().stored_as)


def test_erasing_a_tenant_finds_its_files(client: Client, world: World) -> None:
    put(client, world)
    (folder,) = folders_of(world.tenant())
    assert [path.name for path in folder.iterdir()] == [Path(kept(world).stored_as).name]


def test_a_file_that_is_missing_is_a_page_that_is_missing(client: Client, world: World) -> None:
    put(client, world)
    default_storage.delete(kept(world).stored_as)
    assert client.get(f"/t/midori/attachments/{kept(world).pk}/").status_code == 404


def test_the_page_costs_the_same_with_many_files(client: Client, world: World) -> None:
    costs = []
    for count in (2, 40):
        with tenant_scope(world.tenant(), member=world.csm):
            for _n in range(count):
                make.row(Attachment, world.account(), activity=make.row(Activity, world.account()))
        client.get(url(world))
        with CaptureQueriesContext(connection) as captured:
            client.get(url(world))
        costs.append(len(captured))
    assert costs[0] == costs[1]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize("name", ["報告.doc", "表.xls", "資料.ppt"])
@pytest.mark.parametrize("entry", ["_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros"])
def test_old_documents_are_taken_without_macros_and_refused_with_them(name: str, entry: str) -> None:
    assert attachments.kind_of(name, BytesIO(OLE)).startswith("application/")
    late = OLE + bytes(70_000) + entry.encode("utf-16-le") + bytes(64)
    with pytest.raises(ValidationError, match="マクロを含む"):
        attachments.kind_of(name, BytesIO(late))


def sent(world: World, **more: Any) -> dict[str, Any]:
    return {
        "account": str(world.account_id()),
        "name": "写し.pdf",
        "content": b64encode(PDF).decode(),
        **more,
    }


def test_programs_put_files_and_read_them_back(world: World) -> None:
    program = Program(world.csm)
    with tenant_scope(world.tenant(), actor="test"):
        ringi = make.row(Ringi, world.account())
    answer = program("POST", "attachments", sent(world, ringi=str(ringi.pk)))
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json()
    assert (made["name"], made["size"], made["content_type"]) == ("写し.pdf", len(PDF), "application/pdf")
    assert (made["ringi"], made["added_by"]) == (str(ringi.pk), str(world.csm.pk))
    content = program("GET", f"attachments/{made['id']}/content")
    assert (content.status_code, content.content) == (200, PDF)
    assert content.headers["Content-Disposition"].startswith("attachment")
    listed = program("GET", f"attachments?ringi={ringi.pk}").json()["results"]
    assert [one["id"] for one in listed] == [made["id"]]
    renamed = program("PATCH", f"attachments/{made['id']}", {"name": "稟議"}, If_Match="*")
    assert renamed.json()["name"] == "稟議.pdf"
    assert program("DELETE", f"attachments/{made['id']}", If_Match="*").status_code == 204
    assert program("GET", f"attachments/{made['id']}/content").status_code == 404


@pytest.mark.parametrize(
    ("more", "key", "said"),
    [
        ({"content": "%%%"}, "content", "base64"),
        ({"content": b64encode(b"MZ\x90").decode()}, "content", "ファイルではありません"),
        ({"name": "x.exe"}, "content", "この種類のファイルは置けません"),
        ({"name": ""}, "name", ""),
        ({"ringi": "00000000-0000-0000-0000-000000000000"}, "ringi", "付ける先がありません"),
    ],
)
def test_programs_are_told_what_is_wrong_with_a_file(
    more: dict[str, str], key: str, said: str, world: World
) -> None:
    answer = Program(world.csm)("POST", "attachments", sent(world, **more))
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert fault["field"] == key and said in fault["message"]
    with tenant_scope(world.tenant()):
        assert not Attachment.everything.exists()


def test_programs_hang_a_file_on_one_thing_of_this_customer(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        mine = {"ringi": make.row(Ringi, world.account()), "activity": make.row(Activity, world.account())}
        others = make.row(Ringi, world.account("other"))
    both = sent(world, **{key: str(row.pk) for key, row in mine.items()})
    assert Program(world.csm)("POST", "attachments", both).status_code == 400
    assert Program(world.csm)("POST", "attachments", sent(world, ringi=str(others.pk))).status_code == 400


def test_whoever_may_not_write_puts_no_file_and_strangers_read_none(world: World) -> None:
    assert Program(world.member(Role.VIEWER))("POST", "attachments", sent(world)).status_code == 403
    made = Program(world.csm)("POST", "attachments", sent(world)).json()["id"]
    assert Program(world.member(Role.VIEWER))("GET", f"attachments/{made}/content").status_code == 200
    stranger = Program(world.member(Role.ADMIN, "aoba"))
    assert stranger("GET", f"attachments/{made}/content").status_code == 404


def test_a_ringi_shows_its_own_copies_and_where_to_put_one(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        ringi = make.row(Ringi, world.account(), title="基盤の導入")
        make.row(Ringi, world.account(), title="ほかの稟議")
    put(client, world, at=f"ringi:{ringi.pk}")
    text = client.get(f"/t/midori/accounts/{world.account_id()}/contracts/").content.decode()
    assert text.count("稟議の写し.pdf</a>") == 1
    assert f"/files/?at=ringi:{ringi.pk}#add" in text
    form = client.get(url(world), {"at": f"ringi:{ringi.pk}"}).content.decode()
    assert f'<option value="ringi:{ringi.pk}" selected>' in form
