"""The evaluator against another implementation: random requests, each difference explained by a rule or not at all.

`make fuzz-access` installs `@cloud-copilot/iam-simulate` (AGPL-3.0) into `build/`, where it runs as a program of its
own; nothing of it is part of this project. The rules that explain a difference stand in `fuzz_explained.py`, each with
the page of AWS that decides it. Exit code 1 when a difference is left that no rule explains.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from access.caller import Caller, Who
from access.decide import Outcome, decide
from access.document import Kind
from access.layers import Layers
from access.parse import parse_policy
from access.reference import DEFAULT, LOW
from access.request import Request
from benchmarks.fuzz_explained import EVERYTHING, RULES, World, explanation
from benchmarks.fuzz_requests import HOME, Case, case

ROOT = Path(__file__).resolve().parents[1]
ENGINE = (
    ROOT / "build" / "iam-simulate" / "node_modules" / "@cloud-copilot" / "iam-simulate" / "dist" / "esm" / "index.js"
)
SCRIPT = Path(__file__).with_name("iam_simulate.mjs")
AT_ONCE = 5000
MOST_SHOWN = 5
TRUSTING = replace(DEFAULT, trusting=frozenset(LOW))
"""Rules of low confidence as they stand: the other engine knows no third answer."""


@dataclass
class Score:
    """How many cases came out alike, were refused by the other engine, differ with a rule, or differ without one."""

    alike: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    unexplained: list[tuple[int, Case, str, str]] = field(default_factory=list)


def ours(world: World) -> str:
    """What the evaluator says."""
    one, reference = world.case, TRUSTING
    if world.every_service:
        reference = replace(reference, rcp_services=reference.rcp_services | {one.action.partition(":")[0]})
    calls = patch("access.routes.CROSS_ACCOUNT", {one.action.lower()}) if world.every_key_call else nullcontext()
    with calls:
        return str(decide(_request(one), _layers(one), reference).outcome)


def _request(one: Case) -> Request:
    return Request(one.caller, one.action, one.resource, HOME, dict(one.context))


def _layers(one: Case) -> Layers:
    service = one.action.partition(":")[0]
    kind = {"kms": Kind.KEY, "sts": Kind.TRUST}.get(service, Kind.RESOURCE)
    return Layers(
        identity=tuple(parse_policy(body, Kind.IDENTITY, "identity") for body in one.identity),
        boundary=parse_policy(one.boundary, Kind.BOUNDARY, "boundary") if one.boundary else None,
        session=(parse_policy(one.session, Kind.SESSION, "session"),) if one.session else None,
        scps=tuple((parse_policy(body, Kind.SCP, "scp"),) for body in one.scps),
        rcps=tuple((parse_policy(body, Kind.RCP, "rcp"),) for body in one.rcps),
        endpoint=parse_policy(one.endpoint, Kind.ENDPOINT, "endpoint") if one.endpoint else None,
        resource=parse_policy(one.policy, kind, "resource") if one.policy else None,
    )


def asked(one: Case) -> dict[str, Any]:
    """The case in the other engine's words."""

    def named(name: str, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [{"name": f"{name} {number}", "policy": body} for number, body in enumerate(bodies)]

    def levels(name: str, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [{"orgIdentifier": f"{name}{n}", "policies": named(name, [body])} for n, body in enumerate(bodies)]

    found: dict[str, Any] = {
        "request": {
            "principal": principal(one.caller),
            "action": one.action,
            "resource": {"resource": one.resource, "accountId": HOME},
            "contextVariables": keys(one),
        },
        "identityPolicies": named("identity", [EVERYTHING] if one.caller.who is Who.ROOT else one.identity),
        "serviceControlPolicies": levels("scp", one.scps),
        "resourceControlPolicies": levels("rcp", [denying(body) for body in one.rcps]),
    }
    if one.boundary:
        found["permissionBoundaryPolicies"] = named("boundary", [one.boundary])
    if one.session:
        found["sessionPolicy"] = one.session
    if one.policy:
        found["resourcePolicy"] = one.policy
    if one.endpoint:
        found["vpcEndpointPolicies"] = named("endpoint", [one.endpoint])
    return found


def denying(body: Mapping[str, Any]) -> dict[str, Any]:
    """A policy without its Allow: RCPFullAWSAccess is there by itself (S38)."""
    return {**body, "Statement": [item for item in body["Statement"] if item["Effect"] == "Deny"]}


def principal(caller: Caller) -> str:
    """How the other engine calls a caller."""
    return caller.session_arn if caller.who is Who.SESSION else caller.arn


def keys(one: Case) -> dict[str, str | list[str]]:
    """The condition keys, those that follow from the caller among them: the other engine derives none."""
    derived = {key: value for key, value in one.caller.keys().items() if isinstance(value, str)}
    own = {"aws:ResourceAccount": HOME}
    given = {key: list(value) if isinstance(value, tuple) else value for key, value in one.context.items()}
    return {**derived, **own, **given}


def theirs(cases: Sequence[Case], engine: Path) -> Iterator[Mapping[str, Any]]:
    """What the other engine says of each case, in their order. Ends the run where it does not answer them all."""
    text = "".join(json.dumps(asked(one)) + "\n" for one in cases)
    done = subprocess.run(["node", str(SCRIPT), str(engine)], input=text, capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own script, under the Node of the developer
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != len(cases):
        sys.exit(f"the other engine ended early, after {len(lines)} of {len(cases)}: {done.stderr[-500:]}")
    return (json.loads(line) for line in lines)


def compare(cases: Iterator[tuple[int, Case]], engine: Path, score: Score) -> None:
    """Ask both of every case."""
    while batch := list(islice(cases, AT_ONCE)):
        for (number, one), said in zip(batch, theirs([one for _, one in batch], engine), strict=True):
            if "result" not in said:
                score.refused[reason(said["error"])] += 1
                continue
            other = str(Outcome.ALLOWED if said["result"] == "Allowed" else Outcome.DENIED)
            mine = ours(World(one))
            if mine == other:
                score.alike[mine] += 1
            elif rule := explanation(World(one), other, ours):
                score.explained[rule] += 1
            else:
                score.unexplained.append((number, one, mine, other))


def reason(error: Any) -> str:
    """The refusal in a few words."""
    return json.dumps(error)[:70]


def version(engine: Path) -> str:
    """The name and the version of the other engine and of the data that it came with."""
    package = engine.parents[2]
    beside = package.parent / "iam-data"
    found = [json.loads((one / "package.json").read_text(encoding="utf-8")) for one in (package, beside)]
    return ", ".join(f"{one['name']} {one['version']}" for one in found)


def main() -> int:
    """Run as many cases as are asked for."""
    said = argparse.ArgumentParser(description="the evaluator against iam-simulate")
    said.add_argument("--cases", type=int, default=100_000)
    said.add_argument("--seed", type=int, default=1)
    said.add_argument("--engine", type=Path, default=ENGINE)
    told = said.parse_args()
    if not told.engine.is_file():
        sys.exit(f"{told.engine}: not there; make fuzz-access installs it")
    score, began, random = Score(), time.monotonic(), Random(told.seed)  # noqa: S311 - cases, no secrets
    compare(((number, case(random)) for number in range(told.cases)), told.engine, score)
    print(f"{told.cases} cases of seed {told.seed} in {time.monotonic() - began:.0f} s; {version(told.engine)}")
    print(f"alike: {dict(score.alike)}; refused by the other engine: {score.refused.total()}")
    for rule, count in score.explained.most_common():
        print(f"explained by {rule}: {count}")
    for error, count in score.refused.most_common(MOST_SHOWN):
        print(f"refused: {count} x {error}")
    for rule in RULES:
        print(f"  {rule.number}: {rule.about} ({rule.page})")
    print(f"unexplained: {len(score.unexplained)}")
    for number, one, mine, other in score.unexplained[:MOST_SHOWN]:
        print(f"--- case {number}: ours {mine}, theirs {other}\n{json.dumps(asked(one), indent=1)}")
    return 1 if score.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
