"""A loop for one program that has nothing outside itself to wait for: no threads, no sockets, no clock of ours."""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

MOST_ROUNDS = 10
"""A task may start others while it is cancelled."""


class StuckError(Exception):
    """Everything in the loop waits, and nothing is left that could end the waiting."""


class Inline(ThreadPoolExecutor):
    """Runs at once, in the calling thread, what it is given: calls arrive one at a time and in order."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The finished future of the call."""
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever awaits the future gets it
            done.set_exception(error)
        return done


class NothingToWaitFor(selectors.DefaultSelector):
    """Raises StuckError instead of waiting for ever: with no time limit, and no thread or file that could wake us."""

    def __init__(self) -> None:
        super().__init__()
        self.threads = threading.active_count()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """The files that are ready; the loop's own wake-up pipe is always registered, and alone wakes nobody."""
        if timeout is None and len(self.get_map()) == 1 and threading.active_count() <= self.threads:
            raise StuckError
        return super().select(timeout)


class OwnLoop(asyncio.SelectorEventLoop):
    """A loop with the parts above. `faults` are the exceptions of tasks that nobody waited for."""

    def __init__(self) -> None:
        super().__init__(NothingToWaitFor())
        self.faults: list[BaseException] = []
        self.set_default_executor(Inline(max_workers=1))
        self.set_exception_handler(self._note)

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """In place of asyncio's log: along with the first fault, which is raised, all that needed it fails as well."""
        if isinstance(error := context.get("exception"), BaseException):
            self.faults.append(error)


@contextmanager
def fresh_loop() -> Generator[OwnLoop]:
    """A loop for one run; at the end whatever still runs in it is cancelled, and it is closed."""
    loop = OwnLoop()
    try:
        yield loop
    finally:
        for _ in range(MOST_ROUNDS):
            _cancel(loop)
        loop.close()


def _cancel(loop: asyncio.AbstractEventLoop) -> None:
    """Every task is cancelled before any of them runs again: after an interruption not one more step is taken."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        with suppress(StuckError):
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
