"""Guards over everything that keeps data, whatever its type: that it is judged, and that it says what it holds."""

from __future__ import annotations

from core.finding import Severity
from core.graph import STACK, Graph
from core.resource import Resource
from core.value import Unknown, at, leaves
from core.verdict import Verdict, all_of, failed, holds, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import dark, is_dark
from policies.parts import SECRET_NAME, is_secret_like
from policies.store_types import APPROVED, UNJUDGED_STORES

MARKS = ("strongroom:owner", "strongroom:project", tokens.DATA_CLASS)
HOLD_DATA = (
    *(*tokens.BUCKET, tokens.TABLE, tokens.FEATURE_GROUP, tokens.VOLUME, tokens.DB_INSTANCE),
    *(tokens.DB_CLUSTER, tokens.QUEUE),
)
MOST_NAMED = 5
AWS = "aws:"
NEVER_TEXT = ("pulumi:", "strongroom:")
"""Components repeat what their resources say; the engine's own types hold no data of ours."""
NATIVE = "aws-native:"
NATIVE_JUDGED = frozenset({tokens.PROCESSING_JOB, *tokens.NATIVE_MONITORS, tokens.EXPERIMENT})
KNOWN = ("aws:", "kubernetes:", "pulumi:", "strongroom:", "random:", "tls:", "time:")
"""Providers whose types these lists speak of, or that keep nothing anywhere."""


@guard(
    "stores.every_store_is_judged",
    on=STACK,
    severity=Severity.CRITICAL,
    fix="Use a type that guards know, or write guards for it and list it in policies/store_types.py.",
)
def every_store_is_judged(_stack: Resource, graph: Graph) -> Verdict:
    """A store of a type no guard knows passes everything, because nothing looks at it."""
    found = sorted({resource.type for resource in graph.resources if resource.type in UNJUDGED_STORES})
    if found:
        return failed(f"no guard looks at stores of type {', '.join(found[:MOST_NAMED])}")
    native = sorted({resource.type for resource in graph.resources if resource.type.startswith(NATIVE)})
    if unread := [token for token in native if token not in NATIVE_JUDGED]:
        return undecided(f"whether {unread[0]} is a store is not known: guards read the types of the aws provider")
    return passed("every store here is of a type that guards look at")


@guard(
    "stores.every_type_is_approved",
    on=STACK,
    severity=Severity.HIGH,
    fix="Use another service, or confirm its eligibility and add it to APPROVED in policies/store_types.py.",
)
def every_type_is_approved(_stack: Resource, graph: Graph) -> Verdict:
    """AWS signs for the protection of health data in the services it lists, and in no others.

    https://aws.amazon.com/compliance/hipaa-eligible-services-reference/
    """
    kinds = {resource.type for resource in graph.resources}
    used = {kind.removeprefix(AWS).partition("/")[0] for kind in kinds if kind.startswith(AWS)}
    if found := sorted(used - APPROVED):
        return failed(f"not among the approved services: {', '.join(found[:MOST_NAMED])}")
    strange = sorted(kind for kind in kinds if not kind.startswith((*KNOWN, NATIVE)))
    if strange:
        return undecided(f"{strange[0]} is of a provider that the list of approved services does not speak of")
    return passed("every service here is approved")


@guard(
    "stores.store_says_what_it_holds",
    on=HOLD_DATA,
    severity=Severity.MEDIUM,
    fix=f"Tag it with {', '.join(MARKS)}; components do.",
)
def store_says_what_it_holds(store: Resource) -> Verdict:
    """How long data may stay, who may see it and for what depends on whose it is; an owner answers for it."""
    tags = store.get("tags")
    if is_dark(tags):
        return dark(f"tags of {store.name}", tags)
    return all_of(holds(at(tags, mark), bool, f"tag {mark} of {store.name}", "set") for mark in MARKS)


@guard(
    "stores.no_secret_is_plain_text",
    on=STACK,
    severity=Severity.CRITICAL,
    fix="Make it a secret of Pulumi (`pulumi config set --secret`, Output.secret), or let AWS make it.",
)
def no_secret_is_plain_text(_stack: Resource, graph: Graph) -> Verdict:
    """A secret that is text stands in the program, in the state, in each preview, and in the mail it was sent by."""
    bad, unsure = [], []
    for resource in graph.resources:
        if resource.type.startswith(NEVER_TEXT):
            continue
        for path, leaf in leaves(resource.inputs):
            named = isinstance(path[-1], str) and SECRET_NAME.search(_snake(path[-1])) is not None if path else False
            if isinstance(leaf, str) and (is_secret_like(leaf) or (named and leaf)):
                bad.append(resource.name)
            elif named and isinstance(leaf, Unknown):
                unsure.append(resource.name)
    if bad:
        return failed(f"text that looks like a secret stands in {', '.join(dict.fromkeys(bad[:MOST_NAMED]))}")
    if unsure:
        return undecided(f"whether a value of {unsure[0]} is kept secret is not known yet")
    return passed("nothing that looks like a secret is plain text")


def _snake(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name)
