"""Building components in process and reading what they declare: no engine, no plugin, no network."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime import mocks, rpc
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_pulumi_func
from pulumi.runtime.sync_await import _sync_await

with warnings.catch_warnings():
    # The provider's S3 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from components.bucket import Bucket, BucketArgs
from components.bucket_policy import access_log_writer
from components.key import Key, KeyArgs
from components.place import Place
from core.graph import Graph, graph_of
from core.naming import Name, root_name
from core.resource import Resource
from core.retention import DataClass
from core.value import SECRET, Unknown

STACK, PROJECT = "test", "strongroom"
Planned = Callable[[Callable[[], Any]], Graph]


class NoProvider(mocks.Mocks):
    """There is no cloud to ask: a component that looks something up is at fault."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        msg = f"a component asked the provider: {args.token}"
        raise AssertionError(msg)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return "", args.inputs


class Recorder(mocks.MockMonitor):
    """Keeps each registration as a Resource.

    Outputs that are no inputs are unknown, as in a first preview, or invented, as if all had been made.
    """

    def __init__(self, *, made: bool) -> None:
        super().__init__(NoProvider())
        self.seen: list[Resource] = []
        self.made = made

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name of the call on the wire
        urn = self._urn(request.parent, request.type, request.name)
        if request.type != "pulumi:pulumi:Stack":
            assert urn not in {resource.urn for resource in self.seen}, f"twice: {urn}"
            links = {name: frozenset(found.urns) for name, found in request.propertyDependencies.items() if found.urns}
            inputs = json_format.MessageToDict(request.object)
            read = {name: _read(value, links.get(name, ())) for name, value in inputs.items()}
            needs = frozenset(request.dependencies)
            invented = self._invented(request) if self.made and request.custom else {}
            request.object.update(invented)
            self.seen.append(
                Resource(request.type, urn, read, invented, request.parent, needs, MappingProxyType(links))
            )
            return resource_pb2.RegisterResourceResponse(urn=urn, id=invented.get("id", ""), object=request.object)
        return resource_pb2.RegisterResourceResponse(urn=urn)

    @staticmethod
    def _invented(request: Any) -> dict[str, str]:
        """What AWS would answer, as far as others refer to it; an identity that was asked for stays."""
        identity = f"{request.name}-1a2b3c4"
        service = request.type.split(":")[1].split("/")[0]
        answered = {"arn": f"arn:aws:{service}:::{identity}", "bucket": identity, "keyId": identity, "id": identity}
        return {name: value for name, value in answered.items() if name not in request.object}

    @staticmethod
    def _urn(parent: str, token: str, name: str) -> str:
        above = parent.split("::")[2] if parent else ""
        qualified = token if above in {"", "pulumi:pulumi:Stack"} else f"{above}${token}"
        return f"urn:pulumi:{STACK}::{PROJECT}::{qualified}::{name}"


def _read(value: Any, sources: Any) -> Any:
    """The value in the Graph's words: placeholders become Unknown, envelopes of secrets become SECRET."""
    if value == rpc.UNKNOWN:
        return Unknown(", ".join(sorted(sources)))
    if isinstance(value, Mapping):
        return SECRET if rpc._special_sig_key in value else {k: _read(v, sources) for k, v in value.items()}
    return [_read(item, sources) for item in value] if isinstance(value, list) else value


def _run(program: Callable[[], Any], recorder: Recorder) -> Graph:
    mocks.set_mocks(recorder.mocks, PROJECT, STACK, preview=not recorder.made, monitor=recorder)

    def run() -> None:
        program()

    _sync_await(run_pulumi_func(run))
    return graph_of(recorder.seen)


@pytest.fixture(scope="session")
def planned() -> Planned:
    """Run a callable that builds components; the Graph of what it declares before anything exists."""
    return lambda program: _run(program, Recorder(made=False))


@pytest.fixture(scope="session")
def made() -> Planned:
    """The same as if everything had been created: every identity is known, so policies are whole texts."""
    return lambda program: _run(program, Recorder(made=True))


@pytest.fixture(scope="session")
def root() -> Name:
    """The name everything in these tests grows from."""
    return root_name("strongroom", "staging", "platform", {"cost-centre": "ml"})


@pytest.fixture(scope="session")
def place() -> Place:
    """Where everything in these tests stands."""
    return Place("123456789012", "eu-central-1")


@pytest.fixture(scope="session")
def shelf(place: Place) -> Callable[..., Bucket]:
    """A bucket for health records with all it needs beside it; keywords override what its BucketArgs say."""

    def build(root: Name, **given: Any) -> Bucket:
        where = given.pop("place", place)
        logs = BucketArgs(DataClass.INTERNAL, 365, writers=[access_log_writer(where, str(root))])
        usual: dict[str, Any] = {
            "data_class": DataClass.HEALTH,
            "keep_days": 365,
            "key": Key(root / "key", KeyArgs(where, "seals records")),
            "access_logs": Bucket(root / "access", logs),
        }
        return Bucket(root / "raw", BucketArgs(**{**usual, **given}))

    return build
