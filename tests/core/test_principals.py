"""Who may be let in from outside."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from core.principals import PrincipalKind, principal_fault, principal_of

IAM = "arn:aws:iam::123456789012:"
IDENTITY_CENTER = IAM + "role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_auditor_0123456789abcdef"


@pytest.mark.parametrize(
    ("arn", "kind", "hides_mfa"),
    [
        (IAM + "role/people/model-board", PrincipalKind.ROLE, False),
        (IDENTITY_CENTER, PrincipalKind.ROLE, True),
        (IAM + "saml-provider/hospital", PrincipalKind.SAML, True),
        (IAM + "oidc-provider/token.actions.githubusercontent.com", PrincipalKind.OIDC, True),
    ],
)
def test_a_role_or_a_provider_is_a_principal(arn: str, kind: PrincipalKind, hides_mfa: bool) -> None:
    found = principal_of(arn)
    assert (found.partition, found.account, found.kind, found.hides_mfa) == ("aws", "123456789012", kind, hides_mfa)


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        ("*", "anybody who matches could come in"),
        (IAM + "role/*", "anybody who matches could come in"),
        (IAM + "root", "whomever that account chooses"),
        (IAM + "user/jane", "through a role"),
        ("arn:aws:sts::123456789012:assumed-role/ops/jane", "this is a session"),
        ("sagemaker.amazonaws.com", "services are let in by the components"),
        ("arn:aws:iam::12345:role/x", "such as 'arn:aws:iam"),
        (IAM + "role/", "such as 'arn:aws:iam"),
        ("jane", "such as 'arn:aws:iam"),
        ("", "such as 'arn:aws:iam"),
    ],
)
def test_anything_wider_or_vaguer_is_refused_with_what_to_name_instead(arn: str, said: str) -> None:
    assert said in str(principal_fault(arn))
    with pytest.raises(BadInput):
        principal_of(arn)
