"""One way to do what is asked: a caller, the calls it takes, the policies that each meets, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from access.caller import Who
from access.condition import KeyHolds, holds
from access.decide import allowed
from access.document import Test
from access.formula import IsPresent, Leaf, leaves_of
from access.free import FreeRequest
from access.layers import Layers
from access.operators import OPERATORS, Operator, operator_of
from access.question import NOTHING_GIVEN, Given, Presence
from access.reference import ALWAYS_PRESENT, DEFAULT, Reference
from access.request import THROUGH_ENDPOINT, Asked, FreeKey, Request
from access.truth import Truth, all_true, any_true, negated, unsure
from access.wildcard import pattern

SOURCE_IP, VIA_SERVICE = "aws:sourceip", "aws:viaawsservice"


@dataclass(frozen=True)
class Call:
    """One call with free parts, and the policies that it meets."""

    request: FreeRequest
    layers: Layers


@dataclass(frozen=True)
class Situation:
    """Calls that one caller makes in one breath: they share the keys that are free.

    `given` is assumed of the first call. `regions` are the texts that free keys are drawn from, with wildcards; a key
    that has none may hold any text. `through` names the endpoint that carries the calls, `doubt` what is unknown there.
    """

    calls: tuple[Call, ...]
    given: Mapping[str, Given] = field(default_factory=lambda: NOTHING_GIVEN)
    regions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    caller: str = ""
    resource: str = ""
    through: str = ""
    doubt: str = ""

    def truth(self, reference: Reference = DEFAULT) -> Truth:
        """What it hangs on that all the calls are allowed; the coupling of addresses and endpoints (S55) included."""
        found = [allowed(call.request, call.layers, reference) for call in self.calls]
        doubt = (unsure(self.doubt),) if self.doubt else ()
        first = all_true((*found, self._assumed(reference), *doubt))
        if isinstance(first, bool):
            return first
        free = {leaf.variable for leaf in leaves_of(first)}
        carried = [Leaf(name, IsPresent()) for name in sorted(free) if name.rpartition("|")[2] in ALWAYS_PRESENT]
        return all_true((first, *carried, *(_coupled(call.request, free) for call in self.calls)))

    def _assumed(self, reference: Reference) -> Truth:
        asked = Asked(self.calls[0].request, reference)
        found: list[Truth] = []
        for key, given in self.given.items():
            there = _is_there(asked.request, key.lower())
            found += [] if given.presence is Presence.EITHER else [_agrees(there, given.presence)]
            found.append(holds(tuple(_tests(key.lower(), given, reference)), asked))
        return all_true(found)


def _tests(key: str, given: Given, reference: Reference) -> Iterator[Test]:
    """An assumption on a key's values as lines of a Condition."""
    every = "ForAllValues:" if key in reference.multivalued else ""
    if given.among is not None:
        yield _line(f"{every}StringLikeIfExists", key, given.among)
    if given.outside:
        yield _line(f"{every}StringNotLike", key, given.outside)


def _line(operator: str, key: str, values: tuple[str, ...]) -> Test:
    return Test(_operator(operator), key, key, tuple(pattern(value, variables=False) for value in values))


def _operator(text: str) -> Operator:
    found = operator_of(text)
    if found is None:
        raise KeyError(text)
    return found


def _agrees(there: Truth, presence: Presence) -> Truth:
    return there if presence is Presence.PRESENT else negated(there)


def _is_there(request: Request, key: str) -> Truth:
    """Whether the request carries the key at all, were it empty (S44 reads an empty value as absent)."""
    value = request.value(key)
    return Leaf(value.variable, IsPresent()) if isinstance(value, FreeKey) else value is not None


def _coupled(request: FreeRequest, free: set[str]) -> Truth:
    """An address is absent exactly when an endpoint carries the call (S55); a service's own call may lack both."""
    ends = [_present(request, key, free) for key in THROUGH_ENDPOINT]
    known = [one for one in ends if one is not None]
    address = _present(request, SOURCE_IP, free)
    rules = [any_true((negated(one), two)) for one in known for two in known if one is not two]
    if address is not None:
        rules += [negated(all_true((address, one))) for one in known]
    if address is not None and known:
        rules.append(any_true((address, *known, _by_service(request, free))))
    return all_true(rules)


def _present(request: FreeRequest, key: str, free: set[str]) -> Truth | None:
    """Whether the key is there; None where nothing hangs on it."""
    value = request.value(key)
    matters = not isinstance(value, FreeKey) or value.variable in free
    return _is_there(request, key) if matters else None


def _by_service(request: FreeRequest, free: set[str]) -> Truth:
    """Whether a service makes the call, for itself or with its caller's credentials (S56)."""
    value = request.value(VIA_SERVICE)
    if request.caller.who is Who.SERVICE or not isinstance(value, FreeKey):
        return request.caller.who is Who.SERVICE or value == "true"
    if value.variable not in free:
        return True
    return Leaf(value.variable, KeyHolds(Test(OPERATORS["bool"], VIA_SERVICE, VIA_SERVICE, (TRUE,)), several=False))


TRUE = pattern("true", variables=False)
