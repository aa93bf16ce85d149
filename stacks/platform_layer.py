"""The platform: who works on it, and what each of them may do."""

from __future__ import annotations

from collections.abc import Mapping

from components.account_access import AccountAccess
from components.known_role import KnownRole, KnownRoleArgs
from components.persona_role import PersonaRole, PersonaRoleArgs
from components.role import Role
from components.use_alarm import UseAlarm, UseAlarmArgs
from core.personas import PERSONAS, WATCHED, Limit
from core.settings import Layer
from stacks import layer_outputs as told
from stacks.account_layer import Account
from stacks.building_site import Site
from stacks.data_work import data_work, grant_data_work
from stacks.foundation_layer import Foundation
from stacks.grants import GRANTS, Ground
from stacks.pipelines import Limits, limits, pipeline_roles

Personas = Mapping[str, Role]


def platform_layer(site: Site, foundation: Foundation, account: Account) -> Personas:
    """A role for each persona, with what it may do to the foundation; some of them raise an alarm when taken."""
    limit = limits(site, foundation)
    personas = {**persona_roles(site, limit), **pipeline_roles(site, limit, account.issuer)}
    access = AccountAccess(site.place, site.name, limit.inner_arn)
    stores = foundation.stores
    ground = Ground(access, stores.data, stores.models, foundation.audit, site.elsewhere, foundation.copies)
    for word, role in personas.items():
        GRANTS[word](role, ground)
    grant_data_work(personas, data_work(site, foundation, account.catalogue))
    watch(site, foundation, personas)
    if site.settings.layer is Layer.PLATFORM:
        told.export(told.PlatformOutputs({word: role.role_name for word, role in personas.items()}))
    return personas


def persona_roles(site: Site, limit: Limits) -> Personas:
    """One role for each persona, taken by whom the settings name, under the limit that fits it."""
    return {
        word: PersonaRole(
            site.name / word,
            PersonaRoleArgs(
                site.place,
                persona.principals,
                persona.purpose,
                limit.outer if PERSONAS[word].limit is Limit.OUTER else limit.inner,
                session_hours=persona.session_hours,
                require_mfa=persona.require_mfa,
                taken_by=persona.taken_by,
                clearance=PERSONAS[word].clearance,
            ),
            site.home,
        )
        for word, persona in site.settings.personas.items()
    }


def watch(site: Site, foundation: Foundation, personas: Personas) -> UseAlarm | None:
    """An alarm on every use of the roles that nobody takes on an ordinary day, or takes unseen.

    Where the trail is adopted its log group is somebody else's, and so is this alarm.
    """
    watched, record = [personas[word] for word in WATCHED if word in personas], foundation.record
    if not watched or record is None:
        return None
    return UseAlarm(site.name / "use", UseAlarmArgs(watched, record.group, record.alarms), record.above)


def known_platform(site: Site) -> Personas:
    """The roles that the stack below this one made: they can be granted more, and are not made again."""
    read = told.read(Layer.PLATFORM, site.settings, told.platform_sample(site.settings))
    return {
        word: KnownRole(site.name / word, KnownRoleArgs(site.place, role), site.home)
        for word, role in read.roles.items()
    }
