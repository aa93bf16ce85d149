"""Guards over keys: who may use them, and whether they last."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import State, Verdict, all_of, any_of, holds, is_true, not_applicable, undecided
from policies import tokens
from policies.guard import guard
from policies.links import companions, dark, is_dark, is_not_off, is_not_on, strays
from policies.statement import EQUAL, Statement, allowing_only, every_statement
from policies.tier import is_trial

ROTATING = "SYMMETRIC_DEFAULT"
"""The only kind of key KMS rotates by itself: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"""
EXEMPTING = ("customerMasterKeySpec", "customKeyStoreId")
"""What may say that a key is of another kind, or kept in a store outside of KMS:
https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"""
LONGEST_WINDOW, SHORTEST_WINDOW = 30, 7
"""Days: https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html"""
USE = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:CreateGrant")
"""Actions that turn ciphertext into data or pass that power on."""
WHOLE_ACCOUNT = re.compile(r"\*|\d{12}|arn:[\w-]+:iam::[\d*]*:root")


@guard(
    "kms.key_rotates",
    on=tokens.KEY,
    severity=Severity.HIGH,
    fix="Set enableKeyRotation; every key made by the Key component rotates.",
)
def key_rotates(key: Resource) -> Verdict:
    """A key that leaked once, unnoticed, must not open what is written in later years."""
    kind, store = key.get("customerMasterKeySpec"), key.get("customKeyStoreId")
    rotates = is_true(key, "enableKeyRotation")
    if isinstance(store, str):
        return not_applicable("KMS does not rotate keys in a key store of the customer's own: replace them by hand")
    doubts = [dark(f"{name} of {key.name}", key.get(name)) for name in EXEMPTING if is_dark(key.get(name))]
    if kind in {None, ROTATING} or is_dark(kind):
        return any_of([rotates, *doubts])
    return not_applicable("KMS does not rotate keys of this kind by itself")


@guard(
    "kms.key_policy_names_its_users",
    on=tokens.KEY_AND_COPY,
    severity=Severity.CRITICAL,
    fix="Give the key a policy whose every Allow names its principals; the Key component writes one.",
)
def key_policy_names_its_users(key: Resource, graph: Graph) -> Verdict:
    """A key anybody may use protects nothing, and a key without a policy of its own trusts the whole account."""
    return of_policy(graph, key, Statement.names_whom_it_allows)


@guard(
    "kms.key_is_used_through_services_only",
    on=tokens.KEY_AND_COPY,
    severity=Severity.HIGH,
    fix="Where a key policy lets the account use the key, demand kms:ViaService; administration needs no use.",
)
def key_is_used_through_services_only(key: Resource, graph: Graph) -> Verdict:
    """Who writes IAM policies must not thereby decrypt: the account may use a key by way of a service at most."""

    def narrow(statement: Statement) -> Verdict:
        what = f"Principal of {statement.place}"
        wide = [
            holds(item, lambda said: not WHOLE_ACCOUNT.fullmatch(said), what, "narrower than an account")
            for _, item in statement.principals()
        ]
        worst = next((verdict for verdict in wide if verdict.state is State.FAIL), None)
        return any_of(
            [
                worst or all_of(wide, "no principal"),
                statement.avoids("Action", USE),
                statement.demands("kms:ViaService", EQUAL, lambda said: "*" not in said, "the name of a service"),
            ]
        )

    return of_policy(graph, key, narrow)


def of_policy(graph: Graph, key: Resource, rule: Callable[[Statement], Verdict]) -> Verdict:
    """The rule for each Allow of the key's policy, wherever it is declared; a key without one fails."""
    separate = companions(graph, key, tokens.KEY_POLICY, "keyId")
    holder = separate[0] if separate else key
    if holder is key and key.get("policy") is None and strays(graph, tokens.KEY_POLICY, "keyId"):
        return undecided(f"policy of {key.name} may be one that belongs to no known key yet")
    return every_statement(graph, holder, allowing_only(rule))


@guard(
    "kms.key_deletion_waits",
    on=tokens.KEY_AND_COPY,
    severity=Severity.HIGH,
    fix="Leave deletionWindowInDays at 30, the longest KMS offers.",
)
def key_deletion_waits(key: Resource, graph: Graph) -> Verdict:
    """Deleting a key destroys everything under it, locked logs too; thirty days are the time there is to notice."""
    window, what = key.get("deletionWindowInDays"), f"deletionWindowInDays of {key.name}"
    at_end = holds(window, lambda days: days is None or days >= LONGEST_WINDOW, what, f"{LONGEST_WINDOW}, the longest")
    if at_end.state is not State.FAIL:
        return at_end
    trial = is_trial(graph, key)
    if trial:
        return holds(window, lambda days: days >= SHORTEST_WINDOW, what, f"at least {SHORTEST_WINDOW} in a trial")
    return at_end if trial is False else undecided(f"{at_end.reason}; the tier of its environment is not known yet")


@guard(
    "kms.key_cannot_lock_out_its_owner",
    on=tokens.KEY,
    severity=Severity.HIGH,
    fix="Leave bypassPolicyLockoutSafetyCheck and isEnabled at their defaults.",
)
def key_cannot_lock_out_its_owner(key: Resource) -> Verdict:
    """A policy that nobody can change again, or a key that is off, makes the data under it unreadable for good."""
    return all_of(
        [
            is_not_on(key, "bypassPolicyLockoutSafetyCheck"),
            is_not_off(key, "isEnabled"),
        ]
    )
