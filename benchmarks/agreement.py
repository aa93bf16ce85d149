"""Our guards and cdk-nag's HIPAA rules over the same variants: `.venv/bin/python -m benchmarks.agreement`.

Prints how often both agree, and each disagreement with the argument that `benchmarks/disagreements.toml` holds for it.
Exit code 1 when one has none, or an argument has nothing left to argue. Node and npm must be here.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.guards import CDK_NAG, ROOT, cdk_nag
from benchmarks.variants import Variant, variants
from core.verdict import State
from policies.judge import guards

ARGUED = ROOT / "benchmarks" / "disagreements.toml"
CATALOGUE = ROOT / "policies" / "data" / "catalogue.csv"
PAGE = ROOT / "docs" / "cdk-nag-agreement.md"
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


def law() -> dict[str, Any]:
    """What was argued, and which rules are left out."""
    return tomllib.loads(ARGUED.read_text(encoding="utf-8"))


def rules_of_catalogue() -> set[str]:
    """The rules of cdk-nag that have a row in the catalogue."""
    with CATALOGUE.open(encoding="utf-8", newline="") as told:
        cells = [row["cdk_nag_hipaa"] for row in csv.DictReader(told)]
    return {rule.strip() for cell in cells for rule in cell.split(";") if rule.strip()}


def page(found: dict[Case, list[Variant]], argued: Mapping[Case, str], left_out: Mapping[str, str], day: str) -> str:
    """The page that is committed, as Markdown."""
    apart = {case: len(held) for case, held in found.items() if case[1] != case[2]}
    answers = sum(len(held) for held in found.values())
    rules = sorted({case[0] for case in found})
    versions = json.loads((ROOT / "benchmarks" / "cdk_nag" / "package.json").read_text(encoding="utf-8"))[
        "dependencies"
    ]
    count = len({id(variant) for held in found.values() for variant in held})
    of, alike = len(rules) + len(left_out), answers - sum(apart.values())
    head = f"""# Our guards and cdk-nag's HIPAA rules, {day}

Measured by `.venv/bin/python -m benchmarks.agreement --page`, with cdk-nag {versions["cdk-nag"]} and
aws-cdk-lib {versions["aws-cdk-lib"]}: {count} variants (`benchmarks/variants*.py`),
each said in Pulumi's words for our guards and in CloudFormation's for cdk-nag.
{len(rules)} of the {of} rules that have a row in our catalogue are compared.
Of {answers} answers {alike} are alike and {answers - alike} are not; not applicable counts as itself, unknown too.

The program ends with 1 when a disagreement has no argument in `benchmarks/disagreements.toml`, an argument has nothing
to argue, or a rule of the catalogue is neither compared nor left out with a reason.

Compared are: {", ".join(rules)}.

## Not compared

| Rule | Why |
|---|---|
"""
    lines = [f"| {rule} | {why} |" for rule, why in sorted(left_out.items())]
    table = [
        "",
        "## Each disagreement",
        "",
        "| Rule | cdk-nag | We | Variants | Why it may stand |",
        "|---|---|---|---|---|",
    ]
    rows = [f"| {' | '.join(case)} | {count} | {argued.get(case, '')} |" for case, count in sorted(apart.items())]
    return head + "\n".join([*lines, *table, *rows, ""])


def report(found: dict[Case, list[Variant]], argued: Mapping[Case, str]) -> None:
    """Print each disagreement with its argument, and two variants of it."""
    apart = {case: held for case, held in found.items() if case[1] != case[2]}
    for case, held in sorted(apart.items()):
        rule, they, we = case
        why = argued.get(case, "NOBODY HAS ARGUED THIS")
        print(f"\n{rule}: cdk-nag {they}, we {we} ({len(held)} variants)\n  {why}")
        chosen = Counter(json.dumps(dict(variant.chosen), sort_keys=True) for variant in held)
        for value, count in chosen.most_common(2):
            print(f"    {value}" + (f" ({count})" if count > 1 else ""))
    for case in sorted(set(argued) - set(apart)):
        print(f"\nargued for nothing: {case}")


def main() -> int:
    """Compare, print, and refuse what nobody has argued; with `--page` write the page."""
    if (node := cdk_nag()) is None:
        print("not measured: node and npm are not here, https://nodejs.org")
        return 0
    every, told = list(variants()), law()
    found = compared(every, theirs(every, node))
    argued = {(a["rule"], a["theirs"], a["ours"]): a["why"] for a in told["argued"]}
    report(found, argued)
    apart = {case for case in found if case[1] != case[2]}
    if "--page" in sys.argv[1:]:
        today = datetime.now(tz=UTC).date().isoformat()
        PAGE.write_text(page(found, argued, told["not_compared"], today), encoding="utf-8")
    answers, unlike = sum(map(len, found.values())), sum(len(found[case]) for case in apart)
    print(f"\n{len(every)} variants, {answers} answers: {answers - unlike} alike, {unlike} not")
    silent = rules_of_catalogue() - {case[0] for case in found} - set(told["not_compared"])
    for rule in sorted(silent):
        print(f"\nneither compared nor left out with a reason: {rule}")
    return 1 if silent or set(argued) != apart else 0


if __name__ == "__main__":
    sys.exit(main())
