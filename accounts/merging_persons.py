"""Two records of one person become one, with everything that names them, and can be two again.

Who might be the same is told by names; e-mail and telephone are evidence beside them and never enough alone: people
share addresses (info@…), and a successor takes over a number.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, KeyPerson, PersonMerge
from tenants.editing import editable
from tenants.owned import Binned, TenantOwned

COMPARED = (
    "name", "kana", "external_id", "department", "unit", "title", "email", "phone", "contact", "state", "state_since", "attitude",
    "desired_attitude", "approach_order", "coverage", "orientation", "influence", "interest",
    "motive", "decides_how", "note",
)  # fmt: skip
LINKS = {"reports_to_id", "successor_id"}
RECENT = 20


@dataclass(frozen=True)
class Pair:
    """Two who might be one. ``evidence`` are the words of what is the same."""

    one: KeyPerson
    other: KeyPerson
    evidence: Sequence[Any]


@dataclass(frozen=True)
class Difference:
    """One field of both, as a person reads and types it; ``keeps`` says which of the two stands if nobody chooses."""

    field: Any
    kept: str
    merged: str
    keeps: str

    @property
    def differs(self) -> bool:
        return self.kept != self.merged


def pairs_in(account: Account) -> list[Pair]:
    """Those whose name or reading is the same, the surest first."""
    people = account.key_persons.filter(is_body=False).order_by("kana", "name", "pk")
    found = [pair for one, other in combinations(people, 2) if (pair := pair_of(one, other))]
    return sorted(found, key=lambda pair: -len(pair.evidence))


def pair_of(one: KeyPerson, other: KeyPerson) -> Pair | None:
    names = same(one.name, other.name), same(one.kana, other.kana)
    if not any(names) or (not names[0] and one.kana and not reads_alike(one, other)):
        return None
    evidence = [
        (names[0], _("氏名")),
        (names[1], _("よみ")),
        (same(one.phone, other.phone, digits), _("電話")),
        (same(one.email, other.email), _("メール")),
        (same(one.department, other.department), _("部署")),
    ]
    return Pair(one, other, [label for is_same, label in evidence if is_same])


def reads_alike(one: KeyPerson, other: KeyPerson) -> bool:
    """The reading alone is not enough either (佐藤 and 左藤): a telephone or an address has to be the same."""
    return same(one.phone, other.phone, digits) or same(one.email, other.email)


def same(one: str, other: str, folded: Any = None) -> bool:
    fold = folded or plain
    return bool(fold(one)) and fold(one) == fold(other)


def plain(text: str) -> str:
    """Width, case, kana and spaces make no difference: ｵｵﾊﾞ, オオバ, おおば."""
    narrow = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in narrow if not char.isspace()
    )


def digits(text: str) -> str:
    found = "".join(char for char in unicodedata.normalize("NFKC", text) if char.isdecimal())
    return f"0{found[2:]}" if text.strip().startswith(("+81", "+81")) and found.startswith("81") else found


def differences(kept: KeyPerson, merged: KeyPerson) -> list[Difference]:
    """The look before: what each says, blanks filled from the other."""
    fields = editable("person").fields
    rows = []
    for key in COMPARED:
        field = fields[key]
        stands, other = (field.show(field.standing(one), one) for one in (kept, merged))
        keeps = "merged" if other and not stands else "kept"
        rows.append(Difference(field, stands, other, keeps))
    return rows


def keys_to_persons() -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Every key of every room that names a person, but for those of merges and of history."""
    for model in apps.get_models():
        if issubclass(model, TenantOwned) and model is not PersonMerge:
            for field in model._meta.local_fields:
                if isinstance(field, models.ForeignKey) and field.remote_field.model is KeyPerson:
                    yield model, field


def everything(model: Any) -> Any:
    return getattr(model, "everything", model._base_manager)


def named(person: KeyPerson) -> list[tuple[str, int]]:
    """How many rows of which kind name the person, in the words of the pages."""
    counted: dict[str, int] = {}
    for model, key in keys_to_persons():
        if n := everything(model).filter(**{key.name: person}).count():
            label = str(WORDS.get(model._meta.object_name or "") or model._meta.verbose_name)
            counted[label] = counted.get(label, 0) + n
    return sorted(counted.items())


WORDS = {
    "KeyPerson": _("上司・後任としての登録"),
    "PersonRole": _("役割"),
    "ActivityPerson": _("出席した記録"),
    "BodyMember": _("会議体への出席"),
    "Opinion": _("発言・意見"),
    "PersonMove": _("異動・昇進"),
    "PersonTie": _("力関係の線"),
    "Objective": _("目標"),
    "ActionItem": _("アクション"),
}


@transaction.atomic
def merge(kept: KeyPerson, merged: KeyPerson, choices: Mapping[str, str]) -> PersonMerge:
    """``choices`` say by field whose value stands, ``kept`` or ``merged``; else what the look proposed."""
    check(kept, merged)
    taken = [
        row.field for row in differences(kept, merged) if choices.get(row.field.key, row.keeps) == "merged"
    ]
    columns = {field.column(KeyPerson) for field in taken} | LINKS
    made = PersonMerge(account=kept.account, kept=kept, merged=merged, before=values_of(kept, columns))
    made.before["merged"] = {"external_id": merged.external_id}
    rewrite(kept, reports_to_id=None, successor_id=None)  # nothing goes in a circle on the way
    merged.put_in_bin()
    move_all(made)
    values = values_of(merged, columns - LINKS)
    if "external_id" in values:
        rewrite(merged, external_id=None)
    rewrite(kept, **values)
    for column in LINKS:
        values[column] = named_by(kept, merged, column)
    made.after = values
    made.save()
    return made


def check(kept: KeyPerson, merged: KeyPerson) -> None:
    if kept.pk == merged.pk:
        raise ValidationError(_now("同じ人どうしはまとめられません"))
    if kept.account_id != merged.account_id:
        raise ValidationError(_now("別のお客様の人とはまとめられません"))
    if kept.is_body != merged.is_body:
        raise ValidationError(_now("人と会議体はまとめられません"))


def values_of(person: KeyPerson, columns: Any) -> dict[str, Any]:
    """The columns as JSON keeps them."""
    values = {name: getattr(person, name) for name in sorted(columns)}
    return {
        name: value if value is None or isinstance(value, int) else str(value)
        for name, value in values.items()
    }


def rewrite(person: KeyPerson, **values: Any) -> None:
    KeyPerson.everything.filter(pk=person.pk).update(**values)


def named_by(kept: KeyPerson, merged: KeyPerson, column: str) -> str | None:
    """The boss, or the successor, of the two that can stand: not one of themselves, and not in a circle."""
    for found in (getattr(kept, column), getattr(merged, column)):
        if found and found not in (kept.pk, merged.pk) and fits(kept, column, found):
            return str(found)
    return None


def fits(person: KeyPerson, column: str, value: Any) -> bool:
    try:
        with transaction.atomic():
            rewrite(person, **{column: value})
    except IntegrityError:
        return False
    return True


def move_all(made: PersonMerge) -> None:
    """Every row that names the merged one names the kept one; what would stand there twice is dropped."""
    for model, key in keys_to_persons():
        rows = everything(model).filter(**{key.name: made.merged})
        label = f"{model._meta.label}.{key.name}"
        if model is KeyPerson:
            rows = rows.exclude(pk=made.kept_id)
        ids = list(rows.values_list("pk", flat=True))
        if not ids:
            continue
        if not moved(rows, key, made.kept):
            ids = [
                pk
                for pk in ids
                if moved(everything(model).filter(pk=pk), key, made.kept) or drop(made, model, pk)
            ]
        made.moved[label] = [str(pk) for pk in ids]


def moved(rows: Any, key: Any, person: KeyPerson) -> bool:
    try:
        with transaction.atomic():
            rows.update(**{key.name: person})
    except IntegrityError:
        return False
    return True


def drop(made: PersonMerge, model: Any, pk: Any) -> bool:
    """False, because it was not moved. Into the bin, or away with a note of what stood there."""
    row = everything(model).get(pk=pk)
    notes = made.dropped.setdefault(model._meta.label, [])
    if isinstance(row, Binned):
        notes.append(str(pk))
        if row.deleted_at is None:
            row.put_in_bin()
    else:
        keys = [field.attname for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
        notes.append({name: str(getattr(row, name)) for name in keys if name != "tenant_id"})
        row.delete()
    return False


@transaction.atomic
def take_back(made: PersonMerge) -> None:
    """Two records again. What was changed on the kept one since then stays as it is now."""
    kept, merged = (KeyPerson.everything.get(pk=pk) for pk in (made.kept_id, made.merged_id))
    now = values_of(kept, {*made.after, *LINKS})
    rewrite(kept, reports_to_id=None, successor_id=None)
    for label, ids in made.moved.items():
        path, name = label.rsplit(".", 1)
        everything(apps.get_model(path)).filter(pk__in=ids, **{name: kept}).update(**{name: merged})
    for label, notes in made.dropped.items():
        bring_back(apps.get_model(label), notes)
    before = {name: made.before[name] for name, value in made.after.items() if now[name] == value}
    links = {name: before.pop(name) for name in LINKS if name in before}
    links = {name: now.get(name) for name in LINKS} | links
    rewrite(kept, **before)
    rewrite(merged, **made.before.get("merged", {}))
    merged.take_out_of_bin()
    for name, value in links.items():
        if value:
            fits(kept, name, value)
    made.delete()


def bring_back(model: Any, notes: Sequence[Any]) -> None:
    for note in notes:
        if isinstance(note, str):
            everything(model).filter(pk=note).update(deleted_at=None, deleted_by="")
        else:
            model._base_manager.get_or_create(**note)


def recent(account: Account) -> list[PersonMerge]:
    """What can still be taken back; the bin keeps the merged one as long as that."""
    rows = PersonMerge.objects.filter(account=account).select_related("kept", "merged")
    return list(rows.order_by("-created_at")[:RECENT])
