"""What every report says in the same words: states, reasons of the unknown, locations, and text made safe to show."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from core.finding import Finding
from core.resource import Location
from core.verdict import State
from evidence.bundle import Bundle

SAID = {
    State.FAIL: "fail",
    State.UNKNOWN: "unknown",
    State.WAIVED: "waived",
    State.PASS: "pass",
    State.NOT_APPLICABLE: "not applicable",
}
NO_LOCATION = "no source line recorded"
URN = re.compile(r"urn:[^\s,;()\"']+")
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that move the cursor, reorder or hide text: never shown as they are."""


def visible(text: str) -> str:
    """The text on one line, each character that could steer a terminal or reorder the line written as an escape."""
    return "".join(
        character.encode("unicode_escape").decode() if unicodedata.category(character) in HIDDEN else character
        for character in text
    )


def located(finding: Finding) -> str:
    """The line that declares the resource, then outwards to the line of the program that asked for it."""
    return " < ".join(visible(str(place)) for place in finding.location) or NO_LOCATION


def nearest(location: Sequence[Location]) -> Location | None:
    """The line that declares the resource, if one was recorded."""
    return location[0] if location else None


def unknown_reasons(bundle: Bundle) -> tuple[tuple[str, int], ...]:
    """The reasons why findings stayed unknown, alike ones counted together, most frequent first."""
    names = bundle.names | {finding.resource for _, finding in bundle.everything}
    return counted(
        generalised(finding.message, names)
        for _, finding in bundle.of_state(State.UNKNOWN, State.WAIVED)
        if stays(finding)
    )


def live_reasons(bundle: Bundle) -> tuple[tuple[str, int], ...]:
    """The reasons of what only a live account can decide, alike ones counted together, most frequent first."""
    names = bundle.names | {finding.resource for _, finding in bundle.everything}
    return counted(generalised(finding.message, names) for _, finding in bundle.awaiting)


def outcome_reasons(bundle: Bundle, *statuses: str) -> tuple[tuple[str, int], ...]:
    """The reasons why resources were not verified, alike ones counted together, most frequent first."""
    names = bundle.names | {outcome.urn.rpartition("::")[2] for outcome in bundle.outcomes}
    return counted(
        generalised(reason, names)
        for outcome in bundle.outcomes
        if outcome.status in statuses
        for reason in outcome.reasons
    )


def stays(finding: Finding) -> bool:
    """Whether nobody could decide it, waived or not."""
    return State.UNKNOWN in {finding.state, finding.under}


def generalised(message: str, names: Iterable[str]) -> str:
    """The message without the names of single resources, so that alike reasons can be counted together."""
    message = URN.sub(lambda found: source_kind(found.group()), message)
    longest_first = sorted((re.escape(name) for name in names if name), key=len, reverse=True)
    if longest_first:
        message = re.sub(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])", "…", message)
    return visible(message)


def source_kind(urn: str) -> str:
    """What kind of thing a URN, or `<urn>.<property>`, names: `arn of aws:kms/key:Key`."""
    parts = urn.split("::")
    if len(parts) < 4:  # noqa: PLR2004 - urn:pulumi:<stack>::<project>::<types>::<name>
        return urn
    kind = parts[2].rpartition("$")[2]
    _, dot, attribute = parts[3].rpartition(".")
    return f"{attribute} of {kind}" if dot else kind


def counted(reasons: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Each reason once with its count, most frequent first, ties by text."""
    return tuple(sorted(Counter(reasons).items(), key=lambda pair: (-pair[1], pair[0])))


def waived_by(finding: Finding) -> str:
    """Who accepted a waived finding, until when and why, with the state it would have."""
    if finding.waiver is None:
        return ""
    under = SAID[finding.under] if finding.under else "unknown"
    waiver = finding.waiver
    return f"would be {under}; {waiver.owner} until {waiver.expires}: {waiver.reason}"
