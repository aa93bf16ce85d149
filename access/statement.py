"""Statements: who may, must not, alone may, or only under a condition may do what to which data.

They are data that reviewers edit, `access/statements/*.toml`, in the words of `access.vocabulary`. A statement says
what is expected; it is never made from the policies that are held against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from access.vocabulary import ActionClass, Circumstance, ResourceClass, Vocabulary
from core.errors import BadInput
from core.iam_metadata import Action
from core.personas import PERSONAS
from core.settings_values import Tier
from core.toml_table import Table, at_line, hint, parsed

FIELDS = ("id", "text", "why", "law", "tiers", "who", "but", "rule", "does", "what", "given", "needs", "hours")
LONGEST_ID = 60
ROLE_WORD, SERVICE_WORD = "role ", "service "
"""Before a pattern over the logical names of roles, where a statement names a role that is no persona's; before the
name of a service that a resource lets in."""
Word = TypeVar("Word")


class Rule(StrEnum):
    """What a statement says of its principals."""

    MAY = "may"
    MUST_NOT = "must not"
    ONLY = "only"
    REQUIRES = "requires"
    LASTS = "lasts"


class Group(StrEnum):
    """Principals beside the single personas; the last six are not roles as the program declares them."""

    PERSONAS = "every persona"
    PEOPLE = "every human persona"
    PROGRAMS = "every program"
    WORKLOADS = "every workload"
    ROLES = "every role"
    ADMINISTRATOR = "an undeclared administrator"
    OUTSIDERS = "anyone outside the organisation"
    SERVICES = "every service that is let in"
    COMERS = "whoever is let in"
    UNLEASHED = "a role of people, granted everything"
    ALL_UNLEASHED = "any role, granted everything"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `hours` is 0 but where the rule is about how long a session lasts.

    `given` are circumstances that the request is in, all of them; `needs` is the one without which it must fail. Where
    there are `tiers` it is about environments of those alone: some are torn down, and their record with them.
    """

    id: str
    text: str
    why: str
    law: tuple[str, ...]
    who: tuple[str, ...]
    but: tuple[str, ...]
    rule: Rule
    does: tuple[ActionClass, ...]
    what: tuple[ResourceClass, ...]
    given: tuple[Circumstance, ...] = ()
    needs: Circumstance | None = None
    hours: int = 0
    tiers: tuple[str, ...] = ()
    place: str = ""

    @property
    def is_positive(self) -> bool:
        """Whether it says that something can be done."""
        return self.rule is Rule.MAY

    def pairs(self) -> Iterable[tuple[ResourceClass, tuple[Action, ...]]]:
        """Each class of resources with the actions that are meant."""
        for what in self.what:
            yield what, tuple(action for does in self.does for action in does.on(what.kind))


def parse_statements(text: str, source: str, words: Vocabulary) -> tuple[Statement, ...]:
    """The statements of a TOML text, `[[statements]]` each; `source` names it in messages.

    Raises BadInput, with file and line, for a text that is no TOML, for unknown, missing or mistyped keys, for a word
    that the vocabulary lacks, and for a statement that says nothing: none of its actions is done to its resources.
    """
    table = Table(parsed(text, source), source, whole=text)
    table.only("statements")
    bodies = table.get("statements", list, "a list of tables, [[statements]] each", [])
    return tuple(
        _statement(table.within(body, f"statements[{number}]"), words) for number, body in enumerate(bodies, 1)
    )


def check_ids(statements: Iterable[Statement]) -> None:
    """Refuse an id that stands twice. Raises BadInput."""
    seen: dict[str, str] = {}
    for one in statements:
        if one.id in seen:
            msg = (
                f"{one.place}: id {one.id!r} stands in {seen[one.id]} too; expected an id of its own for each statement"
            )
            raise BadInput(msg)
        seen[one.id] = one.place


def _statement(table: Table, words: Vocabulary) -> Statement:
    table.only(*FIELDS)
    rule = table.choice("rule", Rule)
    does = _words(table, "does", words.actions, needed=rule is not Rule.LASTS)
    what = _words(table, "what", words.resources, needed=rule is not Rule.LASTS)
    needs = _words(table, "needs", words.circumstances, needed=rule is Rule.REQUIRES)
    found = Statement(
        _id(table),
        table.text("text"),
        table.text("why"),
        table.texts("law"),
        _principals(table, "who", needed=True),
        _principals(table, "but"),
        rule,
        does,
        what,
        _words(table, "given", words.circumstances),
        needs[0] if needs else None,
        int(table.get("hours", int, "whole hours", 0)),
        _tiers(table),
        at_line(table.source, table.whole, table.place),
    )
    _refuse_nonsense(table, found)
    return found


def _id(table: Table) -> str:
    said = table.text("id")
    if len(said) > LONGEST_ID or said.strip("abcdefghijklmnopqrstuvwxyz0123456789-.") or said[0] in "-.":
        table.refuse("id", f"is {said[:LONGEST_ID]!r}", "small letters, digits, hyphens and points, at most 60")
    return said


def _tiers(table: Table) -> tuple[str, ...]:
    found = _listed(table, "tiers")
    for one in found:
        if one not in list(Tier):
            table.refuse("tiers", f"names {one!r}{hint(one, Tier)}", f"any of {', '.join(Tier)}")
    return found


def _listed(table: Table, key: str) -> tuple[str, ...]:
    """A text, or a list of texts."""
    return (table.text(key),) if isinstance(table.body.get(key), str) else table.texts(key)


def _principals(table: Table, key: str, *, needed: bool = False) -> tuple[str, ...]:
    known = (*PERSONAS, *Group)
    found = _listed(table, key)
    if needed and not found:
        table.refuse(key, "names nobody", f"personas, or {', '.join(Group)}")
    for name in found:
        if name not in known and not name.startswith((ROLE_WORD, SERVICE_WORD)):
            table.refuse(
                key,
                f"is {name!r}{hint(name, known)}",
                f"a persona, a role ('{ROLE_WORD}*-name'), or {', '.join(Group)}",
            )
    return found


def _words(table: Table, key: str, known: Mapping[str, Word], *, needed: bool = False) -> tuple[Word, ...]:
    found = _listed(table, key)
    if needed and not found:
        table.refuse(key, "names nothing", f"a word of words.toml: {', '.join(known)}")
    for name in found:
        if name not in known:
            table.refuse(key, f"is {name!r}{hint(name, known)}", f"a word of words.toml: {', '.join(known)}")
    return tuple(known[name] for name in found)


def _refuse_nonsense(table: Table, said: Statement) -> None:
    """Refuse what no policy could ever make false."""
    if said.rule is not Rule.REQUIRES and said.needs is not None:
        table.refuse("needs", f"does not fit the rule {said.rule}", f"`needs` beside {Rule.REQUIRES} only")
    if (said.rule is Rule.LASTS) is (said.hours < 1):
        table.refuse("hours", f"is {said.hours}", f"1 or more beside {Rule.LASTS}, and no hours beside another rule")
    if said.rule is Rule.LASTS and (said.does or said.what or said.given):
        table.refuse("does", f"does not fit the rule {said.rule}", "who, rule and hours alone")
    for what, actions in said.pairs():
        if not actions:
            done = ", ".join(one.name for one in said.does)
            table.refuse(
                "does", f"({done}) holds nothing that is done to {what.name} ({what.kind})", "actions that fit"
            )
    for does in said.does:
        if not any(does.on(what.kind) for what in said.what):
            table.refuse("does", f"names {does.name}, of which nothing is done to what it names", "actions that fit")
