"""Locks that are lines of code: where each stands, what is there without it, and the tests that must notice."""

from dataclasses import dataclass

EDITING = "tests/tenants/test_editing.py"
AUTOSAVE = "tests/attacks/test_autosave.py"
LOCKS = "tests/tenants/test_locks.py"
MATRIX = "tests/test_every_url.py"
STRANGERS = "tests/test_strangers.py"


@dataclass(frozen=True)
class Line:
    """``old`` stands once in ``file``; ``tests`` are paths, pytest names or ``-k`` words."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


LINES = (
    # ── who comes in
    Line("a stranger is let in", "tenants/middleware.py", "active().of(request.user).filter(tenant__slug=slug)", "active().filter(tenant__slug=slug)", (STRANGERS, "-k", "contract")),
    Line("a removed member is let in", "tenants/models/membership.py", "removed_at__isnull=True, user__is_active=True", "user__is_active=True", (STRANGERS, "-k", "contract")),
    Line("an error is committed", "tenants/middleware.py", "if response.status_code >= 400:", "if response.status_code >= 600:", (LOCKS,)),
    Line("answers may be kept by caches", "tenants/middleware.py", '"private, no-store"', '"public"', (LOCKS,)),
    Line("an admin without a second factor", "tenants/middleware.py", "settings.ADMINS_NEED_SECOND_FACTOR\n", "settings.ADMINS_NEED_SECOND_FACTOR and False\n", (LOCKS,)),
    Line("forms of other sites", "cs_planner/settings.py", '    "django.middleware.csrf.CsrfViewMiddleware",\n', "", (LOCKS,)),
    Line("half a request", "cs_planner/settings.py", '    "tenants.whole_requests.WholeRequestMiddleware",\n', "", ("tests/tenants/test_whole_requests.py",)),
    Line("sessions never end", "cs_planner/settings.py", '    "tenants.sign_in.sessions.SessionAgeMiddleware",\n', "", ("tests/tenants/sign_in", "-k", "session or week or hours")),
    Line("the tenant before the person", "cs_planner/settings.py", '    "django.contrib.auth.middleware.AuthenticationMiddleware",\n', "", (EDITING, "-k", "says_what_stands")),
    Line("passwords may be guessed", "tenants/sign_in/lock.py", "TRIES = 10", "TRIES = 10_000", ("tests/tenants/sign_in", "-k", "ten or wrong or lock")),
    Line("sign-in leads anywhere", "tenants/sign_in/adapter.py", "    def is_open_for_signup(", "    def is_safe_url(self, url: str) -> bool:\n        return True\n\n    def is_open_for_signup(", (LOCKS,)),
    Line("a token outlives its member", "tenants/api/door.py", "Membership.objects.active().filter(pk=token.member_id)", "Membership.objects.select_related('tenant', 'user').filter(pk=token.member_id)", ("tests/api/test_door.py",)),
    # ── whose rows
    Line("statements without the tenant", "tenants/scope.py", "        tenant_id = current_tenant_id()\n        sql, params", "        tenant_id = scope_or_none() and current_tenant_id()\n        sql, params", ("tests/test_catalogue.py", "-k", "outside_a_scope and Account")),
    Line("a tenant that stays bound", "tenants/scope.py", "            if nested:\n                bind(outer)\n", "", (LOCKS,)),
    Line("rows that change their tenant", "tenants/scope.py", 'if {"tenant", "tenant_id"} & values.keys():', "if not values:", (LOCKS,)),
    Line("members of other tenants by id", "tenants/permissions.py", "pk=UUID(str(pk)), tenant=current_tenant_id()", "pk=UUID(str(pk))", (MATRIX, "-k", "members and (role or removal)")),
    Line("contributors see everything", "tenants/permissions.py", "if found is None or not sees(member, found):", "if found is None:", (MATRIX, "-k", "test_each_person and contract")),
    # ── who may
    Line("a record's own permission", "tenants/permissions.py", "            require(name, found)\n", "", (MATRIX, "-k", "test_each_person and contract")),
    Line("a permission without a record", "tenants/permissions.py", "                require(name)\n", "                pass\n", (MATRIX, "-k", "test_each_person and members")),
    Line("a field's own permission", "tenants/views/editing.py", "            require(field.action, record)\n", "            pass\n", (EDITING,)),
    Line("any field", "tenants/views/editing.py", "if key not in found.fields:", "if not key:", (EDITING,)),
    Line("a view that declares nothing", "tenants/middleware.py", "if hasattr(request, \"member\") and not declares:", "if False:", (LOCKS,)),
    # ── what was written
    Line("the version is not asked", "tenants/editing/saving.py", "filter(pk=record.pk, version=record.version)", "filter(pk=record.pk)", (AUTOSAVE, EDITING, LOCKS)),
    Line("what others wrote is not asked", "tenants/editing/saving.py", "(base is None or stands in (base, own))", "True", (EDITING,)),
    Line("late saves are taken", "tenants/editing/saving.py", "WHERE tenants_editormark.seq < excluded.seq", "WHERE true", (EDITING,)),
    Line("one's own text for ever", "tenants/editing/saving.py", "CASE WHEN old.seq > %s THEN old.value END", "CASE WHEN old.seq > %s - 1000 THEN old.value END", (EDITING,)),
    Line("asked again, saved again", "tenants/editing/saving.py", "Turn.AGAIN if row and row[0] else Turn.LATE", "Turn.LATE", (EDITING,)),
    Line("a key that is not claimed", "tenants/once.py", "if not _claim(key, digest):", "if _claim(key, digest) is None:", (AUTOSAVE,)),
    Line("another form under the same key", "tenants/once.py", "if done.body_hash != digest:", "if not done.body_hash:", (LOCKS,)),
    Line("a note that is made twice", "accounts/views/activities.py", "@once\n", "", (AUTOSAVE,)),
    Line("words that run", "templates/ui/conflict.html", '{{ mine|default:_("空欄") }}', "{{ mine|safe }}", (EDITING,)),
    Line("formulas in CSV", "ui/exports.py", "(value.startswith(RISKY) or value.lstrip(BEFORE).startswith(RISKY))", "value == RISKY", ("tests/attacks/test_formulas.py",)),
    Line("formulas in workbooks", "ui/exports.py", '    cell.data_type = "s"\n', "", ("tests/attacks/test_formulas.py",)),
    # ── imports, jobs, rules, backups
    Line("a line too far", "accounts/importing/csv_reader.py", "            yield Record(line, cells)", "            yield Record(line + 1, cells)", ("tests/accounts/importing/test_csv_reader.py",)),
    Line("files of any width", "accounts/importing/limits.py", "COLUMNS = 500", "COLUMNS = 500_000_000", ("tests/accounts/importing",)),
    Line("anybody's lease", "tenants/jobs/claiming.py", "pk=slot.pk, worker=slot.worker, state", "pk=slot.pk, state", ("tests/tenants/jobs",)),
    Line("the same work twice at once", "tenants/jobs/claiming.py", "~Exists(JobSlot.objects.filter(state=SlotState.RUNNING, **same)), ", "", ("tests/tenants/jobs", "tests/attacks/test_jobs_again.py")),
    Line("work that is tried for ever", "tenants/jobs/claiming.py", "ATTEMPTS = 5", "ATTEMPTS = 5_000", ("tests/tenants/jobs",)),
    Line("what lost its reason stays open", "ctas/firing.py", "    if not gone:\n        return 0\n", "    return 0\n", ("tests/ctas/test_night.py", "tests/ctas/rules")),
    Line("the same call twice", "ctas/firing.py", ".filter(~Exists(same.exclude(status=Status.RESOLVED)))", "", ("tests/ctas",)),
    Line("a backup by a role that sees nothing", "tenants/backups/taking.py", "    if not sees_everything:", "    if name is None:", ("tests/attacks/test_restore.py",)),
    Line("a role that passes row-level security", "tenants/readiness.py", 'return f"passes row-level security as {passing[0][0]}" if passing else ""', 'return ""', ("tests/tenants/test_readiness.py", "tests/tenants/test_operators.py", "tests/attacks/test_unsafe_roles.py")),
)  # fmt: skip
