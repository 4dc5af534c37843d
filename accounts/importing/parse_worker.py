"""The process that reads one uploaded file: `python -m accounts.importing.parse_worker FILE NAME OPTIONS-AS-JSON`.

It bounds itself before it looks at the file, knows neither Django nor the database, and writes JSON lines:
{"layout": …}, then {"rows": [[line, cells, problem], …]} …, and last {"end": …}, {"refusal": …} or {"question": …}.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .findings import Question, Refusal
from .limits import TEXT_CHARACTERS, confine_this_process
from .tables import Event, Layout, Record

BATCH, BATCH_CHARACTERS = 500, 1_000_000


def main(arguments: list[str]) -> int:
    confine_this_process()
    path, name, options = Path(arguments[0]), arguments[1], json.loads(arguments[2])
    try:
        for message in _messages(read_file(path, name, options)):
            _say(message)
    except Refusal as refusal:
        _say({"refusal": refusal.finding.as_dict()})
    except Question as question:
        _say({"question": question.about, "answers": question.answers})
    return 0


def read_file(path: Path, name: str, options: dict[str, Any]) -> Iterator[Event]:
    """Choose the reader by the file's first bytes and its name, and read. Raises Refusal or Question."""
    from .kinds import kind_of

    if kind_of(path, name) == "xlsx":
        from .xlsx_reader import read_xlsx

        return read_xlsx(path, sheet=options.get("sheet"), whole=bool(options.get("whole")))
    from .csv_reader import read_csv

    return read_csv(
        path,
        encoding=options.get("encoding"),
        delimiter=options.get("delimiter"),
        whole=bool(options.get("whole")),
    )


def _messages(events: Iterator[Event]) -> Iterator[dict[str, Any]]:
    rows: list[list[Any]] = []
    count = characters = said = 0
    for event in events:
        if isinstance(event, Layout):
            yield {"layout": event.as_dict()}
        elif isinstance(event, Record):
            rows.append([event.line, event.cells, event.problem and event.problem.as_dict()])
            count += 1
            characters += sum(map(len, event.cells))
            if characters > TEXT_CHARACTERS:
                raise Refusal("too_much_text", event.line, most=TEXT_CHARACTERS)
            if len(rows) >= BATCH or characters - said > BATCH_CHARACTERS:
                yield {"rows": rows}
                rows, said = [], characters
    if rows:
        yield {"rows": rows}
    yield {"end": count}


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
