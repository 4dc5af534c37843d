"""What Masume knows about one person of a customer: handed over as a file, or erased.

Erased are the person's own row with its roles and participation, everything that history knows by those fields, and
copies on their way (mails, marks of editing, answers kept for a repeat, staged imports). What people wrote elsewhere in
free text is found and shown; only those records are changed that somebody chose.
"""

import json
from collections.abc import Callable, Collection
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.mentions import mentions_of, whole_names, words_of, written
from accounts.models import ActivityPerson, BodyMember, KeyPerson, Opinion, PersonMove, PersonRole
from tenants import erasing
from tenants.editing.registry import editable
from tenants.erasing import MARK
from tenants.history_reading import Event as HistoryEvent
from tenants.history_reading import changes_of, event_model, json_of
from tenants.models import IdempotencyKey, OutboxMail
from tenants.owned import TenantOwned

FINISHED = (
    IdempotencyKey,
    OutboxMail,
)  # nothing is read from them again: a surname goes too, whoever's it is


def stored_about(person: KeyPerson) -> dict[str, Any]:
    """Everything, as a file for the person: plain values under the words that the screens use."""
    fields = editable("person").fields
    return {
        "お客様": person.account.name,
        "基本": {str(field.label): field.show(field.standing(person), person) for field in fields.values()},
        "役割": [
            {"役割": role.get_kind_display(), "はじめ": day(role.starts_on), "おわり": day(role.ends_on)}
            for role in PersonRole.everything.filter(person=person).order_by("pk")
        ],
        "異動・昇進": [
            {
                "日付": day(move.on),
                "何があったか": move.get_kind_display(),
                "部署": move.department,
                "役職": move.title,
            }
            for move in PersonMove.objects.filter(person=person).order_by("pk")
        ],
        "発言・意見": [
            {"日付": day(said.on), "発言": said.text, "出典": said.source}
            for said in Opinion.everything.filter(person=person).order_by("pk")
        ],
        "会議体": [
            {"会議体": seat.body.name, "立場": seat.seat}
            for seat in BodyMember.objects.filter(person=person).select_related("body").order_by("pk")
        ],
        "出席した記録": [
            {"日付": day(part.activity.on), "ひとこと": part.activity.title}
            for part in ActivityPerson.objects.filter(person=person).select_related("activity").order_by("pk")
        ],
        "変更の履歴": history_of(person),
        "名前の出てくる文": [
            {"種類": mention.label, **{str(label): text for label, text in mention.excerpts}}
            for mention in mentions_of(person)
        ],
        "書き出した日時": timezone.localtime().isoformat(timespec="seconds"),
    }


def day(value: Any) -> str:
    return value.isoformat() if value else ""


def history_of(person: KeyPerson) -> list[dict[str, str]]:
    found, events, before = editable("person"), [], None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pgh_id, pgh_created_at, pgh_actor, pgh_request, pgh_label, pgh_obj_id, to_jsonb(e)::text"
            f" FROM {event_model(KeyPerson)._meta.db_table} AS e WHERE tenant_id = %s AND pgh_obj_id = %s ORDER BY pgh_id",
            [person.tenant_id, person.pk],
        )
        for *facts, after in cursor.fetchall():
            events.append(HistoryEvent(found, *facts, json_of(after), before))  # type: ignore[call-arg]
            before = json_of(after)
    return [
        {
            "日時": timezone.localtime(change.event.at).isoformat(timespec="seconds"),
            "誰が": change.by.name,
            "項目": str(change.field.label) if change.field else change.what,
            "前": change.before,
            "後": change.after,
        }
        for change in changes_of(events)
    ]


def erase(person: KeyPerson, also: Collection[UUID] = ()) -> dict[str, int]:
    """Blot the person out, and their names in the records ``also``. Gives how many rows of which table were changed.

    The order matters: history is changed while the person still says its names, and the row goes when it has none.
    """
    words, whole = words_of(person), whole_names(person)
    hung = [
        pk
        for model in (PersonRole, Opinion, BodyMember)
        for pk in model.everything.filter(person=person).values_list("pk", flat=True)
    ]
    about = {person.pk, *hung, *also}
    for model in written():
        rewrite(model._base_manager.filter(pk__in=also), erasing.free_texts(model), without(words))
    counted = blot_out_of_history(person, also)
    for model in apps.get_models():
        if issubclass(model, TenantOwned):
            forget_in(model, about, words if model in FINISHED else whole)
    texts: list[Any] = [KeyPerson._meta.get_field(name) for name in KeyPerson.personal_fields]
    blank = {text.name: None if text.null else MARK for text in texts}
    KeyPerson.everything.filter(pk=person.pk).update(**blank | {"email": ""})
    KeyPerson.everything.get(pk=person.pk).delete()
    return counted


def blot_out_of_history(person: KeyPerson, also: Collection[UUID]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_person(%s, %s::uuid[])", [person.pk, [str(pk) for pk in also]])
        return {table: count for table, count in json.loads(cursor.fetchone()[0]).items() if count}


def without(words: list[str]) -> Callable[[str], str]:
    return lambda text: reduce(lambda left, word: left.replace(word, MARK), words, text)


def rewrite(rows: Any, fields: list[str], change: Callable[[str], str]) -> None:
    """Put ``change(text)`` where it differs, by an UPDATE for each row that has something to change."""
    for row in rows:
        texts = {field: getattr(row, field) for field in fields if getattr(row, field)}
        changed = {
            field: change(text)[: row._meta.get_field(field).max_length]
            for field, text in texts.items()
            if change(text) != text
        }
        if changed:
            type(row)._base_manager.filter(pk=row.pk).update(**changed)


def forget_in(model: type[TenantOwned], about: set[UUID], whole: list[str]) -> None:
    """What programs keep for a while of what people wrote: staged imports, mails, marks, answers, evidence as JSON."""
    rows: Any = model._base_manager
    change = without(whole)
    if model.holds_copies and any(field.name == "record" for field in model._meta.local_fields):
        rows.filter(record__in=about).delete()
    if not whole:
        return
    if model.holds_copies and (texts := erasing.free_texts(model)):
        held = rows.filter(holding(texts, whole))
        held.delete() if model is IdempotencyKey else rewrite(held, texts, change)
    for name in [field.name for field in model._meta.local_fields if isinstance(field, models.JSONField)]:
        for row in rows.annotate(whole_text=Cast(name, TextField())).filter(holding(["whole_text"], whole)):
            rows.filter(pk=row.pk).update(**{name: deeply(getattr(row, name), change)})


def holding(fields: list[str], words: list[str]) -> Q:
    return reduce(or_, (Q(**{f"{field}__contains": word}) for field in fields for word in words))


def deeply(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {change(key): deeply(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [deeply(inner, change) for inner in value]
    return change(value) if isinstance(value, str) else value
