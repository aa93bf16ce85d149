"""Guards over load balancers and the web ACLs before them."""

from __future__ import annotations

import re

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Path
from core.verdict import (
    State,
    Verdict,
    all_of,
    any_of,
    equals,
    failed,
    holds,
    is_true,
    not_applicable,
    passed,
    undecided,
)
from policies import tokens
from policies.guard import guard
from policies.links import Kind, each_companion, unless
from policies.parts import each_part, is_given
from policies.tier import is_trial

LISTENERS = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
JOINED = Kind(tokens.WEB_ACL_JOINED, "resourceArn", "web ACL")
CURRENT = re.compile(r"ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)\b.*")
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""
SEALED, PLAIN = ("HTTPS", "TLS"), "HTTP"
INSIDE = not_applicable("it is internal: nobody outside reaches it")
NO_HEADERS = passed("it passes no headers on, as it reads none")


@guard(
    "elb.listener_speaks_current_tls",
    on=LISTENERS,
    severity=Severity.HIGH,
    fix="Set protocol HTTPS or TLS, a certificateArn and an sslPolicy of TLS 1.2 or newer; redirect plain HTTP.",
)
def listener_speaks_current_tls(listener: Resource, graph: Graph) -> Verdict:
    """A listener in the clear may do one thing only: send people to the one that is not."""
    redirects = each_part(
        listener,
        lambda place: _redirects(listener, place),
        "defaultActions",
        none=failed(f"{listener.name} has no action"),
    )
    plain = all_of([equals(listener, PLAIN, "protocol"), redirects])
    policy = listener.get("sslPolicy")
    sealed = all_of(
        [
            holds(listener.get("protocol"), lambda said: said in SEALED, f"protocol of {listener.name}", "sealed"),
            holds(policy, lambda said: bool(CURRENT.fullmatch(said or "")), f"sslPolicy of {listener.name}", "current"),
            is_given(graph, listener, "certificateArn"),
        ]
    )
    best = any_of([sealed, plain])
    return failed(sealed.reason) if best.state is State.FAIL else best


def _redirects(listener: Resource, place: Path) -> Verdict:
    return all_of(
        [
            equals(listener, "redirect", *place, "type"),
            equals(listener, "HTTPS", *place, "redirect", "protocol"),
        ]
    )


@guard(
    "elb.balancer_is_hardened",
    on=tokens.BALANCER,
    severity=Severity.MEDIUM,
    fix="Set dropInvalidHeaderFields, accessLogs.enabled with a bucket, and enableDeletionProtection.",
)
def balancer_is_hardened(balancer: Resource, graph: Graph) -> Verdict:
    """Headers that two servers read differently smuggle requests; a log says who came; protection keeps the door."""
    kind = balancer.get("loadBalancerType")
    reads = holds(kind, lambda said: said in {None, "application"}, f"loadBalancerType of {balancer.name}", "of HTTP")
    headers = is_true(balancer, "dropInvalidHeaderFields")
    kept = is_true(balancer, "enableDeletionProtection")
    if is_trial(graph, balancer):
        kept = passed(f"{balancer.name} belongs to a trial environment")
    return all_of(
        [
            unless({State.FAIL: True, State.UNKNOWN: None}.get(reads.state, False), headers, NO_HEADERS),
            is_true(balancer, "accessLogs", "enabled"),
            is_given(graph, balancer, "accessLogs", "bucket"),
            kept,
        ]
    )


@guard(
    "elb.balancer_stands_behind_a_web_acl",
    on=tokens.BALANCER,
    severity=Severity.MEDIUM,
    fix="Declare a WebAclAssociation for it, or make it internal.",
)
def balancer_stands_behind_a_web_acl(balancer: Resource, graph: Graph) -> Verdict:
    """What is public is tried by machines all day; a web ACL takes those off."""
    inside = balancer.get("internal")
    if inside is True:
        return INSIDE
    found = each_companion(graph, balancer, JOINED, lambda one: is_given(graph, one, "webAclArn"))
    if inside in {None, False}:
        return found
    return any_of([found, undecided(f"internal of {balancer.name} is not known yet")])
