"""The layers that a request passes, and what each of them says on its own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from access.acl import Acl, PublicAccessBlock
from access.document import MOST_KEPT, Document, Effect, Named, Policy, Statement
from access.grant import Grant
from access.match import applies, names_caller, names_resource
from access.request import Asked
from access.truth import Truth, all_true, any_true, unsure
from core.value import Unknown


class Layer(StrEnum):
    """The layers, in the order of evaluation and of explanation."""

    RCP = "resource control policies"
    SCP = "service control policies"
    ENDPOINT = "endpoint policy"
    BLOCK = "block public access"
    RESOURCE = "resource policy"
    KEY = "key policy"
    GRANT = "KMS grants"
    TRUST = "trust policy"
    ACL = "access control list"
    IDENTITY = "identity policies"
    BOUNDARY = "permission boundary"
    SESSION = "session policy"
    DEFAULT = "default"


Levels = tuple[tuple[Policy, ...], ...]


@dataclass(frozen=True)
class Layers:
    """Every policy that concerns a request.

    `scps` and `rcps` go level by level, from the root of the organisation to the account. `endpoint` is that of the VPC
    endpoint which carries the call, None for a call that comes otherwise. `resource` is the policy of the resource: its
    bucket, key or trust policy; None where it has none. An Unknown is a policy that is there and cannot be read.
    `management` says that the caller's account is the organisation's management account.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    scps: Levels = ()
    rcps: Levels = ()
    endpoint: Policy | None = None
    at_gateway: bool = False
    resource: Policy | None = None
    grants: tuple[Grant, ...] = ()
    acl: Acl | Unknown | None = None
    acls_enabled: bool | Unknown = False
    block: PublicAccessBlock = field(default_factory=PublicAccessBlock)
    management: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A statement that matched, or may match: of which policy, and to what degree."""

    label: str
    statement: Statement | Unknown
    truth: Truth

    @property
    def name(self) -> str:
        """How an explanation calls it."""
        return self.statement.name if isinstance(self.statement, Statement) else "a statement that is not known"


@dataclass(frozen=True, slots=True)
class Judged:
    """What some policies say together: whether one denies, whether one allows, and through which statements."""

    denies: Truth
    allows: Truth
    denying: tuple[Clause, ...] = ()
    allowing: tuple[Clause, ...] = ()


MANY = 2
SILENT = Judged(denies=False, allows=False)


def judge(policies: Iterable[Policy], question: Asked) -> Judged:
    """The union of the documents: one Allow suffices, one Deny ends the matter (S01, S02, S07)."""
    denying: list[Clause] = []
    allowing: list[Clause] = []
    for policy in policies:
        if isinstance(policy, Unknown):
            clause = Clause(policy.source, policy, unsure(f"a policy cannot be read ({policy.source})"))
            denying.append(clause)
            allowing.append(clause)
            continue
        for statement in bearing(policy, question):
            truth = _truth(statement, policy, question)
            if truth is not False:
                _sort(Clause(policy.label, statement, truth), denying, allowing)
    return judged(denying, allowing)


def bearing(policy: Document, question: Asked) -> tuple[Statement | Unknown, ...]:
    """The statements that may concern action and resource, kept where a key of the request has no part in it."""
    key = question.topic
    if key is None:
        return policy.about(question.request.verb)
    found = policy.kept.get(key)
    if found is None:
        found = tuple(one for one in policy.about(question.request.verb) if _may_bear(one, policy, question))
        if len(policy.kept) < MOST_KEPT:
            policy.kept[key] = found
    return found


def _may_bear(statement: Statement | Unknown, policy: Document, question: Asked) -> bool:
    if isinstance(statement, Unknown) or statement.has_variables:
        return True
    return names_resource(statement, policy.kind, question) is not False


def judged(denying: Sequence[Clause], allowing: Sequence[Clause]) -> Judged:
    """The judgement that these clauses make together."""
    return Judged(_any_of(denying), _any_of(allowing), tuple(denying), tuple(allowing))


def _any_of(clauses: Sequence[Clause]) -> Truth:
    if len(clauses) < MANY:
        return clauses[0].truth if clauses else False
    return any_true([clause.truth for clause in clauses])


def _truth(statement: Statement | Unknown, policy: Document, question: Asked) -> Truth:
    if isinstance(statement, Unknown):
        return unsure(f"a statement of {policy.label} is not known ({statement.source})")
    fits = applies(statement, policy.kind, question)
    if fits is False or statement.principals is None:
        return fits
    return all_true((fits, any_true(truth for _, truth in names_caller(statement, policy.kind, question))))


def _sort(clause: Clause, denying: list[Clause], allowing: list[Clause]) -> None:
    """To those that deny or those that allow; one of unknown effect may do either."""
    effect = clause.statement.effect if isinstance(clause.statement, Statement) else clause.statement
    if isinstance(effect, Unknown):
        doubt = Clause(clause.label, clause.statement, unsure(f"an effect is not known ({effect.source})"))
        denying.append(doubt)
        allowing.append(doubt)
    elif effect is Effect.DENY:
        denying.append(clause)
    else:
        allowing.append(clause)


def grants_by_name(policy: Policy | None, question: Asked) -> dict[Named, list[Clause]]:
    """The Allow clauses of a resource policy, by how they name the caller."""
    found: dict[Named, list[Clause]] = {}
    if isinstance(policy, Unknown):
        doubt = unsure(f"the policy of the resource cannot be read ({policy.source})")
        return {Named.ANYONE_BY_ARN: [Clause(policy.source, policy, doubt)]}
    for statement in bearing(policy, question) if policy else ():
        if isinstance(statement, Unknown):
            clause = Clause(policy.label, statement, _truth(statement, policy, question)) if policy else None
            found.setdefault(Named.ANYONE_BY_ARN, []).extend([clause] if clause else [])
        elif policy and statement.effect is not Effect.DENY:
            _add(found, statement, policy, question)
    return found


def _add(found: dict[Named, list[Clause]], statement: Statement, policy: Document, question: Asked) -> None:
    fits = applies(statement, policy.kind, question)
    if fits is False:
        return
    if isinstance(statement.effect, Unknown):
        fits = all_true((fits, unsure(f"an effect is not known ({statement.effect.source})")))
    for named, truth in names_caller(statement, policy.kind, question):
        found.setdefault(named, []).append(Clause(policy.label, statement, all_true((fits, truth))))
