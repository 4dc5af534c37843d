"""What of this room is edited in place. Every field of an account keeps its provenance in ``Fact``."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.choices import units
from accounts.clean_html import as_text
from accounts.financials.editing import FIGURE, figure_called, figure_noted
from accounts.fiscal import ClosingError, FiscalClosing
from accounts.groups import parent_field
from accounts.kinds import own_choices, own_types
from accounts.links import parse_links
from accounts.map_places import MAP_PLACE
from accounts.models import (
    Account,
    Activity,
    ActivityType,
    BodyMember,
    BudgetStatus,
    Contract,
    Fact,
    FinancialFigure,
    FinancialPeriod,
    KeyPerson,
    Opinion,
    PersonRole,
    PersonTie,
    SheetField,
    SheetSection,
)
from accounts.models.activity import ActivityState
from accounts.models.contract import Decision
from accounts.models.fact import FactState, Origin
from accounts.models.key_person import PersonState
from accounts.models.sheet import FieldKind
from accounts.reporting import boss, everybody, other_person, person_choices
from accounts.sheet.counting import count_accounts
from accounts.sheet.editions import (
    in_section,
    labels,
    only_in_draft,
    own_fields,
    section_choices,
    template_of,
)
from accounts.signals import activity_recorded
from tenants.editing import Choice, Edit, EditField, editable, register
from tenants.editing.fields import for_column, parse_whole
from tenants.roles import Role
from tenants.scope import current_member, current_scope

NO_SOURCE = ("source_kind", "source", "url")


def note_fact(edit: Edit) -> None:
    """Somebody wrote this field just now: where the value before came from says nothing about this one. What a person
    wrote by hand, an import will not overwrite unasked. A field without a column has its value here."""
    is_own = edit.field.key not in editable("account").fields
    state = FactState.UNKNOWN if edit.value in (None, "") else FactState.KNOWN
    noted = Fact(
        account_id=edit.record.account.pk,
        field_key=edit.field.key,
        state=state,
        value=edit.value if is_own else "",
        origin=origin(),
        author=current_member(),
        noted_at=timezone.now(),
        as_of=timezone.localdate(),
    )
    Fact.objects.bulk_create(
        [noted],
        update_conflicts=True,
        unique_fields=["tenant", "account", "unit", "field_key"],
        update_fields=["state", "value", "origin", "author", "noted_at", "as_of", *NO_SOURCE],
    )
    count_accounts([edit.record.account.pk])


def origin() -> str:
    return Origin.API if current_scope().is_program else Origin.HAND


def stage_moved(edit: Edit) -> dict[str, object]:
    return {"stage_since": timezone.localdate()} if edit.field.key == "stage" else {}


def decision_made(edit: Edit) -> dict[str, object]:
    if edit.field.key != "decision":
        return {}
    return {"decided_on": None if edit.value == Decision.UNDECIDED else timezone.localdate()}


def own_value_held(edit: Edit) -> None:
    """Whoever writes a value holds its fact before the account, also where both are written: nobody waits in a circle."""
    if edit.field.key not in editable("account").fields:
        account = edit.record.account.pk
        held = Fact.objects.select_for_update().filter(account=account, unit=None, field_key=edit.field.key)
        held.first()


def fact_noted(edit: Edit) -> dict[str, object]:
    """Whoever says where a value comes from answers for it."""
    noted: dict[str, object] = {"author": current_member(), "noted_at": timezone.now(), "origin": origin()}
    if edit.field.key != "value":
        return noted
    return {**noted, "state": FactState.KNOWN if edit.value else FactState.UNKNOWN}


def fact_written(edit: Edit) -> None:
    """A value without a column is one of the account's: it counts a version, as it does for a column."""
    if edit.field.key == "value":
        Account.objects.filter(pk=edit.record.account_id).update(version=F("version") + 1)
    count_accounts([edit.record.account_id])


def parse_value(typed: str, fact: Fact) -> str:
    field = template_of(fact.account).own.get(fact.field_key)
    if field is None:
        raise ValidationError(_("この項目の値は、お客様の項目として書きます"))
    return str(field.parse(typed, fact.account))


def account_moved(edit: Edit) -> dict[str, object]:
    own_value_held(edit)
    return {**stage_moved(edit), **fiscal_moved(edit)}


def person_moved(edit: Edit) -> dict[str, object]:
    if edit.field.key != "state":
        return {}
    return {"state_since": None if edit.value == PersonState.ACTIVE else timezone.localdate()}


def months(record: Account) -> list[Choice]:
    return [("", ""), *((str(n), _now("%(n)s月") % {"n": n}) for n in range(1, 13))]


def activity_moved(edit: Edit) -> dict[str, object]:
    """What is moved to a day to come is a plan; a plan stays one until somebody says that it was held. A type of the
    tenant's own brings the kind it counts as, and goes when another kind is chosen."""
    if edit.field.key == "on" and edit.value > timezone.localdate():
        return {"state": ActivityState.PLANNED}
    if edit.field.key == "kind":
        return {"own_type_id": None}
    if edit.field.key == "own_type" and edit.value:
        return {"kind": next(one.kind for one in own_types() if str(one.pk) == str(edit.value))}
    return {}


def cleaned(field: EditField) -> EditField:
    """What was copied as HTML is kept as the text it showed."""
    return replace(field, parse=lambda typed, record: field.parse(as_text(typed), record))


def activity_written(edit: Edit) -> None:
    """A plan that was held is news for rules; a name that was added is news for who bears it."""
    if edit.field.key in ("title", "body", "next_step", "insight"):
        setattr(edit.record, edit.field.key, edit.value)
        notices.tell(edit.record, is_new=False)
    if edit.field.key == "state" and edit.value == ActivityState.HELD:
        activity_recorded.send(sender=Activity, activity=edit.record)


def a_day_of_its_month(typed: str, record: Account) -> int | None:
    """The closing day; the last day of the month is stored as "month end", and 4月31日 is refused."""
    day = parse_whole(typed, lowest=1, highest=31)
    if day is None:
        return None
    if record.fiscal_month is None:
        raise ValidationError(_("先に決算月を入力してください"))
    try:
        return FiscalClosing.of(record.fiscal_month, day).day
    except ClosingError:
        message = _now("%(month)s月に%(day)s日はありません")
        raise ValidationError(message % {"month": record.fiscal_month, "day": day}) from None


def fiscal_moved(edit: Edit) -> dict[str, object]:
    """A day belongs to its month: another closing month begins at the month's end."""
    return {"fiscal_day": None} if edit.field.key == "fiscal_month" else {}


def in_a_draft(edit: Edit) -> dict[str, object]:
    only_in_draft(edit.record)
    if edit.field.key == "kind":
        raise ValidationError(
            _("書き方は、答えが入るので後から変えられません。項目を加えて、こちらを使わないことにします")
        )
    return in_section(edit.record, edit.value) if edit.field.key == "section" else {}


def own_kinds(field: SheetField) -> list[Choice]:
    return [(kind.value, str(kind.label)) for kind in FieldKind if kind != FieldKind.COLUMN]


def one_of(field: EditField, choices: Callable[[Any], Sequence[Choice]]) -> EditField:
    """A text that is one of these words."""

    def parse(typed: str, record: Any) -> str:
        if typed not in dict(choices(record)):
            raise ValidationError(_now("選べる値の中から選んでください"))
        return typed

    return replace(
        field,
        widget="select",
        choices=choices,
        parse=parse,
        show=lambda value, record: dict(choices(record)).get(value, value or ""),
    )


_CSMS = (Role.CSM, Role.MANAGER, Role.ADMIN)
_SELLERS = (Role.SALES, Role.MANAGER, Role.ADMIN)

register(
    "account",
    Account,
    for_column(Account, "name"),
    for_column(Account, "kana", hint=_("何と読みますか")),
    for_column(Account, "former_names", hint=_("前の社名はありますか"), widget="text"),
    for_column(Account, "external_id", hint=_("CRMでの番号は何ですか"), owner="sales"),
    for_column(Account, "corporate_number", hint=_("法人番号は何番ですか")),
    for_column(Account, "edinet_code", hint=_("EDINETコードはありますか")),
    for_column(Account, "securities_code", hint=_("証券コードはありますか")),
    for_column(Account, "is_listed", hint=_("上場していますか")),
    for_column(Account, "industry", hint=_("どの業界の会社ですか")),
    for_column(Account, "address", hint=_("本社はどこですか")),
    for_column(Account, "employees", lowest=0, hint=_("従業員は何人ですか")),
    for_column(Account, "capital", widget="money", hint=_("資本金はいくらですか")),
    for_column(Account, "segment", hint=_("どのセグメントに入りますか"), owner="sales"),
    parent_field(),
    for_column(Account, "tier", hint=_("どの顧客層として支えますか"), owner="sales"),
    for_column(Account, "stage"),
    replace(
        for_column(Account, "fiscal_month", lowest=1, highest=12, hint=_("決算は何月ですか")),
        widget="select",
        choices=months,
        show=lambda value, record: _now("%(n)s月") % {"n": value} if value else "",
    ),
    replace(
        for_column(Account, "fiscal_day", hint=_("月末。途中の日なら、日を書きます")),
        parse=a_day_of_its_month,
        show=lambda value, record: _now("%(n)s日") % {"n": value} if value else "",
    ),
    for_column(Account, "arr", widget="money", hint=_("年間の契約額はいくらですか"), owner="sales"),
    for_column(Account, "csm", roles=_CSMS, action="account.assign", hint=_("誰が担当しますか")),
    for_column(Account, "deputy", roles=_CSMS, hint=_("休みの間は誰が見ますか")),
    for_column(
        Account,
        "commercial_owner",
        roles=_SELLERS,
        action="account.assign",
        hint=_("営業は誰ですか"),
        owner="sales",
    ),
    for_column(Account, "support_manager", hint=_("サポートは誰が責任を持ちますか")),
    action="account.edit",
    label=_("アカウント"),
    also=account_moved,
    after=note_fact,
    more=own_fields,
)

register(
    "fact",
    Fact,
    replace(for_column(Fact, "value", hint=_("まだ分かりません")), parse=parse_value),
    for_column(Fact, "state", label=_("状態")),
    for_column(Fact, "source_kind", label=_("情報の種類"), hint=_("一次情報ですか、二次情報ですか")),
    for_column(Fact, "source", hint=_("どこで知りましたか")),
    for_column(Fact, "url", hint=_("URLはありますか")),
    for_column(Fact, "as_of", hint=_("いつの時点ですか")),
    action="account.edit",
    label=_("出典"),
    also=fact_noted,
    after=fact_written,
    called=lambda fact: field_label(fact.field_key),
)

register(
    "person",
    KeyPerson,
    for_column(KeyPerson, "name"),
    for_column(KeyPerson, "kana", hint=_("何と読みますか")),
    for_column(KeyPerson, "external_id", hint=_("CRMでの番号は何ですか")),
    for_column(KeyPerson, "is_body"),
    for_column(KeyPerson, "department", hint=_("どの部署ですか")),
    for_column(KeyPerson, "unit", choices=units, hint=_("組織図のどの部門ですか")),
    for_column(KeyPerson, "title", hint=_("役職は何ですか")),
    for_column(KeyPerson, "email", hint=_("メールアドレスは何ですか")),
    for_column(KeyPerson, "phone", hint=_("電話番号は何番ですか")),
    for_column(KeyPerson, "contact", hint=_("こちらは誰が話していますか")),
    for_column(KeyPerson, "state"),
    for_column(KeyPerson, "state_since", label=_("異動・退職の日"), hint=_("在任しています")),
    other_person("successor", hint=_("後任はどなたですか")),
    boss(_("どなたの下にいますか")),
    for_column(KeyPerson, "attitude", hint=_("いま、どこまで味方ですか")),
    for_column(KeyPerson, "desired_attitude", hint=_("どこまで来てほしいですか")),
    for_column(KeyPerson, "approach_order", lowest=1, highest=99, hint=_("何番目に話しますか")),
    for_column(KeyPerson, "coverage", hint=_("どこまで話せていますか")),
    for_column(KeyPerson, "orientation", hint=_("何で決める人ですか")),
    for_column(KeyPerson, "influence", hint=_("社内で、どれだけ発言が効きますか")),
    for_column(KeyPerson, "interest", widget="textarea", hint=_("いま何を気にしていますか")),
    for_column(KeyPerson, "motive", widget="textarea", hint=_("何を得たい、何を避けたい人ですか")),
    for_column(KeyPerson, "decides_how", widget="textarea", hint=_("どうやって決めますか")),
    for_column(KeyPerson, "meets", hint=_("いつ開かれますか")),
    for_column(KeyPerson, "meets_on", hint=_("次はいつですか")),
    MAP_PLACE,
    for_column(KeyPerson, "note", hint=_("人柄、経歴、話すときの注意は")),
    action="person.edit",
    label=_("キーパーソン"),
    also=person_moved,
)

register(
    "person_role",
    PersonRole,
    for_column(PersonRole, "kind"),
    for_column(PersonRole, "starts_on", hint=_("いつからですか")),
    for_column(PersonRole, "ends_on", hint=_("続いています")),
    action="person.edit",
    label=_("役割"),
    called=lambda role: f"{name_of_person(role)} {role.get_kind_display()}",
)

register(
    "body_member",
    BodyMember,
    for_column(BodyMember, "person", choices=person_choices),
    for_column(BodyMember, "seat", hint=_("議長ですか、委員ですか")),
    action="person.edit",
    label=_("会議体の出席者"),
    called=lambda member: name_of_person(member),
)

register(
    "tie",
    PersonTie,
    for_column(PersonTie, "person", choices=everybody),
    for_column(PersonTie, "to", choices=everybody),
    for_column(PersonTie, "kind"),
    for_column(PersonTie, "label", hint=_("どんな関係ですか")),
    action="person.edit",
    label=_("力関係の線"),
    called=lambda tie: f"{name_of_person(tie)} {tie}",
)

register(
    "opinion",
    Opinion,
    for_column(Opinion, "on"),
    for_column(Opinion, "text", widget="textarea"),
    for_column(Opinion, "heard_by", hint=_("誰が聞きましたか")),
    for_column(Opinion, "source", hint=_("どこで聞きましたか")),
    action="person.edit",
    label=_("発言・意見"),
    called=lambda opinion: f"{name_of_person(opinion)} {opinion.text}",
)

register(
    "contract",
    Contract,
    for_column(Contract, "name"),
    for_column(Contract, "starts_on", hint=_("いつからですか")),
    for_column(Contract, "renews_on", hint=_("契約はいつ更新ですか"), owner="sales"),
    for_column(Contract, "notice_on", hint=_("いつまでに伝えますか"), owner="sales"),
    for_column(Contract, "amount", widget="money", hint=_("年額はいくらですか"), owner="sales"),
    for_column(Contract, "decision"),
    for_column(Contract, "external_id", hint=_("CRMでの番号は何ですか")),
    for_column(Contract, "note", hint=_("条件や経緯は")),
    action="contract.edit",
    label=_("契約"),
    also=decision_made,
)

register(
    "budget",
    BudgetStatus,
    for_column(BudgetStatus, "status"),
    action="account.edit",
    label=_("来期予算"),
    called=lambda budget: _now("%(year)s年度") % {"year": budget.fiscal_year},
)

register(
    "financial_period",
    FinancialPeriod,
    for_column(FinancialPeriod, "ends_on"),
    for_column(FinancialPeriod, "quarter", lowest=1, highest=3, hint=_("通期です")),
    for_column(FinancialPeriod, "source_kind", hint=_("一次情報ですか、二次情報ですか")),
    for_column(FinancialPeriod, "source", hint=_("どの書類の数字ですか")),
    for_column(FinancialPeriod, "url", hint=_("URLはありますか")),
    for_column(FinancialPeriod, "as_of", hint=_("いつ開示されましたか")),
    for_column(FinancialPeriod, "starts_on", hint=_("ふつうの長さです")),
    for_column(FinancialPeriod, "basis"),
    action="account.edit",
    label=_("決算期"),
)

register(
    "financial_figure",
    FinancialFigure,
    FIGURE,
    action="account.edit",
    label=_("業績"),
    also=figure_noted,
    called=figure_called,
)

register(
    "activity",
    Activity,
    for_column(Activity, "kind"),
    for_column(Activity, "own_type", choices=own_choices, hint=_("自社の種類はありますか")),
    for_column(Activity, "state"),
    for_column(Activity, "on"),
    for_column(Activity, "at", hint=_("何時からですか")),
    for_column(Activity, "title"),
    cleaned(for_column(Activity, "body", hint=_("話したこと、決まったこと(Markdownで書けます)"))),
    for_column(Activity, "next_step", hint=_("次に何をしますか")),
    for_column(Activity, "next_on", hint=_("いつまでにしますか")),
    for_column(Activity, "insight", widget="textarea", hint=_("お客様に何を示しましたか")),
    for_column(Activity, "insight_was", hint=_("お客様は知っていましたか")),
    replace(for_column(Activity, "links", hint=_("資料や議事録のURLはありますか")), parse=parse_links),
    for_column(Activity, "external_id", hint=_("ほかのシステムでの番号は何ですか")),
    action="activity.write",
    label=_("記録"),
    also=activity_moved,
    after=activity_written,
)

register(
    "sheet_field",
    SheetField,
    for_column(SheetField, "label"),
    one_of(for_column(SheetField, "section"), section_choices),
    replace(for_column(SheetField, "kind"), choices=own_kinds),
    for_column(SheetField, "question", hint=_("空欄のときに何を聞きますか")),
    for_column(SheetField, "owner"),
    for_column(SheetField, "needed_by"),
    for_column(SheetField, "months", lowest=1, highest=120, hint=_("古くならない")),
    for_column(SheetField, "choices", hint=_("選択肢を1行に1つ")),
    action="sheet.edit",
    label=_("シートの項目"),
    also=in_a_draft,
)


register(
    "sheet_section",
    SheetSection,
    for_column(SheetSection, "title"),
    for_column(SheetSection, "meter"),
    action="sheet.edit",
    label=_("シートの区分"),
    also=in_a_draft,
)


register(
    "activity_type",
    ActivityType,
    for_column(ActivityType, "name"),
    for_column(ActivityType, "is_retired"),
    action="tenant.edit",
    label=_("記録の種類"),
)


def field_label(key: str) -> str:
    """The sheet's word for a field; the key itself for one that no edition knows."""
    fields = editable("account").fields
    return str(fields[key].label) if key in fields else labels().get(key, key)


def name_of_person(role: Any) -> str:
    """The person of a role, past and present, all of the account's people asked for at once."""
    cache = current_scope().cache.setdefault("person_names", {})
    if role.account_id not in cache:
        people = KeyPerson.everything.filter(account=role.account_id)
        cache[role.account_id] = dict(people.values_list("pk", "name"))
    return str(cache[role.account_id].get(role.person_id, ""))
