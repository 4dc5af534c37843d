"""What of this room programs read and write."""

from base64 import b64decode
from collections.abc import Sequence, Set
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import attachments
from accounts.activities import announce, people_to_name, set_people
from accounts.context import in_yen
from accounts.deployment import rate_of
from accounts.financials import api as financials
from accounts.kinds import chosen
from accounts.lists import AccountList, all_lists
from accounts.metrics import api as metrics
from accounts.models import (
    Account,
    AccountMember,
    Activity,
    ActivityType,
    Attachment,
    BodyMember,
    BudgetStatus,
    Contract,
    Fact,
    KeyPerson,
    OccasionType,
    Opinion,
    PersonMove,
    PersonRole,
    PersonTie,
    Product,
    ProductFeature,
    Resolution,
    SheetEdition,
    SheetField,
    SheetSection,
)
from accounts.models.account import Stage
from accounts.models.activity import ActivityKind
from accounts.models.fact import FactState, Origin
from accounts.notices import tell
from accounts.pairs import all_pairs
from accounts.sheet.counting import count_accounts
from accounts.sheet.editions import template_of
from accounts.sheet.standard import standard_keys
from accounts.views.accounts import ADD_FIELDS, move, own_hands, stage_before
from accounts.views.activities import state_on
from accounts.visible import on_visible_accounts
from tenants.api import (
    Adding,
    Fault,
    New,
    Part,
    Problem,
    Query,
    Resource,
    Shown,
    Verb,
    between,
    column,
    filter_by,
)
from tenants.api.shapes import (
    enum_shape,
    list_shape,
    nullable,
    object_shape,
    of_column,
    text_shape,
    uuid_shape,
    whole_shape,
)
from tenants.editing import editable
from tenants.editing.cells import cells_of
from tenants.editing.fields import member_choices, parse_date


def of_csm(model: Any) -> Query:
    """What hangs on the accounts of a CSM."""
    return filter_by(model, "csm", "account__csm", _("お客様の担当CSM"))


def visible(rows: Any, member: Any) -> Any:
    return rows.visible_to(member)


def matching(rows: Any, words: str) -> Any:
    return rows.matching(words)


def work_together(account: Account, chosen: list[str]) -> None:
    """Exactly these members are the account's team."""
    known = {pk for pk, _name in member_choices() if pk}
    there = {str(row.member_id): row for row in AccountMember.objects.filter(account=account)}
    refuse_unknown("team", chosen, known | there.keys(), _now("このメンバーはいません"))
    for pk in there.keys() - set(chosen):
        there[pk].delete()
    for pk in set(chosen) - there.keys():
        AccountMember.objects.create(account=account, member_id=pk)


def refuse_unknown(key: str, chosen: list[str], known: Set[str], text: str) -> None:
    """Whoever cannot be named is said by the place where they stood."""
    if faults := [Fault.at(key, text, n) for n, pk in enumerate(chosen) if pk not in known]:
        raise Problem.invalid(*faults)


TEAM = Part(
    list_shape(uuid_shape()).titled(_("チーム"), _("担当CSMのほかに、このお客様を受け持つメンバー")),
    lambda account: [row.member_id for row in account.team.all()],
    work_together,
)


def add(new: New) -> Account:
    new.draft.typed = {**own_hands(), **new.draft.typed}
    return new.create(stage_since=timezone.localdate())  # type: ignore[no-any-return]


def resolution_of(account: Account) -> Any:
    return next(iter(account.resolutions.all()), None)


RESOLUTION = nullable(
    object_shape(
        {
            key: column(Resolution, key).shape
            for key in ("percent", "operation", "organisation", "known", "total", "old")
        }
    ).titled(_("解像度"), _("基本情報シートの、分かっていて新しいマスの割合(%)"))
)

ACCOUNTS = Resource(
    name="accounts",
    model=Account,
    label=_("アカウント"),
    reads="account.read",
    lists="account.list",
    found=editable("account"),
    shows={
        **{key: column(Account, key) for key in ("stage_since", "renews_on")},
        "currency": column(Account, "currency", _("通貨")),
        "resolution": Shown(RESOLUTION, resolution_of),
        "deployment": Shown(
            nullable(whole_shape(0, 100)).titled(_("展開率"), _("%。製品ごとの展開数 ÷ 契約数の平均")),
            lambda account: account.deployment,
        ),
    },
    filters=("external_id", "corporate_number", "stage", "tier", "csm", "commercial_owner", "parent"),
    matching=matching,
    visible=visible,
    parts={"team": TEAM},
    rows=lambda rows: rate_of(rows.prefetch_related("team", "resolutions"), timezone.localdate()),
    adds=Adding("account.add", freely=ADD_FIELDS, make=add),
    verbs=(
        Verb(
            "archive",
            "account.edit",
            lambda account, _given: move(account, Stage.CHURNED),
            _("解約として保管"),
        ),
        Verb(
            "unarchive",
            "account.edit",
            lambda account, _given: move(account, stage_before(account)),
            _("保管から戻す"),
        ),
    ),
)

ROLE = object_shape(
    {
        "id": column(PersonRole, "id", _("役割のID")).shape,
        **{key: column(PersonRole, key).shape for key in ("kind", "starts_on", "ends_on")},
    }
)

PERSONS = Resource(
    name="persons",
    model=KeyPerson,
    label=_("キーパーソン"),
    reads="account.read",
    lists="account.list",
    found=editable("person"),
    shows={
        "account": column(KeyPerson, "account"),
        "roles": Shown(list_shape(ROLE).titled(_("役割")), lambda person: person.roles.all()),
    },
    filters=("account", "external_id", "state", "unit"),
    visible=on_visible_accounts,
    rows=lambda rows: rows.prefetch_related(Prefetch("roles", PersonRole.objects.order_by("pk"))),
    adds=Adding("person.edit", "account", Account, make=lambda new: new.create(account=new.parent)),
)

PERSON_ROLES = Resource(
    name="person-roles",
    model=PersonRole,
    label=_("役割"),
    reads="account.read",
    lists="account.list",
    found=editable("person_role"),
    shows={key: column(PersonRole, key) for key in ("account", "person")},
    filters=("account", "person", "kind"),
    visible=on_visible_accounts,
    adds=Adding(
        "person.edit",
        "person",
        KeyPerson,
        make=lambda new: new.create(person=new.parent, account=new.parent.account),
    ),
)


def seat(new: New) -> BodyMember:
    if not new.parent.is_body:
        raise Problem.invalid(Fault.at("body", _now("会議体ではありません")))
    return new.create(body=new.parent, account=new.parent.account)  # type: ignore[no-any-return]


BODY_MEMBERS = Resource(
    name="body-members",
    model=BodyMember,
    label=_("会議体の出席者"),
    reads="account.read",
    lists="account.list",
    found=editable("body_member"),
    shows={key: column(BodyMember, key) for key in ("account", "body")},
    filters=("account", "body", "person"),
    visible=on_visible_accounts,
    adds=Adding("person.edit", "body", KeyPerson, make=seat),
)

PERSON_TIES = Resource(
    name="person-ties",
    model=PersonTie,
    label=_("力関係の線"),
    reads="account.read",
    lists="account.list",
    found=editable("tie"),
    shows={"account": column(PersonTie, "account")},
    filters=("account", "person", "to", "kind"),
    visible=on_visible_accounts,
    adds=Adding("person.edit", "account", Account, make=lambda new: new.create(account=new.parent)),
)

OPINIONS = Resource(
    name="opinions",
    model=Opinion,
    label=_("発言・意見"),
    reads="account.read",
    lists="account.list",
    found=editable("opinion"),
    shows={key: column(Opinion, key) for key in ("account", "person")},
    filters=("account", "person", "heard_by"),
    queries=(*between(Opinion, "on"),),
    visible=on_visible_accounts,
    adds=Adding(
        "person.edit",
        "person",
        KeyPerson,
        make=lambda new: new.create(person=new.parent, account=new.parent.account),
    ),
)

CONTRACTS = Resource(
    name="contracts",
    model=Contract,
    label=_("契約"),
    reads="account.read",
    lists="account.list",
    found=editable("contract"),
    shows={key: column(Contract, key) for key in ("account", "decided_on")},
    filters=("account", "external_id", "decision"),
    queries=(*between(Contract, "renews_on"),),
    visible=on_visible_accounts,
    adds=Adding("contract.edit", "account", Account, make=lambda new: new.create(account=new.parent)),
)


def record(new: New) -> Activity:
    """As the page does it: today unless a day is named, and a day to come makes it a plan."""
    new.draft.typed = {"on": timezone.localdate().isoformat(), **new.draft.typed}
    on = parse_date(new.draft.typed["on"])
    planned = {} if "state" in new.texts or on is None else {"state": state_on(on)}
    own = chosen(new.texts.get("own_type") or "")
    kind = {"kind": own.kind} if own else {}
    activity = new.create(account=new.parent, written_by=new.member, **planned, **kind)
    tell(activity)
    announce(activity)
    return activity  # type: ignore[no-any-return]


def taking_part(activity: Activity, key: str, chosen: list[str]) -> None:
    """Exactly these took part."""
    known = {str(one.pk) for one in people_to_name(activity.account)[key]}
    refuse_unknown(key, chosen, known, _now("この活動に書ける人ではありません"))
    sides = {"persons": [str(row.person_id) for row in activity.persons.all()]}
    sides["members"] = [str(row.member_id) for row in activity.members.all()]
    set_people(activity, **{**sides, key: chosen})


def part(key: str, column_name: str, title: Any) -> Part:
    return Part(
        list_shape(uuid_shape()).titled(title),
        lambda activity: [getattr(row, column_name) for row in getattr(activity, key).all()],
        lambda activity, chosen: taking_part(activity, key, chosen),
    )


ACTIVITIES = Resource(
    name="activities",
    model=Activity,
    label=_("活動"),
    reads="account.read",
    lists="account.list",
    found=editable("activity"),
    shows={key: column(Activity, key) for key in ("account", "written_by")},
    parts={
        "persons": part("persons", "person_id", _("先方の出席者")),
        "members": part("members", "member_id", _("こちらの出席者")),
    },
    filters=("account", "external_id", "kind", "state", "written_by"),
    queries=(*between(Activity, "on"),),
    visible=on_visible_accounts,
    rows=lambda rows: rows.prefetch_related("persons", "members"),
    adds=Adding("activity.write", "account", Account, make=record),
)

ACTIVITY_TYPES = Resource(
    name="activity-types",
    model=ActivityType,
    label=_("自社の活動の種類"),
    reads="account.list",
    lists="account.list",
    found=editable("activity_type"),
    shows={"kind": column(ActivityType, "kind")},
    filters=("kind", "is_retired"),
    adds=Adding(
        "tenant.edit",
        inputs={"kind": enum_shape(ActivityKind.values).titled(_("何として数えるか"))},
        needs=("kind",),
        make=lambda new: new.create(kind=new.texts["kind"]),
    ),
)

OCCASION_TYPES = Resource(
    name="occasion-types",
    model=OccasionType,
    label=_("お客様の予定の種類"),
    reads="account.list",
    lists="account.list",
    found=editable("occasion_type"),
    filters=("is_retired",),
    adds=Adding("tenant.edit"),
)

BUDGETS = Resource(
    name="budgets",
    model=BudgetStatus,
    label=_("来期予算"),
    reads="account.read",
    lists="account.list",
    found=editable("budget"),
    shows={key: column(BudgetStatus, key) for key in ("account", "fiscal_year")},
    filters=("account", "fiscal_year", "status"),
    visible=on_visible_accounts,
    adds=Adding(
        "account.edit",
        "account",
        Account,
        inputs={"fiscal_year": whole_shape(1990, 2100).titled(_("年度"), _("その会計年度が始まる年"))},
        needs=("fiscal_year",),
        make=lambda new: new.create(account=new.parent, fiscal_year=int(new.texts["fiscal_year"])),
    ),
)


def note(new: New) -> Fact:
    """The first word about a field: a value of its own, or where the value of a column comes from."""
    key = str(new.texts["field_key"])
    if key not in template_of(new.parent).by_key:
        raise Problem.invalid(
            Fault.at("field_key", _now("このお客様の基本情報シートに、この項目はありません"))
        )
    like: Any = new.draft.like
    like.account, like.field_key = new.parent, key
    fixed = {"origin": Origin.API, "author": new.member, "noted_at": timezone.now()}
    if "state" not in new.texts:
        is_known = bool(str(new.texts.get("value") or "").strip() or cells_of(new.parent, key)[key].value)
        fixed["state"] = FactState.KNOWN if is_known else FactState.UNKNOWN
    fact = new.create(account=new.parent, field_key=key, **fixed)
    Account.objects.filter(pk=new.parent.pk).update(version=F("version") + 1)
    count_accounts([new.parent.pk])
    return fact  # type: ignore[no-any-return]


FACTS = Resource(
    name="facts",
    model=Fact,
    label=_("出典"),
    reads="account.read",
    lists="account.list",
    found=editable("fact"),
    shows={
        "account": column(Fact, "account"),
        "field_key": column(Fact, "field_key", _("アカウントのどの項目か")),
        "origin": column(Fact, "origin", _("誰が書いたか")),
        "author": column(Fact, "author", _("書いたメンバー")),
        "noted_at": column(Fact, "noted_at", _("書いた時刻")),
    },
    filters=("account", "field_key", "state", "origin"),
    visible=on_visible_accounts,
    adds=Adding(
        "account.edit",
        "account",
        Account,
        inputs={
            "field_key": text_shape(60, needed=True)
            .such_as(*standard_keys())
            .titled(_("アカウントのどの項目か"))
        },
        needs=("field_key",),
        make=note,
    ),
)


def listed(about: AccountList) -> Resource:
    """The rows of one list on an account's pages."""
    return rows_of_account(about.kind, about.related, about.title, about.action, about.narrows)


def rows_of_account(kind: str, name: str, label: Any, action: str, narrows: Sequence[str]) -> Resource:
    found = editable(kind)
    return Resource(
        name=name,
        model=found.model,
        label=label,
        reads="account.read",
        lists="account.list",
        found=found,
        shapes=dict.fromkeys(in_yen(found), financials.YEN),
        shows={"account": column(found.model, "account")},
        filters=("account", *narrows),
        visible=on_visible_accounts,
        adds=Adding(action, "account", Account, make=lambda new: new.create(account=new.parent)),
    )


PAIRS = tuple(
    rows_of_account(pair.kind, pair.related, pair.title, pair.action, pair.ends) for pair in all_pairs()
)
LISTS = tuple(listed(about) for about in all_lists())


def take_in(new: New) -> Attachment:
    """A file as base64, checked like one from a page: its kind by its content, its place by the account."""
    if not new.draft.is_valid():
        raise Problem.invalid(*(Fault.at(key, text) for key, text in new.draft.errors.items()))
    try:
        content = b64decode(new.texts["content"], validate=True)
    except ValueError:
        raise Problem.invalid(Fault.at("content", _now("base64として読めません"))) from None
    asked = {key: new.texts.get(key) or "" for key in ("activity", "ringi")}
    if all(asked.values()):
        raise Problem.invalid(Fault.at("ringi", _now("付ける先は、記録か稟議のどちらかひとつです")))
    kind, pk = next(((kind, pk) for kind, pk in asked.items() if pk), ("", ""))
    try:
        at = attachments.place(new.parent, f"{kind}:{pk}" if kind else "")
    except ValidationError as error:
        raise Problem.invalid(Fault.at(kind, error.messages[0])) from None
    try:
        return attachments.keep(new.parent, ContentFile(content, new.draft.values["name"]), **at)
    except ValidationError as error:
        raise Problem.invalid(Fault.at("content", error.messages[0])) from None


CONTENT = text_shape(4_800_000, needed=True).titled(
    _("中身"), _("base64。1回の本文は5MBまでなので、ファイルは約3.5MBまで。大きなものは画面から置きます")
)
ATTACHMENTS = Resource(
    name="attachments",
    model=Attachment,
    label=_("ファイル"),
    reads="account.read",
    lists="account.list",
    found=editable("attachment"),
    shapes={"name": text_shape(255, needed=True).such_as("memo.txt")},
    shows={key: column(Attachment, key) for key in ("account", "activity", "ringi", "size")}
    | {
        "content_type": column(Attachment, "content_type", _("ファイルの種類")),
        "added_by": column(Attachment, "added_by", _("置いた人")),
    },
    filters=("account", "activity", "ringi"),
    visible=on_visible_accounts,
    content=attachments.given_out,
    adds=Adding(
        "activity.write",
        "account",
        Account,
        inputs={
            "content": CONTENT.such_as("6K2w5LqL6Yyy"),
            "activity": of_column(Attachment._meta.get_field("activity")).titled(_("付ける記録")),
            "ringi": of_column(Attachment._meta.get_field("ringi")).titled(_("付ける稟議")),
        },
        needs=("content",),
        make=take_in,
    ),
)

PRODUCTS = Resource(
    name="products",
    model=Product,
    label=_("製品"),
    reads="product.read",
    lists="product.read",
    found=editable("product"),
    filters=("external_id",),
    adds=Adding("product.edit"),
)

FEATURES = Resource(
    name="product-features",
    model=ProductFeature,
    label=_("機能"),
    reads="product.read",
    lists="product.read",
    found=editable("product_feature"),
    shows={"product": column(ProductFeature, "product")},
    filters=("product", "is_sticky"),
    adds=Adding("product.edit", "product", Product, make=lambda new: new.create(product=new.parent)),
)


def of_published(rows: Any, member: Any) -> Any:
    """What accounts are asked by; a draft is nobody's question yet."""
    return rows.filter(of__published_at__isnull=False)


def of_the_sheet(name: str, model: Any, label: Any, *keys: str) -> Resource:
    """Parts of the editions of the sheet, read only: what a value that is kept by a key is called, and where it stands."""
    return Resource(
        name=name,
        model=model,
        label=label,
        reads="account.list",
        lists="account.list",
        shows={
            "edition": Shown(whole_shape(1, 2**31 - 1).titled(_("シートの版")), lambda part: part.of.number),
            "key": column(model, "key", _("版が変わっても同じキー")),
            **{key: column(model, key) for key in keys},
            "position": column(model, "position", _("並び順")),
        },
        filters=("key", "is_retired"),
        queries=(filter_by(model, "edition", "of__number", _("シートの版")),),
        visible=of_published,
        rows=lambda rows: rows.select_related("of"),
    )


SHEET_SECTIONS = of_the_sheet(
    "sheet-sections", SheetSection, _("シートの区分"), "title", "meter", "is_retired"
)
SHEET_FIELDS = of_the_sheet(
    "sheet-fields", SheetField, _("シートの項目"), "section", "label", "question", "kind", "owner", "needed_by", "months",
    "choices", "is_retired",
)  # fmt: skip

RESOURCES = (
    ACCOUNTS,
    PERSONS,
    PERSON_ROLES,
    BODY_MEMBERS,
    PERSON_TIES,
    OPINIONS,
    CONTRACTS,
    BUDGETS,
    OCCASION_TYPES,
    ACTIVITIES,
    ACTIVITY_TYPES,
    FACTS,
    SHEET_SECTIONS,
    SHEET_FIELDS,
    *LISTS,
    *PAIRS,
    ATTACHMENTS,
    PRODUCTS,
    FEATURES,
    *financials.RESOURCES,
    *metrics.RESOURCES,
)
WITHOUT = {
    AccountMember: "written as the team of an account",
    SheetEdition: "made by publishing the sheet, which is a person's decision",
    PersonMove: "the page's one step over a person and roles, each of which programs write",
}
