"""Waivers: accepted exceptions, each with an owner, a reason and an end, counted aloud wherever they are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from types import MappingProxyType

from core.finding import Finding, Severity, Waiver
from core.toml_table import Table, parsed
from core.verdict import State

LONGEST_DAYS = 180
"""How far ahead a waiver of a high or critical finding may reach."""
WEIGHTY = (Severity.CRITICAL, Severity.HIGH)
NOBODY = "zq-no-resource-is-called-this-qz"
"""A name nobody chose: a pattern that matches it matches anything."""

CHECKS: Mapping[str, tuple[Severity, str]] = MappingProxyType(
    {
        "waivers.rule_has_an_owner": (Severity.HIGH, "Write who answers for the exception in `owner`."),
        "waivers.rule_has_a_reason": (Severity.HIGH, "Write in `reason` why the finding is acceptable for now."),
        "waivers.rule_is_narrow": (
            Severity.HIGH,
            "Name the resource in `resource`; a pattern must not match everything.",
        ),
        "waivers.rule_has_an_end": (Severity.HIGH, "Write a date in `expires`."),
        "waivers.rule_is_in_force": (Severity.MEDIUM, "Remove the waiver, or have its owner decide on a new date."),
        "waivers.rule_ends_soon": (
            Severity.HIGH,
            f"High and critical findings are waived for at most {LONGEST_DAYS} days; bring the date nearer.",
        ),
        "waivers.rule_says_what_protects_instead": (
            Severity.LOW,
            "Write in `instead` what protects while the exception lasts; high and critical findings need something.",
        ),
        "waivers.rule_matches_something": (
            Severity.LOW,
            "Remove the waiver, or correct the guard or resource it names.",
        ),
    }
)
"""What is checked of every waiver: id -> how much a breach would cost, and how to mend it."""


@dataclass(frozen=True, slots=True)
class WaiverRule:
    """One entry of a waiver file.

    Either `guard` (an id) or `control` (`pack:section`) is set. `resource` is a pattern with `*` over the URN or the
    logical name. `expires` is the last day it holds; None, like an empty owner or reason, is a finding of its own.
    `place` is `file#number`. `instead` is the compensating control: what protects while the exception lasts.
    """

    place: str
    guard: str
    control: str
    resource: str
    environment: str
    reason: str
    owner: str
    expires: date | None
    ticket: str = ""
    instead: str = ""

    def concerns(self, finding: Finding) -> bool:
        """Whether it is about this finding, whatever may be wrong with it otherwise."""
        sections = {section.replace("~", "") for section in finding.controls}
        named = finding.guard == self.guard if self.guard else self.control.replace("~", "") in sections
        return named and any(fnmatchcase(text, self.resource) for text in (finding.urn, finding.resource))

    def days_left(self, today: date) -> int | None:
        """How many days after today it still holds; negative when it has run out, None without an end."""
        return None if self.expires is None else (self.expires - today).days

    @property
    def is_broad(self) -> bool:
        """Whether its pattern would match a resource nobody has thought of."""
        anything = (NOBODY, f"urn:pulumi:{NOBODY}::{NOBODY}::{NOBODY}::{NOBODY}")
        here = f"urn:pulumi:{self.environment}::{NOBODY}::{NOBODY}::{NOBODY}"
        return any(fnmatchcase(text, self.resource) for text in (*anything, here))


def parse_waivers(text: str, source: str) -> tuple[WaiverRule, ...]:
    """The entries of a waiver file, `[[waivers]]` each; `source` names it in messages.

    Raises BadInput for a text that is no TOML, and for unknown, missing or mistyped keys. A missing owner, reason or
    date is no such error: `waived` reports it, so that the file's other waivers still count.
    """
    table = Table(parsed(text, source), source, whole=text)
    table.only("waivers")
    return tuple(
        _rule(table.within(body, f"waivers[{number}]"), f"{source}#{number}")
        for number, body in enumerate(table.get("waivers", list, "a list of tables", []), 1)
    )


def _rule(table: Table, place: str) -> WaiverRule:
    table.only("guard", "control", "resource", "environment", "reason", "owner", "expires", "ticket", "instead")
    guard, control = table.text("guard", ""), table.text("control", "")
    if bool(guard) == bool(control):
        table.refuse("guard", "must be set, or `control`, and not both", "the id of a guard, or pack:section")
    expires = table.body.get("expires")
    if isinstance(expires, datetime) or not isinstance(expires, date | None):
        table.refuse("expires", f"is {type(expires).__name__}", "a date without quotes, such as 2027-03-31")
    optional = {key: table.text(key, "") for key in ("reason", "owner", "ticket", "instead")}
    resource, environment = table.text("resource"), table.text("environment")
    return WaiverRule(place, guard, control, resource, environment, expires=expires, **optional)


def waived(
    findings: Iterable[Finding], rules: Iterable[WaiverRule], today: date, environment: str
) -> tuple[Finding, ...]:
    """The findings, those that a valid waiver covers as waived, and one more for each thing wrong with a waiver.

    Only failures and unknowns are waived; they keep the state they would have. A waiver for another environment is
    not used, and only its form is checked.
    """
    kept: list[Finding] = list(findings)
    faults: list[Finding] = []
    for rule in rules:
        broken = _form(rule)
        if rule.environment == environment:
            broken += _time(rule, today)
            hits = [index for index, found in enumerate(kept) if _is_open(found) and rule.concerns(found)]
            near = [index for index in hits if not _too_far(rule, kept[index], today)]
            for index in near if not broken else ():
                kept[index] = _under(kept[index], rule)
            bare = not rule.instead and any(kept[index].severity in WEIGHTY for index in hits)
            broken += (
                [("waivers.rule_says_what_protects_instead", "names nothing that protects instead")] if bare else []
            )
            broken += [] if hits else [("waivers.rule_matches_something", "matches no failed or undecided finding")]
            broken += (
                [] if hits == near else [("waivers.rule_ends_soon", f"reaches more than {LONGEST_DAYS} days ahead")]
            )
        faults += [_fault(rule, check, message) for check, message in broken]
    return (*kept, *faults)


def _is_open(finding: Finding) -> bool:
    """Whether there is something to waive, or it is waived already: a second waiver of it is not unmatched."""
    return finding.state in {State.FAIL, State.UNKNOWN, State.WAIVED}


def faults_of_form(rule: WaiverRule, today: date) -> list[tuple[str, str]]:
    """What is wrong with a waiver whatever the findings: the check, and a message."""
    return [*_form(rule), *_time(rule, today)]


def _form(rule: WaiverRule) -> list[tuple[str, str]]:
    """What is wrong with a waiver whatever the day and the findings."""
    checks = (
        (not rule.owner, "waivers.rule_has_an_owner", "has no owner"),
        (not rule.reason, "waivers.rule_has_a_reason", "has no reason"),
        (rule.is_broad, "waivers.rule_is_narrow", "would match any resource at all"),
        (rule.expires is None, "waivers.rule_has_an_end", "has no end"),
    )
    return [(check, message) for wrong, check, message in checks if wrong]


def _time(rule: WaiverRule, today: date) -> list[tuple[str, str]]:
    ended = rule.expires is not None and rule.expires < today
    return [("waivers.rule_is_in_force", "has run out")] if ended else []


def _too_far(rule: WaiverRule, finding: Finding, today: date) -> bool:
    return finding.severity in WEIGHTY and rule.expires is not None and (rule.expires - today).days > LONGEST_DAYS


def _under(finding: Finding, rule: WaiverRule) -> Finding:
    """The finding as waived, with the state it would have without; the first waiver of it counts."""
    if finding.state is State.WAIVED:
        return finding
    until = rule.expires.isoformat() if rule.expires else ""
    return replace(finding, state=State.WAIVED, under=finding.state, waiver=Waiver(rule.reason, rule.owner, until))


def _fault(rule: WaiverRule, check: str, message: str) -> Finding:
    severity, fix = CHECKS[check]
    about = rule.guard or rule.control
    return Finding(check, State.FAIL, rule.place, f"the waiver of {about} {message}", severity, fix)
