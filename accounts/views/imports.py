"""Taking in a file: upload, look, decide, write, and take back. The steps themselves are jobs."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.importing import batches, mapping, showing, staging
from accounts.importing.decoding import CHOICES
from accounts.importing.findings import Finding
from accounts.importing.limits import FILE_BYTES
from accounts.importing.records import RECORD_TYPES
from accounts.importing.unfolding import Grid
from accounts.importing.words import Severity, message_of
from accounts.models import Import
from accounts.models.account import Stage
from accounts.models.imports import UNDO_DAYS, WORKING, ImportState
from tenants import jobs
from tenants.editing.fields import member_choices
from tenants.ids import id_in
from tenants.permissions import action
from tenants.requests import TenantRequest
from tenants.roles import Role
from ui.exports import CONTENT_TYPES, attachment, csv_file
from ui.pages import go, page

CSMS = (Role.CSM, Role.MANAGER, Role.ADMIN)
LATEST = 20


@action("account.import")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Choose a file; below, what was taken in before."""
    return page(request, "accounts/imports/index.html", _index_context())


@action("account.import")
@require_POST
def create(request: TenantRequest) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None or upload.size is None or upload.size > FILE_BYTES:
        wrong = (
            _("ファイルを選んでください")
            if upload is None
            else _("ファイルは100MBまでです。分けて取り込んでください")
        )
        return page(request, "accounts/imports/index.html", {**_index_context(), "wrong": wrong}, status=422)
    kind = request.POST.get("kind", "accounts")
    account = id_in(request.POST.get("account", ""))  # whose page the file was given to
    chosen = {"account": str(account)} if account else {}
    batch = batches.receive(upload, kind if kind in RECORD_TYPES else "accounts", request.member, **chosen)
    return go(request, _url(batch))


@action("account.import", Import)
@require_GET
def show(request: HttpRequest, batch: Import) -> HttpResponse:
    return _page(request, batch)


@action("account.import", Import)
@require_POST
def reading(request: HttpRequest, batch: Import) -> HttpResponse:
    """Read the file again, with the encoding or the sheet a person chose."""
    chosen = {name: request.POST.get(name, "") for name in ("encoding", "sheet")}
    if chosen["encoding"] and chosen["encoding"] not in CHOICES:
        return HttpResponse(status=400)
    if batch.stored_as and batch.state in (ImportState.ASKING, ImportState.CHECKED, ImportState.REFUSED):
        options = {**batch.options, **{name: value for name, value in chosen.items() if value}}
        batches.want(batch, ImportState.READING, options=options, corrections={}, problem={})
    return _page(request, batch)


@action("account.import", Import)
@require_POST
def columns(request: HttpRequest, batch: Import) -> HttpResponse:
    """Where each column goes; `proposed` forgets both choices and last time."""
    if batch.state == ImportState.CHECKED:
        if "proposed" in request.POST:
            found = staging.proposals(batch, staging.samples_of(batch), afresh=True)
            new = [staging.as_dict(each) for each in found]
        else:
            new = _chosen_columns(request, batch)
        batches.want(batch, ImportState.CHECKING, mapping=new, problem={})
    return _page(request, batch)


@action("account.import", Import)
@require_POST
def corrections(request: HttpRequest, batch: Import) -> HttpResponse:
    """One cell corrected or emptied, or lines left out because another one is right."""
    if batch.state == ImportState.CHECKED:
        new = dict(batch.corrections)
        line, number = request.POST.get("line", ""), request.POST.get("column", "")
        if line.isdecimal() and number.isdecimal():
            new[line] = {
                **(new.get(line) or {}),
                number: request.POST.get("value", "").replace("\x00", "")[:2000],
            }
        for other in request.POST.getlist("drop"):
            if other.isdecimal():
                new[other] = None
        batches.want(batch, ImportState.CHECKING, corrections=new, problem={})
    return _page(request, batch)


@action("account.import", Import)
@require_POST
def application(request: HttpRequest, batch: Import) -> HttpResponse:
    """Write it: with the stage and the CSM of new accounts, and the changes that were ticked."""
    if batch.state == ImportState.CHECKED:
        batches.want(
            batch,
            ImportState.APPLYING,
            choices={**batch.choices, **_choices(request)},
            stop_requested=False,
            problem={},
        )
    return _page(request, batch)


@action("account.import", Import)
@require_POST
def stop(request: HttpRequest, batch: Import) -> HttpResponse:
    """Ask the running import to stop; it keeps nothing then."""
    Import.objects.filter(pk=batch.pk, state=ImportState.APPLYING).update(stop_requested=True)
    return _page(request, batch)


@action("account.import", Import)
@require_POST
def retry(request: HttpRequest, batch: Import) -> HttpResponse:
    """Do the step now that a lost connection or a dead worker left undone."""
    if batch.state in WORKING:
        jobs.enqueue(batches.JOBS[ImportState(batch.state)], {"batch": str(batch.pk)})
    return _page(request, batch)


@action("account.import", Import)
@require_POST
def reversal(request: HttpRequest, batch: Import) -> HttpResponse:
    """Take it back, as long as that is promised."""
    if batch.may_undo:
        batches.want(batch, ImportState.UNDOING)
    return _page(request, batch)


@action("account.import", Import)
@require_GET
def findings(request: HttpRequest, batch: Import) -> HttpResponse:
    """Everything that was found, as a CSV a spreadsheet opens and runs nothing of."""
    heads = [_("行"), _("列"), _("値"), _("名前"), _("すること"), _("扱い"), "code"]
    lines = []
    grid = Grid.of(batch.layout)
    rows = batch.findings.exclude(severity=Severity.NOTE.value).order_by("line", "column")
    for row in rows.iterator():
        found = Finding(row.code, grid.line(row.line), row.column, row.value, row.params)
        effect = str(showing.EFFECTS[Severity(row.severity)])
        lines.append(
            [grid.line(row.line), row.column, row.value, row.about, message_of(found), effect, row.code]
        )
    name = batch.file_name.rsplit(".", 1)[0] + _("_確かめること") + ".csv"
    headers = {"Content-Disposition": attachment(name)}
    return HttpResponse(csv_file(heads, lines), content_type=CONTENT_TYPES["csv"], headers=headers)


def _page(request: HttpRequest, batch: Import) -> HttpResponse:
    return page(request, "accounts/imports/show.html", _context(request, batch), fragment="batch")


def _context(request: HttpRequest, batch: Import) -> dict[str, Any]:
    context: dict[str, Any] = {
        "batch": batch,
        "unit": RECORD_TYPES[batch.record_type].counter,
        "again": RECORD_TYPES[batch.record_type].again,
        "heading": showing.heading(batch),
        "steps": showing.steps(batch),
        "problem": showing.problem(batch),
        "slot": _slot(batch),
    }
    if batch.state in (ImportState.CHECKED, ImportState.CHECKING) and batch.summary:
        context |= _look_context(request, batch)
    if batch.state in (ImportState.DONE, ImportState.UNDOING):
        context |= {"result": showing.result(batch), "written": showing.written(batch)}
    if batch.state == ImportState.UNDONE:
        context["undone"] = showing.undone(batch)
    if batch.state == ImportState.ASKING:
        answers = batch.problem.get("answers", {})
        context["answers"] = [(value, showing.ENCODINGS[value], lines) for value, lines in answers.items()]
    return context


def _look_context(request: HttpRequest, batch: Import) -> dict[str, Any]:
    will_change = batch.summary["new"] + batch.summary["changed"]
    csm_column = any(each["target"] == "csm" for each in batch.mapping)
    return {
        "facts": showing.layout_facts(batch),
        "lines": showing.first_lines(batch),
        "columns": showing.columns(batch, staging.samples_of(batch)),
        "targets": showing.targets(batch),
        "used": sum(1 for each in batch.mapping if each["target"]),
        "groups": showing.groups(batch, request.GET.get("all", "")),
        "changes": showing.changes(batch, timezone.localdate()),
        "others": showing.other_changes(batch),
        "tally": showing.tally(batch),
        "will_change": will_change,
        "stages": [(value, label) for value, label in Stage.choices if value != Stage.CHURNED],
        "stage": batch.choice("stage", Stage.PROSPECT.value),
        "csms": member_choices(*CSMS)[1:],
        "csm_column": csm_column,
        "encodings": [(value, showing.ENCODINGS[value]) for value in CHOICES],
        "unknown": batch.findings.filter(code="closing_missing").count() if batch.summary["new"] else 0,
        "undo_until": timezone.localtime() + timedelta(days=UNDO_DAYS),
    }


def _slot(batch: Import) -> Any:
    """The job at work on it, to show its progress and what went wrong."""
    if batch.state not in WORKING:
        return None
    return jobs.latest(batches.JOBS[ImportState(batch.state)], {"batch": str(batch.pk)})


def _chosen_columns(request: HttpRequest, batch: Import) -> list[dict[str, Any]]:
    """The mapping as chosen: one column per field, the others keep what was proposed."""
    valid = {value for value, _label in showing.targets(batch)}
    new, taken = [], set()
    for number, old in enumerate(batch.mapping):
        target = request.POST.get(f"target{number}", old["target"])
        key = target.partition("@")[0]
        if target not in valid or key in taken:
            target = ""
        taken.add(key)
        chosen = {
            "target": target,
            "certainty": mapping.CERTAIN if target else 0,
            "reason": "",
            "count": old["count"],
        }
        new.append(old if target == old["target"] else chosen)
    return new


def _choices(request: HttpRequest) -> dict[str, Any]:
    stage = request.POST.get("stage", "")
    csm = request.POST.get("csm", "") if request.POST.get("csm_how") == "one" else ""
    ticked, shown = set(request.POST.getlist("apply")), set(request.POST.getlist("shown"))
    return {
        "stage": stage if stage in Stage.values else Stage.PROSPECT.value,
        "csm": csm if csm in {value for value, _name in member_choices(*CSMS)} and csm else None,
        "ask_unknowns": "ask_unknowns" in request.POST,
        "accepted": sorted(ticked),
        "declined": sorted(shown - ticked),
    }


def _index_context() -> dict[str, Any]:
    latest = list(Import.objects.select_related("made_by__user").order_by("-created_at")[:LATEST])
    return {
        "kinds": RECORD_TYPES.values(),
        "imports": [
            {
                "batch": batch,
                "unit": RECORD_TYPES[batch.record_type].counter,
                "written": showing.written(batch),
                "url": _url(batch),
            }
            for batch in latest
        ],
    }


def _url(batch: Import) -> str:
    return reverse("accounts:import", args=[batch.pk])


def urls() -> list[URLPattern]:
    """The addresses of this file, below the room's."""
    return [
        path("imports/", index, name="import_index"),
        path("imports/new/", create, name="import_add"),
        path("imports/<uuid:pk>/", show, name="import"),
        path("imports/<uuid:pk>/reading/", reading, name="import_reading"),
        path("imports/<uuid:pk>/columns/", columns, name="import_columns"),
        path("imports/<uuid:pk>/corrections/", corrections, name="import_corrections"),
        path("imports/<uuid:pk>/application/", application, name="import_application"),
        path("imports/<uuid:pk>/stop/", stop, name="import_stop"),
        path("imports/<uuid:pk>/retry/", retry, name="import_retry"),
        path("imports/<uuid:pk>/reversal/", reversal, name="import_reversal"),
        path("imports/<uuid:pk>/findings.csv", findings, name="import_findings"),
    ]
