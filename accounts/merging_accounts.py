"""Two accounts of one customer become one, with everything that hangs on them, and can be two again for 30 days.

What hangs on them is found by ``tenants.merging``. Here is what is particular: the sheet's fields are compared one by
one, and where a value comes from (its fact) goes with the value.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.groups import line_above
from accounts.models import Account, AccountMerge, Fact
from accounts.sheet.counting import count_accounts
from accounts.sheet.editions import template_of
from tenants import merging
from tenants.actors import Actor, actors_of
from tenants.editing.fields import EditField
from tenants.editing.registry import Editable, all_editables, editable
from tenants.merging import Model, Moves, Twin
from tenants.scope import current_scope

KEPT, MERGED = "kept", "merged"
FOLLOWING = {"stage": ("stage_since",), "fiscal_month": ("fiscal_day",)}
"""Columns that mean something only beside another one."""
RECENT = 20


class ChangedMeanwhileError(ValidationError):
    """Somebody wrote one of the compared values since the look."""


@dataclass(frozen=True)
class Row:
    """One thing of which only one can stand: a field, or a record that both have. ``keeps`` stands if nobody chooses."""

    name: str
    label: str
    kept: str
    merged: str
    keeps: str = KEPT
    differs: bool = True


@dataclass(frozen=True)
class Look:
    """Everything a person sees before it is done."""

    fields: Sequence[Row]
    records: Sequence[Row]
    moving: Sequence[tuple[str, int]]
    same: Sequence[tuple[str, int]]
    twins: Sequence[Twin]

    @property
    def seen(self) -> str:
        """The same as long as nobody writes one of what is compared."""
        said = repr([(row.name, row.kept, row.merged) for row in (*self.fields, *self.records)])
        return hashlib.sha256(said.encode()).hexdigest()


def look(kept: Account, merged: Account) -> Look:
    """Writes nothing. Statements: one per unique constraint in the way, one to count, two per kind that both have."""
    twins = merging.twins_of(kept, merged)
    counted = merging.named(merged)
    doubled = Counter(twin.model for twin in twins)
    moving = {model: n - doubled[model] for model, n in counted.items() if n > doubled[model]}
    return Look(fields_of(kept, merged), records_of(twins), in_words(moving), in_words(doubled), twins)


def fields_of(kept: Account, merged: Account) -> list[Row]:
    """The sheet of both; a blank is filled from the other."""
    return [field_row(field, kept, merged) for field in compared(kept, merged).values()]


def compared(kept: Account, merged: Account) -> dict[str, EditField]:
    following = {name for names in FOLLOWING.values() for name in names}
    if are_in_line(kept, merged):
        following.add("parent")
    columns = {key: field for key, field in editable("account").fields.items() if key not in following}
    return {**columns, **template_of(kept).own}


def are_in_line(kept: Account, merged: Account) -> bool:
    """One of them is the other's parent, or above it: what becomes one keeps the place of the one that stays."""
    return kept.parent_id == merged.pk or bool(merged.parent_id and kept.pk in line_above(merged.pk))


def field_row(field: EditField, kept: Account, merged: Account) -> Row:
    stands, other = shown(field, kept, merged)
    keeps = MERGED if other and not stands else KEPT
    differs = field.standing(kept) != field.standing(merged)
    return Row(f"field-{field.key}", str(field.label), stands, other, keeps, differs)


def shown(field: EditField, kept: Any, merged: Any) -> tuple[str, str]:
    """Both values as they are read; as they are typed where they read the same and are not (whole millions)."""
    values = [(field.standing(one), one) for one in (kept, merged)]
    stands, other = (field.show(value, one) for value, one in values)
    if stands == other and values[0][0] != values[1][0]:
        stands, other = (field.raw(value) for value, _one in values)
    return stands, other


def records_of(twins: Iterable[Twin]) -> list[Row]:
    """Twins that people write, where they say something different. What is only kept for somebody (a pin) has no row."""
    kinds = {found.model: found for found in all_editables()}
    rows: list[Row] = []
    for model in dict.fromkeys(twin.model for twin in twins if twin.model in kinds):
        pairs = [twin for twin in twins if twin.model is model]
        found = merging.everything(model).in_bulk([pk for twin in pairs for pk in (twin.kept, twin.merged)])
        pairs = [twin for twin in pairs if not is_of_a_field(found[twin.kept])]
        rows += [record_row(kinds[model], twin, found[twin.kept], found[twin.merged]) for twin in pairs]
    return [row for row in rows if row.kept]


def is_of_a_field(record: Any) -> bool:
    """A fact of the account itself goes with the field's value."""
    return isinstance(record, Fact) and record.unit_id is None


def record_row(found: Editable, twin: Twin, kept: Any, merged: Any) -> Row:
    told: tuple[list[str], list[str]] = ([], [])
    for field in found.fields.values():
        if field.standing(kept) != field.standing(merged):
            for words, value in zip(told, shown(field, kept, merged), strict=True):
                words.append(f"{field.label}: {value or _now('空欄')}")
    label = f"{found.label}「{found.called(kept)}」"
    ours, theirs = (_now("、").join(words) for words in told)
    return Row(f"record-{twin.merged}", label, ours, theirs)


WORDS = {
    "Account": _("子会社としての登録"),
    "AccountMember": _("チームのメンバー"),
    "AccountMerge": _("前にまとめた記録"),
    "AccountScore": _("ヘルスの計算"),
    "Follower": _("フォロー"),
    "Notice": _("お知らせ"),
    "NoteDraft": _("下書き"),
    "PersonMerge": _("まとめた人の控え"),
    "PersonMove": _("異動・昇進"),
    "Pin": _("ピン留め"),
    "Resolution": _("解像度"),
    "ScoreDay": _("日ごとのヘルス"),
}


def in_words(counts: Mapping[Model, int]) -> list[tuple[str, int]]:
    """By the words of the pages; a table without any is counted too."""
    kinds = {found.model: str(found.label) for found in all_editables() if found.model is not Account}
    told: Counter[str] = Counter()
    for model, n in counts.items():
        told[kinds.get(model) or str(WORDS.get(model._meta.object_name or "", _("そのほかの記録")))] += n
    return sorted(told.items(), key=lambda line: (-line[1], line[0]))


# There --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def merge(kept: Account, merged: Account, choices: Mapping[str, str], seen: str = "") -> AccountMerge:
    """``choices`` say by the name of a row whose value stands; else what the look proposed. ``seen`` is ``Look.seen`` of
    the look that was decided by."""
    check(kept, merged)
    kept, merged = held(kept, merged)
    found = look(kept, merged)
    if seen and seen != found.seen:
        raise ChangedMeanwhileError(
            _now("見比べている間に、値が書き換わりました。新しい値を確かめてください")
        )
    stands = {row.name: choices.get(row.name, row.keeps) for row in (*found.fields, *found.records)}
    values = values_taken(merged, taken(found.fields, stands))
    before = columns_of(kept, values)
    moves = merging.merge_rows(kept, merged, gone(found, stands, kept, merged))
    Account.objects.filter(pk=kept.pk).update(**values)
    count_accounts([kept.pk])
    return AccountMerge.objects.create(  # type: ignore[no-any-return]
        account=kept,
        kept_id=kept.pk,
        merged_id=merged.pk,
        merged_name=merged.name,
        by=current_scope().actor,
        request=current_scope().request_id,
        count=sum(n for _label, n in found.moving),
        moved=moves.moved,
        dropped=moves.dropped,
        before=before,
        after=columns_of(merged, values),
    )


def check(kept: Account, merged: Account) -> None:
    if kept.pk == merged.pk:
        raise ValidationError(_now("同じお客様どうしはまとめられません"))
    above, seen = kept.parent, {kept.pk}
    while above and above.pk not in seen and above.pk != merged.pk:
        seen.add(above.pk)
        above = above.parent
    if above and above.pk == merged.pk and kept.parent_id != merged.pk:
        raise ValidationError(
            _now("「%(kept)s」は「%(merged)s」のグループの下にあります。残すほうを入れ替えてください")
            % {"kept": kept.name, "merged": merged.name}
        )


def held(kept: Account, merged: Account) -> tuple[Account, Account]:
    """Both as they are now, until the end: whoever wants to hang something on the merged one waits, and is refused."""
    rows = Account.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) < 2:
        raise ChangedMeanwhileError(_now("片方は、もうまとめられています"))
    return found[kept.pk], found[merged.pk]


def taken(rows: Iterable[Row], stands: Mapping[str, str]) -> list[str]:
    """The keys of the fields whose value comes from the merged one."""
    return [row.name.removeprefix("field-") for row in rows if stands[row.name] == MERGED]


def values_taken(merged: Account, keys: Iterable[str]) -> dict[str, Any]:
    fields = editable("account").fields
    columns = [fields[key].column(Account) for key in keys if key in fields]
    columns += [name for key in keys for name in FOLLOWING.get(key, ())]
    return {name: getattr(merged, name) for name in columns}


def columns_of(account: Account, names: Iterable[str]) -> dict[str, Any]:
    """As JSON keeps them."""
    values = {name: getattr(account, name) for name in names}
    return {
        name: value if value is None or isinstance(value, int) else str(value)
        for name, value in values.items()
    }


def gone(found: Look, stands: Mapping[str, str], kept: Account, merged: Account) -> merging.Gone:
    """Which of two twins goes; and the facts of values that do not stand, for there is nothing left they speak of."""
    side = {row.name: stands[row.name] for row in found.records}
    same: dict[Model, dict[UUID, UUID | None]] = {}
    facts = facts_of(kept, merged)
    for twin in found.twins:
        chosen = side.get(f"record-{twin.merged}", KEPT)
        if fact := facts.get(twin.merged):
            chosen = stands.get(f"field-{fact.field_key}", KEPT)
        goes, stays = (twin.merged, twin.kept) if chosen == KEPT else (twin.kept, twin.merged)
        same.setdefault(twin.model, {})[goes] = stays
    both = {pk for twin in found.twins for pk in (twin.kept, twin.merged)}
    owner = {KEPT: kept.pk, MERGED: merged.pk}
    differing = {row.name for row in found.fields if row.differs}
    alone = [
        fact.pk
        for fact in facts.values()
        if fact.pk not in both
        and (name := f"field-{fact.field_key}") in differing
        and owner[stands[name]] != fact.account_id
    ]
    same.setdefault(Fact, {}).update(dict.fromkeys(alone))
    return same


def facts_of(kept: Account, merged: Account) -> dict[UUID, Fact]:
    """Those of the accounts themselves, by key."""
    rows = Fact.objects.filter(account__in=[kept.pk, merged.pk], unit=None)
    return {fact.pk: fact for fact in rows}


# And back -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_back(made: AccountMerge) -> None:
    """Two accounts again. What was written or added on the kept one since then stays there."""
    made = AccountMerge.objects.select_for_update().get(pk=made.pk)
    check_undo(made)
    kept = Account.objects.select_for_update().get(pk=made.kept_id)
    now = columns_of(kept, made.after)
    before = {name: made.before[name] for name, value in made.after.items() if now[name] == value}
    try:
        with transaction.atomic():
            Account.objects.filter(pk=kept.pk).update(**before)
            merging.take_back(Moves(made.moved, made.dropped), Account)
    except IntegrityError:
        raise ValidationError(
            _now(
                "元に戻せませんでした。「%(name)s」の外部IDや法人番号を別のお客様が使っていないか、親会社をたどると"
                "元に戻らないかを確かめてください"
            )
            % {"name": made.merged_name}
        ) from None
    count_accounts([made.kept_id, made.merged_id])
    scope = current_scope()
    AccountMerge.objects.filter(pk=made.pk).update(
        undone_at=timezone.now(),
        undone_by=scope.actor,
        undo_request=scope.request_id,
        moved=[],
        dropped={},
    )


def check_undo(made: AccountMerge) -> None:
    if made.undone_at:
        raise ValidationError(_now("もう元の2件に戻っています"))
    if not made.can_be_undone:
        raise ValidationError(_now("30日を過ぎたので、元の2件には戻せません"))
    if made.account_id != made.kept_id:
        raise ValidationError(
            _now("あとから「%(name)s」にまとめられています。先にそちらを元に戻してください")
            % {"name": made.account.name}
        )


# Told ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One merge, as the histories of both tell it."""

    made: AccountMerge
    by: Actor
    undone_by: Actor


def merges_of(account: Account) -> list[Told]:
    """What was merged into the account, and when it was merged into another; newest first."""
    about = models.Q(account=account) | models.Q(kept_id=account.pk) | models.Q(merged_id=account.pk)
    rows = list(AccountMerge.objects.filter(about).select_related("account").order_by("-created_at")[:RECENT])
    actors = actors_of(by for made in rows for by in (made.by, made.undone_by)) if rows else {}
    return [Told(made, actors[made.by], actors[made.undone_by]) for made in rows]


def other_ids(account: Account, merges: Iterable[Told]) -> list[UUID]:
    """Under which ids else the history of what hangs on the account was written."""
    made = [told.made for told in merges if told.made.undone_at is None]
    return [one.merged_id for one in made if one.account_id == account.pk]


def requests_of(merges: Iterable[Told]) -> list[str]:
    """The requests that only moved rows: told in one line, not row by row."""
    found = [request for told in merges for request in (told.made.request, told.made.undo_request)]
    return [request for request in found if request]


FORMS = ("株式会社", "有限会社", "合同会社", "(株)", "(有)", "㈱", "㈲")


def alike(account: Account) -> list[Account]:
    """Other accounts whose name holds what this one is called without its legal form."""
    word = account.name
    for form in FORMS:
        word = word.replace(form, " ")
    word = max(word.split() or [account.name], key=len)
    return list(Account.objects.matching(word).exclude(pk=account.pk).order_by("kana", "name", "pk")[:10])


def forget(before: datetime) -> None:
    """After 30 days the line stays and the copies go."""
    AccountMerge.objects.filter(created_at__lt=before).exclude(dropped={}).update(moved=[], dropped={})
