"""Statements held against a Graph, in two processes where the machine has room for them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

from cli.access_source import AccessSource, metadata, program_graph
from cli.statements import StatementTexts, statement_texts
from cli.terminal import step
from core.graph import Graph
from core.proof import Proof
from evidence.bundle import Bundle

if TYPE_CHECKING:
    from access.aims import Scene
    from access.prove import Prover
    from access.verdicts import Tribunal
    from core.settings import Settings

SHARES = 2
"""As many as the machine that the promised times are for has cores."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a Graph stands: its account and Region, its organisation, and the accounts that count as inside.

    `told` are facts that statements speak of and no Graph tells.
    """

    account: str
    region: str
    organization: str = ""
    inside: tuple[str, ...] = ()
    told: tuple[tuple[str, tuple[str, ...]], ...] = ()


def ground_of(settings: Settings) -> Ground:
    """The ground of an environment. Inside are the accounts that its settings name."""
    from core.principals import principal_of

    people = {principal_of(arn).account for one in settings.personas.values() for arn in one.principals}
    github = settings.github
    told = {
        "owner": (str(github.owner_id),),
        "repository": (str(github.repository_id),),
        "environments": tuple(github.environments),
        "workflow": (github.workflow,) if github.workflow else (),
    }
    return Ground(
        settings.account,
        settings.region,
        settings.organisation,
        tuple(sorted(people)),
        tuple(told.items()) if github.is_used else (),
    )


def ground_of_file(source: AccessSource) -> Ground:
    """The ground of a file, in which no other account counts as inside."""
    return Ground(source.account, source.region)


def proofs(graph: Graph, ground: Ground, texts: StatementTexts, *, shares: int | None = None) -> tuple[Proof, ...]:
    """How every statement stands, in the order of their files.

    Raises BadInput for what is wrong with a statement, before any is judged.
    """
    held = metadata()
    count = len(texts.parsed(held))
    shares = min(shares or SHARES, os.cpu_count() or 1, count)
    if shares == 1:
        return _judged(graph, ground, texts, slice(None))
    from core.graph_json import to_json

    text = to_json(graph)
    with ProcessPoolExecutor(shares - 1, mp_context=get_context("spawn")) as others:
        parts = [others.submit(_judged_elsewhere, text, ground, texts, one, shares) for one in range(1, shares)]
        mine = _judged(graph, ground, texts, slice(0, None, shares))
        found = [mine, *(part.result() for part in parts)]
    return tuple(found[number % shares][number // shares] for number in range(count))


def _judged_elsewhere(graph: str, ground: Ground, texts: StatementTexts, first: int, shares: int) -> tuple[Proof, ...]:
    """A share of the work, in a process of its own: a Graph travels as text."""
    from core.graph_json import from_json

    return _judged(from_json(graph), ground, texts, slice(first, None, shares))


def _judged(graph: Graph, ground: Ground, texts: StatementTexts, which: slice) -> tuple[Proof, ...]:
    held = metadata()
    judge = tribunal(graph, ground)
    return tuple(judge.judge(one).proof for one in texts.parsed(held)[which])


def scene_of(graph: Graph, ground: Ground) -> Scene:
    """What is asked about access is asked here: the Graph on its ground, under the organisation that it declares."""
    from access.aims import Scene
    from access.graph_organisation import organisation_of
    from access.world import World

    above = organisation_of(graph, ground.account)
    inside = frozenset(ground.inside)
    world = World(graph, ground.account, ground.region, ground.organization, inside, above.scps, above.rcps)
    return Scene(world, metadata(), dict(ground.told))


def tribunal(graph: Graph, ground: Ground) -> Tribunal:
    """Who judges statements over this Graph, with both solvers."""
    from access.prove import Prover
    from access.reference import reference_from

    return judge_over(scene_of(graph, ground), Prover(reference_from(metadata())))


def judge_over(scene: Scene, prover: Prover) -> Tribunal:
    """The same over a scene that has been asked other things already: what was found is found once."""
    from access.actors import cast_of
    from access.expansion import Expansion
    from access.verdicts import Tribunal

    return Tribunal(Expansion(scene, cast_of(scene.world, scene.partition)), prover)


def failed(found: Sequence[Proof]) -> bool:
    """Whether something must not stay as it is."""
    return any(proof.standing.is_failure for proof in found)


def with_proofs(bundle: Bundle, settings: Settings) -> Bundle:
    """The bundle with how the project's statements about access stand in the program of these settings."""
    with step("proving what is stated about access"):
        found = proofs(program_graph(settings), ground_of(settings), statement_texts())
    return replace(bundle, proofs=found)
