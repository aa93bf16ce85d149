"""What the guards cost, alone and beside checkov and cdk-nag: the same work for each, in one run.

`make bench ONLY=guards`, or `.venv/bin/python -m benchmarks.guards`. Exit code 1 when a promise is not kept. The other
tools are measured where they are: checkov after `strongroom doctor --install checkov`, cdk-nag where node and npm are
(it is installed from npm, by exact versions, into `.cache/cdk-nag`). What was not measured is named.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.scale import AROUND, wards
from cli.checkov_home import command, is_current
from cli.checkov_process import answered
from cli.judgement import read_law
from cli.second_opinion import NAMES
from core.graph import Graph
from policies.guard import Guard
from policies.judge import guards, judge
from policies.terraform import bridged
from policies.terraform_names import names_from
from stacks.capture import capture

ROOT = Path(__file__).resolve().parent.parent
CDK_NAG = ROOT / ".cache" / "cdk-nag"
PAIRS, RUNS = 100, 3
SMALL, MIDDLE, LARGE = 300, 1250, 5000
MOST_SMALL, MOST_LARGE, MOST_GROWN = 0.3, 8, 5
AS_FAST_AS_CHECKOV, AS_FAST_AS_CDK_NAG = 10, 2


@dataclass(frozen=True)
class Row:
    """What was measured, what was promised of it, and whether it holds; None where it could not be measured."""

    what: str
    measured: str
    promised: str
    kept: bool | None


def processor_time(work: Callable[[], object]) -> float:
    """The seconds of processor time that it takes, the quickest of several runs: a busy machine does not count."""
    best = float("inf")
    for _ in range(RUNS):
        gc.collect()
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def process_time(start: Sequence[str]) -> float:
    """The seconds of processor time that a process and its children take, the quickest of several runs."""
    best = float("inf")
    for _ in range(RUNS):
        process = subprocess.Popen(start, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own commands
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in {0, 1}:
            message = f"exit code {process.returncode} of {' '.join(start)}"
            raise SystemExit(message)
        best = min(best, usage.ru_utime + usage.ru_stime)
    return best


def of_size(count: int) -> Graph:
    """A captured program of about so many resources; policy documents, which are no resources of AWS, not counted."""
    one, two = (len(capture(lambda n=n: wards(n), AROUND).resources) for n in (1, 2))
    return capture(lambda: wards(max(1, round((count - one) / (two - one)) + 1)), AROUND)


def alone() -> Iterator[Row]:
    """Every guard over captured programs, nothing else."""
    judge(of_size(50))
    graphs = {size: of_size(size) for size in (SMALL, MIDDLE, LARGE)}
    seconds = {size: processor_time(lambda graph=graph: judge(graph)) for size, graph in graphs.items()}
    for size, most in ((SMALL, MOST_SMALL), (LARGE, MOST_LARGE)):
        yield Row(
            f"{len(guards())} guards, {size} resources", f"{seconds[size]:.2f} s", f"{most} s", seconds[size] <= most
        )
    grown = seconds[LARGE] / seconds[MIDDLE]
    yield Row("four times the resources", f"{grown:.1f} times the time", f"{MOST_GROWN} times", grown <= MOST_GROWN)


def beside_checkov() -> Iterator[Row]:
    """The same 200 resources under our guards and under checkov, its start taken off."""
    what, promised = "guards and checkov, each resource", "10 times as fast"
    if not is_current():
        yield Row(what, "checkov is not installed: strongroom doctor --install checkov", promised, None)
        return
    names = names_from(NAMES.read_text(encoding="utf-8"), NAMES.name)
    graph, least = of_size(200), of_size(1)
    ours = processor_time(lambda: judge(graph)) / len(graph.resources)
    both = {
        len(b.urns): children_time(lambda b=b: answered(command(), b.plan, b.manifests))
        for b in (bridged(graph, names), bridged(least, names))
    }
    (many, much), (few, little) = sorted(both.items(), reverse=True)
    theirs = (much - little) / (many - few)
    said = f"{ours * 1000:.2f} and {theirs * 1000:.2f} ms: {theirs / ours:.0f} times"
    yield Row(what, said, promised, theirs >= AS_FAST_AS_CHECKOV * ours)


def children_time(work: Callable[[], object]) -> float:
    """Processor time of the processes that the work starts and waits for, the quickest of several runs."""
    best = float("inf")
    for _ in range(RUNS):
        begun = os.times()
        work()
        ended = os.times()
        best = min(best, ended.children_user + ended.children_system - begun.children_user - begun.children_system)
    return best


def hipaa() -> tuple[Guard, ...]:
    """The guards that serve a section of the HIPAA pack."""
    law = read_law()
    return tuple(g for g in guards().values() if any(s.startswith("hipaa:") for s in law.served_by(g.id)))


def pairs() -> None:
    """So many keys, each with a bucket that it seals, in the provider's own resources."""
    import pulumi_aws as aws

    for number in range(PAIRS):
        key = aws.kms.Key(f"key-{number}", enable_key_rotation=True)
        bucket = aws.s3.Bucket(f"records-{number}")
        sealed = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=key.arn
        )
        rules = [aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(apply_server_side_encryption_by_default=sealed)]
        aws.s3.BucketServerSideEncryptionConfiguration(f"sealed-{number}", bucket=bucket.id, rules=rules)
        kept = aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled")
        aws.s3.BucketVersioning(f"kept-{number}", bucket=bucket.id, versioning_configuration=kept)
        aws.s3.BucketPublicAccessBlock(
            f"closed-{number}",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )


def judged_pairs() -> None:
    """Capture and judge them, as the process that is measured does."""
    found = judge(capture(pairs, AROUND), hipaa())
    print(json.dumps({"findings": len(found)}))


def cdk_nag() -> str | None:
    """The node that runs cdk-nag, which is installed where it is not yet; None without node and npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    shutil.copytree(ROOT / "benchmarks" / "cdk_nag", CDK_NAG, dirs_exist_ok=True)
    if not (CDK_NAG / "node_modules" / "cdk-nag").exists():
        quiet = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent")
        subprocess.run([npm, "install", *quiet], cwd=CDK_NAG, check=True)  # noqa: S603 - exact versions, no scripts
    return node


def beside_cdk_nag() -> Iterator[Row]:
    """The same pairs captured and judged by ours, synthesised and judged by cdk-nag: a process each."""
    what, promised = f"{PAIRS} pairs of key and bucket, HIPAA", "twice as fast as cdk-nag"
    if (node := cdk_nag()) is None:
        yield Row(what, "node and npm are not here: https://nodejs.org", promised, None)
        return
    ours = process_time([sys.executable, "-m", "benchmarks.guards", "pairs"])
    theirs = process_time([node, str(CDK_NAG / "program.js"), str(PAIRS)])
    yield Row(
        what, f"{ours:.1f} and {theirs:.1f} s: {theirs / ours:.1f} times", promised, theirs >= AS_FAST_AS_CDK_NAG * ours
    )


def main() -> int:
    """Measure, print, and compare with what was promised."""
    if sys.argv[1:] == ["pairs"]:
        judged_pairs()
        return 0
    title = f"guards, seconds of processor time; {os.cpu_count()} cores"
    table, kept = Table("what", "measured", "promised", "kept", title=title), True
    for part in (alone, beside_checkov, beside_cdk_nag):
        for row in part():
            table.add_row(
                row.what, row.measured, row.promised, {True: "yes", False: "NO", None: "not measured"}[row.kept]
            )
            kept = kept and row.kept is not False
    Console().print(table)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
