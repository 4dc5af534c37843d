"""Drafts: every page keeps its own, none is written over, and a note leaves nothing of its draft behind."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Activity, NoteDraft
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World


class Page:
    """One open page with a form for notes."""

    def __init__(self, client: Client, world: World, draft: str = "", version: int = 0) -> None:
        self.client, self.name, self.seq = client, uuid4().hex, 0
        self.base = f"/t/midori/accounts/{world.account_id()}"
        self.draft, self.version = draft or str(uuid4()), version

    def types(self, text: str, **more: Any) -> int:
        self.seq += 1
        form = {
            "draft": self.draft,
            "page": self.name,
            "seq": self.seq,
            "version": self.version,
            "text": text,
        }
        answer = self.client.post(f"{self.base}/draft/", {**form, **more})
        if answer.status_code == 200:
            self.version = answer.json()["version"]
        return answer.status_code

    def notes(self, text: str) -> Any:
        return self.client.post(f"{self.base}/notes/", {"text": text, "draft": self.draft})

    def again(self) -> str:
        return self.client.get(f"{self.base}/timeline/").content.decode()


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def kept(world: World) -> list[str]:
    with tenant_scope(world.tenant()):
        rows = NoteDraft.objects.filter(settled_at=None).order_by("created_at")
        return list(rows.values_list("text", flat=True))


def test_what_was_typed_is_there_after_a_reload(client: Client, world: World) -> None:
    page = Page(client, world)
    page.types("若槻さんと15分", insight="回収期間の見方", kind="call", persons=["x"])
    shown = page.again()
    assert "若槻さんと15分</textarea>" in shown
    assert 'value="回収期間の見方"' in shown
    assert f'name="draft" value="{page.draft}"' in shown
    assert 'name="kind" value="call" checked' in shown


def test_two_pages_never_write_over_each_other(client: Client, world: World) -> None:
    first = Page(client, world)
    first.types("ひとつめ")
    second = Page(client, world, first.draft, first.version)  # the same draft, opened in another tab
    first.types("ひとつめの続き")
    assert second.types("ふたつめ") == 409
    second.draft, second.version = str(uuid4()), 0
    assert second.types("ふたつめ") == 200
    assert kept(world) == ["ひとつめの続き", "ふたつめ"]
    assert "続きを書く" in first.again()


def test_a_page_goes_on_with_the_draft_of_a_page_that_is_gone(client: Client, world: World) -> None:
    gone = Page(client, world)
    gone.types("書きかけ")
    heir = Page(client, world, gone.draft, gone.version)
    assert heir.types("書きかけの続き") == 200
    assert gone.types("遅れて届いた") == 409
    assert kept(world) == ["書きかけの続き"]


def test_a_late_save_of_the_same_page_does_not_undo_a_newer_one(client: Client, world: World) -> None:
    page = Page(client, world)
    page.types("いちばん新しい")
    page.seq -= 2
    assert page.types("古い") == 200
    assert kept(world) == ["いちばん新しい"]


def test_a_note_takes_its_draft_along_and_a_late_save_makes_no_ghost(client: Client, world: World) -> None:
    page = Page(client, world)
    page.types("電話")
    page.notes("電話した")
    assert page.types("電話し") == 409
    assert kept(world) == []
    with tenant_scope(world.tenant()):
        assert not NoteDraft.objects.exclude(text="").exists()
        assert Activity.objects.get().title == "電話した"


def test_a_save_that_arrives_after_the_note_it_belongs_to_is_not_taken(client: Client, world: World) -> None:
    page = Page(client, world)
    page.notes("電話した")
    assert page.types("電話し") == 409
    assert kept(world) == []


def test_a_draft_thrown_away_comes_back(client: Client, world: World) -> None:
    page = Page(client, world)
    page.types("捨てるかも")
    client.post(f"/t/midori/drafts/{page.draft}/discard/")
    assert kept(world) == []
    assert "捨てるかも" not in page.again()
    client.post(f"/t/midori/drafts/{page.draft}/restore/")
    assert kept(world) == ["捨てるかも"]


def test_nobody_reads_or_takes_another_persons_draft(client: Client, world: World, sign_in: Any) -> None:
    page = Page(client, world)
    page.types("まだ人に見せない")
    boss = sign_in(world.member(Role.MANAGER))
    assert "まだ人に見せない" not in Page(boss, world).again()
    assert Page(boss, world, page.draft, page.version).types("乗っ取り") == 409
    assert boss.post(f"/t/midori/drafts/{page.draft}/discard/").status_code == 403
    stranger = sign_in(world.member(Role.CSM, "aoba"))
    assert stranger.post(f"/t/aoba/drafts/{page.draft}/discard/").status_code == 404
    base = f"/t/aoba/accounts/{world.account_id('foreign')}/draft/"
    theirs = {"draft": page.draft, "page": "p", "seq": "1", "text": "よその会社"}
    assert stranger.post(base, theirs).status_code == 409
    assert kept(world) == ["まだ人に見せない"]


def test_an_empty_draft_is_not_offered(client: Client, world: World) -> None:
    page = Page(client, world)
    page.types("")
    assert "続きを書く" not in Page(client, world).again()
