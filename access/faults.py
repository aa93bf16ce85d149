"""How a policy or a request is refused: where the fault stands, and what is expected there."""

from __future__ import annotations

from core.errors import BadInput
from core.value import Path, dotted


class PolicyError(BadInput):
    """A policy that AWS would refuse, or would not read as its author meant; it is never passed over."""


class RequestError(BadInput):
    """A request that AWS could never see: its parts contradict each other."""


def policy_fault(label: str, path: Path, expected: str) -> PolicyError:
    """The error for what stands at the path of the policy. Values are not quoted: they may be withheld."""
    where = dotted(path)
    return PolicyError(f"{label}{': ' + where if where else ''}: expected {expected}")
