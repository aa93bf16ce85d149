"""What AWS's reference says there is: actions, condition keys and resource types, as data of a stated date.

The text comes from `policies/data/iam.json`, which says where it is from and how to make it again. An action or a key
that is not in it may be newer than it; what is not known is said, and never taken for absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from core.errors import BadInput

PLACEHOLDER = re.compile(r"\$\{\w+\}|(?<=/)(?:tag-key|<key>)")
"""What stands in a condition key for a word of the user's own."""
OIDC_KEY = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[\w./-]+)?:(amr|aud|azp|sub)")
"""What any issuer's tokens say; the reference lists it for a few issuers only:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif"""
OIDC_ACTION = "sts:AssumeRoleWithWebIdentity"


@dataclass(frozen=True, slots=True)
class Action:
    """One action: how much it does, the types of resource it is for, and the condition keys that its requests carry.

    A resource type ends in `*` where the action must be allowed on it; without any it is for `*` alone. `passes` says
    that it hands a role to a service, which needs iam:PassRole as well.
    """

    name: str
    level: str
    resources: tuple[str, ...]
    keys: tuple[str, ...]
    passes: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        """The types of resource on each of which it must be allowed (a bucket and an object, say)."""
        return tuple(kind.removesuffix("*") for kind in self.resources if kind.endswith("*"))


@dataclass(frozen=True, slots=True)
class ServiceReference:
    """What is known of one service; names of actions and keys in lower case. `arns` are those of its types."""

    actions: Mapping[str, Action]
    keys: Mapping[str, str]
    deprecated: frozenset[str]
    arns: Mapping[str, str]


@dataclass(frozen=True)
class IamMetadata:
    """The whole of the reference that is kept here.

    `services` are all prefixes there are, `of` those known in detail. `sdk_only` are actions that only the SDK names,
    `disputed` words that one of the two sources lacks, `rcp_services` those that resource control policies reach.
    """

    versions: Mapping[str, str]
    services: frozenset[str]
    rcp_services: frozenset[str]
    sdk_only: frozenset[str]
    disputed: frozenset[str]
    global_keys: frozenset[str]
    of: Mapping[str, ServiceReference]

    def matching(self, pattern: str) -> tuple[Action, ...]:
        """The actions that an Action of a policy names, `*` and `?` standing for letters; the service takes neither."""
        service, _, verb = pattern.partition(":")
        reference = self.of.get(service.lower())
        if reference is None:
            return ()
        if "*" not in verb and "?" not in verb:
            found = reference.actions.get(verb.lower())
            return (found,) if found else ()
        wanted = glob(verb)
        return tuple(action for name, action in reference.actions.items() if wanted.fullmatch(name))

    def arn_of(self, service: str, kind: str) -> str:
        """The ARN of a type of resource, `${Name}` standing for what is not fixed; empty where it is not known."""
        reference = self.of.get(service)
        return reference.arns.get(kind.removesuffix("*"), "") if reference else ""

    def action_fault(self, pattern: str) -> str | None:
        """Why the Action names nothing that is known; None when it does."""
        service, colon, verb = pattern.partition(":")
        if pattern == "*" or (verb == "*" and service.lower() in self.services):
            return None
        if not colon or service.lower() not in self.services:
            return "no service has this prefix"
        if service.lower() not in self.of:
            return "the service is not known in detail; add it to tests/iam_snapshot.py"
        if self.matching(pattern) or any(glob(verb).fullmatch(one.partition(":")[2].lower()) for one in self._ahead):
            return None
        return "it matches no action"

    def key_fault(self, key: str) -> str | None:
        """Why the condition key must not be used; None for one that is known and in force."""
        if any(pattern.fullmatch(key.lower()) for pattern in self._deprecated):
            return "the key is deprecated"
        return None if self.knows_key(key) else "no such key is known"

    def knows_key(self, key: str) -> bool:
        """Whether any service, or every one of them, has the key."""
        said = key.lower()
        return OIDC_KEY.fullmatch(said) is not None or any(pattern.fullmatch(said) for pattern in self._keys)

    def carries(self, action: Action, key: str) -> bool:
        """Whether requests for the action carry the key; every request may carry a global one."""
        if action.name == OIDC_ACTION and OIDC_KEY.fullmatch(key.lower()):
            return True
        own = (pattern_of(known) for known in action.keys)
        return any(pattern.fullmatch(key.lower()) for pattern in (*own, *self._global))

    @cached_property
    def _global(self) -> tuple[re.Pattern[str], ...]:
        return tuple(pattern_of(key) for key in sorted(self.global_keys))

    @cached_property
    def _keys(self) -> tuple[re.Pattern[str], ...]:
        found = {key for reference in self.of.values() for key in reference.keys}
        return (*self._global, *(pattern_of(key) for key in sorted(found)))

    @cached_property
    def _deprecated(self) -> tuple[re.Pattern[str], ...]:
        found = {key for reference in self.of.values() for key in reference.deprecated}
        return tuple(pattern_of(key) for key in sorted(found))

    @cached_property
    def _ahead(self) -> tuple[str, ...]:
        return tuple(sorted(self.sdk_only))


def iam_metadata(text: str) -> IamMetadata:
    """The reference that the text holds. Raises BadInput for a text of another shape."""
    try:
        said = json.loads(text)
        return IamMetadata(
            MappingProxyType(dict(said["about"]["versions"])),
            frozenset(said["services"]),
            frozenset(said["rcp_services"]),
            frozenset(said["sdk_only"]),
            frozenset(said["disputed"]),
            frozenset(said["global_keys"]),
            MappingProxyType({prefix: _service(prefix, about) for prefix, about in said["of"].items()}),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = "IAM metadata: expected the text of policies/data/iam.json; make it again with: make iam-metadata"
        raise BadInput(msg) from error


def _service(prefix: str, about: Mapping[str, Any]) -> ServiceReference:
    kinds = {kind: tuple(line.split()[1:]) for kind, line in about["resources"].items()}
    actions = {}
    for name, line in about["actions"].items():
        level, on, keys, *passes = (part.strip() for part in line.split("|"))
        resources = tuple(on.split())
        carried = {*keys.split(), *(key for kind in resources for key in kinds.get(kind.rstrip("*"), ()))}
        actions[name.lower()] = Action(f"{prefix}:{name}", level, resources, tuple(sorted(carried)), bool(passes))
    return ServiceReference(
        MappingProxyType(actions),
        MappingProxyType({key.lower(): kind for key, kind in about["keys"].items()}),
        frozenset(key.lower() for key in about["deprecated"]),
        MappingProxyType({kind: line.split()[0] for kind, line in about["resources"].items()}),
    )


def glob(pattern: str) -> re.Pattern[str]:
    """A policy's own wildcards, in lower case: `*` is any text, `?` one letter, nothing else is special."""
    parts = re.split(r"([*?])", pattern.lower())
    return re.compile("".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in parts))


def pattern_of(key: str) -> re.Pattern[str]:
    """The condition keys that a documented one stands for, in lower case."""
    parts = PLACEHOLDER.split(key)
    return re.compile(".+".join(re.escape(part.lower()) for part in parts))
