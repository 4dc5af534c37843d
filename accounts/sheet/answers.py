"""What a meeting answered: cells of the sheet written from its note, with the meeting as their source and its day.

Nothing of an answer gets lost: it stands in the note too, also where somebody else wrote the cell meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import Account, Activity, Fact
from accounts.models.activity import ActivityState
from accounts.models.fact import SourceKind
from accounts.sheet.counting import count_accounts
from accounts.sheet.reading import Row, sheet_of
from tenants.editing import Conflict, editable, save_field
from tenants.editing.drafting import Input
from tenants.permissions import may
from tenants.scope import current_member

ANSWER, BASE = "answer-", "base-"


@dataclass(frozen=True)
class Answer:
    """``base`` is what stood in the cell when the question was shown."""

    row: Row
    typed: str
    base: str


@dataclass(frozen=True)
class Question:
    """A cell to be answered, as ``ui/input.html`` draws it, and the value it stands against."""

    row: Row
    input: Input
    base: str


def questions(account: Account, typed: Mapping[str, str] | None = None) -> list[Question]:
    """What is to be asked next (S1 1.34), in the order of the sheet."""
    asked = [row for row in sheet_of(account).asked if row.cell.may_edit]
    return [question(row, typed or {}) for row in asked]


def question(row: Row, typed: Mapping[str, str]) -> Question:
    """A form that comes back keeps what was typed, and against which value."""
    return Question(row, as_input(row, typed), typed.get(f"{BASE}{row.key}", row.cell.value))


def as_input(row: Row, typed: Mapping[str, str]) -> Input:
    cell, name = row.cell, f"{ANSWER}{row.key}"
    help_text = cell.label if row.question else ""
    return Input(
        name, row.question or cell.label, cell.widget, typed.get(name, ""), cell.choices, False, help_text, ""
    )


def read(post: Mapping[str, str], account: Account) -> list[Answer]:
    """The answers of a form; ValidationError names the question whose answer does not do."""
    given = {
        key.removeprefix(ANSWER): text
        for key, text in post.items()
        if key.startswith(ANSWER) and text.strip()
    }
    if not given:
        return []
    if not may(current_member(), "account.edit", account):
        raise PermissionDenied("account.edit")
    rows = {row.key: row for row in sheet_of(account).rows if row.cell.may_edit}
    answers = [
        Answer(rows[key], text, post.get(f"{BASE}{key}", "")) for key, text in given.items() if key in rows
    ]
    for answer in answers:
        refuse_what_does_not_fit(answer, account)
    return answers


def refuse_what_does_not_fit(answer: Answer, account: Account) -> None:
    field = editable("account").field(answer.row.key, account)
    assert field is not None
    try:
        field.parse(answer.typed, account)
    except ValidationError as error:
        raise ValidationError(f"{answer.row.cell.label}: {error.messages[0]}") from None


def as_text(answers: Iterable[Answer]) -> str:
    """The answers as lines of the note."""
    return "\n".join(f"- {answer.row.cell.label}: {answer.typed.strip()}" for answer in answers)


def write(answers: Iterable[Answer], activity: Activity) -> list[str]:
    """Write the cells; the labels of those that somebody else had written meanwhile, and that stay as they are."""
    answers = list(answers)
    if answers and activity.state != ActivityState.HELD:
        raise ValidationError(_("答えは、終えた打ち合わせに書きます。日付を今日までにしてください"))
    lost = [answer.row.cell.label for answer in answers if not is_written(answer, activity)]
    if answers:
        count_accounts([activity.account_id])
    return lost


def is_written(answer: Answer, activity: Activity) -> bool:
    account = Account.objects.get(pk=activity.account_id)  # each save moves its version
    key = answer.row.key
    if isinstance(
        save_field(editable("account"), account, key, answer.typed, base=answer.base, mark=None), Conflict
    ):
        return False
    Fact.objects.filter(account=account, unit=None, field_key=key).update(
        source_kind=SourceKind.PRIMARY, source=activity.title[:200], as_of=activity.on
    )
    return True
