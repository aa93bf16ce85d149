"""What may be mended without asking: settings that cost nobody data, access or a connection when they are right.

Off by default: the engine applies a remedy only where its configuration sets a guard's level to `remediate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.engine_state import UNKNOWN_TEXTS
from core.graph import Graph
from core.resource import Resource
from core.value import Secret, Unknown
from core.verdict import State
from policies.guard import Guard

NOTHING = Graph(())
REMEDIES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "cloudtrail.trail_covers_every_region": {"isMultiRegionTrail": True, "includeGlobalServiceEvents": True},
        "cloudtrail.trail_is_sealed": {"enableLogFileValidation": True},
        "cloudtrail.trail_runs": {"enableLogging": True},
        "kms.key_cannot_lock_out_its_owner": {"bypassPolicyLockoutSafetyCheck": False, "isEnabled": True},
        "kms.key_rotates": {"enableKeyRotation": True},
    }
)
"""Guard -> the properties that satisfy it. Each guard reads one resource and nothing else."""


def changes(guard: Guard, resource: Resource) -> Mapping[str, Any]:
    """The properties to set so that the guard no longer objects; nothing where it does not object.

    A property that is unknown or withheld is left alone: nobody can tell that it is wrong.
    """
    if guard.judge(resource, NOTHING).state is not State.FAIL:
        return {}
    wanted = REMEDIES.get(guard.id, {})
    return {name: value for name, value in wanted.items() if not isinstance(resource.get(name), Unknown | Secret)}


def unveiled(value: Any, urn: str) -> Any:
    """A property as the SDK hands it out to be mended: what is unknown stands there as a text, unguarded."""
    if isinstance(value, str) and value in UNKNOWN_TEXTS:
        return Unknown(urn)
    if isinstance(value, Mapping):
        return {key: unveiled(item, urn) for key, item in value.items()}
    return tuple(unveiled(item, urn) for item in value) if isinstance(value, tuple | list) else value
