"""A small environment for the tests of what is stored: captured as a plan, judged by every guard."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

with warnings.catch_warnings():
    # The provider's S3 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from components.bucket import Bucket, BucketArgs
from components.bucket_policy import access_log_writer
from components.environment import Environment
from components.key import Key, KeyArgs
from components.perimeter import Perimeter
from components.place import Place, place_of
from components.policy_document import allow
from components.role import Role, RoleArgs, arn_of
from core.finding import Finding
from core.graph import STACK, Graph
from core.naming import Name, root_name
from core.resource import Resource
from core.retention import DataClass
from core.verdict import State
from policies.judge import judge
from stacks.capture import Surroundings, capture

HERE, AWAY = place_of("123456789012", "eu-central-1"), place_of("123456789012", "eu-west-1")
RESIDENCY = (HERE.region, AWAY.region)
NETWORK = "vpc-0a1b2c3d4e5f60718"
SPARED = ("copied-copier", "copy-copier", "raw-copy-copier")
"""Roles of services that reach the buckets of this ground, by the words that follow the environment's name."""


@dataclass(frozen=True)
class Ground:
    """The root of an environment, and what is made on it in passing."""

    home: Environment
    name: Name
    place: Place = HERE

    def key(
        self,
        word: str,
        *through: str,
        place: Place | None = None,
        services: Sequence[Any] = (),
        data_class: DataClass = DataClass.HEALTH,
    ) -> Key:
        name = (self.name / f"{word}-key").tagged(data_class=data_class)
        return Key(name, KeyArgs(place or self.place, f"Seals {word}", through or ("s3",), services), self.home)

    def logs(self) -> Bucket:
        writers = [access_log_writer(self.place, str(self.name))]
        plain = BucketArgs(DataClass.INTERNAL, 365, writers=writers)
        return Bucket(self.name / "access-logs", plain, self.home)

    def bucket(self, word: str, logs: Bucket, **given: Any) -> Bucket:
        usual: dict[str, Any] = {"data_class": DataClass.HEALTH, "keep_days": 365, "access_logs": logs}
        data_class = given.get("data_class", DataClass.HEALTH)
        key: Any = given.pop("key", None) or self.key(word, data_class=data_class)
        if data_class.identifies_people:
            usual["perimeter"] = Perimeter([NETWORK], [arn_of(self.place, self.name / role) for role in SPARED])
        return Bucket(self.name / word, BucketArgs(**{**usual, "key": key, **given}), self.home)

    def role(self, word: str = "reader") -> Role:
        trust = [allow("Run", ["sts:AssumeRole"], [], {"Service": "ec2.amazonaws.com"})]
        return Role(self.name / word, RoleArgs(trust, "Reads", self.place.arn("iam", "policy/limit", "")), self.home)


def planned(program: Callable[[Ground], Any], tier: str = "prod", residency: Sequence[str] = RESIDENCY) -> Graph:
    """The Graph of a first preview of what the program makes on this ground."""

    def run() -> None:
        name = root_name("strongroom", "prod", "platform", {"cost-centre": "ml"})
        program(Ground(Environment(name, HERE, {"tier": tier, "residency": list(residency)}), name))

    config = {"strongroom:word": "open sesame"}
    around = Surroundings("strongroom", "prod", HERE.account, HERE.region, config, Path(__file__).parents[1])
    return capture(run, around)


def secret_word(text: str = "open sesame") -> pulumi.Output[str]:
    """A value as a program should have it."""
    return pulumi.Output.secret(text)


SERVICES = {"dynamodb", "iam", "kms", "residency", "s3", "secretsmanager", "ssm"}
"""Those whose guards ask about single resources of this ground; others ask for what only a whole platform has."""


def objections(graph: Graph, *states: State) -> list[Finding]:
    """What guards find wrong with single resources; what the whole lacks here, an alarm say, is left out."""
    wanted = states or (State.FAIL,)
    return [
        found
        for found in judge(graph)
        if found.state in wanted
        and found.guard.partition(".")[0] in SERVICES
        and not found.urn.partition("::")[2].partition("::")[2].startswith(STACK)
    ]


def one(graph: Graph, token: str, part: str = "") -> Resource:
    """The only resource of that type whose name holds this."""
    (found,) = [resource for resource in graph.of_type(token) if part in resource.name]
    return found


def statements(graph: Graph, resource: Resource, attribute: str = "policy") -> dict[str, Any]:
    """The statements of a policy by their Sid."""
    document: Any = graph.document(resource, attribute)
    return {statement["Sid"]: statement for statement in document["Statement"]}
