"""Guards over who holds what for how long, which roles are handed on, and what somebody could give themselves."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.issuers import SHARED_HOSTS
from core.resource import Resource
from core.verdict import State, Verdict, all_of, any_of, equals, failed, holds, not_applicable, passed, undecided
from policies import tokens
from policies.escalations import ESCALATIONS, PASS
from policies.guard import guard
from policies.iam import TRUST
from policies.links import companions, is_dark, listed, unless
from policies.statement import EQUAL, Statement, allowing_only, every_statement, read_policy

HOUR = 3600
POLICIES = (tokens.POLICY, *tokens.INLINE_POLICIES)
ONLY_A_LIMIT = not_applicable("it is a permission boundary, which limits and grants nothing")
AT_LARGE = re.compile(
    r"\*|arn:[^:]*:[a-z0-9-]*:[^:]*:[^:]*:(\*|(role|user|group|policy|key|function|repository)[:/]\*)"
)
"""Resources that are everything, or everything of a kind."""
OPENS = ("kms:Decrypt", "kms:ReEncryptFrom")
NARROWING = ("kms:ViaService", "kms:EncryptionContext*", "aws:ResourceTag/*", "kms:ResourceAliases")
"""Conditions by which a statement over all keys is about few of them, or of use through one door only."""


def is_limit(policy: Resource, graph: Graph) -> bool:
    """Whether the policy bounds roles and is attached to nothing."""
    bounds = companions(graph, policy, (tokens.ROLE,), "permissionsBoundary")
    return bool(bounds) and not companions(graph, policy, tokens.ATTACHMENTS, "policyArn")


def has_no_wildcard(said: Any) -> bool:
    """Whether the text stands for itself alone."""
    return not {"*", "?"} & set(said)


def serves_everybody(arn: str) -> bool:
    """Whether anybody at all can get a token of this provider, or every job of a cluster."""
    host = arn.partition(":oidc-provider/")[2].partition("/")[0]
    return host in SHARED_HOSTS or host.startswith("oidc.eks.")


def named_resources(statement: Statement) -> Verdict:
    """None of the statement's resources is everything, or everything of a kind."""
    if statement.get("NotResource") is not None:
        return failed(f"{statement.place} is for all but a few (NotResource)")
    what = f"Resource of {statement.place}"
    return all_of(
        [
            holds(item, lambda said: not AT_LARGE.fullmatch(said), what, "named")
            for item in listed(statement.get("Resource"))
        ]
        or [failed(f"{what} is not set")]
    )


def grants(statement: Statement, action: str) -> Verdict:
    """The statement's actions take this one in; those it is about by exception do, unless they name it."""
    if statement.get("NotAction") is None:
        return statement.includes("Action", action)
    named = statement.includes("NotAction", action)
    if named.state is State.PASS:
        return failed(f"{statement.place} leaves {action} out")
    return named if named.state is State.UNKNOWN else passed(f"{statement.place} is for all but a few")


@guard(
    "iam.pass_role_is_pinned",
    on=POLICIES,
    severity=Severity.HIGH,
    fix="Name the role, and the service in iam:PassedToService; `role.grant_pass(other, service)` writes both.",
)
def pass_role_is_pinned(policy: Resource, graph: Graph) -> Verdict:
    """Who may hand any role to any service may do what the richest role may: they let a machine of theirs take it."""
    if is_limit(policy, graph):
        return ONLY_A_LIMIT

    def pinned(statement: Statement) -> Verdict:
        passes = grants(statement, "iam:PassRole")
        if passes.state is State.FAIL:
            return passed(f"{statement.place} passes no role")
        service = statement.demands("iam:PassedToService", EQUAL, has_no_wildcard, "a service named in full")
        right = all_of([service, named_resources(statement)])
        return right if passes.state is State.PASS else any_of([undecided(passes.reason), right])

    return every_statement(graph, policy, allowing_only(pinned))


@guard(
    "iam.nobody_holds_lasting_credentials",
    on=(tokens.USER, tokens.LOGIN_PROFILE, *tokens.LASTING_CREDENTIALS),
    severity=Severity.CRITICAL,
    fix="Let people in through an identity provider, programs through roles; set status to Inactive until it is gone.",
)
def nobody_holds_lasting_credentials(held: Resource) -> Verdict:
    """A key that does not expire is copied, mailed and forgotten; a session is over before it is worth stealing."""
    if held.type in {tokens.USER, tokens.LOGIN_PROFILE}:
        return failed(f"{held.name} lasts until somebody thinks of it")
    return equals(held, "Inactive", "status")


@guard(
    "iam.shared_issuer_names_its_subjects",
    on=tokens.ROLE,
    severity=Severity.CRITICAL,
    fix="Demand <issuer>:sub with StringEquals, in full; the GithubRole component writes it.",
)
def shared_issuer_names_its_subjects(role: Resource, graph: Graph) -> Verdict:
    """GitHub, GitLab and the like give everybody a token for the same audience: only the subject tells them apart."""

    def subject(statement: Statement) -> Verdict:
        providers = [taker for kind, taker in statement.principals() if kind in {"Federated", ""}]
        if not providers:
            return not_applicable(f"{statement.place} is not about an identity provider")
        what = f"Principal of {statement.place}"
        own = [holds(one, lambda said: not serves_everybody(said), what, "an issuer of our own") for one in providers]
        return any_of([all_of(own), statement.demands("*:sub", EQUAL, has_no_wildcard, "a subject named in full")])

    verdict = every_statement(graph, role, allowing_only(subject), TRUST)
    return (
        not_applicable("no identity provider's users take this role")
        if verdict.state is State.NOT_APPLICABLE
        else verdict
    )


@guard(
    "iam.pipeline_session_is_an_hour",
    on=tokens.ROLE,
    severity=Severity.MEDIUM,
    fix="Leave maxSessionDuration out, or set it to 3600.",
)
def pipeline_session_is_an_hour(role: Resource, graph: Graph) -> Verdict:
    """A token of a finished job still works until its session ends, and logs of pipelines are read by many."""
    seconds, what = role.get("maxSessionDuration"), f"maxSessionDuration of {role.name}"
    short = holds(seconds, lambda said: said is None or said <= HOUR, what, f"at most {HOUR} seconds")
    return unless(_takes_no_pipeline(role, graph), short, not_applicable("no pipeline takes this role"))


def _takes_no_pipeline(role: Resource, graph: Graph) -> bool | None:
    """Whether no issuer that serves everybody is let in; None when that cannot be told."""
    found = read_policy(graph, role, TRUST)
    if isinstance(found, Verdict):
        return None
    takers = [taker for statement in found for _, taker in statement.principals()]
    if any(isinstance(taker, str) and serves_everybody(taker) for taker in takers):
        return False
    unread = any(is_dark(taker) for taker in takers) or any(is_dark(statement.body) for statement in found)
    return None if unread else True


@guard(
    "iam.provider_names_its_audiences",
    on=tokens.OIDC_PROVIDER,
    severity=Severity.MEDIUM,
    fix="Name the audiences in clientIdLists; for GitHub it is sts.amazonaws.com.",
)
def provider_names_its_audiences(provider: Resource) -> Verdict:
    """Without an audience AWS takes the tokens that an issuer made for anybody."""
    named, what = provider.get("clientIdLists"), f"clientIdLists of {provider.name}"
    said = [holds(item, lambda text: text and has_no_wildcard(text), what, "named") for item in listed(named)]
    return all_of(said) if said else failed(f"{what} is empty")


@guard(
    "iam.policy_allows_no_escalation",
    on=POLICIES,
    severity=Severity.CRITICAL,
    fix="Pin the statement to named roles and policies, or demand iam:PermissionsBoundary; grants on components do.",
)
def policy_allows_no_escalation(policy: Resource, graph: Graph) -> Verdict:
    """Some rights are all rights: who may change policies at large, or start work under any role, needs no others."""
    if is_limit(policy, graph):
        return ONLY_A_LIMIT
    found = read_policy(graph, policy)
    if isinstance(found, Verdict):
        return found
    held = [_at_large(statement) for statement in found]
    unsure = ""
    for name, needed in ESCALATIONS.items():
        ways = [[rights[action] for rights in held if action in rights] for action in sorted(needed)]
        has = all_of(any_of(each) for each in ways) if all(ways) else failed("nothing allows it")
        if has.state is State.PASS:
            return failed(f"policy of {policy.name} is enough for an escalation by {name}")
        unsure = unsure or (has.reason if has.state is State.UNKNOWN else "")
    return undecided(unsure) if unsure else passed(f"policy of {policy.name} is enough for no known escalation")


def _at_large(statement: Statement) -> dict[str, Verdict]:
    """Of the actions that escalations need those that the statement allows, or may, on everything of their kind.

    It must demand no boundary or tag of what it changes. What starts work under a role is asked for on any resource:
    which role it is decides.
    """
    named = [action for action in _NEEDED if may_name(statement, action)]
    if not named:
        return {}
    marks = ("iam:PermissionsBoundary", "aws:ResourceTag/*", "iam:ResourceTag/*")
    bounded = any_of(statement.demands(mark, EQUAL, has_no_wildcard, "one named in full") for mark in marks)
    allows = all_of([statement.has_effect("Allow"), _turned(bounded)])
    wide = all_of([allows, _turned(named_resources(statement))])
    return {
        action: all_of([grants(statement, action), wide if action in _DECIDED_BY_RESOURCE else allows])
        for action in named
    }


def may_name(statement: Statement, action: str) -> bool:
    """Whether the statement's actions could take this one in; a quick look, for most are about something else.

    IAM compares actions without regard to case.
    """
    said = listed(statement.get("Action"))
    if statement.get("NotAction") is not None or any(not isinstance(item, str) for item in said):
        return True
    wanted = action.lower()
    return any(fnmatchcase(wanted, item.lower()) for item in said)


def _turned(verdict: Verdict) -> Verdict:
    """The opposite; what cannot be told stays so."""
    if verdict.state is State.PASS:
        return failed(verdict.reason)
    return passed(verdict.reason) if verdict.state is State.FAIL else verdict


_NEEDED = sorted(frozenset().union(*ESCALATIONS.values()))
_DECIDED_BY_RESOURCE = frozenset().union(*(need for need in ESCALATIONS.values() if len(need) == 1), {PASS})


@guard(
    "iam.policy_opens_named_keys_only",
    on=POLICIES,
    severity=Severity.HIGH,
    fix="Name the key; `key.grant_decrypt(role)` does, and says through which services.",
)
def policy_opens_named_keys_only(policy: Resource, graph: Graph) -> Verdict:
    """Who may decrypt under every key may read all data there is, whatever else keeps them from it."""
    if is_limit(policy, graph):
        return ONLY_A_LIMIT

    def narrow(statement: Statement) -> Verdict:
        opens = any_of(grants(statement, action) for action in OPENS)
        if opens.state is State.FAIL:
            return passed(f"{statement.place} opens nothing")
        doors = [statement.demands(key, EQUAL, has_no_wildcard, "named") for key in NARROWING]
        right = any_of([named_resources(statement), *doors])
        return right if opens.state is State.PASS else any_of([undecided(opens.reason), right])

    return every_statement(graph, policy, allowing_only(narrow))
