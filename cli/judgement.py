"""The law a run judges by: guards, packs that name the sections they serve, waivers that excuse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cli.surroundings import PROJECT
from core.controls import Pack, check_packs, controlled, parse_pack
from core.errors import BadInput
from core.finding import Finding
from core.graph import Graph
from core.waivers import WaiverRule, parse_waivers, waived
from evidence.bundle import Control, PackUsed, cited
from evidence.folder import digest

POLICIES = PROJECT / "policies"
PACKS, WAIVERS = POLICIES / "packs", POLICIES / "waivers.toml"


@dataclass(frozen=True, slots=True)
class Law:
    """Packs and waivers as they were read, with their digests."""

    packs: tuple[Pack, ...]
    used: tuple[PackUsed, ...]
    waivers: tuple[WaiverRule, ...] = ()
    waivers_digest: str = ""

    @property
    def controls(self) -> tuple[Control, ...]:
        """Every section of every pack."""
        return tuple(
            Control(
                f"{pack.id}:{control.section}",
                pack.id.upper(),
                control.section,
                control.title,
                control.responsibility.value,
                control.mandatory,
            )
            for pack in self.packs
            for control in pack.controls.values()
        )

    def served_by(self, guard: str) -> tuple[str, ...]:
        """The sections that the guard serves, as `pack:section`, a tilde before an inferred one."""
        return tuple(section for pack in self.packs for section in pack.sections(guard))

    def cited(self, citations: Iterable[str]) -> list[Control]:
        """The controls of these citations, each with its mark when it is inferred."""
        return [cited(citation, self.controls) for citation in citations]


def read_law(packs: Path = PACKS, waivers: Path | None = None) -> Law:
    """The packs of a folder, and the waivers of a file: the project's own when no other is named.

    Raises BadInput for what cannot be read, and for a pack that names a guard there is not.
    """
    from policies.judge import guards

    texts = {path: text_of(path) for path in sorted(packs.glob("*.toml"))}
    parsed = {path: parse_pack(text, shown(path)) for path, text in texts.items()}
    check_packs(parsed.values(), guards())
    used = tuple(PackUsed(p.id, p.title, p.version, digest(texts[path])) for path, p in parsed.items())
    file = waivers or WAIVERS
    text = text_of(file) if waivers is not None or file.exists() else ""
    return Law(tuple(parsed.values()), used, parse_waivers(text, shown(file)), digest(text) if text else "")


def judged(graph: Graph, law: Law) -> tuple[Finding, ...]:
    """What every guard says of every resource, with the sections served; not waived yet."""
    from policies.judge import judge

    return controlled(judge(graph), law.packs)


def excused(
    law: Law, phases: Sequence[tuple[Finding, ...]], today: date, environment: str
) -> list[tuple[Finding, ...]]:
    """The findings of each phase under the waivers; what is wrong with a waiver joins the first phase.

    All phases are waived at once: a waiver that serves in one of them is in use.
    """
    together = waived([finding for phase in phases for finding in phase], law.waivers, today, environment)
    split, start = [], 0
    for phase in phases:
        split.append(together[start : start + len(phase)])
        start += len(phase)
    return [(*split[0], *together[start:]), *split[1:]]


def text_of(path: Path) -> str:
    """The text of a file of ours or of the user's. Raises BadInput when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        msg = f"{shown(path)}: not a text in UTF-8 (byte {error.start})"
        raise BadInput(msg) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        msg = f"{shown(path)}: cannot be read ({why})"
        raise BadInput(msg) from error


def shown(path: Path) -> str:
    """The path as messages and reports give it: from the project's folder, where it is inside."""
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)
