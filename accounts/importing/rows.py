"""From a row's cells to the values of a record, with everything that was noticed on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.importing.fields import RecordType, Target
from accounts.importing.findings import Finding
from accounts.importing.values import Reader
from accounts.importing.words import Severity, severity_of


@dataclass(slots=True)
class Understood:
    """One row: its column values when it can be taken in, None when not; why, in findings; the record's name."""

    values: dict[str, Any] | None
    findings: list[Finding] = field(default_factory=list)
    about: str = ""


class RowReader:
    """Reads rows by a mapping of columns to targets; `readers` replaces the reader of some fields."""

    def __init__(
        self,
        record_type: RecordType,
        header: Sequence[str],
        targets: Sequence[str],
        readers: Mapping[str, Reader],
    ) -> None:
        self.record_type = record_type
        self.columns: list[tuple[int, str, str, Reader, tuple[str, ...]]] = []
        for number, text in enumerate(targets):
            target = Target.parse(text)
            if each := record_type.by_key.get(target.field):
                reader = readers.get(each.key) or each.reader(target.unit)
                self.columns.append((number, header[number], each.key, reader, tuple(each.columns)))
        self.named = next((column for column in self.columns if column[2] in record_type.named), None)
        self.required = [each for each in record_type.fields if each.required]

    def read(
        self, line: int, cells: list[str], problem: Mapping[str, Any] | None, fix: Mapping[str, str] | None
    ) -> Understood:
        """Understand one row; `fix` are cells a person corrected, by column number as text."""
        if fix:
            cells = [fix.get(str(number), cell) for number, cell in enumerate(cells)]
        about = cells[self.named[0]].strip()[:200] if self.named else ""
        if problem is not None:
            return Understood(None, [Finding(**{**problem, "line": line})], about)
        values: dict[str, Any] = {"line": line}
        given: dict[str, Any] = {}
        findings: list[Finding] = []
        good = True
        failed: set[str] = set()
        for number, heading, key, reader, columns in self.columns:
            raw = cells[number]
            if not raw:
                continue
            reading = reader(raw)
            if reading.code:
                findings.append(Finding(reading.code, line, heading, raw[:200], dict(reading.params)))
                good = good and severity_of(reading.code) is not Severity.ERROR
                failed.add(key)
            if reading.value is not None:
                given[key] = reading.value
                if len(columns) == 1:
                    values[columns[0]] = reading.value
                else:
                    values.update(zip(columns, reading.value, strict=False))
        if code := self.record_type.leave_out(given):
            return Understood(None, [self._finding(code, line, given)], about)
        completed = self.record_type.complete(given, failed)
        for key, value in completed.values.items():
            given[key] = value
            values.update(dict.fromkeys(self.record_type.by_key[key].columns, value))
        for code, key in completed.wrong:
            findings.append(
                Finding(
                    code,
                    line,
                    self._heading(key) or str(self.record_type.by_key[key].label),
                    self._written(key, cells),
                )
            )
            good = False
        for each in self.required:
            if each.key not in given and not any(
                found.column == self._heading(each.key) for found in findings
            ):
                findings.append(Finding("name_missing", line, self._heading(each.key) or str(each.label)))
                good = False
        return Understood(values if good else None, findings, about)

    def _heading(self, key: str) -> str:
        return next((heading for _number, heading, known, *_rest in self.columns if known == key), "")

    def _written(self, key: str, cells: Sequence[str]) -> str:
        number = next((number for number, _heading, known, *_rest in self.columns if known == key), None)
        return "" if number is None else cells[number][:200]

    def _finding(self, code: str, line: int, given: Mapping[str, Any]) -> Finding:
        """A row left out on purpose, with the value that says so."""
        key, value = next(((key, given[key]) for key in ("filer_kind",) if key in given), ("", ""))
        return Finding(code, line, self._heading(key), str(value))
