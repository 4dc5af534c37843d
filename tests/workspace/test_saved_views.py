import re

from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World
from workspace.models import SavedView

LIST = "/t/midori/accounts/"
ADD = "/t/midori/views/"


def test_a_view_is_saved_shown_shared_and_taken_away(world: World, sign_in) -> None:
    client, colleague = sign_in(world.csm), sign_in(world.member("second-csm"))
    answer = client.post(
        ADD, {"name": "春の表示", "view": "team", "month": ["3"], "q": "百貨", "sort": "arr"}
    )
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).content.decode()
    assert re.search(r'aria-current="page"[^>]*>春の表示', page) and "東都百貨店" in page
    assert "春の表示" not in colleague.get(LIST).content.decode()

    client.post(ADD, {"name": "春の表示", "view": "team", "month": ["3"], "is_shared": "on"})
    assert "春の表示" in colleague.get(LIST).content.decode()
    with tenant_scope(world.tenant()):
        (view,) = SavedView.objects.all()
    assert view.query == "view=team&month=3"
    assert colleague.post(f"{ADD}{view.pk}/remove/").status_code == 404

    assert client.post(f"{ADD}{view.pk}/remove/").status_code == 303
    page = client.get(LIST).content.decode()
    undo = re.search(r'data-undo="([^"]+)"', page)[1].replace("&amp;", "&")
    assert not re.search(r"<a[^>]*>春の表示", page)
    client.post(undo)
    assert re.search(r"<a[^>]*>春の表示", colleague.get(LIST).content.decode())


def test_a_view_needs_a_name(world: World, sign_in) -> None:
    assert sign_in(world.member(Role.VIEWER)).post(ADD, {"name": " "}).status_code == 422
