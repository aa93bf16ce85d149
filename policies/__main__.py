"""The guards as a policy pack of the Pulumi engine: `pulumi preview --policy-pack policies`.

The engine's own SDK turns a mandatory rule that meets an unknown value into a note. So values are read here with their
unknowns, judged as everywhere else, and only verdicts are reported: a guard becomes one policy of the engine, by its
id, asked about each resource before it is created when it needs no other resource, and about the whole stack otherwise.
An unknown verdict is reported as a violation that begins with `unknown:`, at the level of its policy, unless the
policy's configuration says `{"unknown": "note"}`, or only a live account can decide it; it never counts as passed. A
waived finding becomes a note that names its owner.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy import Severity as EngineSeverity
from pulumi_policy.proxy import UnknownValueError

from core.controls import Pack, WaiverRule, check_packs, controlled, parse_pack, parse_waivers, waived
from core.finding import Finding, Severity
from core.graph import STACK, Graph, GraphError
from core.resource import Resource
from core.value import SECRET, Unknown
from core.verdict import Decidable, State, undecided
from policies.foreign import SETTINGS, Told, told
from policies.guard import FAULT, Guard
from policies.judge import finding_of, guards, judge, stack_of
from policies.remedies import REMEDIES, changes, unveiled
from policies.seen import Seen
from policies.translate import AT_PREVIEW, Shown, after, before, whole

LEVELS: Mapping[Severity, EnforcementLevel] = {
    Severity.CRITICAL: EnforcementLevel.MANDATORY,
    Severity.HIGH: EnforcementLevel.MANDATORY,
    Severity.MEDIUM: EnforcementLevel.ADVISORY,
    Severity.LOW: EnforcementLevel.ADVISORY,
}
"""How a policy counts when the engine's configuration does not say otherwise."""
VIOLATION, NOTE = "violation", "note"
SCHEMA = PolicyConfigSchema({"unknown": {"type": "string", "enum": [VIOLATION, NOTE], "default": VIOLATION}})
ABOUT_THE_PROGRAM = PolicyConfigSchema(
    {
        "residency": {"type": "array", "items": {"type": "string"}},
        "dataClassTag": {"type": "string"},
    }
)
"""Where data may lie, and the tag that tells its class: what a program that is not ours does not say by itself."""
FRAMEWORK = PolicyComplianceFramework(
    name="HIPAA and GDPR",
    reference="https://www.ecfr.gov/current/title-45/part-164/subpart-C",
    specification="The tags name the sections; a ~ marks our own reading, confirmed by no other catalogue.",
)
HERE = Path(__file__).resolve().parent
UNKNOWN = "unknown: "
NOTHING = Graph(())


class UndecidedError(UnknownValueError):
    """Tells the SDK that a policy could not be decided: it writes an advisory note and counts no pass."""

    def __init__(self, said: str) -> None:
        Exception.__init__(self, said)
        self.message = said


@dataclass(frozen=True)
class Law:
    """What is read beside the guards: the packs, the waivers, and the day they are counted from."""

    packs: tuple[Pack, ...] = ()
    waivers: tuple[WaiverRule, ...] = ()
    today: date = date.min

    def applied(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings with what is waived; what is wrong with a waiver is for `strongroom check` to say, once."""
        judged = controlled(findings, self.packs)
        environment = next(
            (finding.urn.split(":")[2] for finding in judged if finding.urn.startswith("urn:pulumi:")), ""
        )
        return waived(judged, self.waivers, self.today, environment)[: len(judged)]


NO_LAW = Law()


class Session:
    """One run of the engine: what resources were shown with before they were created, kept for the whole stack."""

    def __init__(self, by: Iterable[Guard], law: Law) -> None:
        self.guards, self.law = tuple(by), law
        self.inputs: dict[str, Mapping[str, Any]] = {}
        self.told = Told()
        self.resource: Seen[Resource] = Seen()
        self.stack: Seen[Mapping[str, tuple[Finding, ...]]] = Seen()

    def one(self, args: ResourceValidationArgs, place: int) -> Resource:
        """The resource in question, read once for all guards that need no other."""
        return self.resource.shared(args.urn, place, lambda: self._remember(args))

    def all(self, args: StackValidationArgs, place: int) -> Mapping[str, tuple[Finding, ...]]:
        """What each guard that needs the whole stack says, by its id, judged once."""
        return self.stack.shared(STACK, place, lambda: self._judged(args))

    def _remember(self, args: ResourceValidationArgs) -> Resource:
        held, provider = self.told.tagged(properties(args.props)), _urn(args.provider)
        read = before(Shown(args.resource_type, args.urn, held, provider=provider, protect=bool(args.opts.protect)))
        self.inputs[args.urn] = read.inputs
        return read

    def _judged(self, args: StackValidationArgs) -> Mapping[str, tuple[Finding, ...]]:
        try:
            graph = whole(tuple(after(shown(item, self.told), self.inputs.get(item.urn)) for item in args.resources))
            findings = judge(self.told.completed(graph), self.guards)
        except GraphError:
            lost = undecided("the engine's resources contradict each other: a URN twice, or a circle of dependencies")
            findings = tuple(
                replace(finding_of(guard, stack_of(Graph(())), lost), decidable=Decidable.PLAN) for guard in self.guards
            )
        said: dict[str, list[Finding]] = {guard.id: [] for guard in self.guards}
        for finding in self.law.applied(findings):
            said[finding.guard].append(finding)
        return {name: tuple(items) for name, items in said.items()}


def policies(by: Iterable[Guard] | None = None, law: Law = NO_LAW) -> list[Policy]:
    """The guards as policies of the engine, those in force by default; the packs' sections become tags."""
    chosen = tuple(guards().values() if by is None else by)
    session = Session((guard for guard in chosen if not _stands_alone(guard)), law)
    return [_settings(session), *(_policy(guard, place, session) for place, guard in enumerate(chosen))]


def _settings(session: Session) -> Policy:
    """The first policy of the pack: it judges nothing and takes note of what the configuration says."""

    def note(args: ResourceValidationArgs, _report: ReportViolation) -> None:
        session.told = told(args.get_config())
        args.not_applicable("it carries the settings of the pack and judges nothing")

    return ResourceValidationPolicy(
        name=SETTINGS,
        description="Carries what a program does not say by itself: residency, dataClassTag.",
        enforcement_level=EnforcementLevel.ADVISORY,
        config_schema=ABOUT_THE_PROGRAM,
        validate=note,
    )


def _stands_alone(guard: Guard) -> bool:
    return guard.alone and STACK not in guard.on


def _policy(guard: Guard, place: int, session: Session) -> Policy:
    about: dict[str, Any] = {
        "name": guard.id,
        "description": guard.why.partition("\n")[0],
        "enforcement_level": LEVELS[guard.severity],
        "config_schema": SCHEMA,
        "display_name": guard.id.partition(".")[2].replace("_", " "),
        "severity": EngineSeverity(guard.severity.value),
        "framework": FRAMEWORK,
        "tags": [section for pack in session.law.packs for section in pack.sections(guard.id)],
        "remediation_steps": guard.fix,
    }

    def of_one(args: ResourceValidationArgs, report: ReportViolation) -> None:
        resource = session.one(args, place)
        if resource.type not in guard.on:
            args.not_applicable(f"concerns {', '.join(guard.on)}")
        answer(args, report, session.law.applied([finding_of(guard, resource, guard.judge(resource, NOTHING))]))

    def of_all(args: StackValidationArgs, report: ReportViolation) -> None:
        answer(args, report, session.all(args, place)[guard.id])

    if _stands_alone(guard):
        return ResourceValidationPolicy(validate=of_one, remediate=_remedy(guard, session), **about)
    return StackValidationPolicy(validate=of_all, **about)


def _remedy(guard: Guard, session: Session) -> Callable[[ResourceValidationArgs], Any] | None:
    """How the guard mends what it objects to, where that is safe; a waived resource is left as it is."""

    def mend(args: ResourceValidationArgs) -> Any:
        if args.resource_type not in guard.on:
            args.not_applicable(f"concerns {', '.join(guard.on)}")
        resource = before(Shown(args.resource_type, args.urn, unveiled(properties(args.props), args.urn)))
        (finding,) = session.law.applied([finding_of(guard, resource, guard.judge(resource, NOTHING))])
        wanted = changes(guard, resource) if finding.state is State.FAIL else {}
        for name, value in wanted.items():
            args.props[name] = value  # ty: ignore[invalid-assignment] - a proxy edited in place keeps secrets secret
        return args.props if wanted else None

    return mend if guard.id in REMEDIES else None


def answer(
    args: ResourceValidationArgs | StackValidationArgs, report: ReportViolation, findings: Iterable[Finding]
) -> None:
    """Tell the engine what a guard found; failures first, because a note ends the policy."""
    found = sorted(findings, key=lambda finding: (finding.state is not State.FAIL, finding.urn))
    quiet = args.get_config().get("unknown", VIOLATION) == NOTE
    notes = []
    for finding in found:
        if finding.state is State.FAIL:
            report(f"{finding.message}. {finding.fix}", finding.urn)
        elif finding.state is State.UNKNOWN and (FAULT in finding.message or not (quiet or finding.awaits_account)):
            report(f"{UNKNOWN}{finding.message}. {finding.fix}", finding.urn)
        elif finding.state is State.UNKNOWN:
            notes.append(f"{UNKNOWN}{finding.resource}: {finding.message}")
        elif finding.waiver:
            until = f"until {finding.waiver.expires} by {finding.waiver.owner}"
            notes.append(f"waived {until}: {finding.resource}: {finding.waiver.reason}")
    if notes:
        raise UndecidedError("; ".join(notes))
    if all(finding.state is State.NOT_APPLICABLE for finding in found):
        args.not_applicable("; ".join(dict.fromkeys(finding.message for finding in found)))


def properties(props: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that the SDK shows through its proxy, read one by one: only iterating over names is safe there."""
    return {str(name): _read(props, name) for name in list(props)}


def _read(held: Any, key: Any) -> Any:
    """What stands at a key of a mapping, or a place of a list, that raises when it is asked for an unknown value."""
    try:
        value = held[key]
    except UnknownValueError:
        return Unknown(AT_PREVIEW)
    if isinstance(value, Mapping):
        return properties(value)
    if isinstance(value, str | bytes | bool | int | float) or value is None:
        return value
    if hasattr(value, "__len__") and hasattr(value, "__getitem__"):
        return tuple(_read(value, place) for place in range(len(value)))
    return SECRET  # an asset or an archive: a file, which no guard reads


def shown(item: Any, told_so: Told) -> Shown:
    """A resource of the whole stack, its references as URNs."""
    links = {name: frozenset(map(_urn, sources)) for name, sources in item.property_dependencies.items()}
    needs = frozenset(map(_urn, item.dependencies))
    parent = _urn(item.parent) or item.opts.parent or ""
    held, provider, protect = told_so.tagged(properties(item.props)), _urn(item.provider), bool(item.opts.protect)
    return Shown(item.resource_type, item.urn, held, parent, needs, links, provider, protect)


def _urn(item: Any) -> str:
    return str(item.urn) if item is not None else ""


def law(today: date) -> Law:
    """The packs and waivers that stand beside this file. Raises BadInput for one that cannot be read."""
    packs = tuple(parse_pack(path.read_text(encoding="utf-8"), path.name) for path in sorted(HERE.glob("packs/*.toml")))
    check_packs(packs, guards())
    excused = HERE / "waivers.toml"
    return Law(packs, parse_waivers(excused.read_text(encoding="utf-8"), excused.name), today)


def main() -> None:
    """Serve the guards to the engine until it ends."""
    gc.set_threshold(50_000)  # the SDK reads every resource once for every policy: most of it is short-lived
    chosen = policies(law=law(datetime.now(tz=UTC).date()))
    PolicyPack("strongroom", chosen, description="Guards for a machine learning platform that holds data about people")


if __name__ == "__main__":
    main()
