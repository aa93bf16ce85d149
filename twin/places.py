"""Where each resource goes: the account and Region of its provider, or the Region that it names itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import BadInput
from core.graph import PROVIDER_PREFIX
from core.resource import Resource
from core.value import Secret, Unknown
from twin.calls import Clients
from twin.entry import REGION
from twin.scope import Place

ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/")
ALLOWED, ROLES = "allowedAccountIds", "assumeRoles"


class Places:
    """The providers that were declared, each with its account and Region; without one, those of the local cloud."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._known: dict[str, tuple[str, str]] = {}

    def learn(self, provider: Resource) -> None:
        """Remember where a provider works. Raises BadInput where its account cannot be told."""
        region = _value(provider, REGION) or self._clients.place.region
        self._known[provider.urn] = (self._account(provider), region)

    def of(self, resource: Resource) -> Place:
        """Where it goes. Raises BadInput for a provider that nobody declared, and for an unknown Region."""
        here = self._clients.place
        if resource.provider and resource.provider not in self._known:
            msg = f"{resource.urn}: its provider {resource.provider} was not handed over before it"
            raise BadInput(msg)
        account, region = self._known.get(resource.provider, (here.account, here.region))
        return self._clients.at(account, resource.inputs.get(REGION) or region).place

    def _account(self, provider: Resource) -> str:
        """The one that the provider allows, or that the last role it assumes is in."""
        here, allowed = self._clients.place.account, [str(number) for number in _value(provider, ALLOWED) or ()]
        roles = [str(role.get("roleArn")) for role in _value(provider, ROLES) or ()]
        named = {account for role in roles[-1:] for account in ROLE.findall(role)} or set(allowed)
        if len(named) == 1:
            return next(iter(named))
        if not named or here in named:
            return here
        msg = f"{provider.urn}: {ALLOWED} {', '.join(allowed)}: expected the one account that it works in"
        raise BadInput(msg)


def is_provider(resource: Resource) -> bool:
    """Whether it makes others instead of being made."""
    return resource.type.startswith(PROVIDER_PREFIX)


def _value(provider: Resource, name: str) -> Any:
    """A setting of a provider: on the wire all but texts are JSON."""
    held = provider.inputs.get(name)
    if isinstance(held, Unknown | Secret):
        msg = f"{provider.urn}: {name}: not known, or withheld; the local cloud needs the value"
        raise BadInput(msg)
    if name == REGION or (isinstance(held, Mapping | Sequence) and not isinstance(held, str)):
        return held
    return json.loads(held) if held else held
