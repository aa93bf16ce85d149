"""A policy as this room understands it: statements whose every leaf is known, or says where it will come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from access.operators import Operator
from access.truth import Truth
from access.wildcard import Pattern
from core.value import Unknown


class Kind(StrEnum):
    """What a policy is attached to; it decides what may stand in it and how it counts."""

    IDENTITY = "identity policy"
    BOUNDARY = "permission boundary"
    SESSION = "session policy"
    RESOURCE = "resource policy"
    KEY = "key policy"
    TRUST = "trust policy"
    ENDPOINT = "endpoint policy"
    SCP = "service control policy"
    RCP = "resource control policy"


class Effect(StrEnum):
    """What a statement does to the requests that it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


class Named(StrEnum):
    """How a principal is named; in the same account it decides whether boundary and session policy cut (S29-S31)."""

    ANYONE = "everybody"
    ANYONE_BY_ARN = "everybody, narrowed by aws:PrincipalArn"
    ACCOUNT = "the account"
    USER = "the user"
    ROLE = "the role"
    SESSION = "the session"
    FEDERATED_USER = "the federated user"
    UNIQUE_ID = "the unique id"
    SERVICE = "the service"
    FEDERATED = "the identity provider"
    CANONICAL = "the canonical user"


@dataclass(frozen=True, slots=True)
class PrincipalEntry:
    """One entry of Principal or NotPrincipal, in the words of the policy; an account by its number alone."""

    named: Named
    text: str


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One entry of Action or NotAction, in lower case (S11); `service` is empty for `*`, which is every action."""

    service: str
    name: Pattern
    text: str


@dataclass(frozen=True, slots=True)
class ResourceEntry:
    """One entry of Resource or NotResource, in segments; none for `*`, which is every resource."""

    text: str
    segments: tuple[Pattern, ...]


@dataclass(frozen=True)
class Test:
    """One line of a Condition: the values are ORed; an unknown one stays among them, or stands for all of them.

    `kept` is what was found of values before.
    """

    operator: Operator
    key: str
    shown: str
    values: tuple[Pattern | Unknown, ...] | Unknown
    kept: dict[str | None, Truth] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def has_variables(self) -> bool:
        """Whether a value speaks of another key of the request."""
        values = () if isinstance(self.values, Unknown) else self.values
        return any(isinstance(value, Pattern) and value.has_variables for value in values)


Entries = tuple["ActionEntry | Unknown", ...]
Resources = tuple["ResourceEntry | Unknown", ...]
Principals = tuple["PrincipalEntry | Unknown", ...]


@dataclass(frozen=True)
class Statement:
    """One statement. `action_negated` and the like tell NotAction from Action; None where the element is not there.

    `kept` is what was found of actions and resources without variables: one statement is asked many times.
    """

    number: int
    sid: str
    effect: Effect | Unknown
    actions: Entries = ()
    action_negated: bool = False
    resources: Resources | None = None
    resource_negated: bool = False
    principals: Principals | None = None
    principal_negated: bool = False
    tests: tuple[Test | Unknown, ...] = ()
    kept: dict[str, Truth] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """What people call it: its Sid, else its number."""
        return f'"{self.sid}"' if self.sid else f"statement {self.number}"

    def keep(self, asked: str, found: Truth) -> Truth:
        """Note what was found, and give it back."""
        if len(self.kept) < MOST_KEPT:
            self.kept[asked] = found
        return found

    @cached_property
    def has_variables(self) -> bool:
        """Whether a resource speaks of a key of the request."""
        entries = (entry for entry in self.resources or () if isinstance(entry, ResourceEntry))
        return any(segment.has_variables for entry in entries for segment in entry.segments)

    @cached_property
    def narrows_by_arn(self) -> bool:
        """Whether a condition demands an aws:PrincipalArn (S31)."""
        found = (test for test in self.tests if isinstance(test, Test))
        return any(test.key == "aws:principalarn" and test.operator.demands_presence for test in found)


@dataclass(frozen=True)
class Document:
    """One policy. A statement that is unknown as a whole stays in its place; `notes` are worth a look, and no fault."""

    kind: Kind
    label: str
    statements: tuple[Statement | Unknown, ...]
    version: str = ""
    notes: tuple[str, ...] = ()
    kept: dict[str, tuple[Statement | Unknown, ...]] = field(default_factory=dict, compare=False, repr=False)

    def about(self, action: str) -> tuple[Statement | Unknown, ...]:
        """The statements that may concern the action (in lower case), kept: one policy is asked many times."""
        found = self.kept.get(action)
        if found is None:
            found = tuple(one for one in self.statements if isinstance(one, Unknown) or concerns(one, action))
            if len(self.kept) < MOST_KEPT:
                self.kept[action] = found
        return found


MOST_KEPT = 4096


def concerns(statement: Statement, action: str) -> bool:
    """Whether Action or NotAction can match; unknown entries may."""
    service, _, name = action.partition(":")
    listed = [entry for entry in statement.actions if isinstance(entry, Unknown) or names(entry, service, name)]
    if statement.action_negated:
        return all(isinstance(entry, Unknown) for entry in listed)
    return bool(listed)


def names(entry: ActionEntry, service: str, name: str) -> bool:
    """Whether an entry names the action; wildcards stand inside the name alone (S12)."""
    return not entry.service or (entry.service == service and entry.name.matches(name, nothing) is True)


def nothing(_key: str) -> None:
    """No variable has a value where none may stand."""


Policy = Document | Unknown
"""A policy, or the fact that there is one that cannot be read."""
