"""``manage.py jobs [list|show|retry|give-up]``: the operator's view of background work, above all of what was given up."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.db import transaction

from tenants.jobs import operating
from tenants.models.job_slot import JobSlot, JobSlotQuerySet, SlotState

FIELDS = ("due_at", "started_at", "finished_at", "lease_until")


class Command(BaseCommand):
    help = "背景の処理を見せ、できなかったものをやり直すか、取りやめます。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        does = parser.add_subparsers(dest="does", metavar="list | show | retry | give-up")
        listing = does.add_parser("list", help="処理の一覧(既定は、できなかったもの)")
        listing.add_argument("--state", choices=[*SlotState.values, "all"], default=SlotState.DEAD)
        listing.add_argument("--limit", type=int, default=50)
        showing = does.add_parser("show", help="1つの処理のすべて")
        showing.add_argument("id", nargs="+", type=UUID)
        for name, words in (
            ("retry", "できなかった処理を、はじめからもう一度行います"),
            ("give-up", "処理を取りやめます。知らせは消え、実行中のものは何も残しません"),
        ):
            doing = does.add_parser(name, help=words)
            doing.add_argument("id", nargs="*", type=UUID)
            doing.add_argument("--all", action="store_true", help="できなかったものすべて")
        for each in (listing, *(does.choices[name] for name in ("retry", "give-up"))):
            each.add_argument("--tenant", default="", metavar="SLUG", help="この会社だけ")
            each.add_argument("--job", default="", help="この種類だけ(例 mail)")
        for each in (parser, *does.choices.values()):
            each.add_argument("--json", action="store_true", help="結果を JSON で出します")

    def handle(self, *args: Any, **options: Any) -> None:
        does: dict[str, Callable[[dict[str, Any]], None]] = {
            "show": self.show,
            "retry": self.retry,
            "give-up": self.give_up,
        }
        does.get(options["does"] or "list", self.show_all)(options)

    def show_all(self, options: dict[str, Any]) -> None:
        state = options.get("state", SlotState.DEAD)
        found = narrowed(options) if state == "all" else narrowed(options).filter(state=state)
        slots = found.order_by("-slot_start")[: options.get("limit", 50)]
        facts = [facts_of(slot) for slot in slots]
        if options["json"]:
            self.stdout.write(json.dumps({"jobs": facts}, ensure_ascii=False))
            return
        for fact in facts:
            self.stdout.write("{id}  {state:<8} {job:<16} {tenant:<16} {attempts}回  {error}".format(**fact))
        if not facts:
            self.stdout.write("できなかった処理はありません。" if state == SlotState.DEAD else "ありません。")

    def show(self, options: dict[str, Any]) -> None:
        for slot in self.named(options):
            self.stdout.write(json.dumps(facts_of(slot), ensure_ascii=False, indent=2))

    @transaction.atomic
    def retry(self, options: dict[str, Any]) -> None:
        slots = self.named(options)
        again = operating.retry(slots)
        self.tell(
            options, {"retried": len(again), "asked": len(slots)}, f"{len(again)}件をもう一度行います。"
        )

    @transaction.atomic
    def give_up(self, options: dict[str, Any]) -> None:
        count = operating.put_aside(self.named(options))
        self.tell(options, {"given_up": count}, f"{count}件を取りやめました。")

    def named(self, options: dict[str, Any]) -> list[JobSlot]:
        """The slots given by id, or all dead ones of a tenant or kind."""
        if options["id"]:
            found = list(JobSlot.objects.filter(pk__in=options["id"]).select_related("tenant"))
            if missing := set(options["id"]) - {slot.pk for slot in found}:
                self.stderr.write(f"ありません: {', '.join(sorted(map(str, missing)))}")
                raise SystemExit(2)
            return found
        if not options.get("all"):
            self.stderr.write("処理の id か --all を指定してください。一覧: manage.py jobs")
            raise SystemExit(2)
        return list(narrowed(options).filter(state=SlotState.DEAD))

    def tell(self, options: dict[str, Any], facts: dict[str, int], words: str) -> None:
        self.stdout.write(json.dumps(facts) if options["json"] else words)


def narrowed(options: dict[str, Any]) -> JobSlotQuerySet:
    found = JobSlot.objects.select_related("tenant")
    if options.get("tenant"):
        found = found.filter(tenant__slug=options["tenant"])
    return found.filter(job=options["job"]) if options.get("job") else found


def facts_of(slot: JobSlot) -> dict[str, Any]:
    moments = {name: at.isoformat() if (at := getattr(slot, name)) else None for name in FIELDS}
    return {
        "id": str(slot.pk), "tenant": slot.tenant.slug, "job": slot.job, "state": slot.state, "attempts": slot.attempts,
        "error": slot.error, "payload": slot.payload, "steps": [slot.steps_done, slot.steps_total], **moments,
    }  # fmt: skip
