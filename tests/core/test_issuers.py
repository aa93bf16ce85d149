from __future__ import annotations

import pytest

from core.issuers import Repository, environment_fault, workflow_fault

TRIAGE = Repository("wards", "triage", "1234", "98765")


def test_a_subject_carries_the_numbers_that_nobody_inherits() -> None:
    assert TRIAGE.subject("environment:prod") == "repo:wards@1234/triage@98765:environment:prod"


def test_older_repositories_still_send_names_alone() -> None:
    older = Repository("wards", "triage", "1234", "98765", ids_in_subject=False)
    assert older.subject("pull_request") == "repo:wards/triage:pull_request"


@pytest.mark.parametrize(
    "repository",
    [
        Repository("*", "triage", "1", "2"),
        Repository("wards", "tri*ge", "1", "2"),
        Repository("wards", "triage", "", "2"),
        Repository("wards", "triage", "1", "0"),
        Repository("wards/x", "triage", "1", "2"),
        Repository("wards-", "triage", "1", "2"),
    ],
)
def test_a_repository_that_could_be_several_is_refused(repository: Repository) -> None:
    assert repository.faults()
    assert not TRIAGE.faults()


@pytest.mark.parametrize("name", ["", "*", "prod/*", "pro?", "a b", "prod:ref"])
def test_an_environment_is_named_in_full(name: str) -> None:
    assert environment_fault(name)
    assert environment_fault("prod-eu.1") is None


@pytest.mark.parametrize(
    "reference",
    [
        "deploy.yaml",
        "wards/triage/.github/workflows/deploy.yaml",
        "wards/triage/.github/workflows/deploy.yaml@*",
        "wards/triage/.github/workflows/*.yaml@refs/heads/main",
        "wards/triage/.github/workflows/deploy.yaml@refs/pull/7/merge",
    ],
)
def test_a_workflow_stands_on_a_branch_or_a_tag(reference: str) -> None:
    assert workflow_fault(reference)
    assert workflow_fault("wards/triage/.github/workflows/deploy.yaml@refs/heads/main") is None
