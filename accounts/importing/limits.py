"""How much a file may ask for, and the operating system's part in keeping it so."""

import resource

FILE_BYTES = 100 * 1024 * 1024
COLUMNS = 500
ROWS = 1_000_000
LINES = 4 * ROWS
"""Physical lines of a text file: cells may have newlines in them, but no honest file has so many."""
CELL_CHARACTERS = 32_767
TEXT_CHARACTERS = 120_000_000
"""Of all cells together: more than a text file can have, but a workbook may say one long text in every cell."""
RECORD_LINES = 500
"""A quoted cell that runs over more lines than this was never closed."""

SHEET_COLUMNS, SHEET_ROWS = 16_384, 1_048_576
"""What a spreadsheet can have; its files can claim more."""
SHEET_CELLS = 20_000_000
"""Cells of a sheet with the gaps before them, which have to be filled."""
FORMAT_CHARACTERS = 255

ZIP_ENTRIES = 2_000
SHEETS = 500
ZIP_UNPACKED_BYTES = 500 * 1024 * 1024
ZIP_RATIO = 100
ZIP_RATIO_FROM_BYTES = 1024 * 1024
"""Small parts full of repetition pack better than 100:1 without being a bomb; only larger ones are judged."""

WORKER_MEMORY_BYTES = 768 * 1024 * 1024
WORKER_CPU_SECONDS = 120
WORKER_WALL_SECONDS = 300


def confine_this_process() -> None:
    """Bound memory and processor time of the calling process, for good; a file that needs more ends it."""
    _lower(resource.RLIMIT_AS, WORKER_MEMORY_BYTES)
    _lower(resource.RLIMIT_CPU, WORKER_CPU_SECONDS)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(what: int, to: int) -> None:
    hard = resource.getrlimit(what)[1]
    if hard != resource.RLIM_INFINITY:
        to = min(to, hard)
    resource.setrlimit(what, (to, to))
