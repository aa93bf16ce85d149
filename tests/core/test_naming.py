"""Names and tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.naming import LONGEST, Name, root_name, tag_faults


def test_a_root_name_begins_with_project_and_environment_and_says_so_in_its_tags() -> None:
    name = root_name("wardlight", "prod", "clinical-ml", {"cost-centre": "4711"})
    assert str(name) == "wardlight-prod"
    assert dict(name.tags) == {
        "cost-centre": "4711",
        "strongroom:project": "wardlight",
        "strongroom:environment": "prod",
        "strongroom:owner": "clinical-ml",
    }


def test_the_name_of_a_part_keeps_the_tags_and_may_add_to_them() -> None:
    name = (root_name("wardlight", "dev", "ml", {}) / "records").tagged(data_class="health")
    assert str(name) == "wardlight-dev-records"
    assert name.tags["strongroom:data-class"] == "health"
    assert name.tags["strongroom:owner"] == "ml"


@pytest.mark.parametrize("text", ["", "Ward", "1ward", "ward_light", "ward--light", "ward-", "-ward", "ward\n", "wärd"])
def test_a_name_of_other_characters_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="expected lower case words"):
        Name(text, {})


def test_a_name_that_is_too_long_is_refused_with_both_lengths() -> None:
    Name("a" * LONGEST, {})
    with pytest.raises(BadInput, match=f"has {LONGEST + 1} characters, at most {LONGEST}"):
        Name("a" * (LONGEST + 1), {})


def test_tags_of_a_name_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        root_name("wardlight", "dev", "ml", {}).tags["owner"] = "nobody"  # ty: ignore[invalid-assignment] - the point of the test


@given(st.dictionaries(st.from_regex(r"[a-z][a-zA-Z0-9 .:/=+@_-]{0,20}", fullmatch=True), st.just("x"), max_size=5))
def test_ordinary_tags_have_no_faults(tags: dict[str, str]) -> None:
    allowed = {key: value for key, value in tags.items() if not key.startswith(("aws:", "strongroom:"))}
    assert tag_faults(allowed) == []


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"": "x"}, "0 characters"),
        ({"k" * 129: "x"}, "129 characters"),
        ({"k": "v" * 257}, "257 characters"),
        ({"k": "a\nb"}, "letters, digits, spaces"),
        ({"k": "a\tb"}, "letters, digits, spaces"),
        ({"k": "50 €"}, "letters, digits, spaces"),
        ({"AWS:owner": "x"}, "reserved"),
        ({"strongroom:owner": "x"}, "reserved"),
        ({f"k{number}": "x" for number in range(46)}, "46 tags, 45 fit"),
    ],
)
def test_tags_that_aws_refuses_are_named(tags: dict[str, str], said: str) -> None:
    assert [fault for fault in tag_faults(tags) if said in fault]


def test_tags_in_other_scripts_are_fine() -> None:
    assert tag_faults({"Kostenstelle": "Geriatrie Süd", "部署": "病院"}) == []
