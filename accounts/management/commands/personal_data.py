"""``manage.py personal_data --tenant S --as EMAIL PERSON``: what is known of a person of a customer; or erase them."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import personal_data
from accounts.mentions import mentions_of
from accounts.models import KeyPerson
from tenants.models import Membership
from tenants.permissions import require
from tenants.scope import tenant_scope


class Command(BaseCommand):
    help = "お客様の人ひとりについて知っていることを JSON で出します。--yes-erase にお名前を入れると、記録と履歴と検索から消します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", type=UUID, help="人のID(画面のアドレスにあります)")
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="会社のアドレスに入る名前")
        parser.add_argument(
            "--as", dest="email", required=True, metavar="EMAIL", help="誰として行うか(管理者)"
        )
        parser.add_argument(
            "--yes-erase", metavar="NAME", help="お名前を画面のとおりに入れると、本当に消します"
        )
        parser.add_argument(
            "--also", nargs="*", type=UUID, default=[], metavar="ID", help="名前を消す、ほかの記録のID"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        places = Membership.objects.active().filter(tenant__slug=options["tenant"])
        member = places.filter(user__email=options["email"].lower()).first()
        if member is None:
            self.refuse("そのメンバーはいません。")
        with timezone.override(member.tenant.zone), tenant_scope(member.tenant, member=member):  # type: ignore[union-attr]
            person = KeyPerson.everything.filter(pk=options["person"]).select_related("account").first()
            if person is None:
                self.refuse("その人はいません。")
            try:
                self.answer(person, options["yes_erase"], options["also"])  # type: ignore[arg-type]
            except PermissionDenied:
                self.refuse("このメンバーの役割では、個人のデータを扱えません。")

    def answer(self, person: KeyPerson, name: str | None, also: list[UUID]) -> None:
        if name is None:
            require("person.hand_over", person)
            stored = personal_data.stored_about(person)
            found = [{"id": str(m.id), "kind": m.model._meta.model_name} for m in mentions_of(person)]
            self.stdout.write(json.dumps({**stored, "mentions": found}, ensure_ascii=False, indent=1))
            return
        require("person.erase", person)
        if name != person.name:
            self.refuse("--yes-erase のお名前が違います。何も消していません。")
        known = {mention.id for mention in mentions_of(person)}
        counted = personal_data.erase(person, set(also) & known)
        self.stdout.write(
            json.dumps({"erased": True, "history": counted, "rewritten": len(set(also) & known)})
        )

    def refuse(self, reason: str) -> None:
        self.stderr.write(reason)
        raise SystemExit(2)
