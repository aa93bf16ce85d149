"""Sample platforms, and local clouds to apply them to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from ruamel.yaml import YAML

from core.resource import Resource
from core.value import frozen, leaves
from twin.apply import Applied, Apply, suffix_from
from twin.catalog import CATALOG
from twin.entry import Call
from twin.local_cloud import LocalClients, local_cloud
from twin.readback import Reading, _Reader, read_back
from twin.state import State, state_from

ACCOUNT, REGION = "111122223333", "eu-central-1"
REFERENCE = re.compile(r"\{\{([\w-]+)\.(\w+)\}\}")
JSON_TEXTS = {"policy", "assumeRolePolicy", "deliveryPolicy", "filterPolicy", "redrivePolicy"}
LOOKING = re.compile(r"Get|Describe|List|Head")


@dataclass
class Program:
    """Resources by name; `{{name.output}}` in an input stands for what another resource tells."""

    parts: dict[str, dict[str, Any]]

    def change(self, name: str, /, **inputs: Any) -> None:
        """Set inputs of a resource; None takes one away."""
        changed = {**self.parts[name], **inputs}
        self.parts[name] = {key: value for key, value in changed.items() if value is not None}

    def only(self, *names: str) -> Program:
        """These resources and all that they need."""
        kept: set[str] = set()
        waiting = set(names)
        while waiting:
            kept |= waiting
            waiting = {need for name in waiting for need in self.needs(name)} - kept
        return Program({name: part for name, part in self.parts.items() if name in kept})

    def without(self, *names: str) -> Program:
        return Program({name: part for name, part in self.parts.items() if name not in names})

    def urn(self, name: str) -> str:
        return f"urn:pulumi:local::sample::{self.parts[name]['type']}::{name}"

    def needs(self, name: str) -> set[str]:
        return {*_named(self.parts[name]), *map(str, self.parts[name].get("after", ()))}

    def inputs(self, name: str) -> dict[str, Any]:
        return {key: value for key, value in self.parts[name].items() if key not in {"type", "after"}}

    def begin(self, apply: Apply, names: Sequence[str] = ()) -> None:
        """Hand the resources over, in this order but each after what it needs."""
        told: dict[str, Mapping[str, Any]] = {}
        waiting = list(names or self.parts)
        while waiting:
            ready = next(name for name in waiting if self.needs(name) <= told.keys())
            waiting.remove(ready)
            told[ready] = apply(self.resource(ready, told))

    def resource(self, name: str, told: Mapping[str, Mapping[str, Any]]) -> Resource:
        inputs = self.inputs(name)
        linked = {key: frozenset(self.urn(other) for other in _named(value)) for key, value in inputs.items()}
        return Resource(
            self.parts[name]["type"],
            self.urn(name),
            frozen({key: _known(_text(key, value), told) for key, value in inputs.items()}),
            dependencies=frozenset(self.urn(other) for other in self.needs(name)),
            property_dependencies={key: urns for key, urns in linked.items() if urns},
        )


def _named(value: Any) -> list[str]:
    texts = [leaf for _, leaf in leaves(value) if isinstance(leaf, str)]
    return [name for text in texts for name, _ in REFERENCE.findall(text)]


def _text(key: str, value: Any) -> Any:
    return json.dumps(value) if key in JSON_TEXTS and isinstance(value, dict) else value


def _known(value: Any, told: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, dict):
        return {key: _known(item, told) for key, item in value.items()}
    if isinstance(value, list):
        return [_known(item, told) for item in value]
    return REFERENCE.sub(lambda found: told[found[1]][found[2]], value) if isinstance(value, str) else value


@dataclass
class Bench:
    """A cloud with a state, in which programs are applied and read back; `calls` are those that may change things."""

    clients: LocalClients
    state: State = field(default_factory=State)
    saved: str = ""
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clients._session.register("before-call", self._count)

    def apply(self) -> Apply:
        """Another run over what the last one wrote down."""
        self.calls.clear()
        self.state = state_from(self.saved, "saved") if self.saved else State()
        return Apply(self.clients, self.state, self._save, suffix_from("seed"))

    def up(self, program: Program, names: Sequence[str] = ()) -> tuple[Applied, ...]:
        apply = self.apply()
        program.begin(apply, names)
        return apply.finish()

    def changes(self, program: Program, names: Sequence[str] = ()) -> dict[str, str]:
        """What one more run does, by name; what it leaves alone is left out."""
        done = {item.record.urn.rpartition("::")[2]: str(item.change) for item in self.up(program, names)}
        return {name: change for name, change in done.items() if change != "unchanged"}

    def read(self, applied: Sequence[Applied]) -> Reading:
        return read_back(self.clients, applied)

    def id(self, name: str) -> str:
        return next(record.id for urn, record in self.state.records.items() if urn.endswith(f"::{name}"))

    def _save(self, state: State) -> None:
        self.saved = state.text()

    def _count(self, model: Any, **_: Any) -> None:
        if not LOOKING.match(model.name):
            self.calls.append(f"{model.service_model.service_name}.{model.name}")


def sample(*files: str) -> Program:
    texts = [(Path(__file__).parent / f"{file}.yaml").read_text(encoding="utf-8") for file in files]
    return Program({name: part for text in texts for name, part in YAML(typ="safe").load(text).items()})


@pytest.fixture
def platform() -> Program:
    """One or more resources of every type, as the platform uses them."""
    return sample("platform")


@pytest.fixture(scope="session")
def everything() -> Program:
    """The platform, and beside it resources with every property that the catalog knows."""
    return sample("platform", "seldom")


@pytest.fixture
def bench() -> Iterator[Bench]:
    with local_cloud(ACCOUNT, REGION) as clients:
        yield Bench(clients)


@pytest.fixture(scope="session")
def new_bench() -> Callable[[LocalClients], tuple[Bench, Program]]:
    """For tests that share a cloud of their own: a bench for it, and the platform."""
    return lambda clients: (Bench(clients), sample("platform"))


@pytest.fixture(scope="session")
def api() -> Callable[[Call], set[str]]:
    """The members that a call's request may have."""
    session = botocore.session.Session()
    models: dict[str, Any] = {}

    def members(call: Call) -> set[str]:
        if call.service not in models:
            models[call.service] = session.get_service_model(call.service)
        names = {xform_name(name): name for name in models[call.service].operation_names}
        shape = models[call.service].operation_model(names[call.operation]).input_shape
        return set(shape.members) if shape else set()

    return members


@pytest.fixture(scope="session")
def read_everything() -> tuple[Reading, list[Any]]:
    """Every sample applied and read: the outcomes, and the readers for those who want to look closer."""
    program = sample("platform", "seldom")
    with local_cloud(ACCOUNT, REGION) as clients:
        bench = Bench(clients)
        done = bench.up(program)
        claimed = {item.record.type: set[str]() for item in done}
        readers = [_Reader(clients, CATALOG[item.record.type], item, claimed) for item in done]
        return bench.read(done), readers
