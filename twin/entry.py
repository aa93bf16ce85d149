"""The vocabulary of the catalog: which calls make, change, show and remove a type of resource. Data, not code.

KEY = Entry(
    "aws:kms/key:Key",
    create=Call("kms", "create_key", Description=prop("description"), Tags=prop("tags", Pairs("TagKey", "TagValue"))),
    identity=reply("KeyMetadata.KeyId"),
    read=(Call("kms", "describe_key", KeyId=ID),),
    shows={"description": reply("KeyMetadata.Description")},
    ...
)

A type that the API double cannot create at all has an entry too, with `absent`:

RULE = Entry(
    "aws:route53/resolverFirewallRule:ResolverFirewallRule",
    create=Call("route53resolver", "create_firewall_rule", FirewallRuleGroupId=prop("firewallRuleGroupId"), ...),
    identity=ID,
    delete=(Call("route53resolver", "delete_firewall_rule", ...),),
    outputs={"arn": Built("arn:{partition}:route53resolver:{region}:{account}:firewall-rule/{id}")},
    absent=Gap("there is no operation for rules of the resolver's firewall"),
)

Nothing is called for it: its requests are made, from its properties and ID alone, and held against botocore's
description of the operation. It is kept in the state under an id that says so (`unverified-...`) and its outcome is
UNVERIFIED, as is that of all whose values hold this id, and of all that a call is refused for and that depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from core.resource import nothing
from core.value import Path, dotted, leaves
from twin.forms import Form
from twin.scope import Term, uses

REGION = "region"
"""The one property of every Regional type that the clients, not the calls, carry."""


class Call:
    """One API call. Members of the request are written as AWS spells them; their values are templates of terms.

    `when` and `unless` are terms that decide whether it is made, `each` one whose items it is made for, one by one.
    `tolerates` lists error codes that mean there is nothing to do, or nothing to read. `on` adds properties whose
    change calls for it, beside those it reads anyway. `region` is a term that says in which Region it is made, where
    that is not the resource's own.
    """

    def __init__(
        self,
        service: str,
        operation: str,
        *,
        when: Term | None = None,
        unless: Term | None = None,
        each: Term | None = None,
        tolerates: tuple[str, ...] = (),
        on: tuple[str, ...] = (),
        region: Term | None = None,
        **request: Any,
    ) -> None:
        self.service, self.operation, self.request = service, operation, request
        self.when, self.unless, self.each, self.tolerates, self.on = when, unless, each, tolerates, on
        self.region = region

    def __repr__(self) -> str:
        return f"{self.service}.{self.operation}"

    def uses(self) -> Iterator[tuple[Path, Form]]:
        """The properties that the request and its conditions read."""
        return uses([self.request, self.when, self.unless, self.each, self.region])

    @cached_property
    def concerns(self) -> frozenset[str]:
        """The properties whose change calls for it."""
        return frozenset(str(path[0]) for path, _ in self.uses()) | frozenset(self.on)


@dataclass(frozen=True)
class Named:
    """A property that gets the logical name and a suffix where it is not set, as the provider does it."""

    property: str
    longest: int
    pattern: str = "{}"


@dataclass(frozen=True)
class Gap:
    """Why the API double cannot hold or show a property, and in which version of it that was seen.

    It is no gap for a resource that has one of the properties in `unless`.
    """

    reason: str
    moto: str = "5.2.5"
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Members:
    """What hangs on a resource and is declared by resources of its own types: anything else there is drift.

    `found` are the names in the reply; `pattern` makes of `{id}`, which is the resource's own, and `{found}` the id
    that a resource of one of these types would have.
    """

    what: str
    read: Call
    found: Term
    types: tuple[str, ...]
    pattern: str = "{found}"


@dataclass(frozen=True)
class Entry:
    """How resources of one type live in the API.

    create      the call that makes it; `identity` gives its id from inputs or reply
    then        calls that complete it, made again when what they concern changes
    update      calls that only a change needs, among them the inverses of conditional `then` calls;
                a changed property that no call of `then` or `update` concerns, or that is `fixed`, means replacement
    delete      calls that remove it, in order; `lasting` says why nothing is removed, or not all
    release     inputs that it has to be applied with before the cloud lets it go, such as a protection switched off
    read        calls whose replies, put together, show it; a code in `gone`, or `exists` false, says it is not there
    shows       property -> term over that reply; `outputs` the same for what is not an input
    defaults    the value of a property that is not declared; `computed` are those AWS chooses a value for
    client      properties that steer the client and are held by no cloud; `gaps` what the double does not show
    find        where the ids of this type are listed: how one is found again that was made and not recorded
    alone       while these properties are the same no second one can exist: it is deleted before it is replaced
    absent      why the double cannot hold any: then nothing is called, and `read` and `shows` may be left out
    """

    type: str
    create: Call
    identity: Term
    read: tuple[Call, ...] = ()
    shows: Mapping[str, Term] = field(default_factory=nothing)
    gone: tuple[str, ...] = ()
    exists: Term | None = None
    named: Named | None = None
    then: tuple[Call, ...] = ()
    update: tuple[Call, ...] = ()
    fixed: tuple[str, ...] = ()
    delete: tuple[Call, ...] = ()
    lasting: str = ""
    release: Mapping[str, Any] = field(default_factory=nothing)
    outputs: Mapping[str, Term] = field(default_factory=nothing)
    defaults: Mapping[str, Any] = field(default_factory=nothing)
    computed: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    gaps: Mapping[str, Gap] = field(default_factory=nothing)
    find: tuple[Call, Term] | None = None
    alone: tuple[str, ...] = ()
    members: tuple[Members, ...] = ()
    absent: Gap | None = None

    @cached_property
    def properties(self) -> tuple[tuple[Path, Form], ...]:
        """Every property that reaches the API, with the form that says which of its leaves do."""
        calls = (self.create, *self.then, *self.update)
        return tuple(pair for call in calls for pair in call.uses())

    @property
    def services(self) -> frozenset[str]:
        """The services that its calls go to."""
        return frozenset(call.service for call in (self.create, *self.then, *self.update, *self.read, *self.delete))

    def uncovered(self, inputs: Mapping[str, Any]) -> tuple[str, ...]:
        """The leaves of the inputs that would reach nothing: neither a call nor the client."""
        return tuple(dotted(path) for path, leaf in leaves(inputs) if leaf is not None and not self._covers(path))

    def _covers(self, path: Path) -> bool:
        if path[0] in self.client or path[0] == REGION:
            return True
        return any(
            path == known[: len(path)] or (path[: len(known)] == known and form.covers(path[len(known) :]))
            for known, form in self.properties
        )

    @property
    def repeatable(self) -> bool:
        """Whether the create call says what is to be, so that making it again does no harm."""
        return self.create in self.update

    def updates(self, changed: frozenset[str]) -> tuple[Call, ...] | None:
        """The calls that bring about a change of these properties; None when only a replacement does."""
        changed -= {*self.client, REGION}
        calls = tuple(call for call in (*self.then, *self.update) if call.concerns & changed)
        reached = frozenset[str]().union(*(call.concerns for call in calls))
        return calls if changed <= reached and not changed & set(self.fixed) else None
