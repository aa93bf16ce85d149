"""Permissions that a persona holds and that no statement about its job needs.

Least privilege as data: a job is what the positive statements of `access/statements` say of the persona. What is left
over is either a grant too many or a statement too few. https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final AC-6
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from access.document import ActionEntry, Document, Effect, Policy
from access.document import Statement as Clause
from access.sealed import NEEDS
from access.statement import Statement
from core.iam_metadata import Action, IamMetadata
from core.value import Unknown

BEYOND: Mapping[str, tuple[str, ...]] = MappingProxyType({"s3:PutObject": ("kms:Decrypt",)})
"""What else an action needs: KMS opens the data key again for an upload in parts.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions"""


@dataclass(frozen=True, slots=True)
class Surplus:
    """One statement of a policy that grants more than the job needs.

    `unused` and `needed` are actions; `unknown` says that not every action of the statement is known. A statement that
    grants all but some actions (NotAction) has no list, so `needed` is all that a narrower one would hold.
    """

    persona: str
    policy: str
    statement: str
    unused: tuple[str, ...]
    needed: tuple[str, ...]
    unknown: bool = False

    @property
    def patch(self) -> dict[str, Any]:
        """The change that takes it away: the statement's Action from now on, or null where it can go as a whole."""
        return {"policy": self.policy, "statement": self.statement, "Action": list(self.needed) or None}


def needed_by(persona: str, statements: Iterable[Statement]) -> frozenset[str]:
    """The actions that the persona's job takes, with what KMS is asked on the way."""
    named = {
        action.name
        for one in statements
        if one.is_positive and persona in one.who
        for _, actions in one.pairs()
        for action in actions
    }
    on_the_way = {NEEDS[name.lower()] for name in named if name.lower() in NEEDS}
    return frozenset({*named, *on_the_way, *(more for name in named for more in BEYOND.get(name, ()))})


def surplus_of(
    persona: str, policies: Iterable[Policy], needed: frozenset[str], reference: IamMetadata
) -> Iterator[Surplus]:
    """The statements of its policies that grant more than is needed. A policy that cannot be read is one as a whole."""
    for policy in policies:
        if not isinstance(policy, Document):
            yield Surplus(persona, "a policy that is not known", "", (), (), unknown=True)
            continue
        for clause in policy.statements:
            if isinstance(clause, Unknown):
                yield Surplus(persona, policy.label, "a statement that is not known", (), (), unknown=True)
            elif clause.effect is not Effect.DENY and (
                found := _left_over(persona, policy.label, clause, needed, reference)
            ):
                yield found


def _left_over(
    persona: str, label: str, clause: Clause, needed: frozenset[str], reference: IamMetadata
) -> Surplus | None:
    granted, unknown = _granted(clause, reference)
    unused = tuple(sorted(granted - needed))
    if not unused and not unknown:
        return None
    return Surplus(persona, label, clause.name.strip('"'), unused, tuple(sorted(granted & needed)), unknown)


def _granted(clause: Clause, reference: IamMetadata) -> tuple[frozenset[str], bool]:
    """The actions of the statement, and whether there may be more."""
    known = [entry for entry in clause.actions if isinstance(entry, ActionEntry)]
    found = frozenset(action.name for entry in known for action in _matching(entry.text, reference))
    if clause.action_negated:
        found = frozenset(action.name for action in _matching("*", reference)) - found
    return found, len(known) < len(clause.actions)


def _matching(text: str, reference: IamMetadata) -> Iterator[Action]:
    if text == "*":
        for service in reference.of:
            yield from reference.matching(f"{service}:*")
    else:
        yield from reference.matching(text)
