"""`strongroom access paths`: what somebody can become, step by step, beyond what they were given."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path as Path_
from typing import TYPE_CHECKING, Any

import click

from cli import options
from cli.access import row
from cli.access_source import AccessSource, access_source, metadata, source_options
from cli.exit_code import ExitCode
from cli.judgement import shown as shown_path
from cli.judgement import text_of
from cli.surroundings import PROJECT
from cli.terminal import emit, step
from core.errors import BadInput

if TYPE_CHECKING:
    from access.ability import Abilities
    from access.attempt import Done
    from access.intended import Intended
    from access.methods import Method
    from access.reach import Closure, Step

METHODS, INTENDED = PROJECT / "access" / "methods.toml", PROJECT / "access" / "intended.toml"
MOST_METHODS, MOST_ENDS = 124, 10
ASSUMED = (
    "what the program declares is all there is, and what is outside it grants nothing",
    "calls need not come through an endpoint, unless a condition demands it",
)
RESOURCE_TAG = "resourcetag/"
SURE, POSSIBLE = "CAN", "MAY"


@dataclass(frozen=True, slots=True)
class Path:
    """One thing that must not be reached and is: the steps to it, and what it can that the beginning cannot.

    `intended` is why it is meant to be reached all the same.
    """

    target: str
    steps: tuple[Step, ...]
    beyond: str = ""
    intended: str = ""

    @property
    def sure(self) -> bool:
        """Whether every step is."""
        return all(one.sure for one in self.steps)


@click.command(
    epilog=options.example(
        "strongroom access paths --env prod --from data-scientist",
        "strongroom access paths --env prod --from ml-engineer --to security-auditor",
        "terraform show -json plan.out | strongroom access paths --file - --from aws_iam_role.ci --format json",
    )
)
@source_options
@click.option("--from", "start", required=True, metavar="PERSONA", help="The role or user that begins.")
@click.option(
    "--intended",
    type=click.Path(path_type=Path_),
    metavar="FILE",
    help="Paths that are meant to be there; for an environment access/intended.toml. /dev/null for none.",
)
@click.option("--to", "target", metavar="TARGET", help="Only this: a role, a user, or the number of a method.")
@options.list_format
@click.pass_context
def paths(
    ctx: click.Context,
    environment: str | None,
    file: str | None,
    account: str | None,
    region: str | None,
    start: str,
    intended: Path_ | None,
    target: str | None,
    form: str,
) -> None:
    """Say what a persona can become beyond what it was given, through any chain of roles and services.

    Tries 124 known methods of escalation, 10 ends of a guardrail, and tags of one's own choosing, over and over with
    all that is reached. Each step names the calls that make it. Roles that can do nothing that PERSONA cannot are left
    out. What access/intended.toml gives a reason for is counted, and shown with --to or as JSON. A step that hangs on
    what no policy tells is marked MAY.
    Ends with 1 when such a chain is sure, with 3 when one may be there, else with 0.
    """
    with step(f"following every path from {start}"):
        source = access_source(environment, file, account, region)
        methods = read_methods()
        found, reached = reached_from(abilities_of(source), start, methods)
        found = marked(found, start, read_intended(intended, source, methods))
        wanted = [one for one in found if target is None or one.target in _meant(source, target, reached, methods)]
    open_ = [one for one in wanted if target is not None or not one.intended]
    assumed = (*source.organisation.assumptions, *ASSUMED)
    tried = f"{len(methods)} methods"
    told = (start, wanted, reached, assumed) if form == "json" else (start, open_, reached, assumed)
    text = _json(*told) if form == "json" else _text(*told, tried)
    emit(text + (_intended_lines(wanted) if form != "json" else ""))
    ctx.exit(exit_code(wanted))


def exit_code(found: list[Path]) -> ExitCode:
    """1 for a path that is sure, 3 for one that may be there; those that are intended do not count."""
    counted = [one for one in found if not one.intended]
    if any(one.sure for one in counted):
        return ExitCode.FINDINGS
    return ExitCode.STILL_UNKNOWN if counted else ExitCode.OK


def read_intended(file: Path_ | None, source: AccessSource, methods: tuple[Method, ...]) -> tuple[Intended, ...]:
    """The paths that are meant: of the file that is named, else, for an environment, those of the project."""
    from access.intended import parse_intended

    chosen = file or (INTENDED if source.environment else None)
    known = [one.number for one in methods]
    found = parse_intended(text_of(chosen), shown_path(chosen), known) if chosen else ()
    return tuple(one for one in found if not one.environments or source.environment in one.environments)


def marked(found: list[Path], start: str, intended: tuple[Intended, ...]) -> list[Path]:
    """The paths, each with the reason for which it is meant, where there is one."""
    from access.intended import reason_for

    return [
        replace(one, intended=reason_for(intended, start, [made.method.number for made in one.steps])) for one in found
    ]


def read_methods() -> tuple[Method, ...]:
    """The methods of escalation that are known here."""
    from access.methods import check_numbers, parse_methods

    methods = parse_methods(text_of(METHODS), "access/methods.toml")
    check_numbers(methods, MOST_METHODS, MOST_ENDS)
    return methods


def abilities_of(source: AccessSource) -> Abilities:
    """What asks the evaluator about the principals of a source."""
    from access.ability import Abilities

    return Abilities(source.graph, source.account, source.region, source.reference, metadata())


def reached_from(abilities: Abilities, start: str, methods: tuple[Method, ...]) -> tuple[list[Path], Closure]:
    """Every path from a persona to more than it was given, those that are sure first, and all that is reached."""
    from access.graph_identity import role_named
    from access.reach import closure

    reached = closure(abilities, role_named(abilities.graph, start), methods)
    found = list(_paths(abilities, reached))
    return sorted(found, key=lambda one: (not one.sure, len(one.steps), one.target)), reached


def _paths(abilities: Abilities, reached: Closure) -> Iterator[Path]:
    from access.explain import shown
    from access.reach import exceeds

    hints: list[Done] = []
    for name in reached.steps:
        become = reached.principals.get(name)
        if become is None:
            yield Path(name, reached.chain(name))
            continue
        more = exceeds(abilities, become, reached.start, hints)
        if more is not None:
            hints.append(more)
            yield Path(name, reached.chain(name), f"{more.action} on {shown(more.arn)}")


def _meant(source: AccessSource, target: str, reached: Closure, methods: tuple[Method, ...]) -> set[str]:
    """The names that --to stands for. Raises BadInput for what is neither a method nor a role or user."""
    from access.faults import RequestError
    from access.graph_identity import role_named

    if target in {one.number for one in methods}:
        return {name for name, made in reached.steps.items() if made.method.number == target}
    if target in reached.steps:
        return {target}
    try:
        return {role_named(source.graph, target).name}
    except RequestError as error:
        msg = f"--to {target!r}: expected the number of a method, such as T022, or a role or user; {error}"
        raise BadInput(msg) from error


def _text(start: str, found: list[Path], reached: Closure, assumed: tuple[str, ...], tried: str) -> str:
    many = f"{len(found)} paths lead" if len(found) > 1 else "1 path leads"
    lines = [f"{many} from {start} to more than it was given" if found else NONE.format(start), ""]
    for path in found:
        lines += [f"{SURE if path.sure else POSSIBLE}  {start} -> {path.target}"]
        if path.beyond:
            lines += row("which can", path.beyond)
        for number, one in enumerate(path.steps, 1):
            lines += _step_lines(number, one)
        lines.append("")
    principals = len(reached.principals)
    lines += row("tried", f"{tried} with {principals} principal{'s' if principals != 1 else ''} that are reached")
    return "\n".join([*lines, *row("assumed", "; ".join(assumed)), ""])


NONE = "NOTHING leads from {} to more than it was given"


def _intended_lines(found: list[Path]) -> str:
    """How many are intended, by their reasons."""
    counted = Counter(one.intended for one in found if one.intended)
    lines = [line for reason, count in counted.items() for line in row(f"intended: {count}", reason)]
    return "\n".join([*lines, ""]) if lines else ""


def _step_lines(number: int, made: Step) -> Iterator[str]:
    from access.explain import shown

    yield from row(f"{number}. {made.method.number}", f"{made.method.title}: reaches {made.target}")
    for call in made.calls:
        yield from row("", f"{call.actor}: {call.action} on {shown(call.arn)}{_given(call.request)}")
    if made.hangs_on:
        yield from row("   hangs on", "; ".join(shown(reason) for reason in made.hangs_on))


def _given(request: Any) -> str:
    """The condition keys that the witness holds beside those that every call holds."""
    from access.ability import CALL_KEYS
    from access.explain import shown

    held = {} if request is None else request.context
    told = [
        f"{key} {shown(value)}"
        for key, value in held.items()
        if key not in CALL_KEYS and isinstance(value, str) and RESOURCE_TAG not in key
    ]
    return f", with {', '.join(told)}" if told else ""


def _json(start: str, found: list[Path], reached: Closure, assumed: tuple[str, ...]) -> str:
    from access.explain import shown

    data = {
        "from": start,
        "paths": [
            {
                "to": path.target,
                "sure": path.sure,
                "beyond": path.beyond,
                "intended": path.intended,
                "steps": [
                    {
                        "method": one.method.number,
                        "title": one.method.title,
                        "source": one.method.source,
                        "reaches": one.target,
                        "sure": one.sure,
                        "hangs_on": [shown(reason) for reason in one.hangs_on],
                        "calls": [
                            {"principal": call.actor, "action": call.action, "resource": shown(call.arn)}
                            for call in one.calls
                        ],
                    }
                    for one in path.steps
                ],
            }
            for path in found
        ],
        "reached": sorted(reached.principals),
        "assumed": list(assumed),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
