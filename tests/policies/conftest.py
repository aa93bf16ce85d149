"""Case files: what each guard says of small programs, written beside the guards as YAML.

`judge` is the resource in question, `beside` the others, by a nickname. A key that begins with `$` is about the
resource (`$name`, `$parent`, `$provider`, `$protect`, `$outputs`, `$inputs` for properties called like a key of the
case); every other key is one of its inputs. Tags: `!link nickname` (an output of that resource, unknown as in a first
preview, or of several, with commas), `!unknown words`, `!secret`, `!json {...}` (a policy as text) and
`!document {...}` (a policy as PolicyDocument makes it: the text unknown, its statements beside it).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel
from pulumi_policy.policy import _PolicyAnalyzerServicer
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import Node, ScalarNode

from core.graph import POLICY_DOCUMENT, STACK, Graph, graph_of
from core.resource import Resource
from core.value import SECRET, Unknown, thawed
from core.verdict import State
from policies.__main__ import Law, policies
from policies.guard import Guard
from policies.judge import guards

POLICIES = Path(__file__).resolve().parents[2] / "policies"
TOP = f"urn:pulumi:test::cases::{STACK}::cases-test"
JUDGED = "judge"


@dataclass(frozen=True)
class Link:
    to: str


@dataclass(frozen=True)
class Document:
    body: Any


@dataclass(frozen=True)
class Case:
    guard: str
    expect: State
    because: str
    graph: Graph
    urn: str

    @property
    def resource(self) -> Resource:
        return self.graph.by_urn[self.urn]


class Constructor(SafeConstructor):
    """Safe YAML and the tags of case files."""


def _deep(constructor: SafeConstructor, node: Node) -> Any:
    return constructor.construct_mapping(node, deep=True)


def _word(constructor: SafeConstructor, node: Node) -> str:
    assert isinstance(node, ScalarNode)
    return str(constructor.construct_scalar(node))


Constructor.add_constructor("!link", lambda c, n: Link(_word(c, n)))
Constructor.add_constructor("!unknown", lambda c, n: Unknown(_word(c, n) or "somewhere"))
Constructor.add_constructor("!secret", lambda _c, _n: SECRET)
Constructor.add_constructor("!json", lambda c, n: json.dumps(thawed(_deep(c, n))))
Constructor.add_constructor("!document", lambda c, n: Document(_deep(c, n)))


@dataclass
class Program:
    """The resources of one case, with their URNs, while their links are resolved."""

    told: Mapping[str, Mapping[str, Any]]
    made: list[Resource] = field(default_factory=list)

    def urn(self, nickname: str) -> str:
        assert nickname in self.told, f"nothing is called {nickname!r} here: {', '.join(self.told)}"
        about = self.told[nickname]
        name = about.get("$name", nickname)
        return TOP if about["type"] == STACK else f"urn:pulumi:test::cases::{about['type']}::{name}"

    def graph(self) -> Graph:
        for nickname in self.told:
            self._make(nickname)
        stack = [] if any(resource.urn == TOP for resource in self.made) else [Resource(STACK, TOP)]
        return graph_of([*stack, *self.made])

    def _make(self, nickname: str) -> None:
        about = self.told[nickname]
        urn, parent = self.urn(nickname), about.get("$parent")
        plain = {key: value for key, value in about.items() if key != "type" and not key.startswith("$")}
        links: dict[str, frozenset[str]] = {}
        inputs = {k: self._read(v, nickname, k, links) for k, v in {**plain, **about.get("$inputs", {})}.items()}
        above = "" if urn == TOP else self.urn(parent) if parent else TOP
        outputs = {k: self._read(v, nickname, k, {}) for k, v in about.get("$outputs", {}).items()}
        provider = self.urn(about["$provider"]) if "$provider" in about else ""
        made = Resource(about["type"], urn, inputs, outputs, above, frozenset(), links, provider)
        self.made.append(replace(made, protect=bool(about.get("$protect"))))

    def _read(self, value: Any, owner: str, key: str, links: dict[str, frozenset[str]]) -> Any:
        if isinstance(value, Link):
            named = [one.partition(".") for one in value.to.split(", ")]
            links[key] = links.get(key, frozenset()) | {self.urn(nickname) for nickname, _, _ in named}
            return Unknown(", ".join(f"{self.urn(nickname)}.{output or 'id'}" for nickname, _, output in named))
        if isinstance(value, Document):
            self._document(value, owner, key)
            return Unknown("a text made of values that are not known yet")
        if isinstance(value, Mapping):
            return {k: self._read(v, owner, key, links) for k, v in value.items()}
        return [self._read(item, owner, key, links) for item in value] if isinstance(value, list) else value

    def _document(self, value: Document, owner: str, key: str) -> None:
        about, links = self.told[owner], {}
        body = self._read(value.body, owner, "document", links)
        name = about.get("$name", owner)
        parent = self.urn(about["$parent"]) if "$parent" in about else TOP
        urn = f"urn:pulumi:test::cases::{POLICY_DOCUMENT}::{name}-{key}"
        inputs = {"of": name, "attribute": key, "document": body}
        self.made.append(Resource(POLICY_DOCUMENT, urn, inputs, {}, parent, frozenset(), links))


def cases_in(path: Path) -> list[Case]:
    """Every case of one file."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = Constructor
    cases = []
    for guard, entries in yaml.load(path.read_text(encoding="utf-8")).items():
        for entry in entries:
            assert set(entry) <= {"expect", "because", "judge", "beside"}, f"{path.name}: {guard}: {sorted(entry)}"
            program = Program({JUDGED: entry["judge"], **entry.get("beside", {})})
            cases.append(Case(guard, State(entry["expect"]), entry["because"], program.graph(), program.urn(JUDGED)))
    return cases


EVERY_CASE = [case for path in sorted(POLICIES.glob("*.cases.yaml")) for case in cases_in(path)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `case` runs for every case; one that takes `passing`, for those that expect a pass."""
    for name, chosen in (("case", EVERY_CASE), ("passing", [c for c in EVERY_CASE if c.expect is State.PASS])):
        if name in metafunc.fixturenames:
            ids = [f"{case.guard}: {case.because}" for case in chosen]
            metafunc.parametrize(name, chosen, ids=ids)


@pytest.fixture(scope="session")
def every_case() -> list[Case]:
    """All cases of all files."""
    return EVERY_CASE


def urn_of(token: str, name: str) -> str:
    return f"urn:pulumi:prod::wards::{token}::{name}"


class Engine:
    """What the engine does with a pack, without the engine."""

    def __init__(self, by: Iterable[Guard] | None = None, held: Law | None = None, **config: Mapping[str, Any]) -> None:
        made = policies(by, held or Law())
        self.servicer = _PolicyAnalyzerServicer("strongroom", "0.1.0", made, EnforcementLevel.ADVISORY)
        request = proto.ConfigureAnalyzerRequest()
        for name, values in config.items():
            level = (
                proto.MANDATORY
                if guards()[name.replace("__", ".")].severity in {"critical", "high"}
                else proto.ADVISORY
            )
            entry = proto.PolicyConfig(enforcementLevel=level)
            entry.properties.update(dict(values))
            request.policyConfig[name.replace("__", ".")].CopyFrom(entry)
        self.servicer.Configure(request, None)
        self.known: list[Any] = []

    def before(self, token: str, name: str, **properties: Any) -> Any:
        """What the pack says of a resource before it is created."""
        request = proto.AnalyzeRequest(type=token, urn=urn_of(token, name), name=name)
        ParseDict(properties, request.properties)
        return self.servicer.Analyze(request, None)

    def outputs(self, token: str, name: str, links: Mapping[str, list[str]] | None = None, **properties: Any) -> None:
        """Take note of a resource as the whole stack will show it."""
        shown = proto.AnalyzerResource(type=token, urn=urn_of(token, name), name=name)
        ParseDict(properties, shown.properties)
        for key, sources in (links or {}).items():
            shown.propertyDependencies[key].urns.extend(sources)
            shown.dependencies.extend(sources)
        self.known.append(shown)

    def after(self) -> Any:
        """What the pack says of the whole stack."""
        return self.servicer.AnalyzeStack(proto.AnalyzeStackRequest(resources=self.known), None)

    @staticmethod
    def said(response: Any, guard: str) -> list[Any]:
        """What was reported under this guard."""
        return [diagnostic for diagnostic in response.diagnostics if diagnostic.policyName == guard]

    @staticmethod
    def away(response: Any, guard: str) -> list[str]:
        """Why this guard does not apply."""
        return [item.reason for item in response.not_applicable if item.policy_name == guard]


@pytest.fixture(scope="session")
def pack() -> type[Engine]:
    """The policy pack through the SDK's own analyzer servicer: its proxies and its traps are the real ones."""
    return Engine
