"""A request that succeeds, for every URL that writes. Families follow from what is registered for editing; the rest is
listed, and ``unlisted`` names the URLs that are missing."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts import merging_accounts
from accounts.financials import carrying
from accounts.financials.periods import parse_period
from accounts.lists import all_lists
from accounts.models import (
    Account,
    AccountMerge,
    Activity,
    DriverNode,
    Import,
    IssueDriver,
    KeyPerson,
    ManagementIssue,
    MetricDefinition,
    MetricSample,
    Occasion,
    PersonMerge,
    PersonRole,
    ProductFeature,
    SheetEdition,
    SheetField,
    SheetSection,
)
from accounts.models.activity import ActivityState
from success_plans import results as result_steps
from success_plans import reviewing, sheet_import, sheet_tables
from success_plans.models import (
    Criterion,
    Objective,
    PlanReview,
    PlanTemplate,
    ResultFigure,
    ResultReview,
    ScheduleStamp,
    SuccessPlan,
    TemplateLine,
)
from tenants.editing import editable
from tenants.editing.fields import EditField
from tenants.models import Membership
from tenants.roles import Role
from tenants.scope import tenant_scope
from tenants.views.company import CompanyForm
from tests.accounts.financials.type5 import type5
from tests.doors import DOORS, Door
from tests.furnish import Key
from tests.world import World
from workspace.views.assigning import packed


@dataclass
class Write:
    """``first`` names URLs of the same row to be posted before, ``prepare`` does what no page does."""

    form: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    role: Role = Role.ADMIN
    first: tuple[str, ...] = ()
    key: str = "industry"
    prepare: Callable[[Any], None] = lambda row: None


class Desk:
    """The furnished world, asked for ids while a write is put together. Runs in midori's scope."""

    def __init__(self, world: World, rows: dict[Key, Any], which: str = "mine") -> None:
        self.world, self.rows, self.which = world, rows, which
        # Signed in before anything is rolled back.
        self.clients = {role: self.signed_in(role) for role in (Role.ADMIN, Role.CSM)}

    def id(self, model: Any, *, binned: bool = False) -> str:
        return str(self.rows[model, binned, self.which])

    def member(self, role: str) -> str:
        return str(self.world.member(role).pk)

    def signed_in(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(self.world.member(role).user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    def row(self, door: Door) -> Any:
        if door.subject is None:
            return None
        rows = getattr(door.subject, "everything", door.subject.objects)
        return rows.get(pk=self.rows[door.subject, door.binned, self.which])

    def post(self, door: Door, write: Write) -> Any:
        path = re.sub(r"<slug:\w+>", write.key, door.route).replace("<uuid:pk>", str(self.pk(door)))
        address = f"/t/midori/{path}" + (f"?{write.query}" if write.query else "")
        return self.clients[write.role].post(address, write.form)

    def pk(self, door: Door) -> Any:
        return self.rows[door.subject, door.binned, self.which] if door.subject else None

    def prepare(self, door: Door, write: Write) -> None:
        with tenant_scope(self.world.tenant(), actor="test"):
            write.prepare(self.row(door))
        for name in write.first:
            before = BY_NAME[name]
            answer = self.post(before, write_for(before, self))
            assert answer.status_code < 400, (name, answer.status_code, answer.content.decode()[:300])


BY_NAME = {door.name: door for door in DOORS}


def write_for(door: Door, desk: Desk) -> Write | None:
    """A valid request for ``door``; None if nobody says one."""
    with tenant_scope(desk.world.tenant(), member=desk.world.member(Role.ADMIN)):
        family, _sep, kind = door.name.partition("_")
        if family in FAMILIES and door.route.startswith(f"{family}/{kind}/"):
            return FAMILIES[family](kind, desk.row(door))
        if family in LISTS and kind == "add":
            return added_to(family, desk)
        return FORMS[door.name](desk) if door.name in FORMS else None


def added_to(kind: str, desk: Desk) -> Write:
    """A row for a list of an account's page, with everything that its form asks."""
    found = editable(kind)
    record = found.model(account_id=desk.id(Account))
    form = {key: another(found.fields[key], record) for key in LISTS[kind].adding}
    return Write({key: LATER if key.startswith("ends") else text for key, text in form.items()})


# ── Families: every kind of record that is edited in place


def edit(kind: str, record: Any) -> Write:
    found = next(iter(edits(kind, record)))
    return Write({"field": found[0].key, "value": found[1], "base": found[0].raw(found[0].standing(record))})


def edits(kind: str, record: Any) -> list[tuple[EditField, str]]:
    """The fields of a kind, each with a text that would change it."""
    fields = editable(kind).fields.values()
    return [(one, text) for one in fields if (text := another(one, record)) is not None]


def another(one: EditField, record: Any) -> str | None:
    choices = [str(value) for value, _label in one.choices(record)] if one.choices else []
    for text in [
        *choices,
        "別の値",
        "7",
        "8",
        "2027/03/01",
        "2027/03/02",
        "13:30",
        "a@example.com",
        "https://example.com/",
    ]:
        try:
            if text and one.raw(one.parse(text, record)) != one.raw(one.standing(record)):
                return text
        except ValidationError:
            continue
    return None


def revert(kind: str, record: Any) -> Write:
    """Put back what an edit just replaced: asked again after the edit, it names that change."""
    before = edit(kind, record)
    last = record.events.order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    one = editable(kind).fields[before.form["field"]]
    query = urlencode({"field": one.key, "event": last})
    return Write({"base": one.raw(one.standing(record))}, query, first=(f"edit_{kind}",))


OWN_WORDS = {"plan_comment"}
"""Kinds that nobody changes but whoever wrote them: the CSM, in the furnished world."""


def by_its_writer(family: Callable[[str, Any], Write]) -> Callable[[str, Any], Write]:
    return lambda kind, record: replace(
        family(kind, record), **({"role": Role.CSM} if kind in OWN_WORDS else {})
    )


FAMILIES: dict[str, Callable[[str, Any], Write]] = {
    "edit": by_its_writer(edit),
    "delete": by_its_writer(lambda kind, record: Write()),
    "restore": by_its_writer(lambda kind, record: Write()),
    "revert": by_its_writer(revert),
}

# ── Everything else

LATER = "2027/03/31"  # than any other day of a form
LISTS = {about.kind: about for about in all_lists()}


def day(days: int) -> str:
    return f"{timezone.localdate() + timedelta(days=days)}"


def company(desk: Desk) -> Write:
    form = CompanyForm(instance=desk.world.tenant())
    given = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    return Write({**given, "fiscal_start_month": "10"})


def in_state(state: str, **values: Any) -> Callable[[Import], None]:
    def prepare(batch: Import) -> None:
        Import.objects.filter(pk=batch.pk).update(state=state, **values)

    return prepare


def left_behind(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(sheet_edition=1)


def no_draft(_row: Any) -> None:
    for part in (SheetField, SheetSection):
        part.objects.filter(of__published_at__isnull=True).delete()
    SheetEdition.objects.filter(published_at__isnull=True).delete()


def above_another(field: SheetField) -> None:
    SheetField.objects.create(
        of=field.of, key="own_99", label="次の項目", section=field.section, position=999
    )


def untied(account: Account) -> None:
    IssueDriver.objects.filter(account=account).delete()


def emptied(section: SheetSection) -> None:
    SheetField.objects.filter(of=section.of, section=section.key).delete()


def above_another_section(section: SheetSection) -> None:
    SheetSection.objects.create(of=section.of, key="own_99", title="次の区分", position=999)


def another_person(desk: Desk) -> str:
    """Beside the one of the world, on the same account."""
    account = Account.objects.get(pk=desk.id(Account))
    return str(KeyPerson.objects.get_or_create(account=account, name="出席 花子")[0].pk)


def two_in_one(made: PersonMerge) -> None:
    other, _new = KeyPerson.objects.get_or_create(account=made.account, name="出席 花子")
    PersonMerge.objects.filter(pk=made.pk).update(
        merged=other,
        before={"merged": {"external_id": None}, "reports_to_id": None, "successor_id": None},
        after={"reports_to_id": None, "successor_id": None},
    )
    other.put_in_bin()


def another_account(desk: Desk) -> str:
    """The same customer once more."""
    return str(Account.objects.get_or_create(name="見本の二重登録", external_id="DUP-1")[0].pk)


def two_accounts_in_one(made: AccountMerge) -> None:
    """As a merge would have left it: the other one is only a copy."""
    other = Account.objects.create(name="まとめた商事")
    AccountMerge.objects.filter(pk=made.pk).delete()
    done = merging_accounts.merge(made.account, other, {})
    AccountMerge.objects.filter(pk=done.pk).update(id=made.pk)


def becomes_a_body(person: KeyPerson) -> None:
    KeyPerson.objects.filter(pk=person.pk).update(is_body=True)


def is_there(person: KeyPerson) -> None:
    KeyPerson.objects.filter(pk=person.pk).update(state="active")
    PersonRole.objects.filter(person=person).update(starts_on=None, ends_on=None)


def not_stamped(account: Account) -> None:
    ScheduleStamp.objects.filter(account=account).delete()


def confirmed_for_another_month(row: Occasion) -> None:
    Occasion.objects.filter(pk=row.pk).update(proposal="draft", fiscal_year=2026, based_on="12")


def with_next_step(activity: Activity) -> None:
    Activity.objects.filter(pk=activity.pk).update(next_step="試算を送る")


def second_objective(first: Objective) -> None:
    Objective.objects.create(
        account_id=first.account_id, plan_id=first.plan_id, statement="二つめ", position=9_999
    )


def written(plan: SuccessPlan) -> None:
    """A plan with something in it, that nobody has handed in yet."""
    PlanReview.objects.filter(plan=plan).delete()
    SuccessPlan.objects.filter(pk=plan.pk).update(state="draft")
    Objective.objects.create(account_id=plan.account_id, plan=plan, statement="入電を減らす")


def handed_in(plan: SuccessPlan) -> None:
    written(plan)
    SuccessPlan.objects.filter(pk=plan.pk).update(state="submitted")
    PlanReview.objects.create(
        account_id=plan.account_id, plan=plan, submitted_by=Membership.objects.get(pk=plan.account.csm_id)
    )


def approved(plan: SuccessPlan) -> None:
    """By the admin, who asks for the write."""
    handed_in(plan)
    reviewing.approve(plan, Membership.objects.get(tenant=plan.tenant, role=Role.ADMIN))


def begun(plan: SuccessPlan) -> None:
    approved(plan)
    plan.activate()


def with_figures(review: ResultReview) -> None:
    """One criterion whose figures are known."""
    ResultFigure.objects.filter(review=review).delete()
    Criterion.objects.filter(objective=review.objective_id).delete()
    Criterion.objects.create(
        account_id=review.account_id, objective_id=review.objective_id, metric="離職率", direction="down", unit="%",
        baseline=30, target=21, actual=25,
    )  # fmt: skip
    result_steps.take_figures(review)


def with_analysis(review: ResultReview) -> None:
    """Everything but a verdict."""
    with_figures(review)
    ResultReview.objects.filter(pk=review.pk).update(
        figures_at=timezone.now(), quantity=60, quality="mostly", analysis="伝わった部署では下がった"
    )


def with_verdict(review: ResultReview) -> None:
    with_analysis(review)
    ResultReview.objects.filter(pk=review.pk).update(
        proposed="execute", verdict="execute", decided_at=timezone.now()
    )


def part_of_a_figure(desk: Desk) -> Write:
    review = ResultReview.objects.get(pk=desk.id(ResultReview))
    with_figures(review)
    figure = ResultFigure.objects.get(review=review)
    return Write({"criterion": str(figure.criterion_id), "axis": "拠点", "part": "仙台", "actual": "22"})


def with_result(plan: SuccessPlan) -> None:
    """A plan with a decided result review."""
    objective = Objective.objects.create(account_id=plan.account_id, plan=plan, statement="離職率を下げる")
    with_verdict(ResultReview.objects.create(account_id=plan.account_id, objective=objective))


def promise_moved(desk: Desk) -> dict[str, str]:
    """A plan that was approved until March, and goes on until April; the form that says why."""
    plan = SuccessPlan.objects.get(pk=desk.id(SuccessPlan))
    handed_in(plan)
    SuccessPlan.objects.filter(pk=plan.pk).update(starts_on="2026-10-01", ends_on="2027-03-31")
    plan = SuccessPlan.objects.get(pk=plan.pk)
    reviewing.approve(plan, Membership.objects.get(pk=desk.member(Role.MANAGER)))
    SuccessPlan.objects.filter(pk=plan.pk).update(ends_on="2027-04-30")
    return {"record": str(plan.pk), "field": "ends_on"}


def asked_of_customer(desk: Desk) -> Write:
    """The first gap of an objective that says nothing else."""
    plan = SuccessPlan.objects.get(pk=desk.id(SuccessPlan))
    one = Objective.objects.create(account_id=plan.account_id, plan=plan, statement="入電を減らす")
    form = {"anchor": f"edit-objective-{one.pk}-customer_owner", "text": "先方では誰が責任を持ちますか"}
    return Write(form)


def objective_of(desk: Desk, statement: str) -> Objective:
    plan = SuccessPlan.objects.get(pk=desk.id(SuccessPlan))
    return Objective.objects.create(account_id=plan.account_id, plan=plan, statement=statement)


def of_customers(template: PlanTemplate) -> None:
    """A type that takes any number of objectives."""
    PlanTemplate.objects.filter(pk=template.pk).update(plan_type="customer_objective")


def of_a_criterion(line: TemplateLine) -> None:
    above = TemplateLine.objects.create(template=line.template, text="使い始める")
    TemplateLine.objects.filter(pk=line.pk).update(kind="criterion", below=above)


def offered(desk: Desk) -> Write:
    plan = SuccessPlan.objects.get(pk=desk.id(SuccessPlan))
    template, _new = PlanTemplate.objects.get_or_create(name="見本のひな型")
    PlanTemplate.objects.filter(pk=template.pk).update(plan_type=plan.plan_type)
    return Write({"line": str(TemplateLine.objects.create(template=template, text="使い始める").pk)})


def deepened(desk: Desk) -> Write:
    plan = SuccessPlan.objects.get(pk=desk.id(SuccessPlan))
    metric, _new = MetricDefinition.objects.get_or_create(name="深める指標", direction="up")
    MetricSample.objects.get_or_create(
        account=plan.account, metric=metric, unit=plan.unit, on=plan.starts_on, defaults={"value": 100}
    )
    return Write({"metric": str(metric.pk), "percent": "+20"})


def swapped(desk: Desk) -> Write:
    came, left = objective_of(desk, "入電を減らす"), objective_of(desk, "応答率を上げる")
    left.put_in_bin()
    return Write(query=urlencode({"came": came.pk, "left": left.pk}))


def in_recovery(plan: SuccessPlan) -> None:
    """Of an account whose 決裁者 nobody knows."""
    Objective.objects.filter(plan=plan).delete()
    SuccessPlan.objects.filter(pk=plan.pk).update(plan_type="recovery", state="draft")
    PersonRole.objects.filter(account=plan.account).delete()


def file(desk: Desk) -> Write:
    return Write({"file": SimpleUploadedFile("list.csv", "社名\n見本商事\n".encode())})


def plan_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("計画.csv", "目標,施策,担当\n入電を減らす,台本を直す,\n".encode())


def suggested(desk: Desk) -> Write:
    """A file with a goal and an action that the plan does not have, all of it accepted."""
    plan = SuccessPlan.objects.get(pk=desk.id(SuccessPlan))
    return Write(taken_from_file(plan, plan.pk))


def planned_by_file(desk: Desk) -> Write:
    account = Account.objects.get(pk=desk.id(Account))
    plan = SuccessPlan(account=account, starts_on=date(2026, 10, 1), ends_on=date(2027, 3, 31))
    return Write({**PLAN, **taken_from_file(plan, account.pk)})


def taken_from_file(plan: SuccessPlan, of: Any) -> dict[str, Any]:
    tables = sheet_tables.tables_of(plan_file())
    found = sheet_import.look(plan, tables, sheet_import.mapped(plan, tables))
    return {"packed": sheet_tables.pack(of, tables), "apply": [one.key for one in found.suggestions]}


def figures(desk: Desk) -> Write:
    read = {(parse_period("26/3", timezone.localdate()), "revenue"): 5 * 10**9}
    content = {"figures": carrying.figures_as(read), "source": "決算短信", "as_of": None}
    return Write({"packed": carrying.pack(Account.objects.get(pk=desk.id(Account)), "paste", content)})


def looks() -> dict[str, Write]:
    """What is sent only to be shown: forms that are in order, and write nothing."""
    return {
        "coach": Write({"text": "チャットの利用を強化する"}),
        "financial_paste": Write({"table": "\t26/3期\n売上高\t1,200", "unit": "百万円"}),
        "financial_report": Write({"file": SimpleUploadedFile("report.csv", type5())}),
        "notice": Write(role=Role.CSM),
        "plan_import": Write({"file": plan_file()}),
        "plan_from_sheet": Write({"file": plan_file()}),
    }


PLAN = {"plan_type": "customer_objective", "period": "own", "title": "下期", "starts_on": "2026-10-01", "ends_on": "2027-03-31"}  # fmt: skip
FORMS: dict[str, Callable[[Desk], Write]] = {
    "assign": lambda d: Write({"to": d.member(Role.MANAGER), "account": [d.id(Account)]}),
    "assign_undo": lambda d: Write(query=packed({d.rows[Account, False, d.which]: None}, d.member(Role.CSM))),
    "view_add": lambda d: Write({"name": "見本", "csm": d.member(Role.CSM)}),
    "view_remove": lambda d: Write(role=Role.CSM),
    "company_edit": company,
    "holiday_add": lambda d: Write({"on": "2099-12-29", "name": "年末休み"}),
    "holiday_remove": lambda d: Write(),
    "member_role": lambda d: Write({"role": Role.CSM, "seen": Role.SALES}),
    "member_leave": lambda d: Write({"leave_from": day(3), "deputy": d.member(Role.MANAGER)}),
    "own_leave": lambda d: Write({"leave_from": day(3), "deputy": d.member(Role.MANAGER)}),
    "member_removal": lambda d: Write({"everyone": d.member(Role.MANAGER)}),
    "invitation_new": lambda d: Write({"email": "new@example.com", "name": "新人", "role": Role.CSM}),
    "invitation_renew": lambda d: Write(),
    "invitation_withdraw": lambda d: Write(),
    "token_add": lambda d: Write({"name": "夜間の同期", "days": "90"}),
    "token_revoke": lambda d: Write(),
    "calendar_add": lambda d: Write({"name": "会社のOutlook"}),
    "calendar_of_account_add": lambda d: Write({"name": "会社のOutlook"}),
    "calendar_revoke": lambda d: Write(),
    "account_add": lambda d: Write({"name": "新しい商事", "stage": "live", "fiscal_month": "3", "csm": d.member(Role.CSM)}),
    "archive": lambda d: Write(),
    "unarchive": lambda d: Write(first=("archive",)),
    "parent": lambda d: Write({"parent": another_account(d)}),
    "pin": lambda d: Write(),
    "unpin": lambda d: Write(first=("pin",)),
    "blank_answer": lambda d: Write({"answer-business": "総合通販", "base-business": "", "text": "聞いた"}),
    "sheet_draft": lambda d: Write(prepare=no_draft),
    "sheet_discard": lambda d: Write(),
    "sheet_publish": lambda d: Write({"everyone": "on"}),
    "issue_driver_add": lambda d: Write({"issue": d.id(ManagementIssue), "driver": d.id(DriverNode)}, prepare=untied),
    "sheet_field_add": lambda d: Write({"label": "席数", "section": "setup", "kind": "number", "owner": "csm", "needed_by": "all"}, prepare=no_draft),
    "sheet_field_retire": lambda d: Write(),
    "sheet_field_move": lambda d: Write({"to": "down"}, prepare=above_another),
    "sheet_section_add": lambda d: Write({"title": "審査", "meter": "organisation"}),
    "sheet_section_retire": lambda d: Write(prepare=emptied),
    "sheet_section_move": lambda d: Write({"to": "down"}, prepare=above_another_section),
    "sheet_renew": lambda d: Write(prepare=left_behind),
    "team_add": lambda d: Write({"member": d.member(Role.VIEWER)}),
    "team_remove": lambda d: Write(),
    "budget_add": lambda d: Write({"fiscal_year": "2031", "status": "considering"}),
    "provenance": lambda d: Write(key="kana"),
    "ask": lambda d: Write(),
    "person_add": lambda d: Write({"name": "山田 太郎", "kind": "champion"}),
    "person_data": lambda d: Write({"name": KeyPerson.objects.get(pk=d.id(KeyPerson)).name}),
    "role_add": lambda d: Write({"person": d.id(KeyPerson), "kind": "economic_buyer"}),
    "role_end": lambda d: Write(),
    "opinion_add": lambda d: Write({"on": "2026-11-01", "text": "年末の応答率が先", "heard_by": d.member(Role.SALES)}),
    "seat_add": lambda d: Write({"person": another_person(d), "seat": "議長"}, prepare=becomes_a_body),
    "tie_add": lambda d: Write({"person": d.id(KeyPerson), "to": another_person(d), "kind": "conflict"}),
    "engagement_plan": lambda d: Write({"title": "停止の手順を説明する", "on": day(7)}),
    "person_move": lambda d: Write({"kind": "left", "on": day(0), "new_name": "後任 一郎"}, prepare=is_there),
    "attachment_add": lambda d: Write({"file": SimpleUploadedFile("memo.txt", "議事録".encode()), "at": f"activity:{d.id(Activity)}"}),
    "account_merge": lambda d: Write({"other": another_account(d)}),
    "account_merge_undo": lambda d: Write(prepare=two_accounts_in_one),
    "person_merge": lambda d: Write({"other": another_person(d)}),
    "person_merge_undo": lambda d: Write(prepare=two_in_one),
    "person_move_undo": lambda d: Write(),
    "note_create": lambda d: Write({"text": "電話した", "persons": [d.id(KeyPerson)], "members": [d.member(Role.SALES)]}),
    "activity_people": lambda d: Write({"persons": [d.id(KeyPerson)], "members": [d.member(Role.SALES)]}),
    "activity_settle": lambda d: Write({"state": ActivityState.CANCELLED}),
    "next_plan": lambda d: Write(prepare=with_next_step),
    "action_from_note": lambda d: Write({"where": d.id(Objective)}, prepare=with_next_step),
    "note_draft": lambda d: Write({"draft": str(uuid4()), "page": "p", "seq": "1", "text": "書きかけ", "persons": [d.id(KeyPerson)]}),
    "draft_discard": lambda d: Write(role=Role.CSM),
    "draft_restore": lambda d: Write(role=Role.CSM, first=("draft_discard",)),
    "occasion_answer": lambda d: Write({"year": "2026", "key": "draft", "starts_on": "2026-11-30", "source": "若槻さん"}),
    "occasion_check": lambda d: Write({"take": "1"}, prepare=confirmed_for_another_month),
    "stamp_add": lambda d: Write(prepare=not_stamped),
    "stamp_removal": lambda d: Write(),
    "occasion_type_add": lambda d: Write({"name": "棚卸し"}),
    "activity_type_add": lambda d: Write({"name": "勉強会", "kind": "meeting"}),
    "follow": lambda d: Write(),
    "unfollow": lambda d: Write(first=("follow",)),
    "notice_read": lambda d: Write(role=Role.CSM),
    "notice_read_all": lambda d: Write(role=Role.CSM),
    "notice_mail": lambda d: Write({"mail": "soon"}),
    "contract_add": lambda d: Write({"name": "保守契約", "amount": "120", "starts_on": "2026-04-01"}),
    "product_add": lambda d: Write({"name": "見本チャット", "quantity_unit": "席"}),
    "product_feature_add": lambda d: Write({"name": "自動応答", "is_sticky": "yes"}),
    "metric_add": lambda d: Write({"name": "週に一度使う席", "unit": "席", "direction": "up", "decimals": "0"}),
    "samples_add": lambda d: Write({"on": day(-1), f"value-{d.id(MetricDefinition)}": "46"}),
    "financial_period_add": lambda d: Write({"period": "26/3"}),
    "financial_write": figures,
    "import_add": file,
    "import_reading": lambda d: Write({"encoding": "utf-8"}),
    "import_columns": lambda d: Write({"target1": ""}),
    "import_corrections": lambda d: Write({"line": "2", "column": "0", "value": "直した商会"}),
    "import_application": lambda d: Write({"stage": "live", "csm_how": "one", "csm": d.member(Role.CSM)}),
    "import_stop": lambda d: Write(prepare=in_state("applying")),
    "import_retry": lambda d: Write(prepare=in_state("applying")),
    "import_reversal": lambda d: Write(prepare=in_state("done", applied_at=timezone.now())),
    "plan_add": lambda d: Write(PLAN),
    "submission": lambda d: Write(prepare=written),
    "withdrawal": lambda d: Write(prepare=handed_in),
    "approval": lambda d: Write({"reason": "この数字で進めましょう"}, prepare=handed_in),
    "sending_back": lambda d: Write({"reason": "はじめの値は、いくつですか"}, prepare=handed_in),
    "decision_undo": lambda d: Write(prepare=approved),
    "reason_add": lambda d: Write({**promise_moved(d), "after": "2027-04-30", "reason": "先方の決算に合わせた"}),
    "restoration": lambda d: Write({**promise_moved(d), "from": "1"}),
    "comment_add": lambda d: Write({"where": f"plan:{d.id(SuccessPlan)}:title", "text": "題に年度を入れましょう"}),
    "comment_reply": lambda d: Write({"text": "入れました"}),
    "comment_resolution": lambda d: Write(),
    "comment_reopening": lambda d: Write(first=("comment_resolution",)),
    "question_ask": asked_of_customer,
    "question_settle": lambda d: Write(),
    "question_reopen": lambda d: Write(first=("question_settle",)),
    "review_approve": lambda d: Write(prepare=handed_in),
    "review_return": lambda d: Write({"ask": ["目標1:いまの値はいくつですか"]}, prepare=handed_in),
    "activation": lambda d: Write(prepare=approved),
    "completion": lambda d: Write(prepare=begun),
    "cancellation": lambda d: Write(),
    "reopening": lambda d: Write(query="to=draft", first=("cancellation",)),
    "plan_type_add": lambda d: Write({"name": "導入計画", "plan_type": "adoption"}),
    "template_add": lambda d: Write({"name": "はじめの3か月", "type": "customer_objective"}),
    "template_objective_add": lambda d: Write({"text": "使い始める"}, prepare=of_customers),
    "template_line_add": lambda d: Write({"text": "利用席数"}, "kind=criterion"),
    "template_line_features": lambda d: Write({"feature": [d.id(ProductFeature)]}, prepare=of_a_criterion),
    "template_save": lambda d: Write({"name": "うまくいった形"}),
    "template_take": offered,
    "depth_add": deepened,
    "breadth_add": lambda d: Write({"feature": [d.id(ProductFeature)]}),
    "criterion_features": lambda d: Write({"feature": [d.id(ProductFeature)]}),
    "candidate_add": lambda d: Write({"key": "blank:role-economic_buyer"}, prepare=in_recovery),
    "objective_swap": lambda d: Write({"text": "応答率を上げる", "out": str(objective_of(d, "入電を減らす").pk)}),
    "objective_swap_undo": swapped,
    "sharing": lambda d: Write(),
    "sharing_end": lambda d: Write(first=("sharing",)),
    "plan_import_accept": suggested,
    "plan_from_sheet_accept": planned_by_file,
    "carrying": lambda d: Write(prepare=with_result),
    "result_begin": lambda d: Write(),
    "checkpoint_add": lambda d: Write({"on": "2026-12-08", "planned": "28"}),
    "result_confirmation": lambda d: Write(prepare=with_figures),
    "figure_add": part_of_a_figure,
    "result_decision": lambda d: Write({"verdict": "execute"}, prepare=with_analysis),
    "result_reopening": lambda d: Write(prepare=with_verdict),
    "objective_add": lambda d: Write({"text": "入電を減らす"}),
    "objective_position": lambda d: Write({"to": "down"}, prepare=second_objective),
    "criterion_add": lambda d: Write({"text": "入電数"}),
    "action_add": lambda d: Write({"text": "台本を見直す"}),
    "action_completion": lambda d: Write(),
    "action_reopening": lambda d: Write(first=("action_completion",)),
    "closing": lambda d: Write({"outcome": "declined", "reason": "別の件で対応済み"}),
    "closing_undo": lambda d: Write(first=("closing",)),
    "snooze": lambda d: Write({"until": day(7), "reason": "返事待ち"}),
    "snooze_undo": lambda d: Write(first=("snooze",)),
    "start": lambda d: Write(),
    "start_undo": lambda d: Write(first=("start",)),
    "flag": lambda d: Write({"reason": "解約の話が出た"}),
    "flag_undo": lambda d: Write(first=("flag",)),
    "assignment": lambda d: Write({"member": d.member(Role.MANAGER)}),
    "rule_values": lambda d: Write({"rule": "no_recent_note", "mode": "off", "account": d.id(Account)}),
}  # fmt: skip
