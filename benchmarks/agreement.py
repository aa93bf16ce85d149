"""Our guards and cdk-nag's HIPAA rules over the same variants: `.venv/bin/python -m benchmarks.agreement`.

Prints how often both agree, and each disagreement with the argument that `benchmarks/disagreements.toml` holds for it.
Exit code 1 when one has none, or an argument has nothing left to argue. Node and npm must be here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

from benchmarks.guards import CDK_NAG, ROOT, cdk_nag
from benchmarks.variants import Variant, variants
from core.verdict import State
from policies.judge import guards

ARGUED = ROOT / "benchmarks" / "disagreements.toml"
Case = tuple[str, str, str]
"""A rule, what cdk-nag says, what we say."""


def theirs(every: list[Variant], node: str) -> dict[str, list[str]]:
    """Variant -> the rules that it breaks."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "variants.json")
        told.write_text(json.dumps([{"id": n, "resources": v.template} for n, v in enumerate(every)]), encoding="utf-8")
        start = [node, str(CDK_NAG / "agreement.js"), str(told)]
        done = subprocess.run(start, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    return dict(json.loads(done.stdout))


def ours(variant: Variant, names: tuple[str, ...]) -> str:
    """The worst of our verdicts."""
    states = [guards()[name].judge(variant.graph.by_urn[variant.urn], variant.graph).state for name in names]
    return min(states, key=list(State).index).value


def compared(every: list[Variant], broken: dict[str, list[str]]) -> dict[Case, list[Variant]]:
    """Each answer of both, with the variants that got it."""
    found: dict[Case, list[Variant]] = {}
    for number, variant in enumerate(every):
        for rule, names in variant.subject.rules.items():
            said = broken[str(number)]
            verdict = "unknown" if f"{rule}?" in said else "fail" if rule in said else "pass"
            found.setdefault((rule, verdict, ours(variant, names)), []).append(variant)
    return found


def main() -> int:
    """Compare, print, and refuse what nobody has argued."""
    if (node := cdk_nag()) is None:
        print("not measured: node and npm are not here, https://nodejs.org")
        return 0
    every = list(variants())
    found = compared(every, theirs(every, node))
    argued = {(a["rule"], a["theirs"], a["ours"]): a["why"] for a in tomllib.loads(ARGUED.read_text("utf-8"))["argued"]}
    apart = {case: held for case, held in found.items() if case[1] != case[2]}
    answers = sum(len(held) for held in found.values())
    agreed = answers - sum(len(held) for held in apart.values())
    rules = len({case[0] for case in found})
    print(f"{len(every)} variants, {rules} rules, {answers} answers: {agreed} alike, {answers - agreed} not")
    for case, held in sorted(apart.items()):
        rule, they, we = case
        print(
            f"\n{rule}: cdk-nag {they}, we {we} ({len(held)} variants)\n  {argued.get(case, 'NOBODY HAS ARGUED THIS')}"
        )
        for value, count in Counter(json.dumps(dict(variant.chosen), sort_keys=True) for variant in held).most_common(
            2
        ):
            print(f"    {value}" + (f" ({count})" if count > 1 else ""))
    stale = set(argued) - set(apart)
    for case in sorted(stale):
        print(f"\nargued for nothing: {case}")
    return 1 if stale or set(apart) - set(argued) else 0


if __name__ == "__main__":
    sys.exit(main())
