"""A section that one of the demo's vendors added to the basic information sheet: what its customers have examined."""

from accounts.models import Fact, SheetEdition, SheetField, SheetSection
from accounts.models.account import Account
from accounts.models.sheet import FieldKind, Meter, NeededBy, Owes
from accounts.sheet import editions
from tenants.models import Membership
from workspace.demo.calendar import DemoCalendar

TITLE = "セキュリティ審査"
FIELDS = (
    ("審査の基準", "何を満たせば通りますか", FieldKind.AREA, ""),
    (
        "審査の状態",
        "いまどこまで進んでいますか",
        FieldKind.CHOICE,
        "これから\n質問票に回答中\n通過\n条件つきで通過",
    ),
    ("次の審査日", "次はいつ見られますか", FieldKind.DATE, ""),
)
ANSWERS = {
    "審査の基準": "個人情報を国内に置くこと。年1回の脆弱性診断の写し。",
    "審査の状態": "条件つきで通過",
}


def load_section(member: Membership) -> None:
    """The second edition of the sheet, in force for everybody; one that is there is left alone."""
    if SheetEdition.objects.exists():
        return
    draft = editions.begin_draft()
    section = SheetSection.objects.create(
        of=draft, key=editions.next_key(SheetSection), title=TITLE, meter=Meter.OPERATION,
        position=editions.next_place(SheetSection.objects.filter(of=draft)),
    )  # fmt: skip
    for label, question, kind, choices in FIELDS:
        SheetField.objects.create(
            of=draft, key=editions.next_key(SheetField), section=section.key, label=label, question=question, kind=kind,
            choices=choices, owner=Owes.SALES, needed_by=NeededBy.MID, months=12,
            position=editions.next_place(SheetField.objects.filter(of=draft)),
        )  # fmt: skip
    editions.publish(draft, member, for_all=True)


def answer_section(account: Account, calendar: DemoCalendar) -> None:
    """What is known of one customer."""
    keys = {field.label: field.key for field in editions.template().fields}
    for label in ANSWERS.keys() & keys.keys():
        Fact.objects.create(
            account=account, field_key=keys[label], value=ANSWERS[label], source_kind="primary", source="質問票の回答",
            author=account.csm, as_of=calendar.day(-60), noted_at=calendar.moment(-60),
        )  # fmt: skip
