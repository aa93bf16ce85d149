"""Sample platforms, and local clouds to apply them to.

Every *.yaml beside this file is a sample program: resources by name, each name in one file only. References go across
files. `platform.yaml` is what most tests run on, and is not for every type; a new area gets a file of its own, in which
each leaf that its catalog entries carry is declared somewhere. Beside its inputs a resource has its `type`, and where
it needs them: `after`, resources that have to be there before it; `provider`, the resource of type
pulumi:providers:aws that says in which Region and account it is; `protect` where the engine must not let it go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from ruamel.yaml import YAML

from core.resource import Resource
from core.value import frozen, leaves
from twin.apply import Applied, Apply, suffix_from
from twin.calls import RefusedError, read, shown
from twin.catalog import CATALOG
from twin.diff import property_differences
from twin.entry import Call, Entry
from twin.local_cloud import LocalClients, local_cloud
from twin.readback import Reading, _Reader, read_back
from twin.scope import Scope
from twin.state import State, state_from

ACCOUNT, REGION = "111122223333", "eu-central-1"
REFERENCE = re.compile(r"\{\{([\w-]+)\.(\w+)\}\}")
JSON_TEXTS = {"policy", "assumeRolePolicy", "deliveryPolicy", "filterPolicy", "redrivePolicy"}
LOOKING = re.compile(r"Get|Describe|List|Head")
STEERING = {"type", "after", "provider", "protect"}
NOT_IMPLEMENTED = "404"
"""What moto answers where a service routes by URL; elsewhere it raises NotImplementedError."""


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

    def released(self) -> Program:
        """The same with nothing under protection any more."""
        freed = {name: CATALOG[part["type"]].release for name, part in self.parts.items() if part["type"] in CATALOG}
        return Program({name: {**part, **freed.get(name, {})} for name, part in self.parts.items()})

    def urn(self, name: str) -> str:
        return f"urn:pulumi:local::sample::{self.parts[name]['type']}::{name}"

    def needs(self, name: str) -> set[str]:
        part = self.parts[name]
        return {*_named(part), *map(str, part.get("after", ())), *([part["provider"]] if "provider" in part else ())}

    def inputs(self, name: str) -> dict[str, Any]:
        """Its inputs; those called like a key of the sample stand below `$inputs`."""
        about = {*STEERING, "$inputs"}
        plain = {key: value for key, value in self.parts[name].items() if key not in about}
        return {**plain, **self.parts[name].get("$inputs", {})}

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
            provider=self.urn(self.parts[name]["provider"]) if "provider" in self.parts[name] else "",
            protect=bool(self.parts[name].get("protect")),
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
    catalog: Mapping[str, Entry] = field(default_factory=lambda: CATALOG)

    def __post_init__(self) -> None:
        self.clients._session.register("before-call", self._count)

    def apply(self) -> Apply:
        """Another run over what the last one wrote down."""
        self.calls.clear()
        self.state = state_from(self.saved, "saved") if self.saved else State()
        return Apply(self.clients, self.state, self._save, suffix_from("seed"), self.catalog)

    def up(self, program: Program, names: Sequence[str] = ()) -> tuple[Applied, ...]:
        apply = self.apply()
        program.begin(apply, names)
        return apply.finish()

    def changes(self, program: Program, names: Sequence[str] = ()) -> dict[str, str]:
        """What one more run does, by name; what it leaves alone is left out."""
        done = {item.record.urn.rpartition("::")[2]: str(item.change) for item in self.up(program, names)}
        return {name: change for name, change in done.items() if change != "unchanged"}

    def read(self, applied: Sequence[Applied]) -> Reading:
        return read_back(self.clients, applied, self.catalog)

    def id(self, name: str) -> str:
        return next(record.id for urn, record in self.state.records.items() if urn.endswith(f"::{name}"))

    def _save(self, state: State) -> None:
        self.saved = state.text()

    def _count(self, model: Any, **_: Any) -> None:
        if not LOOKING.match(model.name):
            self.calls.append(f"{model.service_model.service_name}.{model.name}")


FILES = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.yaml"))}


def sample(*files: str) -> Program:
    """The resources of these sample programs."""
    parts: dict[str, dict[str, Any]] = {}
    for file in files:
        held = YAML(typ="safe").load(FILES[file].read_text(encoding="utf-8"))
        assert parts.keys().isdisjoint(held), f"{file}.yaml: {sorted(parts.keys() & held)} stand in another file too"
        parts.update(held)
    return Program(parts)


def area(file: str) -> Program:
    """The resources of one sample program, and those of others that they need."""
    return sample(*FILES).only(*sample(file).parts)


@pytest.fixture
def platform() -> Program:
    """A small platform."""
    return sample("platform")


@pytest.fixture(scope="session")
def everything() -> Program:
    """All sample programs together: every type, with every property that the catalog knows."""
    return sample(*FILES)


@pytest.fixture(params=sorted(FILES.keys() - {"seldom"}))
def each_area(request: pytest.FixtureRequest) -> Program:
    """One sample program after the other, each with what it needs of the others."""
    return area(request.param)


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


@dataclass
class Read:
    """Every sample applied and read: outcomes, readers to look closer, and which absent types moto holds after all."""

    reading: Reading
    readers: list[_Reader]
    answered: set[str]


@pytest.fixture(scope="session")
def read_everything(everything: Program) -> Read:
    """All sample programs in one cloud."""
    with local_cloud(ACCOUNT, REGION) as clients:
        bench = Bench(clients)
        done = bench.up(everything)
        readers = [_Reader(clients, CATALOG[item.record.type], item, {}) for item in done]
        reading = bench.read(done)
        absent = [reader for reader in readers if reader.entry.absent]
        return Read(reading, readers, {reader.entry.type for reader in absent if is_held_by_moto(reader)})


def is_held_by_moto(reader: _Reader) -> bool:
    """Whether moto can hold one of a type that is absent: it takes the call, and shows what was asked for."""
    scope = Scope(reader.caller.clients.place, reader.inputs, reader.item.record.id)
    try:
        made = reader.caller.made((reader.entry.create,), scope)
        identity = reader.entry.identity.value(made) or made.id
        seen = read(reader.caller, reader.entry, replace(made, id=str(identity)))
    except RefusedError as refused:
        return refused.code != NOT_IMPLEMENTED
    except Exception:  # noqa: BLE001 - NotImplementedError, our refusal to send it away, or whatever breaks in moto
        return False
    if seen is None or not reader.entry.shows:
        return seen is not None
    told = shown(reader.entry, seen)
    return not any(property_differences(reader.entry, reader.inputs, told, name) for name in reader.entry.shows)
