"""What one resource more costs: a program of wards, each with a key, a bucket and a role, captured and judged.

`make bench ONLY=scale`, or `.venv/bin/python -m benchmarks.scale`, prints a table from 50 to 5,000 resources. Exit code
1 when a resource costs more than 1.5 times in a large program of what it costs in the smallest.
"""

from __future__ import annotations

import gc
import os
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from core.graph import Graph
from core.naming import root_name
from core.retention import DataClass
from policies.judge import judge
from stacks.capture import Surroundings, capture

with warnings.catch_warnings():
    # The provider's S3 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from components.bucket import Bucket, BucketArgs
from components.bucket_policy import access_log_writer
from components.environment import Environment
from components.key import Key, KeyArgs
from components.persona_role import PersonaRole, PersonaRoleArgs
from components.place import Place, place_of

SIZES = (50, 150, 500, 1500, 5000)
RUNS = (15, 9, 5, 3, 2)
"""Of each size; the quickest counts."""
MOST = 1.5
PLACE = Place("123456789012", "eu-central-1")
FAR_AWAY = place_of("444455556666", "eu-central-1")
AROUND = Surroundings("strongroom", "scale", PLACE.account, PLACE.region, {}, Path(__file__).resolve().parent.parent)


@dataclass(frozen=True)
class Cost:
    """Seconds for a program of so many resources."""

    resources: int
    capture: float
    judge: float

    @property
    def each(self) -> float:
        """Milliseconds for each resource."""
        return 1000 * (self.capture + self.judge) / self.resources


def wards(count: int) -> None:
    """A hospital of so many wards, each with its own key, records and readers."""
    name = root_name("hospital", "scale", "ward-team", {})
    home = Environment(name, PLACE, {"tier": "dev", "residency": [PLACE.region]})
    logs = BucketArgs(DataClass.INTERNAL, 90, writers=[access_log_writer(PLACE, str(name))])
    access = Bucket(name / "access-logs", logs, home)
    for number in range(count):
        ward = name / f"w{number}"
        key = Key(ward / "key", KeyArgs(PLACE, "Seals the records of a ward"), home)
        store = Bucket(ward / "records", BucketArgs(DataClass.HEALTH, 90, key=key, access_logs=access), home)
        reader = PersonaRoleArgs(
            PLACE, [FAR_AWAY.arn("iam", "role/readers", region="")], "Reads the records of a ward", boundary()
        )
        role = PersonaRole(ward / "reader", reader, home)
        store.grant_list(role)
        store.grant_read(role)


def boundary() -> str:
    """The ARN of what nobody may exceed."""
    return PLACE.arn("iam", "policy/limits", region="")


def timed(work: Callable[[], Graph]) -> tuple[float, Graph]:
    """How much of the processor it takes, so that a busy machine does not count, and what comes of it."""
    gc.collect()
    begun = time.process_time()
    made = work()
    return time.process_time() - begun, made


def cost(size: int, runs: int) -> Cost:
    """The quickest of several runs, after one that loads whatever is loaded once."""
    judge(capture(lambda: wards(1), AROUND))
    few, more = (len(capture(lambda count=count: wards(count), AROUND).resources) for count in (1, 2))
    count = max(1, round((size - few) / (more - few)) + 1)
    best: list[Cost] = []
    for _ in range(runs):
        captured, graph = timed(lambda: capture(lambda: wards(count), AROUND))
        judged, _same = timed(lambda graph=graph: (judge(graph), graph)[1])
        best.append(Cost(len(graph.resources), captured, judged))
    return min(best, key=lambda found: found.each)


def costs() -> list[Cost]:
    """Every size in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as alone:
        return list(alone.map(cost, SIZES, RUNS))


def main() -> int:
    """Measure, print, and compare with the smallest."""
    table = Table("resources", "capture s", "judge s", "ms each", "of the smallest", title=f"{os.cpu_count()} cores")
    found = costs()
    for one in found:
        ratio = one.each / found[0].each
        cells = (f"{one.capture:.2f}", f"{one.judge:.2f}", f"{one.each:.2f}", f"{ratio:.2f}")
        table.add_row(str(one.resources), *cells)
    Console().print(table)
    return int(max(one.each for one in found) > MOST * found[0].each)


if __name__ == "__main__":
    sys.exit(main())
