"""Names that name somebody are taken; those that would let anybody in are refused with what is expected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domains import SHARED, dns_names, domain_fault, sni_targets

LABELS = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(
    "name", ["pypi.org", "*.example.org", "objects.githubusercontent.com", "bucket.s3.eu-west-1.amazonaws.com", "x.nhs"]
)
def test_names_of_somebody_are_taken(name: str) -> None:
    assert domain_fault(name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("*", "a host such as"),
        ("", "a host such as"),
        ("org", "a host such as"),
        ("*.org", "a host such as"),
        ("*.*.org", "a host such as"),
        ("ex*mple.org", "a host such as"),
        (".example.org", "a host such as"),
        ("https://pypi.org", "a host such as"),
        ("Pypi.org", "in lower case"),
        ("10.0.0.1", "a host such as"),
        ("pypi.org\n", "a host such as"),
        ("*.co.uk", "where everybody registers"),
        ("com.au", "where everybody registers"),
        ("*.amazonaws.com", "single hosts below 'amazonaws.com'"),
        ("*.s3.eu-central-1.amazonaws.com", "single hosts below 'amazonaws.com'"),
        ("*.windows.net", "single hosts below 'windows.net'"),
    ],
)
def test_names_that_let_anybody_in_are_refused(name: str, expected: str) -> None:
    assert expected in str(domain_fault(name))


@given(st.sampled_from(sorted(SHARED)), LABELS)
def test_below_a_shared_domain_only_single_hosts_are_taken(shared: str, label: str) -> None:
    assert domain_fault(f"*.{shared}")
    assert domain_fault(f"*.{label}.{shared}")
    assert domain_fault(f"{label}.{shared}") is None


def test_both_firewalls_get_the_domain_and_all_below_it() -> None:
    assert sni_targets(["*.example.org", "pypi.org"]) == [".example.org", "pypi.org"]
    assert dns_names(["*.example.org", "pypi.org"]) == ["*.example.org", "example.org", "pypi.org"]
