"""Companies: the EDINET code list, exports of CRM systems, lists kept in Excel."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.importing import values
from accounts.importing.fields import Completed, Field, RecordType, Target
from accounts.importing.known_accounts import account_reader, plain_name
from accounts.importing.values import Reader, Reading
from accounts.models import Import

STAGES = {
    "prospect": ("見込み", "見込み客", "リード", "lead"),
    "onboarding": ("導入中", "オンボーディング"),
    "live": ("契約中", "利用中", "顧客", "active", "customer"),
    "churned": ("解約", "解約済み", "churned", "canceled", "cancelled"),
}
TIERS = {
    "high": ("ハイタッチ", "ハイ", "high touch", "a"),
    "mid": ("ミドルタッチ", "ミドル", "mid touch", "medium", "b"),
    "low": ("ロータッチ", "ロー", "low touch", "テックタッチ", "c"),
}
MONEY_UNITS = (1, 1_000, 10_000, 1_000_000, 100_000_000)
INDIVIDUAL = "個人"
PARENT = "parent"
CALLED = ("name", "external_id", "corporate_number")
"""By what another row may name a company as its parent."""


def _always(reader: Reader) -> Callable[[int], Reader]:
    return lambda unit: reader


def _headings(names: str) -> tuple[str, ...]:
    return tuple(names.split("、"))


@dataclass(frozen=True, slots=True)
class Row:
    """Another row of the file, by its line."""

    line: int


def parent_reader(batch: Import) -> Reader:
    """The parent: an account that is known already, or the one row of the file that claims the name or number."""
    read = account_reader()
    claimed = lines_that_claim(batch, {text for text in cells_of(batch, PARENT) if is_new(read(text))})

    def told(raw: str) -> Reading:
        found = read(raw)
        if is_new(found) and (lines := claimed.get(plain_name(raw))):
            alone = Reading(Row(next(iter(lines))))
            return (
                alone if len(lines) == 1 else Reading(code="parent_ambiguous", params={"found": len(lines)})
            )
        return replace(found, code=found.code.replace("account", "parent")) if found.code else found

    return told


def is_new(found: Reading) -> bool:
    return found.code == "account_unknown"


def lines_that_claim(batch: Import, wanted: Set[str]) -> Mapping[str, Set[int]]:
    """The lines that say one of these names or numbers of themselves; nothing is kept of the others."""
    asked, found = {plain_name(text) for text in wanted}, defaultdict[str, set[int]](set)
    if not asked:
        return {}
    for line, cells in batch.rows_as_corrected():
        for place in places(batch, *CALLED):
            if (name := plain_name(cells[place])) in asked:
                found[name].add(line)
    return found


def cells_of(batch: Import, key: str) -> set[str]:
    """What stands in the column that goes to a field."""
    return {cells[at] for at in places(batch, key) for _line, cells in batch.rows_as_corrected() if cells[at]}


def places(batch: Import, *keys: str) -> list[int]:
    return [place for place, target in enumerate(batch.targets) if Target.parse(target).field in keys]


def placed(given: Mapping[str, Any], failed: Set[str]) -> Completed:
    """A parent that is another row has no id yet."""
    parent = given.get(PARENT)
    return Completed({PARENT: None, "above": parent.line} if isinstance(parent, Row) else {}, ())


def _is_individual(row: Mapping[str, Any]) -> str:
    """Individuals of the EDINET list are no companies."""
    return "individual" if str(row.get("filer_kind") or "").startswith(INDIVIDUAL) else ""


FIELDS = [
    Field(
        "name",
        _("アカウント名"),
        _always(values.text(200)),
        {"name": "text"},
        required=True,
        names=_headings(
            "提出者名、会社名、社名、企業名、法人名、商号、商号又は名称、顧客名、取引先名、アカウント名、名称、会社、組織名、"
            "account name、company、company name、name、customer name"
        ),
        hints=("会社名", "企業名", "顧客名", "取引先名"),
        also={"former_names": "concat_ws(E'\\n', nullif(a.former_names, ''), a.name)"},
    ),
    Field(
        "kana",
        _("よみ"),
        _always(values.text(200)),
        {"kana": "text"},
        is_sourced=False,
        names=_headings(
            "提出者名（ヨミ）、よみ、ヨミ、フリガナ、ふりがな、会社名カナ、会社名（カナ）、社名カナ、カナ、商号フリガナ、"
            "取引先名カナ、kana、name kana、phonetic"
        ),
        hints=("フリガナ", "ふりがな", "ヨミ", "カナ"),
    ),
    Field(
        "edinet_code",
        _("EDINETコード(照らし合わせに使う)"),
        _always(values.edinet_code),
        {"edinet_code": "text"},
        is_sourced=False,
        names=_headings("EDINETコード、EDINET code"),
    ),
    Field(
        "corporate_number",
        _("法人番号(照らし合わせに使う)"),
        _always(values.corporate_number),
        {"corporate_number": "text"},
        is_sourced=False,
        names=_headings("提出者法人番号、法人番号、法人番号（13桁）、corporate number、corporate id"),
        hints=("法人番号",),
    ),
    Field(
        "external_id",
        _("外部ID(照らし合わせに使う)"),
        _always(values.text(100)),
        {"external_id": "text"},
        is_sourced=False,
        names=_headings(
            "外部ID、顧客ID、顧客コード、取引先ID、取引先コード、取引先番号、アカウントID、会社ID、企業コード、コード、"
            "account id、customer id、external id、id、crm id"
        ),
    ),
    Field(
        "fiscal_closing",
        _("決算日"),
        _always(values.closing),
        {"fiscal_month": "smallint", "fiscal_day": "smallint"},
        names=_headings(
            "決算日、決算月、決算期、決算、期末、事業年度末、fiscal year end、fiscal month、fiscal year end month、fye"
        ),
        hints=("決算日", "決算月", "決算期", "fiscal"),
    ),
    Field(
        "industry",
        _("業種"),
        _always(values.text(80)),
        {"industry": "text"},
        names=_headings("提出者業種、業種、業界、業種名、産業、industry、sector、vertical"),
        hints=("業種", "業界"),
    ),
    Field(
        "address",
        _("本社所在地"),
        _always(values.text(255)),
        {"address": "text"},
        names=_headings(
            "所在地、住所、本社所在地、本店所在地、本社住所、address、headquarters、billing address"
        ),
        hints=("所在地", "住所"),
    ),
    Field(
        "is_listed",
        _("上場・非上場"),
        _always(values.yes_or_no),
        {"is_listed": "boolean"},
        names=_headings("上場区分、上場、上場有無、上場・非上場、listed、is listed"),
    ),
    Field(
        "securities_code",
        _("証券コード(先頭4桁)"),
        _always(values.securities_code),
        {"securities_code": "text"},
        is_sourced=False,
        names=_headings("証券コード、銘柄コード、証券番号、ticker、securities code、stock code"),
        hints=("証券コード",),
    ),
    Field(
        "capital",
        _("資本金"),
        values.number,
        {"capital": "bigint"},
        units=MONEY_UNITS,
        names=_headings("資本金、資本金額、capital"),
        hints=("資本金",),
    ),
    Field(
        "employees",
        _("従業員数"),
        _always(values.count()),
        {"employees": "integer"},
        names=_headings("従業員数、社員数、従業員、人数、employees、number of employees、employee count"),
        hints=("従業員数", "社員数"),
    ),
    Field(
        "arr",
        _("ARR"),
        values.number,
        {"arr": "bigint"},
        units=MONEY_UNITS,
        names=_headings("ARR、年間経常収益、年額、契約金額、年間契約額、annual recurring revenue"),
        hints=("年間契約",),
    ),
    Field(
        "segment",
        _("セグメント"),
        _always(values.text(80)),
        {"segment": "text"},
        names=_headings("セグメント、顧客区分、segment"),
    ),
    Field(
        "tier",
        _("顧客層"),
        _always(values.choice(TIERS)),
        {"tier": "text"},
        names=_headings("顧客層、ティア、タッチ、ランク、tier、touch model"),
    ),
    Field(
        "stage",
        _("段階"),
        _always(values.choice(STAGES)),
        {"stage": "text"},
        is_sourced=False,
        names=_headings("段階、ステージ、ステータス、契約状態、状態、stage、status、lifecycle stage"),
        also={"stage_since": "%(today)s::date"},
    ),
    Field(
        "csm",
        _("担当CSM(名前かメール)"),
        _always(values.text(254)),
        {"csm_id": "uuid"},
        is_sourced=False,
        only_when_empty=True,
        names=_headings(
            "担当者、担当CSM、CSM、担当、CS担当、カスタマーサクセス担当、担当者名、担当者メール、csm email、csm name、owner、"
            "account owner"
        ),
        hints=("担当",),
    ),
    Field(
        "parent",
        _("親会社(社名か番号)"),
        _always(values.text(200)),
        {"parent_id": "uuid"},
        names=_headings(
            "親会社、親会社名、親会社ID、親会社コード、親取引先、親取引先名、親取引先ID、グループ親会社、parent、parent account、"
            "parent account id、parent account name、parent company"
        ),
        hints=("親会社", "親取引先"),
    ),
    Field(
        "above",
        _("親会社の行"),
        _always(values.text(10)),
        {"above_line": "integer"},
        units=(),
        is_aside=True,
    ),
    Field(
        "filer_kind",
        _("提出者種別(個人を除く目印)"),
        _always(values.text(200)),
        {},
        names=_headings("提出者種別、filer type"),
    ),
]

ACCOUNTS = RecordType(
    name="accounts",
    label=_("アカウント"),
    counter=_("社"),
    model="accounts.Account",
    fields=FIELDS,
    keys=("edinet_code", "corporate_number", "external_id"),
    members=("csm",),
    lookups={"parent": parent_reader},
    tree="parent_id",
    complete=placed,
    unknowns={"fiscal_month": "closing_missing"},
    notable=("name", "fiscal_closing"),
    leave_out=_is_individual,
)
