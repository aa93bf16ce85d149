"""Ways to more than one was given, as data: what each needs, and what it gives (`access/methods.toml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.errors import BadInput
from core.toml_table import Table, parsed

NUMBER = re.compile(r"T\d{3}|G\d{2}|S58")
CALL = re.compile(r"([a-z0-9-]+:[A-Za-z0-9]+)(?:@([a-z-]+))?")
KEYS = ("is", "gives", "needs", "ways", "service", "runs_as", "hangs_on", "what", "open_trust", "source")


class Gives(StrEnum):
    """What a method reaches."""

    ROLE = "role"
    USER = "user"
    GROUP = "group"
    UNBOUNDED = "unbounded"
    RETAGGED = "retagged"
    RIGHTS = "rights"
    RESOURCE = "resource"
    GOAL = "goal"


@dataclass(frozen=True, slots=True)
class Call:
    """One action, and the kind of thing that it is on (`access.bindings`); empty for whatever the action takes."""

    action: str
    on: str = ""


Group = tuple[tuple[Call, ...], ...]
"""Calls that one and the same principal must be able to make, each one of several alternatives."""
Way = tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """A way to more, by its number. `ways` are alternatives; every group of the one that is taken must be possible.

    The passed or running role trusts `service`; something of the kind `runs_as` has the role already. `hangs_on` is
    what no policy tells, so that the step is never sure. `open_trust` needs no call, just a trust without a condition.
    """

    number: str
    title: str
    gives: Gives
    ways: tuple[Way, ...]
    source: str
    service: str = ""
    runs_as: str = ""
    hangs_on: str = ""
    what: str = ""
    open_trust: bool = False

    @property
    def calls(self) -> Iterator[Call]:
        """Every call that stands in it."""
        return (call for way in self.ways for group in way for alternatives in group for call in alternatives)


def parse_methods(text: str, source: str) -> tuple[Method, ...]:
    """The methods of a text. Raises BadInput with the number and the key of what is wrong."""
    return tuple(_method(number, Table(body, source, number, text)) for number, body in parsed(text, source).items())


def _method(number: str, table: Table) -> Method:
    if not NUMBER.fullmatch(number):
        table.refuse("", "has no number of a method", "T and three digits, or G and two")
    table.only(*KEYS)
    ways = table.get("ways", list, "a list of ways", [])
    needs = table.get("needs", list, "a list of groups of calls", [])
    open_trust = table.flag("open_trust")
    if (bool(ways) + bool(needs) + open_trust) != 1:
        table.refuse("needs", "does not stand alone", "exactly one of needs, ways and open_trust")
    return Method(
        number,
        table.text("is"),
        table.choice("gives", Gives),
        tuple(_way(way, table) for way in (ways or [needs])) if not open_trust else (),
        table.text("source"),
        **{key: table.text(key, "") for key in ("service", "runs_as", "hangs_on", "what")},
        open_trust=open_trust,
    )


def _way(groups: Any, table: Table) -> Way:
    if not isinstance(groups, list) or not all(isinstance(group, list) and group for group in groups):
        table.refuse("needs", "holds something else", "groups of calls")
    return tuple(tuple(_alternatives(said, table) for said in group) for group in groups)


def _alternatives(said: Any, table: Table) -> tuple[Call, ...]:
    found = [CALL.fullmatch(one) for one in said.split("|")] if isinstance(said, str) else [None]
    calls = tuple(Call(one[1], one[2] or "") for one in found if one)
    if len(calls) != len(found):
        table.refuse("needs", "holds no call", "service:Action, with @ and what it is on, parted by |")
    return calls


def check_numbers(methods: tuple[Method, ...], most: int, ends: int) -> None:
    """Raise BadInput unless T001 to T<most>, G01 to G<ends> and S58 are all there, in their order."""
    wanted = [*(f"T{n:03}" for n in range(1, most + 1)), *(f"G{n:02}" for n in range(1, ends + 1)), "S58"]
    if (found := [one.number for one in methods]) != wanted:
        gone = sorted(set(wanted) ^ set(found))
        msg = (
            f"methods: expected T001 to T{most:03} and G01 to G{ends:02} in order; see {', '.join(gone) or 'the order'}"
        )
        raise BadInput(msg)
