"""What of this room programs read and write."""

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.activities import announce, people_to_name, set_people
from accounts.models import Account, Activity, Contract, KeyPerson, PersonRole
from accounts.models.account import Stage
from accounts.views.accounts import ADD_FIELDS, move, stage_before
from accounts.views.activities import state_on
from tenants.api import Adding, Fault, New, Part, Problem, Resource, Shown, Verb, column, of_column
from tenants.api.shapes import list_shape, object_shape, uuid_shape
from tenants.editing import editable
from tenants.editing.fields import parse_date
from tenants.permissions import Reach, reach


def on_visible_accounts(rows: Any, member: Any) -> Any:
    """Rows of accounts that the member sees; asked only for those who do not see all of them."""
    if reach(member, "account.read") is Reach.ALL:
        return rows
    return rows.filter(account__in=Account.objects.visible_to(member))


def visible(rows: Any, member: Any) -> Any:
    return rows.visible_to(member)


def matching(rows: Any, words: str) -> Any:
    return rows.matching(words)


ACCOUNTS = Resource(
    name="accounts",
    model=Account,
    label=_("アカウント"),
    reads="account.read",
    lists="account.list",
    found=editable("account"),
    shows={key: column(Account, key) for key in ("stage_since", "renews_on", "parent", "currency")},
    filters=("external_id", "corporate_number", "stage", "tier", "csm", "commercial_owner"),
    matching=matching,
    visible=visible,
    adds=Adding(
        "account.add", freely=ADD_FIELDS, make=lambda new: new.create(stage_since=timezone.localdate())
    ),
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
    {key: of_column(PersonRole._meta.get_field(key)) for key in ("id", "kind", "starts_on", "ends_on")}
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
        "roles": Shown(list_shape(ROLE), lambda person: person.roles.all()),
    },
    filters=("account", "external_id", "state"),
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

CONTRACTS = Resource(
    name="contracts",
    model=Contract,
    label=_("契約"),
    reads="account.read",
    lists="account.list",
    found=editable("contract"),
    shows={key: column(Contract, key) for key in ("account", "decided_on")},
    filters=("account", "external_id", "decision"),
    visible=on_visible_accounts,
    adds=Adding("contract.edit", "account", Account, make=lambda new: new.create(account=new.parent)),
)


def record(new: New) -> Activity:
    """As the page does it: today unless a day is named, and a day to come makes it a plan."""
    new.draft.typed = {"on": timezone.localdate().isoformat(), **new.draft.typed}
    on = parse_date(new.draft.typed["on"])
    planned = {} if "state" in new.texts or on is None else {"state": state_on(on)}
    activity = new.create(account=new.parent, written_by=new.member, **planned)
    announce(activity)
    return activity  # type: ignore[no-any-return]


def taking_part(activity: Activity, key: str, chosen: list[str]) -> None:
    """Exactly these took part; whoever cannot be named is said by the place where they stood."""
    known = {str(one.pk) for one in people_to_name(activity.account)[key]}
    faults = [
        Fault.at(key, _now("この活動に書ける人ではありません"), n)
        for n, pk in enumerate(chosen)
        if pk not in known
    ]
    if faults:
        raise Problem.invalid(*faults)
    sides = {"persons": [str(row.person_id) for row in activity.persons.all()]}
    sides["members"] = [str(row.member_id) for row in activity.members.all()]
    set_people(activity, **{**sides, key: chosen})


def part(key: str, column_name: str) -> Part:
    return Part(
        list_shape(uuid_shape()),
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
    parts={"persons": part("persons", "person_id"), "members": part("members", "member_id")},
    filters=("account", "kind", "state", "written_by"),
    visible=on_visible_accounts,
    rows=lambda rows: rows.prefetch_related("persons", "members"),
    adds=Adding("activity.write", "account", Account, make=record),
)

RESOURCES = (ACCOUNTS, PERSONS, PERSON_ROLES, CONTRACTS, ACTIVITIES)
