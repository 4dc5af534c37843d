"""The same pages of one tenant at 500, 10,000 and 100,000 accounts, and with a million notes: what depth and size cost."""

from bench import pages, world
from bench.figures import Figure
from bench.load import Visitor

SIZES = (500, 10_000, 100_000)
MANY_NOTES = 1_000_000
ROUNDS = 3
ALLOWED, ALLOWED_WITH_NOTES = 1.2, 1.5


def measure() -> list[Figure]:
    """Each size in a database of its own; the ratio is ours to the floor, and how much it grew since 10,000."""
    found = {size: measured(size, 0) for size in SIZES}
    crowded = measured(10_000, MANY_NOTES)
    return [
        *(compared(now, then, f"{SIZES[1]:,} → {SIZES[2]:,} accounts", ALLOWED) for now, then in both(found[SIZES[2]], found[SIZES[1]])),
        *(compared(now, then, f"{SIZES[0]:,} → {SIZES[1]:,} accounts", ALLOWED) for now, then in both(found[SIZES[1]], found[SIZES[0]])),
        *(compared(now, then, "with 1,000,000 notes", ALLOWED_WITH_NOTES) for now, then in both(crowded, found[SIZES[1]])),
    ]  # fmt: skip


def both(now: list[Figure], then: list[Figure]) -> list[tuple[Figure, Figure]]:
    return list(zip(now, then, strict=True))


def measured(accounts: int, notes: int) -> list[Figure]:
    with world.database(accounts), pages.both_sides(notes) as sides:
        return [figure for page in asked(sides.visitor) for figure in pages.beside(page, sides, ROUNDS, 1, 0)]


def asked(visitor: Visitor) -> list[pages.Page]:
    """Without the plan and the timeline, which are those of one account."""
    wanted = ("account list", "search", "account page", "save")
    return [page for page in pages.pages_of(visitor) if page.name.startswith(wanted)]


def compared(now: Figure, then: Figure, change: str, allowed: float) -> Figure:
    """Milliseconds now and then; the ratio is how much dearer the page became than its floor did."""
    note = f"{then.ratio:.2f}× → {now.ratio:.2f}× of the floor"
    return Figure(
        f"{now.name}: {change}", now.ours, then.ours, now.ratio / then.ratio, goal=allowed, note=note
    )
