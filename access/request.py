"""What is asked: by whom, for what, of which resource, and what else AWS would know of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from access.caller import Caller, Value
from access.faults import RequestError
from access.reference import DEFAULT, Reference
from access.truth import Truth
from core.value import Unknown

ACTION = re.compile(r"[a-z0-9-]+:[a-z0-9]+", re.IGNORECASE | re.ASCII)
SEGMENTS = 6
THROUGH_ENDPOINT = ("aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip")
"""Present exactly when a VPC endpoint carries the call, and then there is no aws:SourceIp (S55)."""


@dataclass(frozen=True, slots=True)
class FreeKey:
    """A key whose value is free. Where it follows from another free text, `before` is what stands before that."""

    variable: str
    before: str = ""


NO_CONTEXT: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True)
class Request:
    """One call. `context` holds condition keys; None for a key that the request lacks.

    With `open_world` a key that is not given is unknown, but for the beginnings that `complete` names (such as
    `aws:principaltag/`); else it is absent. `account` is that of the resource where its
    ARN does not say. Raises RequestError for what contradicts itself: a key that the caller decides set to another
    value, an address beside an endpoint, a second factor beside long-term keys (S54, S55, S57).
    """

    caller: Caller
    action: str
    resource: str = "*"
    account: str | Unknown | None = None
    context: Mapping[str, Value] = field(default_factory=lambda: NO_CONTEXT)
    open_world: bool = False
    complete: tuple[str, ...] = ()
    verb: str = field(init=False, compare=False, repr=False)
    service: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse what AWS could never see; the action in lower case, and the service that is asked."""
        object.__setattr__(self, "verb", self.action.lower())
        object.__setattr__(self, "service", self.verb.partition(":")[0])
        if not ACTION.fullmatch(self.action):
            msg = f"action {self.action!r}: expected service:Action, such as s3:GetObject"
            raise RequestError(msg)
        parts = self.resource.split(":", SEGMENTS - 1)
        if self.resource != "*" and (len(parts) != SEGMENTS or parts[0] != "arn"):
            msg = f"resource {self.resource!r}: expected an ARN, or * for an action that takes none"
            raise RequestError(msg)
        for message in self._contradictions():
            raise RequestError(message)

    def _contradictions(self) -> Iterable[str]:
        given = {key.lower(): value for key, value in self.context.items()}
        for key, value in self.caller.keys().items():
            if key in given and given[key] != value:
                yield f"key {key}: who asks decides it, so it is no free choice (S54)"
        endpoint = [key for key in THROUGH_ENDPOINT if given.get(key) is not None]
        if endpoint and given.get("aws:sourceip") is not None:
            yield f"key aws:SourceIp beside {endpoint[0]}: it is absent when a VPC endpoint carries the call (S55)"

    @cached_property
    def keys(self) -> Mapping[str, Value]:
        """Every condition key in lower case, those that follow from caller and resource among them."""
        found = {key.lower(): value for key, value in self.context.items()}
        derived: dict[str, Value] = dict(self.caller.keys())
        if self.owner:
            derived["aws:resourceaccount"] = self.owner
        if any(found.get(key) is not None for key in THROUGH_ENDPOINT):
            derived["aws:sourceip"] = None
        elif found.get("aws:sourceip") is not None:
            derived.update(dict.fromkeys(THROUGH_ENDPOINT))
        return {**derived, **found}

    def value(self, key: str) -> Value | FreeKey:
        """What a key (in lower case) holds."""
        if key in self.keys:
            return self.keys[key]
        if self.open_world and not key.startswith(self.complete):
            return Unknown(f"{key} of the request is not given")
        return None

    def single(self, key: str) -> str | Unknown | None:
        """The value for a policy variable: only keys with one value have any (S51, S52)."""
        value = self.value(key)
        if isinstance(value, FreeKey):
            return Unknown(f"{key} is free, and a policy variable stands for it")
        if isinstance(value, tuple):
            return value[0] if len(value) == 1 else None
        return value

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The segments of the resource."""
        return segments(self.resource)

    @cached_property
    def owner(self) -> str | Unknown:
        """The account of the resource; that of the caller for an action that takes no resource."""
        if self.account is not None:
            return self.account
        if self.resource == "*":
            return self.caller.account
        return self.parts[4] or Unknown("the account that owns the resource")

    @property
    def is_free(self) -> bool:
        """Whether a part of the resource is free."""
        return False


def segments(arn: str) -> tuple[str, ...]:
    """The segments of an ARN: partition to account in lower case, as they compare loosely (S19)."""
    *loose, exact = arn.split(":", SEGMENTS - 1)
    return (*(part.lower() for part in loose), exact)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what is known beside it: of AWS, of the caller's boundary, of the endpoint it comes through.

    `topic` is action and resource together where neither is free: by it policies keep what was found. `heard` is
    whether each statement of the resource's policy applies, by its identity: that is asked for twice.
    """

    request: Request
    reference: Reference = DEFAULT
    bounded: bool = False
    at_gateway: bool = False
    topic: str | None = None
    heard: dict[int, Truth] = field(default_factory=dict, compare=False, repr=False)
