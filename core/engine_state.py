"""A resource as Pulumi's engine writes it down, in previews and in exported states alike (its type `ResourceV3`).

Values that cannot be known yet stand there as fixed texts, and what is secret as a mapping with a signature; see
https://github.com/pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go and pkg/resource/stack/deployment.go.
"""

from __future__ import annotations

import re
from typing import Any

from core.json_part import JsonPart
from core.resource import Location, Resource
from core.value import SECRET, Secret, Unknown

UNKNOWN_TEXTS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # a text, and whatever the engine does not tell the type of
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # true or false
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # a list
        "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # a mapping
    }
)
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - marks a secret, is none
REFERENCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
BLINDED = "[secret]"
"""What previews write in place of a secret."""
LATER = "a value that is known only after deployment"
_POSITION = re.compile(r"project:///([^#]+)#(\d+)(?:,\d+)?")


def resource_of(state: JsonPart) -> Resource:
    """The resource that the engine describes. Raises BadInput naming the place that is not as the engine writes it."""
    urn = state.need("urn", "the URN of the resource").filled("the URN of the resource")
    depends = {name: frozenset(urns) for name, part in state.fields("propertyDependencies") if (urns := part.texts())}
    return Resource(
        type=state.need("type", "the type of the resource").filled("the type of the resource"),
        urn=urn,
        inputs={
            name: value_of(part, ", ".join(sorted(depends.get(name, ()))) or LATER)
            for name, part in state.fields("inputs")
        },
        outputs=_outputs(state, urn),
        parent=state.said("parent"),
        dependencies=frozenset(part.text() for part in state.listed("dependencies")),
        property_dependencies=depends,
        provider=state.said("provider").rpartition("::")[0],
        location=_location(state),
        protect=state.flag("protect"),
    )


def value_of(part: JsonPart, origin: str) -> Any:
    """A property's value; leaves that are not known come from `origin`, and what is secret is withheld."""
    part.within_depth()
    if isinstance(part.value, list):
        return [value_of(item, origin) for item in part.items()]
    if isinstance(part.value, dict):
        return _signed(part, origin) if SIGNATURE in part.value else _mapping(part, origin)
    if isinstance(part.value, str) and part.value in UNKNOWN_TEXTS:
        return Unknown(origin)
    return SECRET if part.value == BLINDED else part.leaf()


def _mapping(part: JsonPart, origin: str) -> dict[str, Any]:
    return {part.part(key, key).text(): value_of(item, origin) for key, item in part.entries()}


def _signed(part: JsonPart, origin: str) -> Any:
    """What stands for something that JSON has no word for."""
    signature = part.value[SIGNATURE]
    if signature == SECRET_SIGNATURE:
        return SECRET
    if signature == REFERENCE_SIGNATURE:
        urn = part.need("urn", "the URN of a resource").text()
        made = part.said("id")
        return made if made and made not in UNKNOWN_TEXTS else Unknown(urn)
    if signature == OUTPUT_SIGNATURE:
        if part.value.get("secret"):
            return SECRET
        held = part.get("value")
        sources = ", ".join(sorted(item.text() for item in part.listed("dependencies")))
        return value_of(held, origin) if held else Unknown(sources or origin)
    return _mapping(part, origin)


def _outputs(state: JsonPart, urn: str) -> dict[str, Any]:
    outputs = {name: value_of(part, f"{urn}.{name}") for name, part in state.fields("outputs")}
    for name in (part.text() for part in state.listed("additionalSecretOutputs")):
        if name in outputs and not isinstance(outputs[name], Unknown | Secret):
            outputs[name] = SECRET
    identity = state.said("id")
    if identity and identity not in UNKNOWN_TEXTS:
        outputs.setdefault("id", identity)
    return outputs


def _location(state: JsonPart) -> tuple[Location, ...]:
    found = _POSITION.fullmatch(state.said("sourcePosition"))
    return (Location(str(found.group(1)), int(found.group(2))),) if found else ()
