"""Read a file into staging rows and propose where its columns go. Nothing of the tenant's records is touched."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from accounts.importing.mapping import Proposal, propose, signature
from accounts.importing.reading import read
from accounts.importing.records import offered
from accounts.importing.tables import Layout, Record
from accounts.models import Import, ImportChunk, ImportMapping

CHUNK, CHUNK_CHARACTERS = 1_000, 4_000_000
SAMPLES = 500
Tell = Callable[[int, int], None]


def stage(batch: Import, path: Path, tell: Tell = lambda done, total: None) -> None:
    """Fill the import from the file at `path`: layout, rows, a proposed mapping. Raises Refusal or Question."""
    batch.chunks.all().delete()
    events = read(path, batch.file_name, **batch.options)
    layout = next(events)
    assert isinstance(layout, Layout)
    records = offered(batch).shape(batch, layout, events)
    batch.layout, batch.rows = layout.as_dict(), 0
    for number, rows in enumerate(_in_chunks(records)):
        if number == 0:
            batch.mapping = [as_dict(each) for each in proposals(batch, [row[1] for row in rows[:SAMPLES]])]
        ImportChunk.objects.create(
            of=batch, number=number, rows=rows, first_line=rows[0][0], last_line=rows[-1][0]
        )
        batch.rows += len(rows)
        tell(batch.rows, 0)
    batch.problem = {}
    batch.save(update_fields=["layout", "mapping", "rows", "problem"])


def proposals(batch: Import, samples: list[list[str]], *, afresh: bool = False) -> list[Proposal]:
    """Where the columns should go: as last time for these headings, otherwise by headings and values."""
    header = batch.layout["header"]
    kept = None
    if not afresh:
        known = ImportMapping.objects.filter(
            record_type=batch.record_type, signature=signature(header)
        ).first()
        kept = known and known.targets
    return propose(offered(batch), header, samples, kept)


def samples_of(batch: Import) -> list[list[str]]:
    """The first rows as cells, to propose from and to show."""
    first = batch.chunks.order_by("number").first()
    return [row[1] for row in first.rows[:SAMPLES]] if first else []


def _in_chunks(events: Iterator[Layout | Record]) -> Iterator[list[list[Any]]]:
    """A thousand rows each, or fewer of those that say much."""
    chunk: list[list[Any]] = []
    characters = 0
    for event in events:
        if isinstance(event, Record):
            chunk.append([event.line, event.cells, event.problem and event.problem.as_dict()])
            characters += sum(map(len, event.cells))
            if len(chunk) >= CHUNK or characters > CHUNK_CHARACTERS:
                yield chunk
                chunk, characters = [], 0
    if chunk:
        yield chunk


def as_dict(proposal: Proposal) -> dict[str, Any]:
    """A proposal as it is kept with the import."""
    return {
        "target": proposal.target,
        "certainty": proposal.certainty,
        "reason": proposal.reason,
        "count": proposal.count,
    }
