from __future__ import annotations

from pathlib import Path

from access.reference import DEFAULT, reference_from
from core.iam_metadata import iam_metadata

TEXT = (Path(__file__).resolve().parents[2] / "policies" / "data" / "iam.json").read_text(encoding="utf-8")


def test_the_snapshot_tells_which_actions_take_which_resources() -> None:
    reference = reference_from(iam_metadata(TEXT))
    assert {"s3:listallmybuckets", "kms:createkey", "sts:getcalleridentity"} <= reference.without_resource
    assert not {"s3:getobject", "kms:decrypt", "iam:passrole"} & reference.without_resource
    assert {"alias", "key"} == set(reference.required_types["kms:createalias"])
    assert "s3:getobject" not in reference.required_types


def test_the_services_that_resource_control_policies_reach_need_no_snapshot() -> None:
    assert reference_from(iam_metadata(TEXT)).rcp_services == DEFAULT.rcp_services
    assert {"kms", "s3", "sts", "ecr"} <= DEFAULT.rcp_services
    assert "sagemaker" not in DEFAULT.rcp_services
