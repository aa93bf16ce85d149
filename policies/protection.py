"""Guards over what is gone for good when it is destroyed."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, failed, not_applicable, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.tier import ENVIRONMENT, is_trial

HOLD_DATA = (
    *(*tokens.BUCKET, tokens.KEY, tokens.KEY_COPY, tokens.TRAIL, tokens.VAULT, tokens.FEATURE_GROUP),
    *("aws:dynamodb/table:Table", "aws:secretsmanager/secret:Secret"),
)
"""What holds data, opens it, or records who touched it; `components.environment` protects the same types."""
UNSAID = "it stands in no environment, so nobody says whether it is meant to last"
TRIAL = "it stands in a trial environment, which is meant to be taken down"


@guard(
    "protection.store_refuses_to_be_destroyed",
    on=HOLD_DATA,
    severity=Severity.MEDIUM,
    fix="Leave `deletion_protection` true, or set the resource option `protect`: to destroy is then two steps.",
)
def store_refuses_to_be_destroyed(store: Resource, graph: Graph) -> Verdict:
    """A typo in a name, or a stack chosen by mistake, destroys a store as readily as a decision does."""
    if store.protect:
        return passed(f"{store.name} is protected by the engine")
    if not any(above.type == ENVIRONMENT for above in graph.ancestors(store)):
        return not_applicable(UNSAID)
    trial = is_trial(graph, store)
    if trial:
        return not_applicable(TRIAL)
    if trial is None:
        return undecided(f"{store.name} is not protected, and whether it stands in a trial is not known yet")
    return failed(f"{store.name} is not protected by the engine")
