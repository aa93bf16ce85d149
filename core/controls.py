"""Packs and waivers: which section of law a guard serves, and which findings somebody answers for until when.

Both are TOML that a reviewer edits. What cannot be read is refused with the file, the key and what is expected; what
can be read and must not be accepted (a waiver that has run out, that nobody owns) becomes a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from core.errors import BadInput
from core.finding import Finding
from core.toml_table import Table, at_line, hint, parsed
from core.waivers import WaiverRule, parse_waivers, waived

__all__ = [
    "Control",
    "Pack",
    "Responsibility",
    "WaiverRule",
    "check_packs",
    "controlled",
    "parse_pack",
    "parse_waivers",
    "waived",
]

INFERRED = "~"
"""Stands before a section that we, and nobody else, say a guard serves."""


class Responsibility(StrEnum):
    """Who sees to a control: the code here, the people who run it, or AWS."""

    CODE = "code"
    OPERATOR = "operator"
    AWS = "aws"


@dataclass(frozen=True, slots=True)
class Control:
    """One section: what it asks for in plain words, who sees to it, and the guards that speak to it.

    `guards` are all of them; the citations in `inferred` are our own reading, confirmed by no other catalogue.
    A mandatory control may not stay undecided. Neither kind of citation proves compliance.
    """

    section: str
    title: str
    sentence: str
    responsibility: Responsibility
    mandatory: bool
    guards: tuple[str, ...]
    inferred: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pack:
    """The controls of one framework, by section, in the order of its file; `lines` says where each stands in it."""

    id: str
    title: str
    version: str
    controls: Mapping[str, Control]
    lines: Mapping[str, str] = field(default_factory=dict)

    def sections(self, guard: str) -> tuple[str, ...]:
        """What the guard serves here, as `pack:section`; a `~` before the section marks our own reading."""
        return tuple(
            f"{self.id}:{INFERRED if guard in control.inferred else ''}{section}"
            for section, control in self.controls.items()
            if guard in control.guards
        )


def controlled(findings: Iterable[Finding], packs: Iterable[Pack]) -> tuple[Finding, ...]:
    """The findings with the sections of these packs that their guards serve."""
    held, found = tuple(packs), tuple(findings)
    known: dict[str, tuple[str, ...]] = {}
    for finding in found:
        if finding.guard not in known:
            known[finding.guard] = tuple(section for pack in held for section in pack.sections(finding.guard))
    return tuple(replace(finding, controls=known[finding.guard]) for finding in found)


def parse_pack(text: str, source: str) -> Pack:
    """The pack that a TOML text holds; `source` names its file in messages.

    Raises BadInput for a text that is no TOML, unknown, missing or mistyped keys, a guard named twice in one control,
    and a control whose responsibility and guards contradict each other.
    """
    table = Table(parsed(text, source), source, whole=text)
    table.only("id", "title", "version", "controls")
    places = {section: f'controls."{section}"' for section in table.table("controls")}
    controls = {
        section: _control(section, table.within(body, places[section]))
        for section, body in table.table("controls").items()
    }
    lines = {section: at_line(source, text, place) for section, place in places.items()}
    about = (table.text("id"), table.text("title"), table.text("version"))
    return Pack(*about, MappingProxyType(controls), MappingProxyType(lines))


def check_packs(packs: Iterable[Pack], guards: Iterable[str]) -> None:
    """Refuse a pack that names a guard there is not: its section would look served and be judged by nobody."""
    known = tuple(guards)
    for pack in packs:
        for section, control in pack.controls.items():
            for guard in control.guards:
                if guard not in known:
                    where = pack.lines.get(section, pack.id)
                    msg = f'{where}: controls."{section}".guards: {guard!r} is no guard{hint(guard, known)}'
                    msg += "; expected the id of a guard in docs/guards.md"
                    raise BadInput(msg)


def _control(section: str, table: Table) -> Control:
    table.only("title", "sentence", "responsibility", "mandatory", "guards", "inferred")
    responsibility = table.choice("responsibility", Responsibility)
    cited, inferred = table.texts("guards"), table.texts("inferred")
    guards = (*cited, *inferred)
    if len(set(guards)) < len(guards):
        table.refuse("guards", "names a guard twice", "each guard once, in `guards` or in `inferred`")
    if bool(guards) != (responsibility is Responsibility.CODE):
        table.refuse(
            "responsibility", f"is {responsibility} with {len(guards)} guards", "code where guards speak to it"
        )
    mandatory = table.flag("mandatory")
    return Control(
        section, table.text("title"), table.text("sentence"), responsibility, mandatory, guards, frozenset(inferred)
    )
