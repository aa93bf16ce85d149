from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.github_role import GithubRole, GithubRoleArgs
from components.oidc_provider import OidcProvider, OidcProviderArgs
from components.place import Place, place_of
from core.errors import BadInput
from core.graph import STACK, Graph
from core.issuers import GITHUB, Repository
from core.naming import Name
from core.verdict import State
from policies.judge import judge

ROLE, PROVIDER = "aws:iam/role:Role", "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
EDGE = "arn:aws:iam::123456789012:policy/strongroom-staging-outer-boundary"
TRIAGE = Repository("wards", "triage", "1234", "98765")
WORKFLOW = "wards/triage/.github/workflows/deploy.yaml@refs/heads/main"
Planned = Callable[[Callable[[], Any]], Graph]


def pipeline(root: Name, place: Place, **given_args: Any) -> GithubRole:
    issuer = given_args.pop("issuer", {})
    usual: dict[str, Any] = {
        "provider": OidcProvider(root / "github", OidcProviderArgs(place, **issuer)),
        "repository": TRIAGE,
        "purpose": "Deploys",
        "boundary": EDGE,
        "environments": ["prod"],
        "workflow": WORKFLOW,
    }
    return GithubRole(root / "ci-deploy", GithubRoleArgs(**{**usual, **given_args}))


def claims(graph: Graph) -> Mapping[str, Any]:
    (role,) = graph.of_type(ROLE)
    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    assert statement["Principal"] == {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"}
    assert list(statement["Condition"]) == ["StringEquals"]
    return {key.removeprefix(f"{GITHUB}:"): value for key, value in statement["Condition"]["StringEquals"].items()}


def test_one_repository_one_environment_and_one_workflow_come_in(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: pipeline(root, place))
    assert claims(graph) == {
        "aud": "sts.amazonaws.com",
        "sub": ["repo:wards@1234/triage@98765:environment:prod"],
        "repository_id": "98765",
        "repository_owner_id": "1234",
        "job_workflow_ref": WORKFLOW,
    }
    (role,) = graph.of_type(ROLE)
    assert role.inputs["maxSessionDuration"] == 3600
    assert role.inputs["permissionsBoundary"] == EDGE
    assert role.inputs["tags"]["strongroom:taken-by"] == "program"


def test_a_repository_from_before_july_2026_sends_names_and_is_held_to_its_numbers_all_the_same(
    planned: Planned, root: Name, place: Place
) -> None:
    found = claims(planned(lambda: pipeline(root, place, repository=replace(TRIAGE, ids_in_subject=False))))
    assert found["sub"] == ["repo:wards/triage:environment:prod"]
    assert found["repository_id"] == "98765"


def test_a_preview_may_come_from_a_pull_request(planned: Planned, root: Name, place: Place) -> None:
    given_args = {"deploys": False, "pull_requests": True, "environments": [], "workflow": None}
    found = claims(planned(lambda: pipeline(root, place, **given_args)))
    assert found["sub"] == ["repo:wards@1234/triage@98765:pull_request"]
    assert "job_workflow_ref" not in found


def test_an_account_has_one_provider_and_uses_the_one_that_is_there(planned: Planned, root: Name, place: Place) -> None:
    (made,) = planned(lambda: pipeline(root, place)).of_type(PROVIDER)
    assert made.inputs["url"] == f"https://{GITHUB}"
    assert made.inputs["clientIdLists"] == ("sts.amazonaws.com",)
    assert "thumbprintLists" not in made.inputs
    adopted = planned(lambda: pipeline(root, place, issuer={"adopted": True}))
    assert not adopted.of_type(PROVIDER)
    assert claims(adopted)["aud"] == "sts.amazonaws.com"


WORD = st.from_regex(r"\A[A-Za-z][A-Za-z0-9]{0,12}\Z")
NUMBER = st.integers(1, 10**10).map(str)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    repository=st.builds(Repository, WORD, WORD, NUMBER, NUMBER, st.booleans()),
    environments=st.lists(WORD, min_size=1, max_size=3, unique=True),
    deploys=st.booleans(),
)
def test_whoever_is_let_in_no_guard_objects(
    planned: Planned, root: Name, place: Place, repository: Repository, environments: list[str], deploys: bool
) -> None:
    given_args = {"repository": repository, "environments": environments, "deploys": deploys}
    given_args["pull_requests"] = not deploys
    graph = planned(lambda: pipeline(root, place, **given_args))
    failed = [finding for finding in judge(graph) if finding.state is State.FAIL and STACK not in finding.urn]
    assert failed == []
    assert not any("*" in subject for subject in claims(graph)["sub"])


@pytest.mark.parametrize(
    ("given_args", "expected"),
    [
        ({"repository": replace(TRIAGE, name="*")}, "named in full, owner and name"),
        ({"repository": replace(TRIAGE, owner_id="wards")}, "GitHub's numbers"),
        ({"environments": []}, "a deployment comes from an environment"),
        ({"environments": ["*"]}, "an environment is named in full"),
        ({"environments": ["prod", "pr?"]}, "an environment is named in full"),
        ({"pull_requests": True}, "a pull request must not deploy"),
        ({"workflow": None}, "run by one workflow"),
        ({"workflow": "wards/triage/.github/workflows/*@refs/heads/main"}, "a workflow reads"),
        ({"deploys": False, "environments": []}, "no environment"),
        ({"issuer": {"issuer": "gitlab.com"}}, "must be GitHub's"),
        ({"issuer": {"audiences": ["https://github.com/wards"]}}, "with the audience sts.amazonaws.com"),
    ],
)
def test_a_wider_door_is_refused(
    planned: Planned, root: Name, place: Place, given_args: dict[str, Any], expected: str
) -> None:
    with pytest.raises(BadInput, match=expected):
        planned(lambda: pipeline(root, place, **given_args))


@pytest.mark.parametrize(
    ("given_args", "expected"),
    [
        ({"issuer": "https://login.example.org"}, "without 'https://'"),
        ({"issuer": "*"}, "the issuer is a host"),
        ({"audiences": []}, "0 audiences"),
        ({"audiences": ["*"]}, "an audience is named in full"),
        ({"audiences": [f"a{number}" for number in range(101)]}, "101 audiences"),
    ],
)
def test_a_provider_that_could_be_anybody_is_refused(
    planned: Planned, root: Name, place: Place, given_args: dict[str, Any], expected: str
) -> None:
    with pytest.raises(BadInput, match=expected):
        planned(lambda: OidcProvider(root / "issuer", OidcProviderArgs(place, **given_args)))


def test_a_provider_stands_in_its_own_partition(planned: Planned, root: Name) -> None:
    made: list[OidcProvider] = []
    args = OidcProviderArgs(place_of("123456789012", "us-gov-west-1"), "login.example.org/tenant", ["wards"])
    planned(lambda: made.append(OidcProvider(root / "issuer", args)))
    assert made[0].arn == "arn:aws-us-gov:iam::123456789012:oidc-provider/login.example.org/tenant"
