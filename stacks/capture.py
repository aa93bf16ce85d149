"""An unmodified Pulumi program, run in this process, as a Graph: no engine, plugin, credentials, state or network."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import traceback
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from core.errors import BadInput
from core.graph import Graph, GraphError, graph_of
from stacks.event_loop import StuckError, fresh_loop
from stacks.lookups import looked_up
from stacks.monitor import Monitor, Realise
from stacks.origins import Declarations
from stacks.place_in_source import Source
from stacks.program import Engine, Program, enter, run

GC_THRESHOLD = (10_000_000, 50, 100)
"""Hardly ever collecting about halves the time of a large program; nothing in it is garbage before the end."""
SDK = str(Path(pulumi.__file__).parent)
CYCLE = "We have detected a circular dependency"
WRAPPED = "While processing "
"""How messages of the SDK begin: runtime/rpc.py, runtime/resource.py."""


@dataclass(frozen=True)
class Surroundings:
    """What a program finds around it.

    `config` is the stack's configuration as the engine hands it over (`project:key` -> text), `account` and `region`
    answer the few look-ups that a program may make, `root` is the folder below which a file is the project's own.
    `stacks` are the outputs of other stacks that it reads, by their full names, such as
    `organization/strongroom/prod-foundation`: samples in a plan, what was made in a deployment.
    """

    project: str
    stack: str
    account: str
    region: str
    config: Mapping[str, str]
    root: Path
    stacks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def capture(program: Program, around: Surroundings, realise: Realise | None = None) -> Graph:
    """The Graph of all that the program declares: the stack, providers, components and resources, with their URNs.

    Without `realise` as in the first preview of a stack: an unknown leaf is `Unknown("<urn>.<property>")`. With it,
    each resource that a provider would make is handed to it as soon as its inputs are known, one at a time, in the
    order of registration, and the outputs it returns flow on. Secrets are SECRET in the Graph; `realise` gets them.

    Raises what the program, one of its `apply` or `realise` raises (with the URN as a note), GraphError for a repeated
    URN or a dependency cycle, and BadInput for what only an engine or the cloud could answer. Nothing of the caller's
    Pulumi settings, environment or event loop is used or changed. The program runs in the calling thread, except where
    an event loop is running in it already: then in a thread of its own, while this one waits.
    """
    alone = contextvars.Context()
    with rare_collections():
        if asyncio._get_running_loop() is None:  # noqa: SLF001 - the public question raises instead of answering
            return alone.run(_captured, program, around, realise)
        with ThreadPoolExecutor(1, "capture") as beside:
            return beside.submit(lambda: alone.run(_captured, program, around, realise)).result()


def _captured(program: Program, around: Surroundings, realise: Realise | None) -> Graph:
    source, engine = Source(around.root), Engine()
    declarations = Declarations(source, traces=realise is None)
    monitor = Monitor(
        around.project,
        around.stack,
        declarations.declares,
        source.of_trace,
        lambda token, asked: looked_up(token, asked, around.account, around.region),
        realise,
        around.stacks,
    )
    enter(monitor, engine, around.config, around.root)
    fault: BaseException | None = None
    with fresh_loop() as loop:
        try:
            loop.run_until_complete(run(program, declarations, engine))
        except Exception as error:  # noqa: BLE001 - raised below, where it does not become its own context
            fault = explained(monitor.fault or error, declarations)
    if fault := fault or monitor.fault or next(iter(loop.faults), None):
        raise fault
    return graph_of(monitor.recorded.values())


def explained(error: BaseException, declarations: Declarations) -> BaseException:
    """The fault in our words where the SDK has none of its own for it."""
    if not isinstance(error, StuckError) and not (isinstance(error, RuntimeError) and str(error).startswith(CYCLE)):
        return _unwrapped(error)
    waiting = [
        f"{item.pulumi_resource_type} {item.pulumi_resource_name} ({', from '.join(map(str, location))})"
        for item, location in declarations.waiting()
    ]
    return GraphError(
        f"dependency cycle: {'; '.join(waiting)} wait for each other; a component must not depend on its own parts"
    )


def _unwrapped(error: BaseException) -> BaseException:
    """What the program itself raised, where the SDK has wrapped it while it read a resource's inputs."""
    root = error
    while root.__cause__ not in {None, root} and str(root).startswith(WRAPPED):
        root = root.__cause__
    if root.__cause__ is root:  # the SDK raises a fault of a call from itself
        root.__cause__ = None
    frames = traceback.extract_tb(root.__traceback__)
    of_the_sdk = frames and frames[-1].filename.startswith(SDK) and not isinstance(root, BadInput)
    return error if of_the_sdk else root


@contextmanager
def rare_collections() -> Generator[None]:
    """Collect garbage less often within."""
    before = gc.get_threshold()
    gc.set_threshold(*GC_THRESHOLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
