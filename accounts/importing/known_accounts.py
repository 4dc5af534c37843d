"""Which of our accounts a cell means: by a number, or by a name that only one of them has or had."""

import re
import unicodedata
from collections import defaultdict

from accounts.importing.values import NOTHING, Reader, Reading
from accounts.models import Account, Import

_LEGAL_FORMS = re.compile(r"株式会社|有限会社|合同会社|合資会社|合名会社|\((?:株|有|同)\)")


def plain_name(text: str) -> str:
    """A company's name without width, spaces and legal form: ㈱東嶺ダイレクト, 東嶺ダイレクト株式会社."""
    return _LEGAL_FORMS.sub("", "".join(unicodedata.normalize("NFKC", text).split())).casefold()


def account_reader() -> Reader:
    """Which account a cell means: by its number in the CRM, its 法人番号, or a name that only one of them has or had."""
    known: dict[str, set[str]] = defaultdict(set)
    rows = Account.objects.values_list("pk", "name", "former_names", "external_id", "corporate_number")
    for pk, name, former, external_id, number in rows.iterator():
        for text in (name, *former.splitlines(), external_id, number, str(pk)):
            if text and plain_name(text):
                known[plain_name(text)].add(str(pk))

    def read(raw: str) -> Reading:
        found = known.get(plain_name(raw), set())
        if not raw.strip():
            return NOTHING
        if len(found) == 1:
            return Reading(next(iter(found)))
        return Reading(code="account_ambiguous" if found else "account_unknown", params={"found": len(found)})

    return read


def any_account(batch: Import) -> Reader:
    """The same for every file."""
    return account_reader()
