"""How guards look from one resource to those it uses or is completed by, without ever guessing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.graph import Graph
from core.resource import Resource
from core.value import Secret, Unknown, dotted
from core.verdict import State, Verdict, all_of, failed, holds, not_applicable, passed, undecided
from policies.tokens import ABOUT_PEOPLE, BUCKET, DATA_CLASS, KNOWN, OWN_KEYS

AWS_KEY = "alias/aws/"
"""How the alias of a key that AWS manages begins."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of companion: its tokens, the property by which it refers to what it completes, what people call it.

    `inline` is the property of the completed resource that once did the companion's work.
    """

    tokens: tuple[str, ...]
    refers: str
    what: str
    inline: str = ""


def listed(value: Any) -> tuple[Any, ...]:
    """The items of a list; what stands alone is a list of one, nothing is an empty one."""
    return () if value is None else tuple(value) if isinstance(value, tuple | list) else (value,)


def is_dark(value: Any) -> bool:
    """Whether the value is there and cannot be read."""
    return isinstance(value, Unknown | Secret)


def dark(what: str, value: Any) -> Verdict:
    """The verdict on something that cannot be read, naming the resources it comes from."""
    if not isinstance(value, Unknown):
        return undecided(f"{what} is withheld")
    sources = ", ".join(part.rpartition("::")[2] for part in value.source.split(", "))
    return undecided(f"{what} is not known yet (from {sources})")


def comes_from(value: Unknown, resource: Resource) -> bool:
    """Whether an unknown value is made of outputs of this resource and of nothing else."""
    return all(resource.urn in {part, part.rpartition(".")[0]} for part in value.source.split(", "))


def is_not_off(resource: Resource, *path: str | int) -> Verdict:
    """The property at the path is true, or left to its default, which is true."""
    said = f"{dotted(path)} of {resource.name}"
    return holds(resource.get(*path), lambda value: value is None or value is True, said, "true, as by default")


def is_not_on(resource: Resource, *path: str | int) -> Verdict:
    """The property at the path is false, or left to its default, which is false."""
    said = f"{dotted(path)} of {resource.name}"
    return holds(resource.get(*path), lambda value: value is None or value is False, said, "false, as by default")


def linked_to(graph: Graph, kinds: Sequence[str], resource: Resource, *path: str | int) -> Resource | Unknown | None:
    """What the property refers to, where it refers to one of these kinds: buckets, or keys.

    In a first preview of the engine a value is unknown, and its links are told of the whole property that it stands
    in. Where those are buckets and keys alone, and one of them is of these kinds, the value is that one's: a bucket is
    no key, and a key no bucket.
    """
    found = graph.linked(resource, *path)
    if not isinstance(found, Unknown) or not is_dark(resource.get(*path)):
        return found
    sources = [graph.by_urn.get(urn) for urn in resource.property_dependencies.get(str(path[0]), ())]
    known = [source for source in sources if source is not None and source.type in {*BUCKET, *OWN_KEYS}]
    fitting = [source for source in known if source.type in kinds]
    return fitting[0] if len(fitting) == 1 and len(known) == len(sources) else found


def uses_own_key(graph: Graph, resource: Resource, *path: str | int) -> Verdict:
    """The property names a customer key of this program; links decide it while the key's ARN is still unknown."""
    what, value = f"{dotted(path)} of {resource.name}", resource.get(*path)
    if value in (None, ""):
        return failed(f"{what} is not set, so AWS uses a key that is not ours")
    if isinstance(value, str) and AWS_KEY in value:
        return failed(f"{what} is a key that AWS manages; it must be one of ours")
    key = linked_to(graph, OWN_KEYS, resource, *path)
    if isinstance(key, Resource) and key.type in OWN_KEYS:
        return passed(f"{what} is {key.name}")
    if isinstance(key, Resource) and key.type not in KNOWN:
        return failed(f"{what} is {key.name}, which is no key; it must be the ARN of one of ours")
    return undecided(f"{what} is a key that cannot be seen here")


def key_bears_class(graph: Graph, held: Any, resource: Resource, *path: str | int) -> Verdict:
    """The key at the path bears the class of the data that it seals, where that data is about people."""
    about = holds(held, lambda said: said in ABOUT_PEOPLE, "the class of what it holds", "about people")
    if about.state is not State.PASS:
        return not_applicable("it says that it holds nothing about people") if about.state is State.FAIL else about
    key = linked_to(graph, OWN_KEYS, resource, *path)
    if not (isinstance(key, Resource) and key.type in OWN_KEYS):
        return undecided(f"{dotted(path)} of {resource.name} is a key that cannot be seen here")
    what = f"tag {DATA_CLASS} of {key.name}"
    return holds(key.get("tags", DATA_CLASS), lambda said: said == held, what, "the class of what it seals")


def companions(graph: Graph, resource: Resource, tokens: Sequence[str], name: str) -> tuple[Resource, ...]:
    """The resources, under any token of their type, whose property `name` refers to this one."""
    return tuple(found for token in tokens for found in graph.companions(resource, token, name))


def strays(graph: Graph, tokens: Sequence[str], name: str) -> tuple[Resource, ...]:
    """Resources of that type of which nobody can tell yet what they belong to."""
    return tuple(found for token in tokens for found in graph.unlinked(token, name))


def each_companion(
    graph: Graph,
    resource: Resource,
    kind: Kind,
    rule: Callable[[Resource], Verdict],
    absent: Verdict | None = None,
) -> Verdict:
    """What the rule says of every companion of that kind; without any, `absent`, which is a fail by default.

    Where none is found but one may exist (it belongs to nobody known yet, or the older inline property of the
    resource is in use, which guards do not read) the answer is unknown.
    """
    if found := companions(graph, resource, kind.tokens, kind.refers):
        return all_of(rule(companion) for companion in found)
    if kind.inline and kind.inline in resource.inputs:
        return undecided(
            f"{kind.inline} of {resource.name} is declared inside it; declare {kind.what} beside it instead"
        )
    if astray := strays(graph, kind.tokens, kind.refers):
        return undecided(f"{resource.name} may have {kind.what}: what {astray[0].name} belongs to is not known yet")
    return absent or failed(f"{resource.name} has no {kind.what}")


def unless(exempt: bool | None, verdict: Verdict, otherwise: Verdict) -> Verdict:  # noqa: FBT001 - three-valued
    """The verdict, or another when the resource is exempt; what may be exempt (None) can pass but not fail."""
    if exempt:
        return otherwise
    if exempt is None and verdict.state is State.FAIL:
        return undecided(f"{verdict.reason}; but it may be exempt: {otherwise.reason}")
    return verdict
