"""Guards over secrets: their key, their rotation, who comes near, and how soon they are gone."""

from __future__ import annotations

import re
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import at
from core.verdict import Verdict, all_of, holds, not_applicable, undecided
from policies import tokens
from policies.guard import guard
from policies.links import Kind, dark, each_companion, is_dark, is_not_off, listed, uses_own_key
from policies.statement import TRUTH, Statement, allowing_only, every_statement, some_statement
from policies.whereabouts import residency_of

POLICY = Kind(tokens.SECRET_POLICY, "secretArn", "policy", "policy")
ROTATION = Kind(tokens.SECRET_ROTATION, "secretId", "rotation")
LONGEST_ROTATION = 90
"""Days: https://docs.aws.amazon.com/config/latest/developerguide/secretsmanager-secret-periodic-rotation.html"""
RATE = re.compile(r"rate\((?P<count>[1-9]\d{0,4}) (?P<unit>day|hour)s?\)")
"""https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html"""
SHORTEST_WINDOW = 7
"""Days: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html"""


@guard(
    "secretsmanager.secret_is_encrypted_with_own_key",
    on=tokens.SECRET,
    severity=Severity.HIGH,
    fix="Pass a Key component to the Secret as `key`.",
)
def secret_is_encrypted_with_own_key(secret: Resource, graph: Graph) -> Verdict:
    """Under AWS's own key everybody in the account who may get the secret can open it."""
    return uses_own_key(graph, secret, "kmsKeyId")


@guard(
    "secretsmanager.secret_is_rotated",
    on=tokens.SECRET,
    severity=Severity.MEDIUM,
    fix="Give the Secret a `rotation`: a function's ARN, and 90 days at most.",
)
def secret_is_rotated(secret: Resource, graph: Graph) -> Verdict:
    """A value that leaked unnoticed must not open doors for years."""

    def often(rotation: Resource) -> Verdict:
        days, what = rotation.get("rotationRules", "automaticallyAfterDays"), f"rotationRules of {rotation.name}"
        plan = rotation.get("rotationRules", "scheduleExpression")
        in_days = holds(
            days, lambda said: 1 <= said <= LONGEST_ROTATION, what, f"every {LONGEST_ROTATION} days or more often"
        )
        if days is None and plan is not None:
            in_days = _by_plan(plan, what)
        return all_of([in_days, is_not_off(rotation, "rotationEnabled")])

    return each_companion(graph, secret, ROTATION, often)


def _by_plan(plan: Any, what: str) -> Verdict:
    """A rate of hours or days is read; when a cron expression comes round again is not."""
    rate = RATE.fullmatch(plan) if isinstance(plan, str) else None
    if rate is None:
        return undecided(f"{what} is an expression that is not read here")
    days = int(rate["count"]) * (1 if rate["unit"] == "day" else 1 / 24)
    return holds(days, lambda said: said <= LONGEST_ROTATION, what, f"every {LONGEST_ROTATION} days or more often")


@guard(
    "secretsmanager.secret_refuses_plain_http",
    on=tokens.SECRET,
    severity=Severity.MEDIUM,
    fix="Deny secretsmanager:* to everyone when aws:SecureTransport is false; every Secret component does.",
)
def secret_refuses_plain_http(secret: Resource, graph: Graph) -> Verdict:
    """A secret that crosses a network in the clear is none any more."""

    def refuses(statement: Statement) -> Verdict:
        return all_of(
            [
                *_denies_everyone(statement),
                statement.demands("aws:SecureTransport", TRUTH, lambda said: str(said).lower() == "false", "false"),
                statement.tests_only("aws:SecureTransport"),
            ]
        )

    def tls_only(policy: Resource) -> Verdict:
        return some_statement(graph, policy, refuses, "does not deny everyone access without TLS")

    return each_companion(graph, secret, POLICY, tls_only)


def _denies_everyone(statement: Statement) -> list[Verdict]:
    return [
        statement.has_effect("Deny"),
        statement.is_for_everyone(),
        statement.includes("Action", "secretsmanager:GetSecretValue"),
        statement.includes("Resource", "*"),
    ]


UNEQUAL = frozenset({"stringnotequals"})


@guard(
    "secretsmanager.secret_is_for_its_account_only",
    on=tokens.SECRET,
    severity=Severity.CRITICAL,
    fix="Deny secretsmanager:* to everyone whose aws:PrincipalAccount is another; every Secret component does.",
)
def secret_is_for_its_account_only(secret: Resource, graph: Graph) -> Verdict:
    """Whatever a policy lets in one day by mistake, nobody of another account gets at the value."""

    def shuts(statement: Statement) -> Verdict:
        own = statement.demands(
            "aws:PrincipalAccount", UNEQUAL, lambda said: "*" not in said, "the number of one account"
        )
        return all_of([*_denies_everyone(statement), own, statement.tests_only("aws:PrincipalAccount")])

    def closed(policy: Resource) -> Verdict:
        return all_of(
            [
                every_statement(graph, policy, allowing_only(Statement.names_whom_it_allows)),
                some_statement(graph, policy, shuts, "does not deny everyone of another account access"),
            ]
        )

    return each_companion(graph, secret, POLICY, closed)


@guard(
    "secretsmanager.secret_deletion_waits",
    on=tokens.SECRET,
    severity=Severity.MEDIUM,
    fix="Leave recoveryWindowInDays at 30, its default, or set 7 or more.",
)
def secret_deletion_waits(secret: Resource) -> Verdict:
    """A secret that is deleted at once is gone for good, with all that it opened."""
    days, what = secret.get("recoveryWindowInDays"), f"recoveryWindowInDays of {secret.name}"
    return holds(days, lambda said: said is None or said >= SHORTEST_WINDOW, what, f"{SHORTEST_WINDOW} or more")


@guard(
    "secretsmanager.secret_stays_in_residency",
    on=tokens.SECRET,
    severity=Severity.CRITICAL,
    fix="Name only Regions of the residency set in `replicas`.",
)
def secret_stays_in_residency(secret: Resource, graph: Graph) -> Verdict:
    """A replica can be opened in its Region, by whoever has power there."""
    copies, what = secret.get("replicas"), f"replicas of {secret.name}"
    if copies is None or copies == ():
        return not_applicable("it has no replica")
    if is_dark(copies):
        return dark(what, copies)
    homes = residency_of(graph, secret)
    if isinstance(homes, Verdict):
        return homes
    return all_of(
        holds(
            at(copy, "region"),
            lambda said: said in homes,
            f"region of replicas[{n}] of {secret.name}",
            "in the residency set",
        )
        for n, copy in enumerate(listed(copies))
    )
