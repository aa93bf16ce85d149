from __future__ import annotations

import importlib
import re

import pytest

from core.errors import BadInput
from core.personas import GUARDED, MOST_GRANTS, PERSONAS, WATCHED, Limit, persona
from core.retention import DataClass

NAMES = {
    *("platform-admin", "security-auditor", "data-engineer", "data-scientist", "ml-engineer", "model-approver"),
    *("privacy-officer", "inference-client", "break-glass", "ci-preview", "ci-deploy"),
}


def test_there_are_eleven_personas_each_with_a_purpose_and_a_limit() -> None:
    assert set(PERSONAS) == NAMES
    for name, about in PERSONAS.items():
        assert about.name == name
        assert about.purpose.isascii()
        assert about.never
        assert 0 < len(about.grants) <= MOST_GRANTS


@pytest.mark.parametrize("about", PERSONAS.values(), ids=lambda about: about.name)
def test_each_grant_is_a_verb_that_the_component_has(about: object) -> None:
    assert isinstance(about, type(persona("ci-deploy")))
    for grant in about.grants:
        module = re.sub(r"(?<!^)(?=[A-Z])", "_", grant.component).lower()
        component = getattr(importlib.import_module(f"components.{module}"), grant.component)
        assert callable(getattr(component, f"grant_{grant.verb}"))


def test_those_outside_the_inner_boundary_last_an_hour_and_are_watched() -> None:
    assert GUARDED == ("break-glass", "ci-preview", "ci-deploy")
    assert WATCHED == ("break-glass", "ci-deploy")
    for name in GUARDED:
        assert PERSONAS[name].longest_hours == 1
    assert all(about.limit is Limit.INNER for name, about in PERSONAS.items() if name not in GUARDED)


def test_programs_are_never_cleared_for_what_they_only_deploy() -> None:
    assert PERSONAS["ci-deploy"].clearance == PERSONAS["ci-preview"].clearance == ()
    assert PERSONAS["ci-preview"].reads_only
    assert not PERSONAS["ci-deploy"].reads_only


def test_nobody_who_builds_or_judges_models_opens_data_about_people() -> None:
    for name in ("data-scientist", "ml-engineer", "model-approver", "security-auditor", "platform-admin"):
        assert not set(PERSONAS[name].clearance) & {DataClass.PERSONAL, DataClass.HEALTH}


def test_a_persona_that_nobody_agreed_on_is_refused() -> None:
    with pytest.raises(BadInput, match="expected one of platform-admin"):
        persona("intern")
