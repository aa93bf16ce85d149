"""A subject of both tools, and how its variants are said in both languages from options that say each part twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.said_twice import KEY, Both, key, made, resource
from core.resource import Resource

Option = tuple[dict[str, Any], dict[str, Any]]
"""Some properties by their names in Pulumi, and the same by their names in CloudFormation."""
LEFT_OUT: Option = ({}, {})
BESIDE = "beside"
"""The choice whose options are the properties of a companion; None stands for no companion."""
YES_OR_NO = (True, False)
REF, ARN = {"Ref": "Judged"}, {"Fn::GetAtt": ["Judged", "Arn"]}


@dataclass(frozen=True)
class Subject:
    """Rules of cdk-nag with the guards of the same subject, and how to say a variant in both languages."""

    rules: Mapping[str, tuple[str, ...]]
    choices: Mapping[str, Sequence[Any]]
    said: Callable[[Mapping[str, Any]], Both]


@dataclass(frozen=True)
class Companion:
    """What completes the judged resource: its kind in both languages, and how it refers to that in each."""

    token: str
    kind: str
    refers: str
    reference: Mapping[str, Any]


def same(ours: str, theirs: str, *values: Any) -> list[Option]:
    """A property that is left out, or has one of these values, which are the same in both languages."""
    return [LEFT_OUT, *(({ours: value}, {theirs: value}) for value in values)]


def merged(token: str, kind: str, fixed: Option = LEFT_OUT, beside: Companion | None = None) -> Callable[..., Both]:
    """A resource of the fixed properties and of what was chosen; lists of the same name are joined."""

    def said(chosen: Mapping[str, Any]) -> Both:
        options = [fixed, *(option for name, option in chosen.items() if name != BESIDE)]
        ours, theirs = (_joined(option[side] for option in options) for side in (0, 1))
        seal, sealed = key()
        links = {name: seal for name, value in ours.items() if value == KEY}
        judged = resource(token, "judged", {n: value for n, value in ours.items() if value != KEY}, **links)
        template = {"Judged": made(kind, theirs), "Seal": sealed}
        found = [judged, seal]
        if beside and (option := chosen.get(BESIDE)) is not None:
            other, template["Beside"] = _beside(beside, judged, option)
            found.append(other)
        return found, template

    return said


def good(token: str, kind: str, parts: Mapping[str, Option], *decided: str) -> Callable[..., Both]:
    """A resource that nothing is wrong with, without the parts that the choices decide."""
    held = [option for part, option in parts.items() if part not in decided]
    return merged(token, kind, (_joined(ours for ours, _ in held), _joined(theirs for _, theirs in held)))


def _beside(companion: Companion, judged: Resource, option: Option) -> tuple[Resource, dict[str, Any]]:
    ours, theirs = option
    other = resource(companion.token, "beside", ours, **{companion.refers: judged})
    return other, made(companion.kind, {**companion.reference, **theirs})


def _joined(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for part in parts:
        for name, value in part.items():
            both = isinstance(value, list) and isinstance(whole.get(name), list)
            whole[name] = [*whole[name], *value] if both else value
    return whole


SEALED: Option = ({"kmsKeyId": KEY}, {"KmsKeyId": {"Fn::GetAtt": ["Seal", "Arn"]}})
"""Sealed with a key of the program."""
