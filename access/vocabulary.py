"""The words that statements are made of: classes of actions and of resources, and circumstances of a request.

They are data, `access/statements/words.toml`; an action class is held against what AWS's own reference says there is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import product
from types import MappingProxyType
from typing import Any

from access.question import ABSENT, Given, Presence, is_not, is_value
from core.graph import Graph
from core.iam_metadata import Action, IamMetadata
from core.resource import Resource
from core.toml_table import Table, hint, parsed

NO_RESOURCE = "none"
"""The kind of resource of an action that takes none."""
ANY = "any"
"""Every kind of resource, and none."""
SERVED_BY = MappingProxyType({"iam": ("iam", "sts")})
"""Service of a kind -> the services whose actions are done to it: roles are IAM's, and taken by way of STS."""
LEVELS = ("List", "Permissions management", "Read", "Tagging", "Write")
FACTS = ("account", "endpoints", "environments", "inner", "networks", "owner", "regions", "repository", "workflow")
"""What a circumstance may speak of with an @: facts of the environment that is asked about."""
FACT = re.compile(r"@([a-z]+)")


@dataclass(frozen=True, slots=True)
class ActionClass:
    """Things that can be done, under one name."""

    name: str
    text: str
    actions: tuple[Action, ...]

    def on(self, kind: str) -> tuple[Action, ...]:
        """Those that are done to this kind of resource, such as `s3:object`; `none` for those that take none."""
        service, _, wanted = kind.partition(":")
        if kind == ANY:
            return self.actions
        if kind == NO_RESOURCE:
            return tuple(action for action in self.actions if not action.resources)
        return tuple(
            action
            for action in self.actions
            if action.name.partition(":")[0] in SERVED_BY.get(service, (service,))
            and wanted in {one.rstrip("*") for one in action.resources}
        )


@dataclass(frozen=True, slots=True)
class ResourceClass:
    """Things that something can be done to: resources of the Graph of one type, told by tags and logical names.

    `kind` is the reference's word for them, service first. Where it is `s3:object`, what lies in the buckets is meant.
    A tag is a value, or whether there is one at all. Without a `type` any resource of the kind is meant: in the
    account, or, with `of_others`, in another one that lets everybody in.
    """

    name: str
    text: str
    kind: str
    type: str = ""
    tags: Mapping[str, str | bool] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    of_others: bool = False

    def members(self, graph: Graph) -> tuple[Resource, ...]:
        """The resources of the Graph that belong to it."""
        return tuple(one for one in graph.of_type(self.type) if self._takes(one)) if self.type else ()

    def _takes(self, one: Resource) -> bool:
        tags = one.get("tags")
        held = tags if isinstance(tags, Mapping) else {}
        if any(
            (key in held) is not value if isinstance(value, bool) else held.get(key) != value
            for key, value in self.tags.items()
        ):
            return False
        return not self.named or any(fnmatchcase(one.name, glob) for glob in self.named)


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What a request carries: for each condition key what is said of it. Of several `ways` one is enough.

    A value that holds an @ speaks of a fact of the environment that is asked about, such as @account.
    """

    name: str
    text: str
    ways: tuple[Mapping[str, Given], ...]

    def met(self, facts: Mapping[str, tuple[str, ...]]) -> tuple[Mapping[str, Given], ...]:
        """The ways to be in it, the facts in their place."""
        return tuple({key: _filled(said, facts) for key, said in way.items()} for way in self.ways)

    def missed(self, facts: Mapping[str, tuple[str, ...]]) -> tuple[Mapping[str, Given], ...]:
        """The ways not to be in it: of each way to be in it, one key at least says something else."""
        broken = ([(key, other) for key, said in way.items() for other in _opposites(said)] for way in self.met(facts))
        found: list[dict[str, Given]] = []
        for chosen in product(*broken):
            way: dict[str, Given] = {}
            for key, said in chosen:
                way[key] = together(way.get(key), said)
            found.append(way)
        return tuple(found)

    def speaks_of(self) -> frozenset[str]:
        """The facts that it needs."""
        texts = (text for way in self.ways for said in way.values() for text in (*(said.among or ()), *said.outside))
        return frozenset(word for text in texts for word in FACT.findall(text))


def _filled(said: Given, facts: Mapping[str, tuple[str, ...]]) -> Given:
    among = None if said.among is None else _values(said.among, facts)
    return Given(said.presence, among, _values(said.outside, facts))


def _values(texts: tuple[str, ...], facts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    found: list[str] = []
    for text in texts:
        word = next((word for word in facts if f"@{word}" in text), None)
        found += [text] if word is None else [text.replace(f"@{word}", fact) for fact in facts[word]]
    return tuple(found)


def _opposites(said: Given) -> tuple[Given, ...]:
    """All that is left when this is not so, in parts."""
    found = [] if said.presence is Presence.EITHER else [_without(said.presence)]
    if said.among is not None:
        found = [Given(outside=said.among)]
    if said.outside:
        found.append(Given(Presence.PRESENT, said.outside))
    return tuple(found)


def _without(presence: Presence) -> Given:
    return Given(Presence.ABSENT if presence is Presence.PRESENT else Presence.PRESENT)


def together(one: Given | None, other: Given) -> Given:
    """Both of what is said of a key."""
    if one is None:
        return other
    presence = one.presence if other.presence is Presence.EITHER else other.presence
    among = one.among if other.among is None else other.among
    if one.among is not None and other.among is not None:
        among = tuple(value for value in one.among if value in other.among)
    return Given(presence, among, (*one.outside, *other.outside))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word, by kind and name."""

    actions: Mapping[str, ActionClass]
    resources: Mapping[str, ResourceClass]
    circumstances: Mapping[str, Circumstance]


def parse_vocabulary(text: str, source: str, reference: IamMetadata) -> Vocabulary:
    """The words of a TOML text; `source` names it in messages.

    Raises BadInput, with file and line, for a text that is no TOML, for unknown, missing or mistyped keys, for an
    action that AWS's reference does not know, and for a Condition that AWS would refuse.
    """
    table = Table(parsed(text, source), source, whole=text)
    table.only("actions", "resources", "circumstances")

    def entries(key: str) -> dict[str, Table]:
        held = table.table(key) if key in table.body else {}
        return {name: table.within(body, _header(text, key, name)) for name, body in held.items()}

    return Vocabulary(
        MappingProxyType({name: _action_class(name, body, reference) for name, body in entries("actions").items()}),
        MappingProxyType({name: _resource_class(name, body, reference) for name, body in entries("resources").items()}),
        MappingProxyType({name: _circumstance(name, body) for name, body in entries("circumstances").items()}),
    )


def _header(text: str, key: str, name: str) -> str:
    """The header of the table as it stands in the text, by which its line is found."""
    plain = f"{key}.{name}"
    return plain if f"[{plain}]" in text else f'{key}."{name}"'


def _action_class(name: str, table: Table, reference: IamMetadata) -> ActionClass:
    table.only("text", "of", "but", "levels")
    levels = table.texts("levels")
    for level in levels:
        if level not in LEVELS:
            table.refuse("levels", f"names {level!r}{hint(level, LEVELS)}", f"any of {', '.join(LEVELS)}")
    left = {action.name for pattern in table.texts("but") for action in _known(table, "but", pattern, reference)}
    found = {action.name: action for pattern in table.texts("of") for action in _known(table, "of", pattern, reference)}
    kept = [one for one in found.values() if one.name not in left and _is_of(one, levels)]
    if not kept:
        table.refuse("of", "leaves no action", "actions such as s3:GetObject or kms:*")
    return ActionClass(name, table.text("text"), tuple(sorted(kept, key=lambda one: one.name)))


def _is_of(action: Action, levels: tuple[str, ...]) -> bool:
    return not levels or any(level in levels for level in action.level.split(", "))


def _known(table: Table, key: str, pattern: str, reference: IamMetadata) -> tuple[Action, ...]:
    found = (
        tuple(one for service in reference.of for one in reference.matching(f"{service}:*"))
        if pattern == "*"
        else reference.matching(pattern)
    )
    if not found:
        why = reference.action_fault(pattern) or "only the SDK names it"
        table.refuse(key, f"holds {pattern!r}: {why}", "actions of AWS's reference, such as s3:GetObject or kms:*")
    return found


def _resource_class(name: str, table: Table, reference: IamMetadata) -> ResourceClass:
    table.only("text", "kind", "type", "tags", "named", "of_others")
    kind, token, elsewhere = table.text("kind"), table.text("type", ""), table.flag("of_others")
    service, _, word = kind.partition(":")
    if kind not in {NO_RESOURCE, ANY}:
        known = {one.rstrip("*") for action in reference.matching(f"{service}:*") for one in action.resources}
        if word not in known:
            table.refuse(
                "kind", f"is {kind!r}{hint(word, known)}", f"{NO_RESOURCE}, {ANY}, or a service and its own word"
            )
    elif token or (elsewhere and kind == ANY):
        table.refuse(
            "type", f"does not fit the kind {kind}", "no `type` beside it, and `of_others` beside a single kind"
        )
    if (elsewhere and token) or (not token and (table.body.get("tags") or table.body.get("named"))):
        table.refuse(
            "type", "does not fit what else is said", "a `type` beside `tags` or `named`, none beside `of_others`"
        )
    tags = table.table("tags") if "tags" in table.body else {}
    if not all(isinstance(value, str | bool) for value in tags.values()):
        table.refuse("tags", "holds something else than text, true and false", "tag = value, or whether there is one")
    return ResourceClass(
        name, table.text("text"), kind, token, MappingProxyType(tags), table.texts("named"), of_others=elsewhere
    )


def _circumstance(name: str, table: Table) -> Circumstance:
    """A table of keys under `when`, or several of them, one of which is enough, under `any_of`."""
    table.only("text", "when", "any_of")
    several = table.get("any_of", list, "a list of tables", [])
    if bool(several) == ("when" in table.body):
        table.refuse("when", "must be set, or `any_of`, and not both", 'keys, { "aws:SecureTransport" = "true" }')
    said = tuple(several) or (table.table("when"),)
    if not all(isinstance(way, Mapping) and way for way in said):
        table.refuse("when", "holds no key", 'keys, { "aws:SecureTransport" = "true" }')
    return Circumstance(
        name,
        table.text("text"),
        tuple({key.lower(): _said(table, key, value) for key, value in way.items()} for way in said),
    )


def _said(table: Table, key: str, value: Any) -> Given:
    """What a key holds: one of some texts; `false`: nothing; { not = ... }: nothing or else; { other = ... }: else."""
    if value is False:
        return ABSENT
    if isinstance(value, Mapping) and set(value) == {"not"}:
        return is_not(*_texts(table, key, value["not"]))
    if isinstance(value, Mapping) and set(value) == {"other"}:
        return Given(Presence.PRESENT, outside=_texts(table, key, value["other"]))
    return is_value(*_texts(table, key, value))


def _texts(table: Table, key: str, value: Any) -> tuple[str, ...]:
    found = value if isinstance(value, list) else [value]
    if not found or not all(isinstance(one, str) and one for one in found):
        table.refuse("when", f"says of {key} what is no text", "texts, false, { not = [...] } or { other = [...] }")
    facts = [word for text in found for word in FACT.findall(text)]
    for fact in facts:
        if fact not in FACTS:
            table.refuse(
                "when", f"speaks of @{fact}{hint(fact, FACTS)}", f"one of {', '.join(f'@{one}' for one in FACTS)}"
            )
    return tuple(str(one) for one in found)
