"""What a thread of the policy server was last asked about."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Seen(threading.local, Generic[Answer]):
    """What this thread of the server was last asked about, and what came of it.

    The SDK asks policy after policy, in the order of the pack, about one request. A policy that is not further down
    the pack than the last one, or another URN, is a new request.
    """

    def __init__(self) -> None:
        self.urn, self.place = "", -1
        self.answer: Answer | None = None

    def shared(self, urn: str, place: int, make: Callable[[], Answer]) -> Answer:
        """The answer that all policies of one request share, made by the first of them."""
        if self.answer is None or urn != self.urn or place <= self.place:
            self.urn, self.answer = urn, make()
        self.place = place
        return self.answer
