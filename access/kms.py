"""What is particular to KMS: the key policy is the root of authority, and not every call is about a key.

https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
"""

from __future__ import annotations

from access.faults import RequestError
from access.request import Request

IAM_ONLY = frozenset(
    {
        *("kms:createkey", "kms:listkeys", "kms:listaliases", "kms:createcustomkeystore", "kms:deletecustomkeystore"),
        *("kms:connectcustomkeystore", "kms:disconnectcustomkeystore", "kms:describecustomkeystores"),
        *("kms:updatecustomkeystore", "kms:generaterandom"),
    }
)
"""Calls that no key policy decides on (S66)."""
ALIAS_CALLS = frozenset({"kms:createalias", "kms:updatealias", "kms:deletealias"})
"""Calls that are about an alias as well as about a key; nothing else is ever decided on an alias' ARN (S62)."""
CROSS_ACCOUNT = frozenset(
    {
        *("kms:creategrant", "kms:decrypt", "kms:derivesharedsecret", "kms:describekey", "kms:encrypt"),
        *("kms:generatedatakey", "kms:generatedatakeypair", "kms:generatedatakeypairwithoutplaintext"),
        *("kms:generatedatakeywithoutplaintext", "kms:generatemac", "kms:getkeyrotationstatus", "kms:getpublickey"),
        *("kms:listgrants", "kms:reencryptfrom", "kms:reencryptto", "kms:retiregrant", "kms:revokegrant", "kms:sign"),
        *("kms:verify", "kms:verifymac"),
    }
)
"""Calls that another account can be let make (S65):
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html"""
OWN_BY_AWS = "alias/aws/"


def is_alias(request: Request) -> bool:
    """Whether the resource is an alias."""
    return request.parts[-1].startswith("alias/")


def needs_key_policy(request: Request) -> bool:
    """Whether a key policy must allow the call. Raises RequestError for a call that is never decided on an alias."""
    if request.service != "kms" or request.verb in IAM_ONLY:
        return False
    if not is_alias(request):
        return True
    if request.verb not in ALIAS_CALLS:
        msg = "resource: expected the ARN of the key; KMS decides this call on the key, never on an alias (S62)"
        raise RequestError(msg)
    return False


def is_fixed_alias(request: Request) -> bool:
    """Whether the call would change an alias that AWS keeps for itself (S66)."""
    return request.verb in ALIAS_CALLS and request.parts[-1].startswith(OWN_BY_AWS)
