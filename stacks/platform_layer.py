"""The platform: who works on it, and what each of them may do."""

from __future__ import annotations

from collections.abc import Mapping

from components.bucket import Bucket
from components.known_role import KnownRole, KnownRoleArgs
from components.persona_role import PersonaRole, PersonaRoleArgs
from components.role import Role
from core.errors import BadInput
from core.personas import PERSONAS
from core.retention import DataClass
from core.settings import Layer
from stacks import layer_outputs as told
from stacks.building_site import Site
from stacks.foundation_layer import Foundation

Personas = Mapping[str, Role]


def platform_layer(site: Site, foundation: Foundation) -> Personas:
    """A role for each persona, with what it may do to the foundation."""
    personas = persona_roles(site, foundation)
    grant(personas, foundation)
    if site.settings.layer is Layer.PLATFORM:
        told.export(told.PlatformOutputs({word: role.role_name for word, role in personas.items()}))
    return personas


def persona_roles(site: Site, foundation: Foundation) -> Personas:
    """One role for each persona, taken by whom the settings name."""
    return {
        word: PersonaRole(
            site.name / word,
            PersonaRoleArgs(
                site.place,
                persona.principals,
                persona.purpose,
                foundation.boundary,
                session_hours=persona.session_hours,
                require_mfa=persona.require_mfa,
                taken_by=persona.taken_by,
                clearance=PERSONAS[word].clearance if word in PERSONAS else (),
            ),
            site.home,
        )
        for word, persona in site.settings.personas.items()
    }


def grant(personas: Personas, foundation: Foundation) -> None:
    """What each persona may do; a persona that nothing is granted to is a mistake in the settings."""
    stores, audit = foundation.stores, foundation.audit
    grants = {
        "data-scientist": lambda role: look_into(role, stores.data[DataClass.INTERNAL]),
        "ml-engineer": lambda role: (look_into(role, stores.models), stores.models.grant_write(role)),
        "model-approver": lambda role: look_into(role, stores.models),
        "security-auditor": lambda role: look_into(role, audit) if audit else None,
        "inference-client": lambda role: None,  # noqa: ARG005 - the serving layer lets it ask models
    }
    for word, role in personas.items():
        if word not in grants:
            msg = f"persona {word!r}: nothing is granted to it; expected one of {', '.join(grants)}"
            raise BadInput(msg)
        grants[word](role)


def look_into(role: Role, bucket: Bucket) -> None:
    """Let the role find what is in the bucket and open it."""
    bucket.grant_list(role)
    bucket.grant_read(role)


def known_platform(site: Site) -> Personas:
    """The roles that the stack below this one made: they can be granted more, and are not made again."""
    read = told.read(Layer.PLATFORM, site.settings, told.platform_sample(site.settings))
    return {
        word: KnownRole(site.name / word, KnownRoleArgs(site.place, role), site.home)
        for word, role in read.roles.items()
    }
