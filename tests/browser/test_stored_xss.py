"""Markup and script in every text of every record: each page and fragment shows it as text, and runs nothing."""

from typing import Any

import pytest
from django.conf import settings

from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.attacks.poison import poisoned_world
from tests.test_query_counts import pages
from tests.world import World

# Short fields hold only the beginning, so each payload begins with what would already leave a trace.
PAYLOADS = {
    "markup": """"'><b data-pwn></textarea></script></title></style></template>--><img data-pwn src=x onerror=pwn()>"""
    """<svg data-pwn onload=pwn()><iframe data-pwn srcdoc="<script>parent.pwn()</script>"></iframe>"""
    """<div data-pwn hx-get="/x" hx-trigger="load" hx-on:load="pwn()"></div><script data-pwn>pwn()</script>""",
    "address": """javascript:pwn()//"data-pwn onmouseover=pwn() autofocus onfocus=pwn() x='data-pwn' [x](javascript:pwn()) """
    """![x](x"onerror=pwn()) <javascript:pwn()> [y](data:text/html,<script>pwn()</script>) <b data-pwn>""",
}
WATCH = """
window.reports = []; window.pwn = () => window.reports.push('EXECUTED');
document.addEventListener('securitypolicyviolation', e => window.reports.push(`${e.violatedDirective} ${e.blockedURI}`));
"""
TRACES = """() => {
  const found = [...document.querySelectorAll('[data-pwn]')].map(e => e.outerHTML.slice(0, 120));
  for (const element of document.querySelectorAll('*'))
    for (const {name, value} of element.attributes)
      if (/^on|^hx-on/.test(name) || /^\\s*(javascript|data:text)/i.test(value) && /^(href|src|action|formaction|hx-get|hx-post|srcdoc)$/.test(name))
        found.push(`${element.tagName} ${name}=${value.slice(0, 80)}`);
  return [...found, ...window.reports];
}"""


@pytest.mark.parametrize(("kind", "role"), [("markup", Role.ADMIN), ("address", Role.CSM)])
def test_no_text_of_a_record_runs_or_becomes_markup(
    browser: Any, live_server: Any, sign_in: Any, world: World, kind: str, role: Role
) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        rows, fields = poisoned_world(world, lambda n: PAYLOADS[kind])
    client = sign_in(world.member(role))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context = browser.new_context(locale="ja-JP")
    context.add_init_script(WATCH)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page, faults, showing = context.new_page(), [], 0
    for _name, door, path in pages(world, rows):
        answer = client.get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            page.goto(f"{live_server.url}{path}")
            faults += [f"{door.route}: {trace}" for trace in page.evaluate(TRACES)]
            showing += "data-pwn" in page.content()
    context.close()
    assert faults == []
    assert len(fields) > 30, fields
    assert showing > 15
