"""The elements of a statement, one reader each: Action, Resource, Principal, Condition and their negations.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from access.document import (
    ActionEntry,
    Kind,
    Named,
    PrincipalEntry,
    ResourceEntry,
    Test,
)
from access.faults import PolicyError, policy_fault
from access.operators import WITH_VARIABLES, WITH_WILDCARDS, Operator, operator_of, read_value
from access.wildcard import Pattern, pattern
from core.value import Path, Secret, Unknown

SEGMENTS = 6
"""arn:partition:service:region:account:resource."""
SERVICE_PREFIX = re.compile(r"[a-z0-9-]+")
ACTION_NAME = re.compile(r"[A-Za-z0-9*?]+")
SHORT_RESOURCE = "execute-api:/"
"""API Gateway completes it in policies of an API:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html"""
PRINCIPAL_ARN = re.compile(
    r"arn:[a-z-]+:(?:iam::(\d{12}):(root|user/\S+|role/\S+)|sts::(\d{12}):(assumed-role/[^/\s]+/\S+|federated-user/\S+))",
    re.ASCII,
)
UNIQUE_ID = re.compile(r"(?:AIDA|AROA)[A-Z0-9]{12,124}")
SERVICE_PRINCIPAL = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
CANONICAL = re.compile(r"[0-9a-f]{64}")
ACCOUNT = re.compile(r"[0-9]{12}")
BY_ARN_KIND = {
    "root": Named.ACCOUNT,
    "user": Named.USER,
    "role": Named.ROLE,
    "assumed-role": Named.SESSION,
    "federated-user": Named.FEDERATED_USER,
}
PRINCIPAL_KINDS = ("AWS", "Service", "Federated", "CanonicalUser")
TAKES_PRINCIPAL = frozenset({Kind.RESOURCE, Kind.KEY, Kind.TRUST, Kind.ENDPOINT, Kind.RCP})


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the reader is, and what holds there."""

    kind: Kind
    label: str
    path: Path
    variables: bool

    def fault(self, path: Path, expected: str) -> PolicyError:
        """The error for a place below."""
        return policy_fault(self.label, (*self.path, *path), expected)

    def pattern(self, text: str, path: Path, *, wild: bool = True, variables: bool = True) -> Pattern:
        """The pattern of a text at a place below."""
        try:
            return pattern(text, variables=self.variables and variables, wild=wild)
        except ValueError as error:
            raise self.fault(path, str(error)) from error


def either(body: Mapping[str, Any], name: str, reading: Reading) -> tuple[str, Any]:
    """The element or its negation, whichever is there, and its value; the value is None where neither is."""
    if name in body and f"Not{name}" in body:
        raise reading.fault((f"Not{name}",), f"either {name} or Not{name}, not both")
    chosen = f"Not{name}" if f"Not{name}" in body else name
    return chosen, body.get(chosen)


def listed(value: Any, path: Path, reading: Reading) -> Iterator[tuple[Path, str | Unknown]]:
    """The texts of a scalar or a list (S10), each with its place. Withheld ones count as unknown."""
    items = value if isinstance(value, tuple) else (value,)
    if not items:
        raise reading.fault(path, "at least one value")
    for number, item in enumerate(items):
        where = (*path, number) if isinstance(value, tuple) else path
        if isinstance(item, Secret):
            yield where, Unknown("a withheld value")
        elif isinstance(item, str | Unknown):
            yield where, item
        else:
            raise reading.fault(where, "a text")


def actions_of(body: Mapping[str, Any], reading: Reading) -> tuple[tuple[ActionEntry | Unknown, ...], bool]:
    """Action or NotAction."""
    name, value = either(body, "Action", reading)
    if value is None:
        raise reading.fault(("Action",), "Action or NotAction")
    found = tuple(
        item if isinstance(item, Unknown) else _action(item, path, reading)
        for path, item in listed(value, (name,), reading)
    )
    return found, name != "Action"


def _action(text: str, path: Path, reading: Reading) -> ActionEntry:
    if text in {"*", "*:*"}:
        if reading.kind is Kind.TRUST:
            raise reading.fault(path, "actions of sts")
        return ActionEntry("", reading.pattern("*", path), text)
    service, colon, name = text.partition(":")
    service = service.lower()
    if not colon or not SERVICE_PREFIX.fullmatch(service) or not ACTION_NAME.fullmatch(name):
        raise reading.fault(path, "service:Action with letters, * and ? after the colon, or * alone")
    if reading.kind is Kind.TRUST and service != "sts":
        raise reading.fault(path, "actions of sts")
    return ActionEntry(service, reading.pattern(name.lower(), path, variables=False), text)


def resources_of(body: Mapping[str, Any], reading: Reading) -> tuple[tuple[ResourceEntry | Unknown, ...] | None, bool]:
    """Resource or NotResource; trust policies have neither, key policies may leave it out (S61)."""
    name, value = either(body, "Resource", reading)
    if reading.kind is Kind.TRUST:
        if value is not None:
            raise reading.fault((name,), "no such element: a trust policy is about its own role")
        return None, False
    if value is None:
        if reading.kind is Kind.KEY:
            return None, False
        raise reading.fault(("Resource",), "Resource or NotResource")
    found = tuple(
        item if isinstance(item, Unknown) else _resource(item, path, reading)
        for path, item in listed(value, (name,), reading)
    )
    return found, name != "Resource"


def _resource(text: str, path: Path, reading: Reading) -> ResourceEntry:
    if text == "*":
        return ResourceEntry(text, ())
    if reading.kind is Kind.RESOURCE and text.startswith(SHORT_RESOURCE):
        text = "arn:*:execute-api:*:*:*/" + text.removeprefix(SHORT_RESOURCE)
    parts = text.split(":", SEGMENTS - 1)
    if parts[0] != "arn" or len(parts) == 1:
        raise reading.fault(path, "an ARN, or * alone")
    if len(parts) > 2 and ("*" in parts[2] or "?" in parts[2]) and parts[2] != "*":  # noqa: PLR2004 - the service's place
        raise reading.fault(path, "an ARN whose service is named without wildcards (S15)")
    if len(parts) > 3 and parts[2] == "*":  # noqa: PLR2004 - what follows the service
        raise reading.fault(path, "an ARN whose service is named without wildcards (S15)")
    last = len(parts) == SEGMENTS
    return ResourceEntry(
        text,
        tuple(
            reading.pattern(
                part if number == SEGMENTS - 1 else part.lower(), path, variables=last and number == SEGMENTS - 1
            )
            for number, part in enumerate(parts)
        ),
    )


def principals_of(
    body: Mapping[str, Any], reading: Reading
) -> tuple[tuple[PrincipalEntry | Unknown, ...] | None, bool]:
    """Principal or NotPrincipal, where the kind of policy has one."""
    name, value = either(body, "Principal", reading)
    if reading.kind not in TAKES_PRINCIPAL:
        if value is not None:
            raise reading.fault((name,), f"no such element in a {reading.kind}")
        return None, False
    if value is None:
        raise reading.fault(("Principal",), f"Principal: without one a {reading.kind} concerns nobody (S27)")
    if reading.kind is Kind.RCP and (name != "Principal" or value != "*"):
        raise reading.fault((name,), 'Principal "*" (S38)')
    if isinstance(value, Unknown | Secret):
        return (value if isinstance(value, Unknown) else Unknown("a withheld value"),), name != "Principal"
    if value == "*":
        return (PrincipalEntry(Named.ANYONE, "*"),), name != "Principal"
    if not isinstance(value, Mapping) or not value:
        raise reading.fault((name,), f'"*", or a mapping with {", ".join(PRINCIPAL_KINDS)}')
    return tuple(_principals(value, (name,), reading)), name != "Principal"


def _principals(value: Mapping[str, Any], path: Path, reading: Reading) -> Iterator[PrincipalEntry | Unknown]:
    for kind, held in value.items():
        if kind not in PRINCIPAL_KINDS:
            raise reading.fault((*path, kind), f"one of {', '.join(PRINCIPAL_KINDS)}")
        for where, item in listed(held, (*path, kind), reading):
            yield item if isinstance(item, Unknown) else _principal(kind, item, where, reading)


def _principal(kind: str, text: str, path: Path, reading: Reading) -> PrincipalEntry:
    if kind == "AWS":
        return _aws_principal(text, path, reading)
    if kind == "Service":
        if not SERVICE_PRINCIPAL.fullmatch(text):
            raise reading.fault(path, "a service such as ec2.amazonaws.com")
        return PrincipalEntry(Named.SERVICE, text)
    if kind == "CanonicalUser":
        if not CANONICAL.fullmatch(text):
            raise reading.fault(path, "a canonical user id of 64 hexadecimal digits")
        return PrincipalEntry(Named.CANONICAL, text)
    if ("*" in text and text != "*") or not text:
        raise reading.fault(path, "an identity provider, without wildcards (S22)")
    return PrincipalEntry(Named.FEDERATED, text)


def _aws_principal(text: str, path: Path, reading: Reading) -> PrincipalEntry:
    if text == "*":
        return PrincipalEntry(Named.ANYONE, text)
    if ACCOUNT.fullmatch(text):
        return PrincipalEntry(Named.ACCOUNT, text)
    if UNIQUE_ID.fullmatch(text):
        return PrincipalEntry(Named.UNIQUE_ID, text)
    if "*" in text or "?" in text:
        raise reading.fault(path, "a principal named in full: no part of it can be a wildcard (S22)")
    found = PRINCIPAL_ARN.fullmatch(text)
    if found is None:
        raise reading.fault(path, "an account, user, role, session or federated user; groups are no principals (S22)")
    account, resource = found[1] or found[3], found[2] or found[4]
    named = BY_ARN_KIND[resource.partition("/")[0]]
    return PrincipalEntry(named, account if named is Named.ACCOUNT else text)


def condition_of(body: Mapping[str, Any], reading: Reading) -> tuple[Test | Unknown, ...]:
    """Condition: every line of it, the unknown ones too."""
    block = body.get("Condition")
    if block is None:
        return ()
    if isinstance(block, Unknown):
        return (block,)
    if not isinstance(block, Mapping):
        raise reading.fault(("Condition",), "a mapping from operators to keys and values")
    return tuple(test for text, keys in block.items() for test in _tests(text, keys, reading))


def _tests(text: str, keys: Any, reading: Reading) -> Iterator[Test | Unknown]:
    path: Path = ("Condition", text)
    operator = operator_of(text)
    if operator is None:
        raise reading.fault(path, "a condition operator that IAM has")
    if isinstance(keys, Unknown):
        yield keys
        return
    if not isinstance(keys, Mapping) or not keys:
        raise reading.fault(path, "a mapping from condition keys to values")
    for key, values in keys.items():
        if not key or "*" in key or " " in key.partition("/")[0]:
            raise reading.fault((*path, key), "a condition key such as aws:PrincipalArn")
        yield Test(operator, key.lower(), key, _values(operator, values, (*path, key), reading))


def _values(operator: Operator, values: Any, path: Path, reading: Reading) -> tuple[Pattern | Unknown, ...] | Unknown:
    if isinstance(values, Unknown):
        return values
    items = values if isinstance(values, tuple) else (values,)
    if not items:
        raise reading.fault(path, "at least one value")
    return tuple(_value(operator, item, path, reading) for item in items)


def _value(operator: Operator, item: Any, path: Path, reading: Reading) -> Pattern | Unknown:
    if isinstance(item, Secret):
        return Unknown("a withheld value")
    if isinstance(item, Unknown):
        return item
    if not isinstance(item, str | int | float):
        raise reading.fault(path, "a text, a number, true or false")
    text = str(item).lower() if isinstance(item, bool) else str(item)
    family = operator.family
    if family not in WITH_VARIABLES:
        try:
            read_value(family, text)
        except ValueError as error:
            raise reading.fault(path, str(error)) from error
    wild = family in WITH_WILDCARDS
    return reading.pattern(text, path, wild=wild, variables=family in WITH_VARIABLES)
