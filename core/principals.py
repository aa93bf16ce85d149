"""Who may be let in from outside: ARNs of roles and identity providers, and nothing wider than that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.errors import BadInput

_ROLE_PATH = r"(?:/[\w+=,.@-]+)+"
_ARN = re.compile(
    rf"arn:(aws|aws-cn|aws-us-gov):iam::(\d{{12}}):(role{_ROLE_PATH}|saml-provider/[\w.-]+|oidc-provider/[\w./:-]+)"
)
IDENTITY_CENTER = "role/aws-reserved/sso.amazonaws.com/"
"""Roles that IAM Identity Center makes: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html"""


_NOT_THIS = {
    ":user/": "; users carry keys that do not expire: let them in through a role",
    ":sts:": "; this is a session: name the role it was made from",
    ".amazonaws.com": "; services are let in by the components that need them",
}


class PrincipalKind(StrEnum):
    """What an ARN names, in the words of the ARN."""

    ROLE = "role"
    SAML = "saml-provider"
    OIDC = "oidc-provider"


@dataclass(frozen=True, slots=True)
class Principal:
    """A role, or an identity provider whose users come in through it."""

    arn: str
    partition: str
    account: str
    kind: PrincipalKind

    @property
    def is_provider(self) -> bool:
        """Whether people come in with the assertion of an identity provider."""
        return self.kind is not PrincipalKind.ROLE

    @property
    def hides_mfa(self) -> bool:
        """Whether AWS cannot tell that a second factor was used.

        The key `aws:MultiFactorAuthPresent` is absent from sessions of SAML, OIDC and Identity Center, so a condition
        on it shuts everybody out: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        return self.is_provider or IDENTITY_CENTER in self.arn


def principal_fault(arn: str) -> str | None:
    """What is expected instead of this text; None when it names one role or identity provider and nothing wider."""
    if "*" in arn:
        return "principals named one by one: with '*', anybody who matches could come in"
    if arn.endswith(":root"):
        return "a role or an identity provider: ':root' would let in whomever that account chooses"
    if _ARN.fullmatch(arn):
        return None
    why = next((text for mark, text in _NOT_THIS.items() if mark in arn), "")
    return f"the ARN of a role or of a SAML or OIDC provider, such as 'arn:aws:iam::123456789012:role/ward-team'{why}"


def principal_of(arn: str) -> Principal:
    """The principal that the ARN names. Raises BadInput for anything that `principal_fault` objects to."""
    found = _ARN.fullmatch(arn)
    if found is None:
        msg = f"principal {arn!r}: expected {principal_fault(arn)}"
        raise BadInput(msg)
    partition, account, rest = found.groups()
    return Principal(arn, partition, account, PrincipalKind(rest.partition("/")[0]))
