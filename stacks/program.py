"""Running a Pulumi program: below which stack, in which settings, and to its very end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from inspect import isawaitable
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import config, settings
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.stack import Stack, wait_for_rpcs

from core.errors import BadInput
from stacks.monitor import FEATURES, Monitor, NoCallbacks
from stacks.origins import traced

Program = Callable[[], object]
"""What it returns is awaited where it can be, and otherwise nobody's."""


class Sealed(dict[str, Any]):
    """The stack's configuration and nothing else: the SDK asks the environment only for keys that are not here."""

    def __contains__(self, key: object) -> bool:
        """Every key has its answer here."""
        return True

    def __missing__(self, key: str) -> None:
        """A key that is not set."""


class Engine:
    """Takes what the program logs; an error that it logs makes a deployment fail, so it is kept."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def Log(self, request: Any) -> None:  # noqa: N802 - a name on the wire
        """Keep errors."""
        if request.severity == engine_pb2.ERROR:
            self.errors.append(request.message)

    def RequirePulumiVersion(self, _request: Any) -> None:  # noqa: N802 - a name on the wire
        """There is no CLI whose version could be wrong."""


class Root(Stack):
    """The stack resource, with one transformation that runs after all those that a program registers."""

    def __init__(self, last: pulumi.ResourceTransformation) -> None:
        self._last: list[pulumi.ResourceTransformation] = []
        super().__init__()
        self._last = [last]

    @property
    def _transformations(self) -> list[pulumi.ResourceTransformation]:
        return [*self._registered, *self._last]

    @_transformations.setter
    def _transformations(self, given: list[pulumi.ResourceTransformation]) -> None:
        self._registered = [item for item in given if item not in self._last]

    async def play(self, program: Program) -> None:
        """Call the program, wait for all that it started, register what it exported."""
        result = program()
        if isawaitable(result):
            await result
        if later := self._take_async_program():
            self._add_program_outputs(await later())
        self.outputs = traced(self.outputs)
        self._finish()
        await settled()
        await wait_for_rpcs()
        while rest := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.gather(*rest)
            await wait_for_rpcs()


async def settled() -> None:
    """Wait until every output is known. Raises the fault of the first that fails: what needs it fails after it.

    The SDK waits for one after the other and asks all that are left each time, which in a program of n outputs is n
    times n questions.
    """
    failed: list[asyncio.Future[Any]] = []

    def note(task: asyncio.Future[Any]) -> None:
        if not task.cancelled() and task.exception():
            failed.append(task)

    while pending := list(settings.SETTINGS.outputs):
        for task in pending:
            task.add_done_callback(note)
        done, _ = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
        if failed:
            await failed[0]
        settings.SETTINGS.outputs.difference_update(done)


def enter(monitor: Monitor, engine: Engine, values: Mapping[str, str], root: Path) -> None:
    """Point the SDK at this monitor. All that it keeps is in context variables: the caller provides a fresh context.

    A variable that holds nothing takes the first value set as everybody's default, so each is filled beforehand.
    """
    for name, kept in vars(settings.Settings).items():
        if hasattr(kept, "fset") and not name.startswith("_"):
            kept._data.set(name)  # noqa: SLF001 - see above
    settings.Settings(
        monitor.project,
        monitor.stack,
        monitor=monitor,
        engine=engine,
        dry_run=monitor.realise is None,
        legacy_apply_enabled=False,
        organization="organization",
        root_directory=str(root),
    )
    vars(settings.Settings)["callbacks"]._data.set(NoCallbacks())  # noqa: SLF001 - see above
    settings.SETTINGS.monitor_features = set(FEATURES)
    config.CONFIG.set(Sealed(values))
    config._SECRET_KEYS.set(set())  # noqa: SLF001 - set_all_config would replace Sealed by a plain dict


async def run(program: Program, last: pulumi.ResourceTransformation, engine: Engine) -> None:
    """Run the program below a stack of its own. Raises what it raises, and BadInput for an error that it logs."""
    await Root(last).play(program)
    if engine.errors:
        msg = f"the program reports an error: {'; '.join(engine.errors)}"
        raise BadInput(msg)
