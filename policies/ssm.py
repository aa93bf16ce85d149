"""Guards over parameters."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, equals, holds
from policies import tokens
from policies.guard import guard
from policies.links import uses_own_key

SEALED = "SecureString"


@guard(
    "ssm.parameter_is_encrypted_with_own_key",
    on=tokens.PARAMETER,
    severity=Severity.HIGH,
    fix="Make it a SecureString with a key of ours as keyId; every Parameter component is one.",
)
def parameter_is_encrypted_with_own_key(parameter: Resource, graph: Graph) -> Verdict:
    """AWS's own key for parameters opens them to everybody in the account, and a plain String has none at all."""
    plain, what = parameter.get("insecureValue"), f"insecureValue of {parameter.name}"
    return all_of(
        [
            equals(parameter, SEALED, "type"),
            holds(plain, lambda said: said is None, what, "left out"),
            uses_own_key(graph, parameter, "keyId"),
        ]
    )
