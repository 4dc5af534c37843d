"""What of this room is edited in place. Every field of an account keeps its provenance in ``Fact``."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Activity, BudgetStatus, Contract, Fact, KeyPerson, PersonRole
from accounts.models.contract import Decision
from accounts.models.fact import FactState, Origin
from tenants.editing import Edit, register
from tenants.editing.fields import for_column
from tenants.roles import Role
from tenants.scope import current_member


def note_fact(edit: Edit) -> None:
    """A person wrote this field just now: an import will not overwrite it unasked."""
    state = FactState.UNKNOWN if edit.value in (None, "") else FactState.KNOWN
    Fact.objects.update_or_create(
        account_id=edit.record.account.pk,
        unit=None,
        field_key=edit.field.key,
        defaults={
            "state": state,
            "origin": Origin.HAND,
            "author": current_member(),
            "noted_at": timezone.now(),
            "as_of": timezone.localdate(),
        },
    )


def stage_moved(edit: Edit) -> dict[str, object]:
    return {"stage_since": timezone.localdate()} if edit.field.key == "stage" else {}


def decision_made(edit: Edit) -> dict[str, object]:
    if edit.field.key != "decision":
        return {}
    return {"decided_on": None if edit.value == Decision.UNDECIDED else timezone.localdate()}


_CSMS = (Role.CSM, Role.MANAGER, Role.ADMIN)

register(
    "account",
    Account,
    for_column(Account, "name"),
    for_column(Account, "kana"),
    for_column(Account, "external_id"),
    for_column(Account, "corporate_number"),
    for_column(Account, "edinet_code"),
    for_column(Account, "securities_code"),
    for_column(Account, "is_listed"),
    for_column(Account, "industry", hint=_("どの業界の会社ですか")),
    for_column(Account, "address"),
    for_column(Account, "employees", lowest=0),
    for_column(Account, "capital", widget="money"),
    for_column(Account, "segment"),
    for_column(Account, "tier"),
    for_column(Account, "stage"),
    for_column(Account, "fiscal_month", lowest=1, highest=12, hint=_("決算は何月ですか")),
    for_column(Account, "fiscal_day", lowest=1, highest=31),
    for_column(Account, "arr", widget="money"),
    for_column(Account, "csm", roles=_CSMS, action="account.assign"),
    for_column(Account, "deputy", roles=_CSMS),
    for_column(
        Account, "commercial_owner", roles=(Role.SALES, Role.MANAGER, Role.ADMIN), action="account.assign"
    ),
    for_column(Account, "support_manager"),
    action="account.edit",
    label=_("アカウント"),
    also=stage_moved,
    after=note_fact,
)

register(
    "person",
    KeyPerson,
    *(
        for_column(KeyPerson, key)
        for key in ("name", "kana", "is_body", "department", "title", "email", "phone")
    ),
    for_column(KeyPerson, "contact"),
    for_column(KeyPerson, "state"),
    for_column(KeyPerson, "state_since"),
    for_column(KeyPerson, "note"),
    action="person.edit",
    label=_("キーパーソン"),
)

register(
    "person_role",
    PersonRole,
    *(for_column(PersonRole, key) for key in ("kind", "starts_on", "ends_on")),
    action="person.edit",
    label=_("役割"),
)

register(
    "contract",
    Contract,
    for_column(Contract, "name"),
    for_column(Contract, "starts_on"),
    for_column(Contract, "renews_on", hint=_("契約はいつ更新ですか")),
    for_column(Contract, "notice_on"),
    for_column(Contract, "amount", widget="money"),
    for_column(Contract, "decision"),
    for_column(Contract, "note"),
    action="contract.edit",
    label=_("契約"),
    also=decision_made,
)

register(
    "budget", BudgetStatus, for_column(BudgetStatus, "status"), action="account.edit", label=_("来期予算")
)

register(
    "activity",
    Activity,
    *(for_column(Activity, key) for key in ("kind", "state", "on", "at", "title", "body", "next_step")),
    action="activity.write",
    label=_("記録"),
)
