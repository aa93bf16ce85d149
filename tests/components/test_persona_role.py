from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.persona_role import MOST_TRUST_CHARACTERS, PersonaRole, PersonaRoleArgs
from components.place import Place, place_of
from components.role import Role
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name
from core.retention import DataClass

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/policy:Policy"
EDGE = "arn:aws:iam::123456789012:policy/strongroom-staging-boundary"
PERSON = "arn:aws:iam::444455556666:role/people/ward-team"
SAML = "arn:aws:iam::123456789012:saml-provider/hospital"
OIDC = "arn:aws:iam::123456789012:oidc-provider/login.hospital.example/tenant"
GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
CENTER = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Wards_0123456789abcdef"
Planned = Callable[[Callable[[], Any]], Graph]


def persona(root: Name, place: Place, *principals: str, **given: Any) -> PersonaRole:
    usual: dict[str, Any] = {"purpose": "Trains models", "boundary": EDGE}
    return PersonaRole(root / "scientist", PersonaRoleArgs(place, principals, **{**usual, **given}))


def trust(graph: Graph) -> list[Mapping[str, Any]]:
    (role,) = graph.of_type(ROLE)
    return json.loads(role.inputs["assumeRolePolicy"])["Statement"]


def test_a_persona_is_a_role_that_may_do_nothing_by_itself(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: persona(root, place, PERSON, session_hours=8))
    (role,) = graph.of_type(ROLE)
    assert not graph.of_type(POLICY)
    assert role.inputs["permissionsBoundary"] == EDGE
    assert role.inputs["maxSessionDuration"] == 8 * 3600
    assert role.inputs["description"] == "Trains models"
    assert role.inputs["tags"]["strongroom:environment"] == "staging"
    assert [found.name for found in graph.of_type("strongroom:index:PersonaRole")] == [str(root / "scientist")]
    assert issubclass(PersonaRole, Role)


def test_a_role_comes_in_only_with_a_second_factor(planned: Planned, root: Name, place: Place) -> None:
    (statement,) = trust(planned(lambda: persona(root, place, PERSON)))
    assert statement["Effect"] == "Allow"
    assert statement["Principal"] == {"AWS": [PERSON]}
    assert "sts:AssumeRole" in statement["Action"]
    assert statement["Condition"]["Bool"] == {"aws:MultiFactorAuthPresent": "true"}


def test_without_the_demand_for_a_second_factor_none_is_looked_for(planned: Planned, root: Name, place: Place) -> None:
    (statement,) = trust(planned(lambda: persona(root, place, CENTER, require_mfa=False)))
    assert "Bool" not in statement["Condition"]


def test_saml_comes_in_with_an_assertion_meant_for_aws(planned: Planned, root: Name, place: Place) -> None:
    (statement,) = trust(planned(lambda: persona(root, place, SAML, require_mfa=False)))
    assert statement["Principal"] == {"Federated": [SAML]}
    assert "sts:AssumeRoleWithSAML" in statement["Action"]
    assert statement["Condition"]["StringEquals"] == {"SAML:aud": "https://signin.aws.amazon.com/saml"}


def test_a_token_must_be_made_for_this_very_role(planned: Planned, root: Name, place: Place) -> None:
    (statement,) = trust(planned(lambda: persona(root, place, OIDC, require_mfa=False)))
    assert statement["Principal"] == {"Federated": OIDC}
    assert "sts:AssumeRoleWithWebIdentity" in statement["Action"]
    issuer = "login.hospital.example/tenant"
    assert statement["Condition"]["StringEquals"] == {f"{issuer}:aud": "strongroom-staging-scientist"}


def test_subjects_are_asked_for_where_they_are_named(planned: Planned, root: Name, place: Place) -> None:
    given = {"require_mfa": False, "audience": "sts.amazonaws.com", "subjects": ["repo:wards/triage:environment:prod"]}
    (statement,) = trust(planned(lambda: persona(root, place, GITHUB, **given)))
    assert statement["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": ["repo:wards/triage:environment:prod"],
    }


def test_a_session_cannot_bring_the_tags_of_the_platform(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: persona(root, place, PERSON, CENTER, SAML, OIDC, require_mfa=False))
    for statement in trust(graph):
        assert {"sts:TagSession", "sts:SetSourceIdentity"} <= set(statement["Action"])
        assert statement["Condition"]["ForAllValues:StringNotLike"] == {"aws:TagKeys": ["strongroom:*"]}


ARNS = st.one_of(
    st.from_regex(r"\Aarn:aws:iam::[0-9]{12}:role/[a-z]{1,12}\Z"),
    st.from_regex(r"\Aarn:aws:iam::123456789012:saml-provider/[a-z]{1,12}\Z"),
    st.from_regex(r"\Aarn:aws:iam::123456789012:oidc-provider/[a-z]{1,9}\.example\Z"),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(principals=st.lists(ARNS, min_size=1, max_size=5, unique=True), hours=st.integers(1, 12))
def test_exactly_the_named_principals_come_in(
    planned: Planned, root: Name, place: Place, principals: list[str], hours: int
) -> None:
    graph = planned(lambda: persona(root, place, *principals, session_hours=hours, require_mfa=False))
    statements = trust(graph)
    let_in = [statement["Principal"].get("AWS") or statement["Principal"]["Federated"] for statement in statements]
    flat = [arn for found in let_in for arn in ([found] if isinstance(found, str) else found)]
    assert sorted(flat) == sorted(principals)
    assert len({statement["Sid"] for statement in statements}) == len(statements)
    assert not [arn for arn in flat if "*" in arn or arn.endswith(":root")]
    (role,) = graph.of_type(ROLE)
    assert len(re.sub(r"\s", "", role.inputs["assumeRolePolicy"])) <= MOST_TRUST_CHARACTERS


@pytest.mark.parametrize(
    ("principals", "given_args", "expected"),
    [
        ([], {}, "no principals"),
        (["*"], {}, "without '*'|with '\\*'"),
        (["arn:aws:iam::123456789012:root"], {}, "':root' would let in"),
        (["arn:aws:iam::123456789012:user/ann"], {}, "let them in through a role"),
        (["sagemaker.amazonaws.com"], {}, "services are let in by the components"),
        ([PERSON, PERSON], {}, "named twice"),
        ([PERSON], {"session_hours": 0}, "a session of 0 hours"),
        ([PERSON], {"session_hours": 13}, "a session of 13 hours"),
        ([PERSON], {"purpose": ""}, "purpose must be"),
        ([PERSON], {"purpose": "Trains models ✓"}, "purpose must be"),
        ([SAML], {}, "demand it there"),
        ([CENTER], {}, "demand it there"),
        ([GITHUB], {"require_mfa": False}, "serves everybody"),
        ([GITHUB], {"require_mfa": False, "subjects": ["repo:wards/*"]}, "named in full"),
        (["arn:aws:iam::444455556666:saml-provider/hospital"], {"require_mfa": False}, "cannot come in"),
        (["arn:aws-cn:iam::123456789012:role/x"], {}, "cannot come in"),
        ([f"{PERSON}-{number}" for number in range(60)], {}, "a trust policy of"),
    ],
)
def test_whoever_is_wider_than_a_person_is_refused(
    planned: Planned, root: Name, place: Place, principals: list[str], given_args: dict[str, Any], expected: str
) -> None:
    with pytest.raises(BadInput, match=expected):
        planned(lambda: persona(root, place, *principals, **given_args))


def test_each_partition_has_a_sign_in_of_its_own(planned: Planned, root: Name) -> None:
    provider = "arn:aws-us-gov:iam::123456789012:saml-provider/hospital"
    place = place_of("123456789012", "us-gov-west-1")
    (statement,) = trust(planned(lambda: persona(root, place, provider, require_mfa=False)))
    assert statement["Condition"]["StringEquals"]["SAML:aud"] == "https://signin.amazonaws-us-gov.com/saml"


def test_a_role_bears_the_classes_it_is_cleared_for(planned: Planned, root: Name, place: Place) -> None:
    def tags(*clearance: DataClass) -> Mapping[str, str]:
        (role,) = planned(lambda: persona(root, place, PERSON, clearance=clearance)).of_type(ROLE)
        return {str(key): str(value) for key, value in role.inputs["tags"].items()}

    assert tags(DataClass.HEALTH, DataClass.PERSONAL)["strongroom:clears"] == "health personal"
    assert "strongroom:clears" not in tags()
    assert "strongroom:clears" not in tags(DataClass.INTERNAL)
    assert tags(DataClass.HEALTH)["strongroom:project"] == "strongroom"
