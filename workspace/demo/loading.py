"""Loading the demo: what is missing is made, what is there is left alone, whoever edited it."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.fiscal import FiscalClosing
from accounts.models import (
    Account,
    Activity,
    ActivityMember,
    ActivityPerson,
    BudgetStatus,
    Contract,
    Fact,
    KeyPerson,
    PersonRole,
    Pin,
)
from accounts.models.person_move import MoveKind
from accounts.moving import Step, move
from accounts.sheet.counting import count_all
from ctas import night
from ctas.models import Cta
from health import scoring
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.models import Membership, Tenant, User
from tenants.scope import tenant_scope
from workspace.demo.calendar import DemoCalendar
from workspace.demo.companies import CH, COMPANIES, HOSHIMI_COMPANIES, Company
from workspace.demo.context import load_context
from workspace.demo.figures import load_figures
from workspace.demo.files import load_files
from workspace.demo.metrics import load_metrics, load_samples, read_criteria
from workspace.demo.notices import load_told
from workspace.demo.people import HOSHIMI, PASSWORD, TSUMUGI, Vendor
from workspace.demo.plans import PLANS, DemoObjective
from workspace.demo.records import written
from workspace.demo.results import load_results
from workspace.demo.reviewed import begin, load_reviews
from workspace.demo.sections import answer_section, load_section
from workspace.demo.sheet import load_sheet
from workspace.demo.stances import load_stances
from workspace.demo.structure import load_catalogue, load_structure, serve, tie_issues
from workspace.demo.templates import load_templates
from workspace.demo.typed import load_account_plan
from workspace.demo.year import load_year, look_over

PINNED = ("torei", "shiranami", "yowa", "asunaro", "shirakaba")
MEETINGS = (
    ("minamo", 0, time(10, 0), "月次定例"),
    ("torei", 0, time(13, 30), "若槻さんと来期予算の打ち合わせ"),
    ("shirakaba", 0, time(15, 0), "社内キックオフ"),
    ("komyo", 1, time(11, 0), "QBR"),
    ("torei", 26, time(14, 0), "EBR 大庭本部長が同席"),
)
WEEKS = 12
PERIODS = {1: "上期", 2: "下期"}


def load() -> dict[Tenant, bool]:
    """Both demo vendors. The value says whether anything was added."""
    return {make_tenant(vendor): load_vendor(vendor, companies) for vendor, companies in VENDORS}


VENDORS: tuple[tuple[Vendor, tuple[Company, ...]], ...] = ((TSUMUGI, COMPANIES), (HOSHIMI, HOSHIMI_COMPANIES))


def load_vendor(vendor: Vendor, companies: Iterable[Company]) -> bool:
    tenant = make_tenant(vendor)
    with transaction.atomic():
        members = {person.key: make_member(vendor, tenant, person) for person in vendor.people}
        with tenant_scope(tenant, actor="demo"), timezone.override(tenant.zone):
            calendar = DemoCalendar(timezone.localdate())
            there = set(Account.objects.values_list("external_id", flat=True))
            load_catalogue(vendor.slug)
            load_metrics(vendor.slug)
            if vendor is TSUMUGI:
                load_templates()
            else:
                load_section(members["r.kashiwagi"])
            missing = [company for company in companies if external_id(company) not in there]
            for company in missing:
                Loader(vendor, calendar, members).company(company)
            if vendor is HOSHIMI and missing:
                answer_section(Account.objects.get(external_id=external_id(missing[0])), calendar)
            place_in_groups(missing)
        if missing:
            with tenant_scope(tenant, actor="job:night"), timezone.override(tenant.zone):
                compute(calendar.today)
            with tenant_scope(tenant, actor="demo"):
                close_what_was_looked_at(missing)
    return bool(missing)


def place_in_groups(companies: Iterable[Company]) -> None:
    """Whoever is below another company of the demo; a company that somebody placed elsewhere stays there."""
    for company in companies:
        if company.parent:
            above = Account.objects.filter(external_id=f"CRM-{company.parent}").first()
            Account.objects.filter(external_id=external_id(company), parent=None).update(parent=above)


def close_what_was_looked_at(companies: list[Company]) -> None:
    """Some half-year checkpoints were already dealt with, by the people who would have."""
    keys = [external_id(company) for company in companies if company.looked_at]
    for cta in Cta.objects.open().filter(account__external_id__in=keys, occurrence__endswith="/180"):
        with tenant_scope(cta.tenant, member=cta.assignee):
            cta.close()


def compute(today: date) -> None:
    """Twelve weeks of scores and last night's work: the figures of the demo are computed, not painted."""
    for weeks in range(WEEKS, 0, -1):
        scoring.score_all(today - timedelta(weeks=weeks))
    count_all(today)
    night.run(today)


@cache
def hashed_password() -> str:
    """One hash for all demo people: hashing is slow on purpose."""
    return make_password(PASSWORD)


def make_tenant(vendor: Vendor) -> Tenant:
    return Tenant.objects.get_or_create(slug=vendor.slug, defaults={"name": vendor.name})[0]


def make_member(vendor: Vendor, tenant: Tenant, person: Any) -> Membership:
    email = f"{person.key}@{vendor.mail_domain}"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create(email=email, name=person.name, password=hashed_password())
        user.vouch_for_address()
    defaults = {"role": person.role, "title": person.title}
    return Membership.objects.get_or_create(tenant=tenant, user=user, defaults=defaults)[0]


def external_id(company: Company) -> str:
    return f"CRM-{company.key}"


class Loader:
    """Makes one company and what hangs on it."""

    def __init__(self, vendor: Vendor, calendar: DemoCalendar, members: dict[str, Membership]) -> None:
        self.vendor, self.calendar, self.members = vendor, calendar, members

    def ident(self, *parts: object) -> UUID:
        return uuid5(NAMESPACE_URL, "/".join(map(str, ("masume-demo", self.vendor.slug, *parts))))

    def member(self, key: str) -> Membership:
        return self.members.get(key) or self.members["m.saeki"]

    def company(self, company: Company) -> None:
        account = self.account(company)
        people = {contact.name: self.person(account, contact) for contact in company.people}
        load_stances(account, company.key, people, self.calendar, self.members)
        contract = self.contract(account, company)
        load_structure(account, contract, company.key, self.calendar)
        load_samples(account, company.key, self.calendar)
        load_figures(account, company.key, self.calendar)
        load_context(account, company.key, self.calendar)
        tie_issues(account, company.key)
        load_sheet(account, company.key, self.calendar)
        self.notes(account, company, people)
        if self.vendor is TSUMUGI:
            load_told(account, company.key, self.calendar, self.members)
        self.meetings(account, company)
        look_over(account, self.calendar, self.member(company.csm))
        if self.vendor is TSUMUGI:
            load_year(account, company.key, self.calendar, self.member(company.csm))
            load_files(account, company.key, self.member("m.saeki"))
        if company.plan:
            self.plan(account, company, people)
        if self.vendor is TSUMUGI:
            load_reviews(
                account,
                company.key,
                self.calendar,
                self.member("y.takanashi"),
                lambda plan, goals: self.goals(plan, goals, company, people),
            )
            load_account_plan(account, company.key, self.calendar)
        if company.key in PINNED and self.vendor is TSUMUGI:
            Pin.objects.create(
                account=account, member=self.member("m.saeki"), position=PINNED.index(company.key)
            )

    def account(self, company: Company) -> Account:
        since = -5 if company.stage == "onboarding" else -420
        account = Account.objects.create(
            id=self.ident(company.key),
            name=company.name,
            kana=company.kana,
            external_id=external_id(company),
            industry=company.industry,
            tier=company.tier,
            stage=company.stage,
            stage_since=self.calendar.day(since),
            created_at=self.calendar.moment(since),
            fiscal_month=self.calendar.month(company.fiscal_month),
            arr=company.arr * 10_000,
            csm=self.member(company.csm),
            deputy=self.members.get("r.oka") if company.csm == "m.saeki" else None,
            commercial_owner=self.members.get("h.kuzumi"),
            **company.facts,
        )
        known = ("name", "industry", "fiscal_month", "arr", *company.facts)
        Fact.objects.bulk_create(
            Fact(
                account=account, field_key=key, origin="import", source_kind="secondary", source="営業の引き継ぎ",
                as_of=self.calendar.day(since), noted_at=self.calendar.moment(since), author=account.commercial_owner,
            )
            for key in known
        )  # fmt: skip
        if company.budget != "undecided":
            closing = account_closing(account)
            year = closing.fiscal_year(closing.next_closing(self.calendar.today)) + 1
            BudgetStatus.objects.create(account=account, fiscal_year=year, status=company.budget)
        return account

    def person(self, account: Account, contact: Any) -> KeyPerson:
        moved = contact.moved is not None
        person = KeyPerson.objects.create(
            id=self.ident(account.external_id, contact.name),
            account=account,
            name=contact.name,
            kana=contact.kana,
            department=contact.department,
            title=contact.title,
            note=contact.note,
            contact=account.csm,
            external_id=f"P-{account.external_id}-{contact.kana.split()[0]}",
            state=("left" if "退職" in contact.note else "transferred") if moved else "active",
            state_since=self.calendar.day(-contact.moved) if moved else None,
        )
        if contact.role:
            PersonRole.objects.create(
                account=account, person=person, kind=contact.role, starts_on=self.calendar.day(-400),
                ends_on=self.calendar.day(-contact.moved) if moved else None,
            )  # fmt: skip
        if contact.rose:
            days, title = contact.rose
            move(person, Step(MoveKind.PROMOTED, self.calendar.day(-days), title=title))
        return person

    def contract(self, account: Account, company: Company) -> Contract:
        renews = self.calendar.month_end(*company.renews)
        return Contract.objects.create(  # type: ignore[no-any-return]
            account=account,
            name="ツムギChat / FAQ" if self.vendor is TSUMUGI else "ホシミ回線",
            external_id=f"K-{company.key}",
            starts_on=self.calendar.day(-420 if company.stage == "live" else -5),
            renews_on=renews,
            notice_on=self.calendar.month_end(*before(company.renews, 2)),
            amount=company.arr * 10_000,
        )

    def meetings(self, account: Account, company: Company) -> None:
        for key, offset, at, title in MEETINGS:
            if key == company.key and self.vendor is TSUMUGI:
                day = self.calendar.day(offset) if offset < 2 else self.calendar.workday(offset)
                Activity.objects.create(
                    account=account, kind="review" if "BR" in title else "meeting", state="planned", on=day, at=at,
                    title=title, written_by=self.member(company.csm),
                )  # fmt: skip

    def notes(self, account: Account, company: Company, people: dict[str, KeyPerson]) -> None:
        if company.last_note is None:
            return
        champion = next((c for c in company.people if c.role == CH and c.moved is None), None)
        self.activity(
            account, -company.last_note, company.note, "update" if company.last_note else "call", []
        )
        for contact in company.people:
            if contact.met is not None:
                title = f"{contact.name.split()[0]}さんと打ち合わせ"
                more = written(company.key, title, self.calendar.day) if self.vendor is TSUMUGI else {}
                self.activity(account, -contact.met, title, "meeting", [people[contact.name]], **more)
        for weeks in range(2, 14, 2):
            with_whom = [people[champion.name]] if champion else []
            self.activity(account, -company.last_note - 7 * weeks, "定例の打ち合わせ", "meeting", with_whom)

    def activity(
        self, account: Account, offset: int, title: str, kind: str, people: list[KeyPerson], **more: Any
    ) -> None:
        made = Activity.objects.create(
            account=account, kind=kind, on=self.calendar.day(offset), title=title, written_by=account.csm,
            created_at=self.calendar.moment(offset, 17), **more,
        )  # fmt: skip
        ActivityMember.objects.create(activity=made, member=account.csm)
        ActivityPerson.objects.bulk_create(ActivityPerson(activity=made, person=person) for person in people)

    def plan(self, account: Account, company: Company, people: dict[str, KeyPerson]) -> None:
        closing, today = account_closing(account), self.calendar.today
        year, half = closing.fiscal_year(today), closing.half(today)
        recovery = company.plan == "recovery"
        plan = SuccessPlan.objects.create(
            id=self.ident(company.key, "plan"),
            account=account,
            plan_type="recovery" if recovery else "customer_objective",
            title="回復計画" if recovery else f"{year}年度{PERIODS[half]} サクセスプラン",
            state="draft" if self.vendor is TSUMUGI else "active",
            starts_on=closing.half_start(year, half),
            ends_on=closing.half_end(year, half),
            created_at=self.calendar.moment(-30 if recovery else -50),
        )
        self.goals(plan, company.plan, company, people)
        serve(plan, company.key)
        read_criteria(plan, company.key)
        if self.vendor is TSUMUGI:
            begin(plan, company.key, self.calendar, self.member("y.takanashi"))
            load_results(account, company.key, plan, self.calendar, account.csm or self.member("m.saeki"))

    def goals(self, plan: SuccessPlan, name: str, company: Company, people: dict[str, KeyPerson]) -> None:
        champion = next((people[c.name] for c in company.people if c.role == CH and c.moved is None), None)
        people = {**people, **({"*": champion} if champion else {})}
        for position, objective in enumerate(PLANS[name], 1):
            self.objective(plan, position, objective, people, company.progress)

    def objective(
        self,
        plan: SuccessPlan,
        position: int,
        given: DemoObjective,
        people: dict[str, KeyPerson],
        progress: float | None,
    ) -> None:
        due = self.calendar.end_of_month(given.criteria[0].due or 90) if given.criteria else plan.ends_on
        objective = Objective.objects.create(
            account=plan.account,
            plan=plan,
            position=position,
            statement=given.statement.replace("{due}", f"{due.year}年{due.month}月末"),
            why=given.why,
            customer_owner=people.get(given.owner),
        )
        for place, one in enumerate(given.criteria, 1):
            Criterion.objects.create(
                account=plan.account, objective=objective, position=place, metric=one.metric, unit=one.unit,
                baseline=one.baseline, actual=one.actual if progress is None else round(one.baseline + (one.target - one.baseline) * progress, 1), target=one.target, direction=one.direction,
                due_on=self.calendar.end_of_month(one.due) if one.due is not None else None, method=one.method,
                review_on=self.calendar.workday(one.review) if one.review is not None else None,
            )  # fmt: skip
        for place, step in enumerate(given.actions, 1):
            due_on = self.calendar.day(step.due) if step.due is not None else None
            starts_on = self.calendar.day(step.begins) if step.begins is not None else None
            ActionItem.objects.create(
                account=plan.account, plan=plan, objective=objective, position=place, text=step.text,
                starts_on=starts_on, due_on=due_on,
                assignee=self.members.get(step.who), customer_assignee=people.get(step.who), state=step.state,
                quantity=step.quantity, done_on=due_on if step.state == "done" else None,
            )  # fmt: skip


def account_closing(account: Account) -> FiscalClosing:
    return FiscalClosing.of(account.fiscal_month or 3, account.fiscal_day)


def before(month: tuple[int, int], months: int) -> tuple[int, int]:
    index = month[0] * 12 + month[1] - 1 - months
    return index // 12, index % 12 + 1
