import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Account, Import
from tenants import jobs
from tenants.models import JobSlot
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.accounts.importing.files import edinet_csv, edinet_row, number
from tests.accounts.importing.test_pipeline import CLOSING, NUMBER

HERE = "/t/midori/imports/"
ROWS = [edinet_row(n) for n in range(1, 9)]


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def admin(world, sign_in):
    return sign_in(world.member(Role.ADMIN))


def upload(client, rows, name="list.csv"):
    """Post the file, let the jobs run, give the page's address."""
    data = rows if isinstance(rows, bytes) else edinet_csv(rows)
    answer = client.post(f"{HERE}new/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 303
    jobs.work(watched=False)
    return answer.headers["Location"]


def post(client, url, **data):
    answer = client.post(url, data)
    assert answer.status_code == 200
    jobs.work(watched=False)
    return client.get(url.rsplit("/", 2)[0] + "/").content.decode()


def in_midori(world):
    return tenant_scope(world.tenant())


def test_the_whole_way_and_back(admin, world):
    url = upload(admin, ROWS)
    page = admin.get(url).content.decode()
    assert "8行を読み取りました" in page
    assert "8社を取り込む" in page
    assert "決算日が空です" in page
    page = post(admin, f"{url}application/", stage="onboarding", csm_how="none", ask_unknowns="on")
    assert "8社を取り込みました" in page
    with in_midori(world):
        assert Account.objects.get(edinet_code="E00001").stage == "onboarding"
    page = post(admin, f"{url}reversal/")
    assert "元に戻しました" in page
    with in_midori(world):
        assert not Account.objects.filter(edinet_code__isnull=False).exists()


def test_nothing_is_written_before_it_is_asked_for(admin, world):
    upload(admin, ROWS)
    with in_midori(world):
        assert not Account.objects.filter(edinet_code__isnull=False).exists()


def test_one_csm_for_the_new_ones(admin, world):
    url = upload(admin, ROWS[:2])
    csm = world.member(Role.CSM)
    post(admin, f"{url}application/", stage="live", csm_how="one", csm=str(csm.pk))
    with in_midori(world):
        assert Account.objects.get(edinet_code="E00001").csm == csm


def test_a_column_may_be_left_out_and_the_choice_is_remembered(admin, world):
    url = upload(admin, ROWS[:2])
    post(admin, f"{url}columns/", target9="")
    post(admin, f"{url}application/", stage="live", csm_how="none")
    with in_midori(world):
        assert Account.objects.get(edinet_code="E00001").address == ""
    page = admin.get(upload(admin, ROWS[:2])).content.decode()
    assert "前回のとおり" in page


def test_rows_are_settled_in_the_dry_run(admin, world):
    rows = [
        edinet_row(1, **{NUMBER: "1" + number(7)[1:]}),
        edinet_row(2),
        edinet_row(3, **{NUMBER: number(100001000002)}),
        edinet_row(4, **{CLOSING: "毎月"}),
    ]
    url = upload(admin, rows)
    page = admin.get(url).content.decode()
    assert "法人番号の検査数字が合いません" in page
    assert "4行を使う" in page
    page = post(admin, f"{url}corrections/", drop="5")
    assert "同じ番号を名乗る行があります" not in page
    page = post(admin, f"{url}corrections/", line="3", column="12", value="")
    page = post(admin, f"{url}corrections/", line="6", column="5", value="3月末")
    assert "3社を取り込む" in page


def test_a_change_is_shown_and_can_be_refused(admin, world):
    post(admin, f"{upload(admin, ROWS[:1])}application/", stage="live", csm_how="none")
    with in_midori(world):
        pair = f"{Account.objects.get(edinet_code='E00001').pk}:name"
    url = upload(admin, [edinet_row(1, 提出者名="新しい商事")])
    page = admin.get(url).content.decode()
    assert "<del>㈱髙島第1商事</del>→<ins>新しい商事</ins>" in page
    post(admin, f"{url}application/", shown=pair)
    with in_midori(world):
        assert Account.objects.get(edinet_code="E00001").name == "㈱髙島第1商事"


def test_findings_as_a_file_no_spreadsheet_runs(admin):
    url = upload(admin, [edinet_row(1, **{CLOSING: "=1+1"})])
    text = admin.get(f"{url}findings.csv").content.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "closing_unreadable" in text


def test_an_unreadable_file_says_what_to_do(admin):
    page = admin.get(upload(admin, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.xls")).content.decode()
    assert "古い形式のExcelファイルです" in page
    assert "Excelブック" in page


def test_an_encoding_is_asked_for(admin, world):
    url = upload(admin, "社名,決算月\n高島屋,3月\n".encode("euc_jp"))
    assert "高島屋,3月" in admin.get(url).content.decode()
    assert "1行を読み取りました" in post(admin, f"{url}reading/", encoding="euc_jp")


def test_while_it_works_the_page_looks_again_and_can_stop(admin, world):
    url = upload(admin, ROWS)
    admin.post(f"{url}application/", {"stage": "live"})
    page = admin.get(url).content.decode()
    assert 'hx-trigger="every 1s"' in page
    admin.post(f"{url}stop/")
    jobs.work(watched=False)
    page = admin.get(url).content.decode()
    assert "止めました。" in page
    with in_midori(world):
        assert not Account.objects.filter(edinet_code__isnull=False).exists()


def test_without_a_file_the_form_says_so(admin):
    answer = admin.post(f"{HERE}new/", {})
    assert answer.status_code == 422
    assert "ファイルを選んでください" in answer.content.decode()


def test_what_was_taken_in_is_listed(admin):
    upload(admin, ROWS)
    assert "list.csv" in admin.get(HERE).content.decode()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CSM, Role.VIEWER])
def test_only_admins_take_in(role, world, sign_in):
    client = sign_in(world.member(role))
    assert client.get(HERE).status_code == 403
    assert client.post(f"{HERE}new/", {}).status_code == 403


def test_another_tenant_does_not_find_it(admin, world, sign_in):
    url = upload(admin, ROWS)
    stranger = sign_in(world.member(Role.ADMIN, "aoba"))
    assert stranger.get(url).status_code == 404
    assert stranger.get(url.replace("midori", "aoba")).status_code == 404


def test_a_right_lost_meanwhile_stops_the_job(admin, world):
    url = upload(admin, ROWS)
    admin.post(f"{url}application/", {"stage": "live"})
    member = world.member(Role.ADMIN)
    type(member).objects.filter(pk=member.pk).update(role=Role.VIEWER)
    jobs.work(watched=False)
    with in_midori(world):
        assert not Account.objects.filter(edinet_code__isnull=False).exists()
        assert Import.objects.get().state == "applying"


def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_one_finishes(admin, world, monkeypatch):
    url = upload(admin, [edinet_row(n) for n in range(1, 1_500)])
    admin.post(f"{url}application/", {"stage": "live"})
    calls = []

    def die_in_the_second_chunk(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise ConnectionError("the connection is gone")

    with monkeypatch.context() as patched:
        patched.setattr("accounts.importing.facts.note", die_in_the_second_chunk)
        jobs.work(watched=False)
    assert len(calls) == 2
    with in_midori(world):
        assert not Account.objects.filter(edinet_code__isnull=False).exists()
    assert "途中で止まりました" in admin.get(url).content.decode()
    JobSlot.objects.filter(job="import.write").update(due_at=timezone.now())
    jobs.work(watched=False)
    with in_midori(world):
        assert Account.objects.filter(edinet_code__isnull=False).count() == 1_499
