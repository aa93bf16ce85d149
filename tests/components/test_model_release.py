from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.model_release import Fleet, Release
from components.place import Place, place_of
from core.instance_types import ENDPOINT_SIZES, WITH_LOCAL_DISK

DIGEST = "sha256:" + "0123456789abcdef" * 4
RELEASE = Release(
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com/wards/triage", DIGEST, "triage/7/model.tar.gz", DIGEST
)
TYPES = [f"ml.{family}.{size}" for family, sizes in ENDPOINT_SIZES.items() for size in sorted(sizes)]


def test_a_release_with_both_digests_is_taken(place: Place) -> None:
    assert RELEASE.faults(place) == []
    assert RELEASE.repository(place) == "arn:aws:ecr:eu-central-1:123456789012:repository/wards/triage"


def test_the_repository_may_be_another_accounts(place: Place) -> None:
    shared = replace(RELEASE, image=RELEASE.image.replace("123456789012", "444455556666"))
    assert shared.faults(place) == []
    assert shared.repository(place) == "arn:aws:ecr:eu-central-1:444455556666:repository/wards/triage"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"image_digest": ""}, "image_digest"),
        ({"image_digest": "latest"}, "image_digest"),
        ({"artefact_digest": "sha256:" + "A" * 64}, "artefact_digest"),
        ({"artefact_digest": DIGEST + "0"}, "artefact_digest"),
        ({"image": RELEASE.image + ":latest"}, "without tag"),
        ({"image": f"{RELEASE.image}@{DIGEST}"}, "without tag"),
        ({"image": "docker.io/library/python"}, "expected a repository in ECR"),
        ({"image": RELEASE.image.replace("eu-central-1", "us-east-1")}, "endpoints pull from no other"),
        ({"image": RELEASE.image.replace("amazonaws.com", "amazonaws.com.cn")}, "endpoints pull from no other"),
        ({"artefact": "triage/7/"}, "'.tar.gz'"),
        ({"artefact": "*.tar.gz"}, "'.tar.gz'"),
        ({"artefact": "${aws:username}/model.tar.gz"}, "'.tar.gz'"),
        ({"artefact": "triage/?/model.tar.gz"}, "'.tar.gz'"),
        ({"artefact": "/model.tar.gz"}, "'.tar.gz'"),
    ],
)
def test_a_release_that_could_be_another_one_is_refused(place: Place, change: dict[str, str], expected: str) -> None:
    (fault,) = replace(RELEASE, **change).faults(place)
    assert expected in fault


@given(st.text(max_size=80))
def test_no_text_that_widens_an_arn_passes_for_an_artefact(artefact: str) -> None:
    if not replace(RELEASE, artefact=artefact).faults(place_of("123456789012", "eu-central-1")):
        assert not set("*?${} ") & set(artefact)


@given(st.sampled_from(TYPES))
def test_every_machine_either_takes_a_key_or_brings_its_own_disk(instance_type: str) -> None:
    fleet = Fleet(instance_type)
    assert fleet.faults() == []
    assert fleet.takes_key is (instance_type.split(".")[1] not in WITH_LOCAL_DISK)


@pytest.mark.parametrize("instance_type", ["ml.z9.large", "m6i.large", "ml.m6i.gigantic", "", "serverless"])
def test_a_machine_that_is_not_known_is_refused(instance_type: str) -> None:
    fleet = Fleet(instance_type)
    (fault,) = fleet.faults()
    assert "instance_type" in fault
    assert not Fleet("ml.z9.large").takes_key


@pytest.mark.parametrize("instances", [0, -1, 101])
def test_a_number_of_machines_that_cannot_be_is_refused(instances: int) -> None:
    assert "instances" in Fleet("ml.m6i.large", instances).faults()[0]
