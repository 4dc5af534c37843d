"""Fields of the tenant's own sheet in a file: found by their name, read by their kind, undone like any column."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.importing import batches
from accounts.models import Account, Fact, Import, ImportFinding, Resolution
from accounts.models.imports import ImportState
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World


@pytest.fixture(autouse=True)
def _uploads(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def scope(world: World) -> Any:
    admin = world.member(Role.ADMIN)
    with tenant_scope(admin.tenant, member=admin):
        yield admin


def look(admin: Any, *lines: str) -> Import:
    data = "\n".join(("社名,外部ID,事業内容,組織力学", *lines)).encode()
    batch = batches.keep(SimpleUploadedFile("list.csv", data), "accounts", admin, choices={"stage": "live"})
    batches.read(batch)
    return batch


def take_in(admin: Any, *lines: str) -> Import:
    batch = look(admin, *lines)
    assert batch.state == ImportState.CHECKED, batch.problem
    batch.state = ImportState.APPLYING
    batches.write(batch)
    return batch


def values(external_id: str) -> dict[str, str]:
    rows = Fact.objects.filter(account__external_id=external_id).exclude(value="")
    return dict(rows.values_list("field_key", "value"))


def test_new_and_known_accounts_take_the_values_with_their_source(scope: Any) -> None:
    first = take_in(scope, "見本商事,X1,卸売,合議で決めてから動く", "見本物産,X2,,")
    assert first.summary["new"] == 2
    assert values("X1") == {"business": "卸売", "dynamics": "合議で決めてから動く"}
    assert values("X2") == {}
    fact = Fact.objects.get(account__external_id="X1", field_key="business")
    assert (fact.origin, fact.source, fact.state) == ("import", "list.csv", "known")
    again = take_in(scope, "見本商事,X1,卸売と小売,合議で決めてから動く", "見本物産,X2,物流,")
    assert (again.summary["changed"], again.summary["fields"]["business"]) == (2, 2)
    assert (values("X1")["business"], values("X2")) == ("卸売と小売", {"business": "物流"})
    same = take_in(scope, "見本商事,X1,卸売と小売,合議で決めてから動く")
    assert (same.summary["changed"], same.summary["same"]) == (0, 1)


def test_what_a_person_wrote_stays(scope: Any) -> None:
    take_in(scope, "見本商事,X1,卸売,")
    Fact.objects.filter(account__external_id="X1", field_key="business").update(
        origin="hand", value="専門商社"
    )
    batch = take_in(scope, "見本商事,X1,小売,")
    assert batch.summary["kept"]["business"] == 1
    assert values("X1") == {"business": "専門商社"}


def test_undo_gives_back_what_stood_there(scope: Any) -> None:
    take_in(scope, "見本商事,X1,卸売,")
    batch = take_in(scope, "見本商事,X1,小売,現場から広がる")
    assert values("X1") == {"business": "小売", "dynamics": "現場から広がる"}
    batch.state = ImportState.UNDOING
    batches.take_back(batch)
    assert values("X1") == {"business": "卸売"}


def test_a_choice_nobody_knows_is_a_finding(scope: Any) -> None:
    batch = look(scope, "見本商事,X1,卸売,気分で動く")
    found = ImportFinding.objects.filter(of=batch).values_list("line", "code")
    assert (2, "choice_unknown") in list(found)


def test_what_an_import_brings_is_counted(scope: Any) -> None:
    take_in(scope, "見本商事,X1,,")
    account = Account.objects.get(external_id="X1")
    before = Resolution.objects.get(account=account).known
    take_in(scope, "見本商事,X1,卸売,")
    assert Resolution.objects.get(account=account).known == before + 1
