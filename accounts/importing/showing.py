"""What the pages of an import show, in words and rows; every number comes from the dry run or from what was written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fiscal import FiscalClosing, strip
from accounts.importing.findings import Finding
from accounts.importing.mapping import ASK, CERTAIN, LIKELY, target_label
from accounts.importing.records import RECORD_TYPES, offered, record_type_of
from accounts.importing.statements import Statements
from accounts.importing.unfolding import Grid
from accounts.importing.words import Severity, message_of, severity_of, title_of
from accounts.models import Import
from accounts.models.account import Stage
from accounts.models.imports import ImportState
from tenants.editing.fields import grouped

ROWS_SHOWN = 5
ROWS_AT_MOST = 500
CHANGES_SHOWN = 50
CERTAINTY = {
    CERTAIN: gettext_lazy("確実"),
    LIKELY: gettext_lazy("ほぼ"),
    ASK: gettext_lazy("確かめてください"),
}
REASONS = {
    "unit": gettext_lazy("単位を確かめてください"),
    "values": gettext_lazy("値が合いません。確かめてください"),
    "securities_code": gettext_lazy("ほぼ・5桁を4桁に"),
    "remembered": gettext_lazy("前回のとおり"),
}
EFFECTS = {
    Severity.ERROR: gettext_lazy("入れない"),
    Severity.WARNING: gettext_lazy("空けて入れる"),
    Severity.NOTE: gettext_lazy("入れる"),
}
MARKS = {Severity.ERROR: ("out", "warn"), Severity.WARNING: ("ask", "info"), Severity.NOTE: ("ok", "check")}
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp932": "CP932", "utf-16": "UTF-16", "euc_jp": "EUC-JP",
             "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE", "iso2022_jp": "ISO-2022-JP"}  # fmt: skip
SEPARATORS = {",": gettext_lazy("カンマ"), "\t": gettext_lazy("タブ"), ";": gettext_lazy("セミコロン")}
LEFT_OUT = ("individual", "value_absent")
"""Warnings about rows that are not meant to be taken in."""
EMPTIABLE = (
    "corporate_number",
    "securities_code",
    "edinet_code",
    "closing",
    "number",
    "date",
    "boolean",
    "email",
    "choice",
)


@dataclass(frozen=True)
class FoundRow:
    """One finding as a row: where, what stands there, and how the person can settle it. ``key`` names the row among those
    of the import; a line of a table with months as columns is many."""

    key: int
    line: int
    column: str
    number: int | None
    value: str
    about: str
    said: str
    may_fix: bool
    may_empty: bool
    others: Sequence[int]


@dataclass(frozen=True)
class FoundGroup:
    """All findings of one kind."""

    code: str
    title: str
    said: str
    count: int
    effect: str
    mark: str
    icon: str
    rows: list[FoundRow]
    more: int


@dataclass(frozen=True)
class Change:
    """A value that would change: the pair in forms, before and after, and whether a person wrote the present one."""

    pair: str
    known_as: str
    label: str
    before: str
    after: str
    applies: bool
    by_hand: bool
    strips: list[Any] = field(default_factory=list)


def heading(batch: Import) -> str:
    """The page's one sentence."""
    rows = rows_read(batch)
    if batch.state == ImportState.REFUSED:
        return _("このファイルは読めませんでした。")
    if batch.state == ImportState.ASKING:
        return _("文字コードを選んでください。")
    if batch.state == ImportState.READING:
        return _("ファイルを読んでいます。")
    if batch.state in (ImportState.DONE, ImportState.UNDOING):
        return _("%(count)s%(unit)sを取り込みました。") % counted(batch, written(batch))
    if batch.state == ImportState.UNDONE:
        return _("取り込みを元に戻しました。")
    if batch.state == ImportState.APPLYING:
        return _("%(rows)sを取り込んでいます。") % {"rows": rows}
    look = lines_to_look_at(batch)
    if not look:
        return _("%(rows)sを読み取りました。直すところはありません。") % {"rows": rows}
    words = {"rows": rows, "look": f"{look:,}"}
    if batch.layout.get("wide"):
        return _("%(rows)sを読み取りました。見てほしいのは%(look)s件です。") % words
    return _("%(rows)sを読み取りました。見てほしいのは%(look)s行です。") % words


def counted(batch: Import, number: int) -> dict[str, str]:
    """A number of records as the sentences count them: 3社, 3人."""
    return {"count": f"{number:,}", "unit": str(RECORD_TYPES[batch.record_type].counter)}


def steps(batch: Import) -> list[dict[str, str]]:
    """Where the import stands on its way."""
    at = {
        ImportState.READING: 0, ImportState.ASKING: 0, ImportState.REFUSED: 0, ImportState.CHECKING: 1,
        ImportState.CHECKED: 1, ImportState.APPLYING: 2,
    }.get(ImportState(batch.state), 3)  # fmt: skip
    labels = [_("ファイル"), _("下見(まだ何も書き込んでいません)"), _("取り込み"), _("結果")]
    return [
        {"label": label, "state": "done" if n < at else "now" if n == at else ""}
        for n, label in enumerate(labels)
    ]


def lines_to_look_at(batch: Import) -> int:
    serious = batch.findings.exclude(severity=Severity.NOTE.value)
    return int(serious.values("line").distinct().count())


def written(batch: Import) -> int:
    return int(batch.summary.get("created", 0)) + int(batch.summary.get("updated", 0))


def layout_facts(batch: Import) -> list[tuple[str, str, str]]:
    """How the file was read: name, value, remark."""
    layout = batch.layout
    skipped = len(layout["skipped"])
    first = [(_("シート"), layout["sheet"], "")]
    if layout["format"] != "xlsx":
        first = [
            (_("文字コード"), ENCODINGS.get(layout["encoding"], layout["encoding"]), ""),
            (_("区切り"), str(SEPARATORS.get(layout["delimiter"], layout["delimiter"])), ""),
        ]
    where = {"line": layout["header_line"], "columns": len(layout["header"])}
    header = _("%(line)s行目") % where if layout.get("wide") else _("%(line)s行目・%(columns)s列") % where
    return [
        *first,
        (_("見出しの前"), _("%(count)s行を読み飛ばし") % {"count": skipped} if skipped else _("なし"), ""),
        (_("見出し"), header, ""),
        *months(layout),
        (_("データ"), rows_read(batch), ""),
    ]


def months(layout: dict[str, Any]) -> list[tuple[str, str, str]]:
    """How a table with months as columns was read."""
    if not (wide := layout.get("wide")):
        return []
    words = {"first": wide[0], "last": wide[-1], "n": len(wide)}
    said = _(
        "月ごとの値は月末の値、四半期の値は、お客様の決算期で数えた四半期末の値にします。空の欄は入れません。"
    )
    running = _("終わっていない月の値は、今日の値にします。")
    return [(_("横に並ぶ期間"), _("%(first)sから%(last)sまで%(n)s列") % words, f"{said}{running}")]


def rows_read(batch: Import) -> str:
    """12行, or 144件の値 of a table that says many values in a line."""
    words = {"rows": f"{batch.rows:,}"}
    return _("%(rows)s件の値") % words if batch.layout.get("wide") else _("%(rows)s行") % words


def first_lines(batch: Import) -> list[dict[str, Any]]:
    """The first lines of the file, each with what it was taken for."""
    skipped = {line for line, _text in batch.layout["skipped"]}
    said = {batch.layout["header_line"]: _("見出し")}
    return [
        {"line": line, "text": text, "skip": line in skipped,
         "said": _("作成の記録。取り込みません") if line in skipped else said.get(line, _("ここからデータ"))}
        for line, text in batch.layout["head"]
    ]  # fmt: skip


def columns(batch: Import, samples: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """One row of the mapping table per column of the file."""
    first = samples[0] if samples else []
    rows = []
    for number, (name, proposal) in enumerate(zip(batch.layout["header"], batch.mapping, strict=True)):
        rows.append(
            {
                "number": number,
                "name": name,
                "example": first[number] if number < len(first) else "",
                "target": proposal["target"],
                "certainty": proposal["certainty"],
                "dots": [n < proposal["certainty"] for n in range(3)],
                "said": _certainty_said(proposal),
                "ask": proposal["certainty"] == ASK,
            }
        )
    return rows


def _certainty_said(proposal: dict[str, Any]) -> str:
    if not proposal["target"]:
        return ""
    if said := REASONS.get(proposal["reason"]):
        return str(said)
    return str(CERTAINTY[proposal["certainty"]])


def targets(batch: Import) -> list[tuple[str, str]]:
    """Every place a column can go to, as (value, label)."""
    record_type = offered(batch)
    return [
        (str(target), target_label(each, target.unit))
        for each in record_type.fields
        for target in each.targets()
    ]


def groups(batch: Import, opened: str = "") -> list[FoundGroup]:
    """Findings by kind, errors first, a few rows of each; all rows of the kind that was opened."""
    counted = batch.findings.values("code").annotate(count=Count("pk"))
    order = list(Severity)
    kinds = sorted(
        ((row["code"], row["count"]) for row in counted),
        key=lambda kind: (order.index(severity_of(kind[0])), -kind[1]),
    )
    found = []
    for code, count in kinds:
        limit = ROWS_AT_MOST if code == opened else ROWS_SHOWN
        found.append(_group(batch, code, count, limit))
    return found


def _group(batch: Import, code: str, count: int, limit: int) -> FoundGroup:
    severity = severity_of(code)
    findings = list(batch.findings.filter(code=code).order_by("line", "column")[:limit])
    grid = Grid.of(batch.layout)
    said = [
        message_of(Finding(row.code, grid.line(row.line), row.column, row.value, row.params))
        for row in findings
    ]
    same = len(set(said)) == 1
    mark, icon = MARKS[severity]
    columns_by_name = {name: number for number, name in enumerate(batch.layout["header"])}
    rows = [
        FoundRow(
            key=row.line,
            line=grid.line(row.line),
            column=row.column,
            number=columns_by_name.get(grid.column(row.column)),
            value=row.value,
            about=row.about,
            said="" if same or severity is Severity.NOTE else sentence,
            may_fix=severity is Severity.ERROR
            and grid.column(row.column) in columns_by_name
            and not code.startswith(("quote", "columns", "cell")),
            may_empty=severity is Severity.ERROR and bool(row.value) and code.startswith(EMPTIABLE),
            others=[line for line in row.params.get("group", []) if line != row.line],
        )
        for row, sentence in zip(findings, said, strict=True)
    ]
    effect = _("入れない") if code in LEFT_OUT else str(EFFECTS[severity])
    return FoundGroup(
        code, title_of(code), said[0] if same and said else "", count, effect, mark, icon, rows, count - len(rows)
    )  # fmt: skip


def changes(batch: Import, today: date) -> list[Change]:
    """Changes a person should see one by one: renames, fiscal months, and everything that would replace a person's value."""
    record_type = record_type_of(batch)
    statements = Statements(record_type, batch)
    kept = batch.summary.get("kept", {})
    shown = []
    if kept.get("parent"):  # it may be a row of the file
        statements = statements.laid_out()
    for each in record_type.stored:
        if not (batch.summary["fields"].get(each.key) or kept.get(each.key)):
            continue
        if each.key not in record_type.notable and not kept.get(each.key):
            continue
        for _line, record, known_as, old, new, by_hand, applies in statements.differences(
            each.key, CHANGES_SHOWN
        ):
            if each.key in record_type.notable or by_hand:
                if each.key == "parent":
                    names = statements.names([*old, *new])
                    old, new = ([names.get(value[0] or "", "")] for value in (old, new))
                closings = [_closing(value) for value in (old, new)] if each.key == "fiscal_closing" else []
                shown.append(
                    Change(
                        f"{record}:{each.key}",
                        known_as,
                        str(each.label).split("(")[0],
                        _said(each.key, old),
                        _said(each.key, new),
                        applies,
                        by_hand,
                        [[cell.mark for cell in strip(today, closing).cells] for closing in closings],
                    )
                )
    return shown


def other_changes(batch: Import) -> str:
    """The other changes, counted: 資本金 3社、本社所在地 2社."""
    record_type = record_type_of(batch)
    counted = [
        f"{str(each.label).split('(')[0]} {batch.summary['fields'][each.key]}{record_type.counter}"
        for each in record_type.stored
        if each.key not in record_type.notable and batch.summary["fields"].get(each.key)
    ]
    return "、".join(counted)


def tally(batch: Import) -> list[dict[str, Any]]:
    summary = batch.summary
    return [
        {"label": _("新しく入る"), "count": summary["new"], "color": "ai"},
        {"label": _("値が変わる"), "count": summary["changed"], "color": "mid"},
        {"label": _("同じ"), "count": summary["same"], "color": ""},
        {
            "label": _("入れない"),
            "count": summary["left_out"],
            "color": "risk",
            "note": _("あとで直して入れられます"),
        },
    ]


def result(batch: Import) -> list[str]:
    """What was written, in sentences."""
    summary = batch.summary
    said = []
    if created := summary.get("created", 0):
        words = _("新しい%(count)s%(unit)s") % counted(batch, created)
        stage = Stage(batch.choice("stage", Stage.PROSPECT)).label if batch.record_type == "accounts" else ""
        said.append(f"{words}({stage})" if stage else words)
    if updated := summary.get("updated", 0):
        said.append(_("%(count)s%(unit)sの値を更新") % counted(batch, updated))
    if same := summary.get("same", 0):
        said.append(_("%(count)s%(unit)sは同じで、何も変えていません") % counted(batch, same))
    if kept := sum(summary.get("kept", {}).values()):
        said.append(_("人が書いた値など%(count)sか所は残しました") % {"count": f"{kept:,}"})
    if asked := summary.get("asked", 0):
        said.append(_("決算日が空の%(count)s社を「聞くこと」に加えました") % {"count": f"{asked:,}"})
    return said


def undone(batch: Import) -> list[str]:
    summary = batch.summary
    return [
        _("%(count)s%(unit)sを取り除きました") % counted(batch, summary.get("removed", 0)),
        _("%(count)s%(unit)sの値を戻しました") % counted(batch, summary.get("restored", 0)),
        _("あとから人が書いた%(count)s%(unit)sは残しました")
        % counted(batch, summary.get("kept_by_people", 0)),
    ]


def problem(batch: Import) -> dict[str, str] | None:
    """Why it stands still, as a title and a step."""
    code = batch.problem.get("code")
    if not code:
        return None
    if code == "stopped":
        return {"title": _("止めました。"), "text": _("何も入っていません。下見の内容は7日残します。")}
    if code == "outdated":
        return {
            "title": _("下見のあとで記録が変わりました。"),
            "text": _("何も入っていません。下見を作り直したので、もう一度見てください。"),
        }
    found = Finding(**batch.problem)
    return {"title": title_of(code), "text": message_of(found)}


def _closing(value: Sequence[Any]) -> FiscalClosing | None:
    return FiscalClosing(value[0], value[1]) if value and value[0] else None


def _said(key: str, value: Sequence[Any]) -> str:
    if key == "fiscal_closing":
        closing = _closing(value)
        return closing.label if closing else ""
    first = value[0]
    if first is True or first is False:
        return _("はい") if first else _("いいえ")
    if isinstance(first, float):
        return grouped(Decimal(str(first)))
    return f"{first:,}" if isinstance(first, int) else str(first or "")
