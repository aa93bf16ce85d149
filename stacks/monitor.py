"""The engine's side of Pulumi's resource monitor, as far as a program needs it: it records instead of deploying."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from pulumi.runtime.proto import resource_pb2

from core.engine_state import LATER
from core.errors import BadInput
from core.graph import PROVIDER_PREFIX, STACK, GraphError
from core.resource import Location, Resource
from core.value import SECRET, Unknown, frozen, thawed
from stacks import wire_values as wire
from stacks.declared import Declared, answer

Realise = Callable[[Resource], Mapping[str, Any]]
"""Makes a resource and tells its outputs, `id` among them; of a provider, which it is shown first, it tells nothing."""
STACK_REFERENCE = "pulumi:pulumi:StackReference"
FEATURES = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
    # Those below are refused in `NoCallbacks`: the SDK, left to itself, would blame the version of Pulumi's CLI.
    resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_STATE_MIGRATIONS,
)


class EndedError(Exception):
    """A call after the first fault."""


class NoCallbacks:
    """Stands where the SDK keeps the functions that an engine calls back: they would change the plan unseen."""

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse to register any."""
        what = name.removeprefix("register_").replace("_", " ")
        msg = (
            f"the program registers a {what}, which only an engine runs; change the resource where it is declared, or "
            "use `transformations`"
        )
        raise BadInput(msg)


@dataclass
class Monitor:
    """Answers what the SDK asks of an engine, one call after the other.

    Without `realise` as in the first preview of a stack, with it as in a deployment. `declares` tells what the class
    behind a type token declares, `located` where a registration comes from, `looks_up` the answer to a function of a
    provider, `stacks` the outputs of other stacks by their full names. `fault` is the first that occurred; nothing is
    done after it.
    """

    project: str
    stack: str
    declares: Callable[[str], Declared]
    located: Callable[[Any], tuple[Location, ...]]
    looks_up: Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
    realise: Realise | None = None
    stacks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    recorded: dict[str, Resource] = field(default_factory=dict)
    fault: BaseException | None = None

    def GetDeploymentInfo(self, _request: Any) -> Any:  # noqa: N802 - a name on the wire
        """What this engine can do."""
        return resource_pb2.DeploymentInfo(supportedFeatures=FEATURES)

    def RegisterPackage(self, _request: Any) -> Any:  # noqa: N802 - a name on the wire
        """A reference to a parameterised provider; nothing is loaded."""
        return resource_pb2.RegisterPackageResponse(ref="package")

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - a name on the wire
        """Record a resource; answer its outputs as far as they are known."""
        return self._kept(self._registered, request)

    def RegisterResourceOutputs(self, request: Any) -> None:  # noqa: N802 - a name on the wire
        """Record the outputs of a component or of the stack."""
        urn, outputs = request.urn, wire.plain(request.outputs)
        said = {name: wire.value_of(value, f"{urn}.{name}") for name, value in outputs.items()}
        self.recorded[urn] = replace(self.recorded[urn], outputs=said)

    def Invoke(self, request: Any) -> Any:  # noqa: N802 - a name on the wire
        """Answer a function of a provider, or refuse it."""
        return self._kept(self._invoked, request)

    def Call(self, request: Any) -> Any:  # noqa: N802 - a name on the wire
        """Refuse a method of a resource: no function of AWS is one."""
        return self._kept(self._invoked, request)

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - a name on the wire
        """Answer the outputs of another stack where they are given; refuse to read whatever else exists already."""
        return self._kept(self._read, request)

    def ExistsResource(self, request: Any) -> Any:  # noqa: N802 - a name on the wire
        """Refuse likewise."""
        return self._kept(_refuse_reading, request)

    def _kept(self, answered: Callable[[Any], Any], request: Any) -> Any:
        if self.fault:
            raise EndedError
        try:
            return answered(request)
        except BaseException as error:
            self.fault = error
            raise

    def _read(self, request: Any) -> Any:
        """Another stack stands in the Graph as the engine records it, with what is said of its outputs."""
        if request.type != STACK_REFERENCE or request.id not in self.stacks:
            _refuse_reading(request)
        urn, outputs = self._urn(request.parent, request.type, request.name), thawed(self.stacks[request.id])
        told = {"name": request.id, "outputs": outputs, "secretOutputNames": []}
        self.recorded[urn] = Resource(
            request.type,
            urn,
            {"name": request.id},
            told,
            parent=request.parent,
            location=self.located(request.stackTrace.frames),
        )
        response = resource_pb2.ReadResourceResponse(urn=urn)
        response.properties.update(told)
        return response

    def _invoked(self, request: Any) -> Any:
        asked = wire.value_of(wire.plain(request.args), LATER)
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").update(self.looks_up(request.tok, asked))
        return response

    def _registered(self, request: Any) -> Any:
        sent = wire.plain(request.object)
        resource = self._resource(request, sent)
        if first := self.recorded.get(resource.urn):
            msg = (
                f"duplicate URN: {resource.urn}, declared at {_place(first)} and again at {_place(resource)}; "
                "give each resource a name of its own"
            )
            raise GraphError(msg)
        if request.remote:
            msg = f"{resource.urn} ({_place(resource)}) is a component that a plugin builds; its parts cannot be known"
            raise BadInput(msg)
        self.recorded[resource.urn] = resource
        if not request.custom:
            return resource_pb2.RegisterResourceResponse(urn=resource.urn)
        if resource.type.startswith(PROVIDER_PREFIX):
            return self._provider(resource, sent)
        return self._realised(request, resource, sent) if self.realise else self._previewed(resource, sent)

    def _resource(self, request: Any, sent: dict[str, Any]) -> Resource:
        links = {name: wire.unmarked(found.urns) for name, found in request.propertyDependencies.items()}
        return Resource(
            request.type,
            self._urn(request.parent, request.type, request.name),
            {name: wire.value_of(value, wire.source_of(links.get(name, ()))) for name, value in sent.items()},
            parent=request.parent,
            dependencies=wire.unmarked(request.dependencies),
            property_dependencies={name: urns for name, urns in links.items() if urns},
            provider=request.provider.rpartition("::")[0],
            location=self.located(request.stackTrace.frames),
            protect=request.protect,
        )

    def _urn(self, parent: str, token: str, name: str) -> str:
        """As the engine makes it: the types of all parents but the stack, outermost first.

        https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
        """
        above = parent.split("::")[2] if parent else STACK
        qualified = token if above == STACK else f"{above}${token}"
        return f"urn:pulumi:{self.stack}::{self.project}::{qualified}::{name}"

    def _provider(self, resource: Resource, sent: dict[str, Any]) -> Any:
        """A provider's id is made up by the engine when it deploys; ours is the same every time."""
        made = str(uuid.uuid5(uuid.NAMESPACE_URL, resource.urn)) if self.realise else ""
        if self.realise:
            self.realise(self._opened(resource, sent))
        response = resource_pb2.RegisterResourceResponse(urn=resource.urn, id=made)
        response.object.update(answer(_echo(sent), self.declares(resource.type).types))
        return response

    def _previewed(self, resource: Resource, sent: dict[str, Any]) -> Any:
        """Inputs come back as outputs of the same name, as AWS's provider does; all others are not known yet."""
        declared = self.declares(resource.type)
        outputs = answer(_echo(sent), declared.types)
        known = {name for name, value in outputs.items() if not wire.holds_unknown(value)}
        later = {name: Unknown(f"{resource.urn}.{name}") for name in declared.computed - sent.keys()}
        self.recorded[resource.urn] = replace(resource, outputs=later)
        marks = {
            name: resource_pb2.RegisterResourceResponse.PropertyDependencies(urns=[wire.mark(resource.urn, name)])
            for name in (declared.always | outputs.keys()) - known
        }
        response = resource_pb2.RegisterResourceResponse(urn=resource.urn, propertyDependencies=marks)
        response.object.update(outputs)
        return response

    def _realised(self, request: Any, resource: Resource, sent: dict[str, Any]) -> Any:
        """What `realise` made; an output is secret like the input of its name, and where it tells a secret."""
        if request.importId:
            msg = f"{resource.urn} ({_place(resource)}) is to be imported from the cloud; here it can only be made anew"
            raise BadInput(msg)
        outputs = dict(self._made(self._opened(resource, sent)))
        withheld = {name for name, value in resource.inputs.items() if wire.holds_secret(value)}
        secrets = wire.secret_texts(sent)
        withheld |= {name for name, value in outputs.items() if wire.tells(value, secrets)}
        withheld |= set(request.additionalSecretOutputs)
        shown = {name: SECRET if name in withheld else value for name, value in outputs.items()}
        self.recorded[resource.urn] = replace(resource, outputs=shown)
        told = {**_echo(sent), **wire.sent(outputs, withheld)}
        response = resource_pb2.RegisterResourceResponse(urn=resource.urn, id=outputs["id"])
        response.object.update(answer(told, self.declares(resource.type).types))
        return response

    @staticmethod
    def _opened(resource: Resource, sent: dict[str, Any]) -> Resource:
        """With the secrets that a Graph does not hold."""
        opened = {name: wire.value_of(value, LATER, opened=True) for name, value in sent.items()}
        return replace(resource, inputs=frozen(opened))

    def _made(self, resource: Resource) -> Mapping[str, Any]:
        assert self.realise
        try:
            outputs = self.realise(resource)
        except Exception as error:
            error.add_note(f"while making {resource.urn} ({_place(resource)})")
            raise
        if not isinstance(outputs.get("id"), str) or not outputs["id"]:
            msg = f"{resource.urn}: what was made has no id"
            raise TypeError(msg)
        return outputs


def _echo(sent: Mapping[str, Any]) -> dict[str, Any]:
    return {name: wire.echoed(value) for name, value in sent.items()}


def _place(resource: Resource) -> str:
    return ", from ".join(map(str, resource.location)) or "no line of this project"


def _refuse_reading(request: Any) -> NoReturn:
    if request.type == STACK_REFERENCE:
        msg = (
            f"the program reads the outputs of stack {request.id}, and nobody says what they are; a plan has no other "
            "stacks: give sample values in `Surroundings.stacks`, or use the settings"
        )
    else:
        msg = f"the program reads {request.type} {request.id!r} from the cloud; a plan must not depend on what is there"
    raise BadInput(msg)
