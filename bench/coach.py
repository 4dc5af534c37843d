"""One statement judged by the SMART coach, beside the morphological analysis alone."""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.figures import Figure

STATEMENTS = Path(__file__).parent.parent / "tests" / "success_plans" / "smart" / "written_with.jsonl"
MOST = 50.0  # ms, what a person does not notice while typing


def measure() -> list[Figure]:
    from success_plans.smart import judge, statement_from
    from success_plans.smart.folding import fold
    from success_plans.smart.words import tokenizer

    asked = [statement_from(json.loads(line)) for line in STATEMENTS.read_text().splitlines()]
    judge(asked[0])  # the dictionary is opened once
    pairs = [
        (
            took(lambda one=one: judge.__wrapped__(one)),
            took(lambda one=one: tokenizer().tokenize(fold(one.text).text)),
        )
        for one in asked
    ]
    ours, floor = ([pair[side] for pair in pairs] for side in (0, 1))
    middle, slow = statistics.median(ours), statistics.quantiles(ours, n=20)[-1]
    least = statistics.median(floor)
    note = f"p95 {slow:.1f} ms{'' if slow <= MOST else ' ✗'} of {MOST:.0f}, {len(asked)} statements"
    return [Figure("SMART coach, one statement", middle, least, middle / least, note=note)]


def took(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000
