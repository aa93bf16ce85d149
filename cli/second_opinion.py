"""A bundle with checkov's opinion beside our own findings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cli.checkov_home import HOME, INSTALL, command, locked_version
from cli.checkov_process import answered
from cli.judgement import POLICIES, shown, text_of
from cli.terminal import step
from core.errors import BadInput
from core.graph import Graph
from evidence.bundle import Bundle, Rule

if TYPE_CHECKING:
    from policies.terraform import Bridge

SUBJECTS = POLICIES / "checkov.toml"
NAMES = POLICIES / "data" / "terraform.json"


def with_second_opinion(bundle: Bundle, graph: Graph) -> Bundle:
    """The bundle with checkov's answers; what it objects to and nobody has explained becomes a finding.

    Raises BadInput when checkov is not installed, does not answer, or says what cannot be read.
    """
    from policies.judge import guards
    from policies.second_opinion import answers_from, objections, opinion, subjects_from, version_of
    from policies.terraform import bridged
    from policies.terraform_names import names_from

    start = command(HOME)
    subjects = subjects_from(text_of(SUBJECTS), shown(SUBJECTS), guards())
    bridge = bridged(graph, names_from(text_of(NAMES), shown(NAMES)))
    with step("asking checkov"):
        text = _asked(start, bridge)
    version = version_of(text) or locked_version()
    if version != locked_version():
        msg = f"checkov {version} answered, {locked_version()} was expected; install it anew with: {INSTALL}"
        raise BadInput(msg)
    said = opinion(bundle.findings, answers_from(text, bridge.urns), subjects, bridge, version)
    objected = objections(said, {resource.urn: resource.location for resource in graph.resources})
    titles = {finding.guard: finding for finding in objected}
    rules = tuple(Rule(f.guard, "", f.severity, f.fix) for f in titles.values())
    return replace(bundle, findings=(*bundle.findings, *objected), rules=(*bundle.rules, *rules), opinion=said)


def _asked(start: list[str], bridge: Bridge) -> str:
    if bridge.plan is None and not bridge.manifests:
        msg = (
            "nothing in this program has a name in Terraform or is a Kubernetes manifest: checkov has nothing to judge"
        )
        raise BadInput(msg)
    return answered(start, bridge.plan, bridge.manifests)
