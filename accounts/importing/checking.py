"""The dry run: understand every row, compare the rows with each other and with what is stored, count what would be.

All findings are collected; nothing but staging rows is written.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.apps import apps
from django.utils.translation import gettext

from accounts.importing import values
from accounts.importing.fields import KEEP_OUT, RecordType, Target
from accounts.importing.findings import Finding
from accounts.importing.members import member_reader
from accounts.importing.records import record_type_of
from accounts.importing.rows import RowReader
from accounts.importing.statements import Statements
from accounts.importing.trees import LEVELS, circles, said_around, too_deep
from accounts.importing.unfolding import PERIOD, VALUE, Grid
from accounts.importing.words import Severity, severity_of
from accounts.models import Import, ImportChunk, ImportFinding

GROUP = 20
"""So many lines that claim the same are named on each of them."""
_AS_OF = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日|\d{4}[/\-.]\d{1,2}[/\-.]\d{1,2}")
Tell = Callable[[int, int], None]


def check(batch: Import, tell: Tell = lambda done, total: None) -> None:
    """Fill the import's findings, good rows, left-out lines and summary. The same question again gets the same answer."""
    batch.findings.all().delete()
    record_type = record_type_of(batch)
    good = _understand(batch, record_type, tell)
    batch.left_out = []
    statements = Statements(record_type, batch).laid_out()
    found = compare(batch, statements)
    batch.left_out = sorted({finding.line for finding in found if _is_error(finding)})
    if batch.left_out and record_type.tree:  # nothing stands below a row that is not taken in
        statements = statements.laid_out()
    abouts = _abouts(batch, {finding.line for finding in found})
    _keep(batch, ((finding, abouts.get(finding.line, "")) for finding in found))
    _note_unknowns(batch, statements)
    if record_type.tree:
        _note_orphans(batch, statements)
    batch.summary = {
        **statements.tally(),
        "good": good - len(batch.left_out),
        "left_out": batch.rows - good + len(batch.left_out),
        "as_of": as_of(batch.layout.get("skipped", [])),
    }
    batch.save(update_fields=["left_out", "summary"])


def compare(batch: Import, statements: Statements) -> list[Finding]:
    """What only shows beside the other rows and the stored records: repeated keys, torn rows, shared records."""
    record_type = statements.record_type
    headings = _headings(batch)
    grid = Grid.of(batch.layout)
    found: list[Finding] = []
    spoilt: set[int] = set()
    for key in _mapped_keys(batch, record_type):
        for value, lines in statements.repeated_keys(key):
            found += [
                Finding(
                    "duplicate_in_file",
                    line,
                    headings.get(key, key),
                    value,
                    _together(lines, line, grid),
                )
                for line in lines
            ]
            spoilt.update(lines)
    for (lines,) in statements.repeated_naturally():
        if not spoilt.issuperset(lines):
            found += [
                Finding(record_type.twice, line, grid.below(line), params=_together(lines, line, grid))
                for line in lines
            ]
            spoilt.update(lines)
    torn = [(line, ids) for line, ids in statements.torn_rows() if line not in spoilt]
    found += _torn(torn, record_type, headings)
    spoilt.update(line for line, _ids in torn)
    for (lines,) in statements.shared_records():
        if not spoilt.issuperset(lines):
            found += [
                Finding("same_record_twice", line, params=_together(lines, line, grid)) for line in lines
            ]
            spoilt.update(lines)
    if record_type.tree:
        found += _wrongly_above(statements, headings.get("parent", ""), spoilt)
    return found


def _wrongly_above(statements: Statements, column: str, spoilt: set[int]) -> list[Finding]:
    """Rows that would stand below themselves, said with everybody on the way; and those too deep down to be meant."""
    rows = statements.above()
    above = {each: parent for _line, each, parent, _name in rows}
    lines = {each: line for line, each, _parent, _name in rows if line is not None and line not in spoilt}
    names = {each: name for _line, each, _parent, name in rows}
    found = [
        Finding("parent_circle", lines[each], column, "", {"names": said_around(circle, place, names)})
        for circle in circles(above)
        for place, each in enumerate(circle)
        if each in lines
    ]
    deep = {each for each in too_deep(above, LEVELS) if each in lines}
    found += [Finding("parent_too_deep", lines[each], column, "", {"most": LEVELS}) for each in deep]
    return sorted(found, key=lambda finding: finding.line)


def as_of(skipped: Iterable[Sequence[Any]]) -> str | None:
    """The day the list itself says it is from, in the lines above its heading."""
    for _line, text in skipped:
        if found := _AS_OF.search(text):
            return values.a_date(found[0]).value
    return None


def _understand(batch: Import, record_type: RecordType, tell: Tell) -> int:
    """Read every row by the mapping; gives the number of good ones."""
    members = member_reader() if any(name in _fields(batch) for name in record_type.members) else None
    readers = {name: members for name in record_type.members if members}
    readers |= {name: make(batch) for name, make in record_type.lookups.items() if name in _fields(batch)}
    reader = RowReader(record_type, batch.layout["header"], batch.targets, readers)
    good = done = 0
    grid = Grid.of(batch.layout)
    corrected = grid.corrections(batch.corrections, batch.layout["header"])
    said: tuple[int, set[tuple[str, str]]] = (0, set())
    for chunk in _chunks(batch):
        checked, found = [], []
        for line, cells, problem in chunk.rows:
            fix = corrected(line)
            if fix is None:
                continue
            row = reader.read(line, cells, problem, fix)
            if grid.wide:  # what is wrong with a line is said once, not below every month
                said = said if said[0] == grid.line(line) else (grid.line(line), set())
                row.findings = once_per_line(row.findings, grid, said[1])
            found += [(finding, row.about) for finding in row.findings]
            if row.values is not None:
                checked.append(row.values)
        chunk.checked = checked
        chunk.save(update_fields=["checked"])
        _keep(batch, found)
        good += len(checked)
        done += len(chunk.rows)
        tell(done, batch.rows)
    return good


def once_per_line(findings: Iterable[Finding], grid: Grid, said: set[tuple[str, str]]) -> list[Finding]:
    """Those of one value, with the heading it stands below; ``said`` is what was found in the same line before."""
    told = []
    for finding in findings:
        key = (finding.code, finding.column)
        if finding.column in (VALUE, PERIOD) or key not in said:
            told.append(replace(finding, column=grid.heading(finding.line, finding.column)))
            said.add(key)
    return told


def _note_orphans(batch: Import, statements: Statements) -> None:
    """Rows whose parent is another row of the file, which is not taken in."""
    column = _headings(batch).get("parent", "")
    rows = statements.orphans()
    _keep(batch, ((Finding("parent_left_out", line, column, str(above)), name) for line, above, name in rows))


def _note_unknowns(batch: Import, statements: Statements) -> None:
    """Unknown stays unknown, and is said; and companies of the same name are pointed out, never merged."""
    headings = _headings(batch)
    for column, code in statements.record_type.unknowns.items():
        field = next(each.key for each in statements.record_type.stored if column in each.columns)
        if field in _fields(batch):
            rows = statements.without(column)
            _keep(batch, ((Finding(code, line, headings[field]), name) for line, name in rows))
    if statements.record_type.natural:
        return  # the same name means the same
    namesakes = (
        (Finding("same_name", line, headings["name"], name), name) for line, name in statements.namesakes()
    )
    _keep(batch, namesakes)


def _torn(
    rows: Sequence[tuple[int, list[str]]], record_type: RecordType, headings: dict[str, str]
) -> list[Finding]:
    if not rows:
        return []
    wanted = {each for _line, ids in rows for each in ids}
    records = apps.get_model(record_type.model).objects.filter(pk__in=wanted).values_list("pk", "name")
    names = {str(pk): name for pk, name in records}
    keys = [headings[key] for key in record_type.keys if key in headings]
    found = []
    for line, ids in rows:
        named = "・".join(sorted(names[each] for each in set(ids) if each in names))
        found.append(Finding("matches_two", line, keys[0], "", {"keys": "・".join(keys), "names": named}))
    return found


def _keep(batch: Import, found: Iterable[tuple[Finding, str]]) -> None:
    ImportFinding.objects.bulk_create(
        [
            ImportFinding(
                of=batch,
                line=finding.line,
                severity=severity_of(finding.code).value,
                code=finding.code,
                column=finding.column[:210],
                value=finding.value[:210],
                params=finding.params,
                about=about[:200],
            )
            for finding, about in found
        ],
        batch_size=2_000,
    )


def _chunks(batch: Import) -> Iterator[ImportChunk]:
    """One chunk in memory at a time, whatever the size of the file."""
    for number in batch.chunks.order_by("number").values_list("number", flat=True):
        yield batch.chunks.get(number=number)


def _abouts(batch: Import, lines: set[int]) -> dict[int, str]:
    """The names in the rows of these lines."""
    named = record_type_of(batch).named
    at = next((n for n, target in enumerate(batch.targets) if Target.parse(target).field in named), None)
    if at is None or not lines:
        return {}
    return {row[0]: row[1][at] for chunk in _chunks(batch) for row in chunk.rows if row[0] in lines}


def _fields(batch: Import) -> set[str]:
    return {Target.parse(target).field for target in batch.targets if target != KEEP_OUT}


def _headings(batch: Import) -> dict[str, str]:
    """The file's heading of every mapped field."""
    pairs = zip(batch.targets, batch.layout["header"], strict=True)
    return {Target.parse(target).field: name for target, name in pairs if target != KEEP_OUT}


def _mapped_keys(batch: Import, record_type: RecordType) -> list[str]:
    return [key for key in record_type.keys if key in _fields(batch)]


def _together(lines: Sequence[int], line: int, grid: Grid) -> dict[str, Any]:
    """The other lines, in words and to choose among; thousands that say the same are a few and a number."""
    others = list(islice((other for other in lines if other != line), GROUP))
    said = "・".join(str(grid.line(other)) for other in others)
    more = len(lines) - 1 - len(others)
    if more:
        return {"lines": gettext("%(lines)sほか%(more)s") % {"lines": said, "more": more}, "group": []}
    return {"lines": said, "group": lines}


def _is_error(finding: Finding) -> bool:
    return severity_of(finding.code) is Severity.ERROR
