"""The kinds of user that the platform knows: what each is for, who takes it, and what it is granted.

Who in fact may take a persona is for the settings to say, and the grants are wired in the blueprint. This table is what
both are held against: a persona that is not in it has no purpose anybody agreed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.errors import BadInput
from core.retention import DataClass
from core.settings_values import TakenBy

ABOUT_PEOPLE = tuple(word for word in DataClass if word.identifies_people)
BREAK_GLASS = "break-glass"
MOST_GRANTS = 16
"""Sentences that a person still keeps in mind; several of them share a managed policy, of which a role takes ten."""


class Limit(StrEnum):
    """The permission boundary that a role stands under.

    Those under the outer one do what the inner one forbids to everybody, so they last an hour and every use is told.
    """

    INNER = "boundary"
    OUTER = "outer-boundary"


@dataclass(frozen=True, slots=True)
class Grant:
    """A verb on a component, `Bucket.read` for its `grant_read`, and which of these components."""

    component: str
    verb: str
    which: str


@dataclass(frozen=True, slots=True)
class Persona:
    """One kind of user.

    `longest_hours` is the longest session the settings may give it where it is meant in earnest. `clearance` are the
    classes of data about people that it may open; `never` says in words what it must not be able to do, for the proof
    to hold it to.
    """

    name: str
    purpose: str
    taken_by: TakenBy
    longest_hours: int
    grants: tuple[Grant, ...]
    never: str
    limit: Limit = Limit.INNER
    clearance: tuple[DataClass, ...] = ()

    @property
    def is_watched(self) -> bool:
        """Whether every use of it raises an alarm."""
        return self.limit is Limit.OUTER and not self.reads_only

    @property
    def reads_only(self) -> bool:
        """Whether it looks and changes nothing."""
        return all(
            grant.verb in {"look", "list", "read", "read_history", "select", "query", "get"} for grant in self.grants
        )


def _account(verb: str) -> Grant:
    return Grant("AccountAccess", verb, "the account")


def _bucket(which: str, *verbs: str) -> tuple[Grant, ...]:
    return _of("Bucket", which, *verbs)


def _of(component: str, which: str, *verbs: str) -> tuple[Grant, ...]:
    return tuple(Grant(component, verb, which) for verb in verbs)


_ALL = (
    Persona(
        "platform-admin",
        "Keeps the platform running: looks at everything, moves traffic, asks for room",
        TakenBy.PEOPLE,
        4,
        (_account("look"), _account("operate")),
        "opens data about people, or changes what a role may do",
    ),
    Persona(
        "security-auditor",
        "Reads the record of who did what, and how everything is set up",
        TakenBy.PEOPLE,
        4,
        (_account("look"), *_bucket("the audit trail's store", "list", "read")),
        "changes anything, or opens data about people",
    ),
    Persona(
        "data-engineer",
        "Brings data in, cleans it, and takes names out of it before others see it",
        TakenBy.PEOPLE,
        4,
        (
            *_bucket("personal and health data", "list", "read", "write"),
            *_bucket("internal data", "write"),
            *_of("DataLake", "every class that has tables", "write"),
            *_of("QueryWorkgroup", "the circle that meets people's data", "query"),
            *_of("FeatureGroup", "all", "put"),
            *_of("Table", "all", "read", "write"),
            *_of("Secret", "what data comes from", "read"),
            *_of("Parameter", "what data comes from", "read"),
        ),
        "changes a store's protection, or asks a model",
        clearance=ABOUT_PEOPLE,
    ),
    Persona(
        "data-scientist",
        "Trains and compares models on prepared data",
        TakenBy.PEOPLE,
        8,
        (
            *_bucket("internal data", "list", "read"),
            *_of("DataLake", "classes that are not about people", "select"),
            *_of("QueryWorkgroup", "the circle that works with prepared data", "query"),
            *_of("FeatureGroup", "classes that are not about people", "read_history"),
        ),
        "opens personal or health data, or approves a model",
    ),
    Persona(
        "ml-engineer",
        "Ships approved models and looks after their endpoints",
        TakenBy.PEOPLE,
        4,
        _bucket("models", "list", "read", "write"),
        "approves a model, or opens data about people",
    ),
    Persona(
        "model-approver",
        "Decides which model may meet patients",
        TakenBy.PEOPLE,
        1,
        _bucket("models", "list", "read"),
        "writes a model, or opens data about people",
    ),
    Persona(
        "privacy-officer",
        "Answers for what is held about people, and sees that it is erased in time",
        TakenBy.PEOPLE,
        2,
        (_account("look"), *_bucket("personal and health data", "list", "read", "erase")),
        "writes data, trains on it, or changes how it is kept",
        clearance=ABOUT_PEOPLE,
    ),
    Persona(
        "inference-client",
        "Asks the models on behalf of an application",
        TakenBy.PROGRAM,
        1,
        (Grant("ModelEndpoint", "invoke", "the models it is for"), *_of("FeatureGroup", "what is online", "get")),
        "reads a bucket, a table or a history, or asks a model it is not for",
        clearance=ABOUT_PEOPLE,
    ),
    Persona(
        BREAK_GLASS,
        "Repairs what nobody else can, on the day that everything else is down",
        TakenBy.PEOPLE,
        1,
        (_account("rescue"),),
        "makes or changes a role, or ends the record of what it did",
        Limit.OUTER,
        ABOUT_PEOPLE,
    ),
    Persona(
        "ci-preview",
        "Shows what a change would do, before anybody agreed to it",
        TakenBy.PROGRAM,
        1,
        (_account("look"),),
        "changes anything, or opens anything that is stored",
        Limit.OUTER,
    ),
    Persona(
        "ci-deploy",
        "Makes the account what the program says, after people agreed to it",
        TakenBy.PROGRAM,
        1,
        (_account("deploy"),),
        "opens what is stored, or makes a role outside the boundary",
        Limit.OUTER,
    ),
)
PERSONAS: Mapping[str, Persona] = MappingProxyType({persona.name: persona for persona in _ALL})
"""Every persona under its name."""
GUARDED = tuple(persona.name for persona in _ALL if persona.limit is Limit.OUTER)
"""Those whose roles no deployment may touch: the account's own setup makes them."""
WATCHED = tuple(persona.name for persona in _ALL if persona.is_watched)
"""Those whose every use raises an alarm."""


def persona(name: str) -> Persona:
    """The persona of that name. Raises BadInput for one that is not in the table."""
    if name in PERSONAS:
        return PERSONAS[name]
    msg = f"persona {name!r}: expected one of {', '.join(PERSONAS)}"
    raise BadInput(msg)
