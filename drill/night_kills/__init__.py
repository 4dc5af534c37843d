"""The night under fire: kill -9 of workers, children and clocks, a broker that forgets, PostgreSQL cut off. Compared with SQL."""

import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from email import message_from_bytes
from pathlib import Path
from typing import Any

from drill.night_kills import crew as crews
from drill.night_kills import oracle, world
from drill.night_kills.crew import Crew
from drill.outcome import Outcome

JOBS = ("import.tidy", "night", "tidy")
BUSY = "SELECT count(*) FROM tenants_jobslot WHERE state IN ('waiting', 'running')"
TARGETS = ("child",) * 7 + ("worker",) + ("beat",) * 2
SMALL = {"tenants": 4, "accounts": 60, "kills": 20}
FULL = {"tenants": 50, "accounts": 300, "kills": 200}


def run(*, small: bool) -> Iterator[Outcome]:
    yield from attack(**(SMALL if small else FULL), seed=20261123, small=small)


def reduced(like: str) -> Iterator[Outcome]:
    """As the tests run it, with tables copied from a migrated database."""
    yield from attack(**SMALL, seed=20261123, small=True, like=like)


def attack(
    *, tenants: int, accounts: int, kills: int, seed: int, small: bool, like: str = ""
) -> Iterator[Outcome]:
    folder = Path(tempfile.mkdtemp(prefix="masume-drill-night-"))
    folder.chmod(0o711)
    try:
        with crews.at_work(folder, like) as crew:
            with closing(crew.connect()) as connection, connection.cursor() as cursor:
                world.fill(cursor, tenants, accounts)
                oracle.prepare(cursor)
                world.left_by_hand(cursor, oracle.reasons(cursor, world.NIGHTS[0]))
                before = dict(oracle.standing(cursor))
                cursor.execute("CREATE TABLE drill_before AS SELECT id FROM ctas_cta")
            nights = fire(crew, kills, random.Random(seed), small=small)
            yield from look(crew, nights, before, tenants)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fire(crew: Crew, kills: int, dice: random.Random, *, small: bool) -> list[date]:
    """Night after night until everything has been killed often enough; gives the nights that were."""
    crew.set_day(world.NIGHTS[0])
    crew.begin(workers=2, with_threads=not small)
    nights: list[date] = []
    for day in world.NIGHTS:
        crew.set_day(day)
        nights.append(day)
        enough = kills * len(nights) // 3 if small else kills
        attack_until_done(crew, dice, enough, small=small)
        if crew.kills >= kills and len(nights) >= 3:
            break
    return nights


def attack_until_done(crew: Crew, dice: random.Random, enough: int, *, small: bool) -> None:
    """Until the day's work is done; from ``enough`` kills on nothing is attacked any more."""
    began = flushed = time.monotonic()
    while time.monotonic() - began < 900:
        time.sleep(dice.uniform(0.1, 1.4) if small else dice.uniform(0.3, 3))
        crew.mend()
        if is_done(crew) and (not small or crew.kills >= enough) and not crew.take_up():
            return
        if crew.kills < enough and crew.kill(dice.choice(TARGETS), dice):
            chance = dice.random()
            if chance < 0.04:
                crew.restart_broker()
            elif chance < 0.06 or (
                small and not crew.done["database restarted"] and crew.kills > enough // 2
            ):
                crew.restart_database()
            elif chance < 0.12:
                crew.hold(dice)
            elif chance < 0.17:
                crew.cut_lines()
            if time.monotonic() - flushed > 3:
                crew.flush()
                flushed = time.monotonic()
    raise TimeoutError(f"the work of {crew.day} did not end")


def is_done(crew: Crew) -> bool:
    """Every vendor's work of the drill's present day is there and done, and nothing else waits."""
    finished = crew.query(
        "SELECT count(*) FROM tenants_jobslot AS slot JOIN tenants_tenant AS t ON t.id = slot.tenant_id"
        f" WHERE (slot_start AT TIME ZONE time_zone)::date = '{crew.day}' AND state IN ('done', 'dead')"
        f" AND job IN {JOBS}"
    )
    expected = crew.query("SELECT count(*) FROM tenants_tenant")[0][0] * len(JOBS)
    return finished[0][0] >= expected and crew.query(BUSY)[0][0] == 0


def look(
    crew: Crew, nights: list[date], before: dict[oracle.Key, oracle.State], tenants: int
) -> Iterator[Outcome]:
    told = ", ".join(f"{count} × {what}" for what, count in sorted(crew.done.items()))
    dead = crew.query("SELECT job, error FROM tenants_jobslot WHERE state = 'dead'")
    with closing(crew.connect()) as connection, connection.cursor() as cursor:
        ought = oracle.after(cursor, nights, before)
        yield same_ctas(
            cursor, ought, f"{told}; {len(nights)} nights of {tenants} vendors, {nights[0]} to {nights[-1]}"
        )
        yield one_score_each(cursor, nights)
        yield history_agrees(cursor)
        yield ledger(cursor, nights, tenants)
        yield mails(cursor, crew.folder / "mail")
        yield oracle_can_fail(cursor, ought)
    yield Outcome("work given up though nothing was wrong with it", 1, int(not dead), f"{dead[:3] or ''}")


def differences(cursor: Any, ought: dict[oracle.Key, oracle.State]) -> tuple[int, int, int, int]:
    """How many CTAs are missing, double, there without a reason, or in another state."""
    rows = list(oracle.standing(cursor))
    times = Counter(key for key, _state in rows)
    missing = sum(key not in times for key in ought)
    double = sum(count - 1 for count in times.values())
    extra = sum(key not in ought for key in times)
    other = sum(key in ought and state != ought[key] for key, state in rows)
    return missing, double, extra, other


def same_ctas(cursor: Any, ought: dict[oracle.Key, oracle.State], told: str) -> Outcome:
    missing, double, extra, other = differences(cursor, ought)
    note = f"{missing} missing, {double} double, {extra} without reason, {other} in another state; {told}"
    return Outcome(
        "CTAs as plain SQL has them", len(ought), len(ought) - missing - double - extra - other, note
    )


def one_score_each(cursor: Any, nights: list[date]) -> Outcome:
    """One row per live account and night, none beside them, and the present score is that of the last night."""
    cursor.execute("SELECT count(*) FROM drill_live")
    expected = cursor.fetchone()[0] * len(nights)
    days = ", ".join(f"date '{day}'" for day in nights)
    cursor.execute(
        'SELECT count(*), count(DISTINCT (tenant_id, account_id, "on")) FROM health_scoreday'
        f' WHERE "on" IN ({days}) AND account_id IN (SELECT id FROM drill_live)'
    )
    rows, distinct = cursor.fetchone()
    cursor.execute("SELECT count(*) FROM health_scoreday")
    everything = cursor.fetchone()[0]
    cursor.execute(
        "SELECT count(*) FROM health_scoreday AS day LEFT JOIN health_accountscore AS now USING (tenant_id, account_id)"
        f" WHERE day.\"on\" = date '{nights[-1]}' AND (now.score, now.band, now.parts) IS DISTINCT FROM (day.score, day.band, day.parts)"
    )
    stale = cursor.fetchone()[0]
    held = distinct - (rows - distinct) - (everything - rows) - stale
    return Outcome(
        "one score per live account and night", expected, held, f"{everything:,} rows, {stale} stale"
    )


def history_agrees(cursor: Any) -> Outcome:
    """A CTA has one beginning and a line for every later version, and its last line is what stands there."""
    cursor.execute(
        """
        SELECT count(*), count(*) FILTER (WHERE begun <> 1 OR lines <> version
          OR (last).status <> status OR (last).opened_on <> opened_on OR (last).gone_on IS DISTINCT FROM gone_on)
        FROM (
          SELECT cta.id, cta.version, cta.status, cta.opened_on, cta.gone_on, count(event.pgh_id) AS lines,
            count(*) FILTER (WHERE event.pgh_label = 'insert') AS begun,
            (SELECT e FROM ctas_ctaevent AS e WHERE e.pgh_obj_id = cta.id ORDER BY e.pgh_id DESC LIMIT 1) AS last
          FROM ctas_cta AS cta LEFT JOIN ctas_ctaevent AS event ON event.pgh_obj_id = cta.id
          WHERE NOT EXISTS (SELECT FROM drill_before AS b WHERE b.id = cta.id) GROUP BY cta.id
        ) AS told
        """
    )
    count, wrong = cursor.fetchone()
    return Outcome("a CTA's history tells all of it once", count, count - wrong)


def ledger(cursor: Any, nights: list[date], tenants: int) -> Outcome:
    """Each vendor's work of each night: one slot, done, and none that runs without anybody."""
    cursor.execute(
        f"""
        SELECT count(*), count(*) FILTER (WHERE n = 1 AND done = 1) FROM (
          SELECT tenant_id, job, (slot_start AT TIME ZONE time_zone)::date, count(*) AS n, count(*) FILTER (WHERE state = 'done') AS done
          FROM tenants_jobslot JOIN tenants_tenant AS t ON t.id = tenant_id WHERE job IN {JOBS} GROUP BY 1, 2, 3) AS slots
        """
    )
    count, done = cursor.fetchone()
    cursor.execute(
        "SELECT count(*) FROM tenants_jobslot WHERE state NOT IN ('done', 'dead') OR lease_until IS NOT NULL"
    )
    left = cursor.fetchone()[0]
    cursor.execute("SELECT count(*) FROM tenants_jobslot WHERE attempts > 1")
    cut = cursor.fetchone()[0]
    expected = tenants * len(JOBS) * len(nights)
    held = done - abs(count - expected) - left
    return Outcome(
        "the ledger of jobs is complete",
        expected,
        held,
        f"{cut} pieces of work were cut off and taken up again",
    )


def mails(cursor: Any, folder: Path) -> Outcome:
    """Every mail of the outbox went out; one that went twice has one Message-ID."""
    cursor.execute("SELECT count(*), count(*) FILTER (WHERE state = 'sent') FROM tenants_outboxmail")
    count, sent = cursor.fetchone()
    texts = [
        part
        for file in folder.glob("*.log")
        for part in file.read_bytes().split(b"-" * 79 + b"\n")
        if part.strip()
    ]
    ids = Counter(str(message_from_bytes(text)["Message-ID"]) for text in texts)
    return Outcome(
        "mails sent, each under one name",
        count,
        min(sent, len(ids)),
        f"{sum(ids.values()) - len(ids)} went twice",
    )


def oracle_can_fail(cursor: Any, ought: dict[oracle.Key, oracle.State]) -> Outcome:
    """The comparison above is worth what it sees: one fault after the other, each taken back."""
    faults = {
        "deleted": "DELETE FROM ctas_cta WHERE id = (SELECT min(id::text)::uuid FROM ctas_cta)",
        "doubled": "ALTER TABLE ctas_cta DROP CONSTRAINT one_cta_per_occurrence;"
        "INSERT INTO ctas_cta SELECT (c).* FROM (SELECT jsonb_populate_record(c, jsonb_build_object('id', uuidv7())) AS c"
        " FROM ctas_cta AS c LIMIT 1) AS twice",
        "invented": "UPDATE ctas_cta SET occurrence = '1999' WHERE id = (SELECT max(id::text)::uuid FROM ctas_cta)",
        "left open": "UPDATE ctas_cta SET status = 'todo' WHERE id = (SELECT max(id::text)::uuid FROM ctas_cta WHERE status <> 'todo')",
    }
    clean, seen = differences(cursor, ought), []
    for what, fault in faults.items():
        cursor.execute("BEGIN; SET LOCAL session_replication_role = replica;" + fault)
        if differences(cursor, ought) != clean:
            seen.append(what)
        cursor.execute("ROLLBACK")
    return Outcome("the oracle sees a fault", len(faults), len(seen), ", ".join(seen))
