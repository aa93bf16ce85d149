"""How fast access is decided and proved, over the prod program: `make bench ONLY=access`.

Decisions: the evaluator on concrete requests, one thread, counted in processor time. Questions: every role against
every store and key, free in all that a request may choose, with the word of both solvers, from a cold start.
"""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Iterator
from itertools import product

from rich.console import Console
from rich.table import Table

from access.ask import Asker
from access.decide import decide
from access.graph_identity import ROLE
from access.graph_resources import BUCKETS, KEYS
from access.layers import Layers
from access.question import Group, Question
from access.request import Request
from access.symbols import Symbols
from access.ways import situations
from access.world import World, world_of
from cli.program import declared, settings_of

DECISIONS, SECONDS = 20_000, 10
ON_OBJECTS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
ON_KEYS = ("kms:Decrypt", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy")
ORDINARY = {"aws:securetransport": "true", "aws:viaawsservice": "false", "aws:multifactorauthpresent": "true"}


def prod() -> World:
    """The world that the prod program declares."""
    settings = settings_of("prod")
    graph = declared(settings, Symbols(settings.account, settings.region))
    return world_of(graph, account=settings.account, region=settings.region, organization=settings.organisation)


def questions(world: World) -> Iterator[Question]:
    """Every role and every stranger against every store and key."""
    who: list[str | Group] = [one.name for one in world.graph.of_type(ROLE)]
    stores = [f"{one.name}/*" for one in world.graph.of_type(*BUCKETS)]
    keys = [one.name for one in world.graph.of_type(*KEYS)]
    for actions, resources in ((ON_OBJECTS, stores), (ON_KEYS, keys)):
        for one, action, resource in product([*who, *Group], actions, resources):
            yield Question((one,), action, (resource,))


def concrete(world: World) -> Iterator[tuple[Request, Layers]]:
    """Ordinary requests for one object of each store, by every role."""
    for one, store, action in product(world.graph.of_type(ROLE), world.graph.of_type(*BUCKETS), ON_OBJECTS):
        question = Question((one.name,), action, (f"{store.name}/x",), with_key=False)
        for situation in situations(world, question):
            [call] = situation.calls
            free = call.request
            context = {**free.context, **ORDINARY, "aws:requestedregion": world.region}
            yield Request(free.caller, free.action, free.resource, free.account, context), call.layers


def decisions_a_second(world: World, rounds: int = 4) -> float:
    """The best of some rounds, each over requests that were not asked about before."""
    best = 0.0
    for _ in range(rounds):
        asked = list(concrete(world))
        gc.collect()
        started = time.process_time()
        for request, layers in asked:
            decide(request, layers)
        best = max(best, len(asked) / (time.process_time() - started))
    return best


def main() -> int:
    """Measure, print, and compare with what was promised."""
    world = prod()
    asked = list(questions(world))
    asker = Asker(world)
    started = time.perf_counter()
    found = Counter(asker.ask(question).can for question in asked)
    seconds = time.perf_counter() - started
    speed = decisions_a_second(world)
    table = Table("what", "measured", "promised", "kept", title="access, prod")
    table.add_row("decisions a second", f"{speed:,.0f}", f"{DECISIONS:,}", "yes" if speed >= DECISIONS else "NO")
    told = f"{len(asked):,} questions: {found[True]} can, {found[False]} cannot, {found[None]} unknown"
    table.add_row(told, f"{seconds:.1f} s", f"{SECONDS} s", "yes" if seconds <= SECONDS else "NO")
    Console().print(table)
    return 0 if speed >= DECISIONS and seconds <= SECONDS else 1


if __name__ == "__main__":
    raise SystemExit(main())
