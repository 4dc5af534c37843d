"""Work that raises, kills its worker or never ends: a dead letter after its attempts, while its neighbours keep theirs."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from drill.night_kills import crew as crews
from drill.night_kills.crew import Crew
from drill.outcome import Outcome

POISON = ("drill.raise", "drill.kill", "drill.endless")
NEIGHBOURS = 12
ASK = """
INSERT INTO tenants_tenant (id, slug, name, time_zone, fiscal_start_month, sender_name, reply_to, use_japanese_holidays, is_suspended, created_at)
  VALUES (uuidv7(), 'poison', '毒見', 'UTC', 4, '', '', true, true, now());
INSERT INTO tenants_jobslot (tenant_id, job, payload, slot_start, due_at, rank, state, attempts, steps_done, steps_total, error)
  SELECT tenant.id, job, jsonb_build_object('n', n), now() + n * interval '1 ms', now(), 5, 'waiting', 0, 0, 0, ''
  FROM tenants_tenant AS tenant, (SELECT unnest(array['drill.raise', 'drill.kill', 'drill.endless']) AS job, 0 AS n
    UNION ALL SELECT 'drill.neighbour', n FROM generate_series(1, %s) AS n) AS asked;
"""


def run(*, small: bool) -> Iterator[Outcome]:
    """One worker with threads, so that whoever dies takes others along."""
    folder = Path(tempfile.mkdtemp(prefix="masume-drill-poison-"))
    folder.chmod(0o711)
    try:
        with crews.at_work(folder) as crew:
            with closing(crew.connect()) as connection, connection.cursor() as cursor:
                cursor.execute(ASK, [NEIGHBOURS])
            crew.begin(workers=0, with_threads=True)
            # No clock-made work: only what was asked for above.
            crew.query("UPDATE tenants_tenant SET is_suspended = false RETURNING id")
            yield from watch(crew)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def watch(crew: Crew) -> Iterator[Outcome]:
    began = time.monotonic()
    left = "SELECT count(*) FROM tenants_jobslot WHERE job LIKE 'drill.%' AND state IN ('waiting', 'running')"
    while crew.query(left)[0][0] and time.monotonic() - began < 600:
        time.sleep(0.5)
        crew.mend()
    slots = crew.query(
        "SELECT job, state, attempts, error FROM tenants_jobslot WHERE job LIKE 'drill.%' ORDER BY job"
    )
    dead = [slot for slot in slots if slot[0] in POISON and slot[1:3] == ("dead", 5)]
    yield Outcome(
        "poison ends as a dead letter after five attempts",
        len(POISON),
        len(dead),
        "; ".join(f"{s[0]}: {s[3]}" for s in dead),
    )
    beside = [slot for slot in slots if slot[0] == "drill.neighbour"]
    well = [slot for slot in beside if slot[1] == "done" and slot[2] <= 2]
    most = max((slot[2] for slot in beside), default=0)
    yield Outcome(
        "its neighbours are done, with one lost attempt at most",
        NEIGHBOURS,
        len(well),
        f"at most {most} attempts",
    )
