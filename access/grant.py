"""KMS grants: a third source of permission, for one key, a fixed list of operations and one grantee (S63).

https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from access.caller import Caller, Who
from access.condition import KeyHolds
from access.document import Effect, Statement, Test
from access.faults import policy_fault
from access.formula import Leaf
from access.free import FreeRequest
from access.glyphs import ANYTHING
from access.operators import OPERATORS
from access.request import FreeKey, Request
from access.truth import Truth, all_true, any_true, unsure
from access.wildcard import made
from core.value import Unknown, frozen

OPERATIONS = frozenset(
    {
        *("CreateGrant", "Decrypt", "DeriveSharedSecret", "DescribeKey", "Encrypt", "GenerateDataKey"),
        *("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext"),
        *("GenerateMac", "GetPublicKey", "ReEncryptFrom", "ReEncryptTo", "RetireGrant", "Sign", "Verify", "VerifyMac"),
    }
)
FIELDS = frozenset({"KeyId", "GranteePrincipal", "RetiringPrincipal", "Operations", "Constraints", "Name", "GrantId"})
ENCRYPTION_CONTEXT = "kms:encryptioncontext:"
BOUNDED_BY = frozenset({"kms:granteeprincipal", "kms:granteeserviceprincipal", "kms:grantisforawsresource"})
"""Conditions that keep a holder of CreateGrant from lending the key to whom they like (S63, S64)."""


@dataclass(frozen=True)
class Grant:
    """One grant, as ListGrants shows it: `equals` is the whole encryption context, `subset` a part of it."""

    key: str | Unknown
    grantee: str | Unknown
    operations: frozenset[str]
    equals: Mapping[str, str] | None = None
    subset: Mapping[str, str] | None = None
    retiring: str = ""

    def covers(self, request: Request) -> Truth:
        """Whether it lets the caller do this."""
        verb = request.verb.partition(":")[2]
        listed = verb in {operation.lower() for operation in self.operations}
        if not listed and not self._retires(request):
            return False
        return all_true((self._is_for(self.key, request.resource), self._names(request), self._context(request)))

    def _retires(self, request: Request) -> bool:
        return request.verb == "kms:retiregrant" and bool(self.retiring) and self.retiring in _own(request.caller)

    def _names(self, request: Request) -> Truth:
        if self._retires(request):
            return True
        return any_true(self._is_for(self.grantee, own) for own in _own(request.caller))

    @staticmethod
    def _is_for(ours: str | Unknown, theirs: str) -> Truth:
        if isinstance(ours, Unknown):
            return unsure(f"a grant is not known ({ours.source})")
        if ANYTHING in theirs:
            return unsure("whether a grant is for this key")
        return ours == theirs

    def _context(self, request: Request) -> Truth:
        """The pairs compare in full and in the case they are written in; names of keys in ours fold, theirs do not."""
        if self.equals is None and self.subset is None:
            return True
        wanted = self.subset if self.equals is None else self.equals
        pairs = {ENCRYPTION_CONTEXT + key.lower(): value for key, value in (wanted or {}).items()}
        found = [_is_pair(request, key, value) for key, value in pairs.items()]
        if self.equals is not None:
            found.append(_has_no_more(request, pairs))
        return all_true(found)


def _is_pair(request: Request, key: str, value: str) -> Truth:
    held = request.value(key)
    if isinstance(held, FreeKey):
        same = Test(OPERATORS["stringequals"], key, key, (made(value, (value,)),))
        return Leaf(held.variable, KeyHolds(same, several=False, before=held.before))
    return unsure(held.source) if isinstance(held, Unknown) else held == value


def _has_no_more(request: Request, pairs: Mapping[str, str]) -> Truth:
    """Whether the request's encryption context holds these pairs alone."""
    if not all(key in pairs for key in request.keys if key.startswith(ENCRYPTION_CONTEXT)):
        return False
    return unsure("whether the encryption context holds more") if isinstance(request, FreeRequest) else True


def _own(caller: Caller) -> tuple[str, ...]:
    """The ARNs that a grant may name the caller by; naming a role lends to all its sessions."""
    if caller.who is Who.SESSION:
        return (caller.arn, caller.session_arn) if caller.session else (caller.arn,)
    return (caller.arn,) if caller.arn else ()


def parse_grant(body: Any, label: str) -> Grant:
    """A grant in the words of ListGrants. Raises PolicyError with the place of a fault."""
    held = frozen(body)
    if not isinstance(held, Mapping):
        raise policy_fault(label, (), "a grant as ListGrants shows it")
    for name in held:
        if name not in FIELDS:
            raise policy_fault(label, (name,), f"one of {', '.join(sorted(FIELDS))}")
    operations = held.get("Operations")
    if not isinstance(operations, tuple) or not operations or not set(operations) <= OPERATIONS:
        raise policy_fault(label, ("Operations",), f"a list of {', '.join(sorted(OPERATIONS))}")
    return Grant(
        _text(held, "KeyId", label),
        _text(held, "GranteePrincipal", label),
        frozenset(operations),
        _pairs(held, "EncryptionContextEquals", label),
        _pairs(held, "EncryptionContextSubset", label),
        str(held.get("RetiringPrincipal", "")),
    )


def _text(held: Mapping[str, Any], name: str, label: str) -> str | Unknown:
    value = held.get(name)
    if isinstance(value, Unknown) or (isinstance(value, str) and value):
        return value
    raise policy_fault(label, (name,), "an ARN")


def _pairs(held: Mapping[str, Any], name: str, label: str) -> Mapping[str, str] | None:
    constraints = held.get("Constraints", {})
    if not isinstance(constraints, Mapping):
        raise policy_fault(label, ("Constraints",), "a mapping")
    pairs = constraints.get(name)
    if pairs is None:
        return None
    if not isinstance(pairs, Mapping) or not all(isinstance(value, str) for value in pairs.values()):
        raise policy_fault(label, ("Constraints", name), "a mapping from texts to texts")
    return {str(key): str(value) for key, value in pairs.items()}


def lends_freely(statement: Statement) -> bool:
    """Whether an Allow of kms:CreateGrant is as good as full use of the key: nothing limits whom it lends to (S63)."""
    tests = [test for test in statement.tests if isinstance(test, Test)]
    bounded = any(test.key in BOUNDED_BY and test.operator.demands_presence for test in tests)
    return statement.effect is Effect.ALLOW and not bounded
