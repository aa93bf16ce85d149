"""Making the calls of a catalog entry, and saying clearly what the cloud would not do."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Protocol

from botocore.exceptions import ClientError, ParamValidationError
from botocore.model import StructureShape
from botocore.validate import validate_parameters

from core.errors import BadInput
from core.value import frozen
from twin.entry import Call, Entry
from twin.scope import Place, Scope, resolve

ONE_TIME = "0" * 36
"""For the members that botocore fills in by itself with a token of this length."""
NO_MEMBERS = StructureShape("Nothing", {"type": "structure", "members": {}})
NOISE = {"ResponseMetadata", "NextToken", "nextToken", "Marker", "IsTruncated"}


class Clients(Protocol):
    """Where the calls go: a place, and a boto3 client for each service in it."""

    @property
    def place(self) -> Place:
        """Account, Region and partition."""
        ...

    def client(self, service: str) -> Any:
        """The boto3 client of a service, always the same one."""
        ...

    def at(self, account: str, region: str) -> Clients:
        """Those of another place, or the same; empty words stand for this one's."""
        ...


class RefusedError(RuntimeError):
    """The cloud did not do what a call asked; the message names resource and call, and quotes the cloud."""

    def __init__(self, urn: str, call: Call, code: str, words: str) -> None:
        super().__init__(f"{urn}: {call} was refused: {code}: {words}")
        self.urn, self.call, self.code, self.words = urn, call, code, words

    def released(self, release: Mapping[str, Any]) -> RefusedError:
        """The same refusal, of a deletion, with what has to be applied before."""
        if not release:
            return self
        how = ", ".join(f"{name}: {json.dumps(value)}" for name, value in release.items())
        return RefusedError(self.urn, self.call, self.code, f"{self.words}; to let it go, apply it with {how} first")


@dataclass(frozen=True)
class Caller:
    """Makes calls on behalf of one resource."""

    clients: Clients
    urn: str

    def made(self, calls: Iterable[Call], scope: Scope) -> Scope:
        """The scope with the replies of these calls added, each call seeing those before it.

        Raises RefusedError for an error that the call does not tolerate, BadInput for what botocore finds wrong.
        """
        for call in calls:
            for item in self._items(call, scope):
                found = self._reply(call, replace(scope, item=item))
                scope = replace(scope, reply=MappingProxyType({**scope.reply, **found}))
        return scope

    def checked(self, calls: Iterable[Call], scope: Scope) -> None:
        """See that these calls could be made, and make none. Raises BadInput for what botocore finds wrong."""
        for call in calls:
            for item in self._items(call, scope):
                api = self.clients.client(call.service).meta
                operation = api.service_model.operation_model(api.method_to_api_mapping[call.operation])
                request = resolve(call.request, replace(scope, item=item)) or {}
                filled = {**dict.fromkeys(operation.idempotent_members, ONE_TIME), **request}
                with self._wrong(call):
                    validate_parameters(filled, operation.input_shape or NO_MEMBERS)

    @contextmanager
    def _wrong(self, call: Call) -> Generator[None]:
        """What botocore finds wrong with a request, said as BadInput."""
        try:
            yield
        except ParamValidationError as error:
            msg = f"{self.urn}: {call} cannot be asked for: {error.kwargs['report']}"
            raise BadInput(msg) from error

    def _items(self, call: Call, scope: Scope) -> list[Any]:
        if call.when is not None and not call.when.value(scope):
            return []
        if call.unless is not None and call.unless.value(scope):
            return []
        return [None] if call.each is None else list(call.each.value(scope) or ())

    def _client(self, call: Call, scope: Scope) -> Any:
        """The client of the call's service, in the Region that the call is made in."""
        clients = self.clients
        if call.region is not None:
            clients = clients.at(clients.place.account, str(call.region.value(scope)))
        return clients.client(call.service)

    def _reply(self, call: Call, scope: Scope) -> Mapping[str, Any]:
        operation: Callable[..., Mapping[str, Any]] = getattr(self._client(call, scope), call.operation)
        request = resolve(call.request, scope) or {}
        try:
            with self._wrong(call):
                return {key: value for key, value in operation(**request).items() if key not in NOISE}
        except ClientError as error:
            code, words = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
            if code in call.tolerates:
                return {}
            raise RefusedError(self.urn, call, code, words) from error


def read(caller: Caller, entry: Entry, scope: Scope) -> Scope | None:
    """The scope with all that the cloud shows of the resource; None when it is not there."""
    try:
        seen = caller.made(entry.read, replace(scope, reply=MappingProxyType({})))
    except RefusedError as refused:
        if refused.code in entry.gone:
            return None
        raise
    return None if entry.exists is not None and not entry.exists.value(seen) else seen


def shown(entry: Entry, seen: Scope) -> Mapping[str, Any]:
    """The properties that can be read, in the provider's words; those that say nothing are left out."""
    found = {name: term.value(seen) for name, term in entry.shows.items()}
    return MappingProxyType({name: frozen(value) for name, value in found.items() if value is not None})


def outputs(entry: Entry, inputs: Mapping[str, Any], seen: Scope) -> Mapping[str, Any]:
    """What the resource tells the rest of the program: its inputs, what was read of it, its id and its ARN."""
    told = {name: frozen(term.value(seen)) for name, term in entry.outputs.items()}
    known = {**inputs, **_as_declared(entry, inputs, shown(entry, seen)), **told, "id": seen.id}
    if "tags" in inputs:
        known["tagsAll"] = inputs["tags"]
    return MappingProxyType({name: value for name, value in known.items() if value is not None})


def _as_declared(entry: Entry, inputs: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """What was read and not declared: a declared property keeps the words it was declared in, as in the engine."""
    return {name: value for name, value in {**entry.defaults, **seen}.items() if name not in inputs}
