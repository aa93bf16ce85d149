from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.graph import Graph
from core.graph_source import any_graph_from_text, graph_from_text
from core.terraform_names import token_of
from core.value import SECRET, Unknown

DOCUMENT = "data.aws_iam_policy_document.read"


def change(address: str, after: dict[str, Any] | None, unknown: Any = None, **more: Any) -> dict[str, Any]:
    mode, *rest = (["data"] if ".data." in f".{address}" else ["managed"]) + address.split(".")[-2:]
    inner = {"actions": ["create"], "before": None, "after": after, "after_unknown": unknown or {}, **more}
    module = address.rpartition(".aws_")[0] if address.startswith("module.") else ""
    return {
        "address": address,
        **({"module_address": module} if module else {}),
        "mode": mode,
        "type": rest[0],
        "name": rest[1].partition("[")[0],
        "change": inner,
    }


def plan(*changes: dict[str, Any], root: dict[str, Any] | None = None, **more: Any) -> str:
    return json.dumps(
        {
            "format_version": "1.2",
            "terraform_version": "1.9.0",
            "planned_values": {},
            "resource_changes": changes,
            "configuration": {"root_module": root or {}},
            **more,
        }
    )


def graph(*changes: dict[str, Any], **more: Any) -> Graph:
    return any_graph_from_text(plan(*changes, **more), "plan.json")


def named(found: Graph, name: str) -> Any:
    return next(one for one in found.resources if one.name == name)


@pytest.mark.parametrize(
    ("kind", "token"),
    [
        ("aws_iam_role_policy_attachment", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
        ("aws_s3_bucket", "aws:s3/bucket:Bucket"),
        ("aws_vpc_endpoint", "aws:ec2/vpcEndpoint:VpcEndpoint"),
        ("aws_kms_replica_key", "aws:kms/replicaKey:ReplicaKey"),
        ("aws_zzz_thing", "terraform:aws_zzz_thing"),
        ("random_id", "terraform:random_id"),
    ],
)
def test_types_are_called_as_the_other_provider_calls_them(kind: str, token: str) -> None:
    assert token_of(kind) == token


def test_attributes_are_respelled_and_the_keys_of_maps_are_not() -> None:
    tagged = change(
        "aws_iam_role.r", {"name": "r", "assume_role_policy": "{}", "tags": {"some_tag": "x"}, "path": None}
    )
    owned = change("aws_s3_bucket_ownership_controls.o", {"rule": [{"object_ownership": "BucketOwnerEnforced"}]})
    found = graph(tagged, owned)
    assert dict(named(found, "aws_iam_role.r").inputs) == {
        "name": "r",
        "assumeRolePolicy": "{}",
        "tags": {"some_tag": "x"},
    }
    assert named(found, "aws_s3_bucket_ownership_controls.o").get("rule", "objectOwnership") == "BucketOwnerEnforced"


def test_what_is_known_after_apply_alone_is_unknown_and_leads_to_what_it_comes_from() -> None:
    root = {
        "resources": [{"address": "aws_iam_policy.p", "expressions": {"name": {"constant_value": "p"}}}],
        "module_calls": {
            "m": {
                "expressions": {"given": {"references": ["aws_iam_policy.p.arn", "aws_iam_policy.p"]}},
                "module": {
                    "resources": [
                        {
                            "address": "aws_iam_role_policy_attachment.a",
                            "expressions": {"policy_arn": {"references": ["var.given"]}},
                        }
                    ]
                },
            }
        },
    }
    attached = change("module.m[0].aws_iam_role_policy_attachment.a", {"role": "r"}, {"policy_arn": True, "id": True})
    found = graph(change("aws_iam_policy.p", {"name": "p", "policy": "{}"}), attached, root=root)
    joined = named(found, "module.m[0].aws_iam_role_policy_attachment.a")
    assert isinstance(joined.get("policyArn"), Unknown)
    assert found.linked(joined, "policyArn") == named(found, "aws_iam_policy.p")


def test_a_reference_to_a_resource_with_several_instances_stays_open() -> None:
    root = {
        "resources": [
            {
                "address": "aws_iam_role_policy_attachment.a",
                "expressions": {
                    "role": {"references": ["aws_iam_role.r[0].name", "aws_iam_role.r[0]", "aws_iam_role.r"]}
                },
            }
        ]
    }
    attached = change("aws_iam_role_policy_attachment.a", {}, {"role": True})
    found = graph(change("aws_iam_role.r[0]", {}), change("aws_iam_role.r[1]", {}), attached, root=root)
    assert isinstance(found.linked(named(found, "aws_iam_role_policy_attachment.a"), "role"), Unknown)


def test_a_policy_document_is_read_as_far_as_it_is_known() -> None:
    statement = {"sid": "Reads", "actions": ["s3:GetObject"], "resources": [None, "arn:aws:s3:::b/*"]}
    statement["principals"] = [{"type": "AWS", "identifiers": ["arn:aws:iam::111122223333:root"]}]
    statement["condition"] = [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]}]
    data = change(DOCUMENT, {"statement": [statement]}, {"json": True, "statement": [{"resources": [True, False]}]})
    root = {
        "resources": [
            {
                "address": "aws_s3_bucket_policy.b",
                "expressions": {"policy": {"references": [f"{DOCUMENT}.json", DOCUMENT]}},
            }
        ]
    }
    held = change("aws_s3_bucket_policy.b", {"bucket": "b"}, {"policy": True})
    found = graph(data, held, root=root)
    document = found.document(named(found, "aws_s3_bucket_policy.b"))
    assert not isinstance(document, Unknown | None)
    (said,) = document["Statement"]
    assert isinstance(said["Resource"][0], Unknown)
    assert (said["Resource"][1], said["Action"], said["Effect"]) == ("arn:aws:s3:::b/*", ("s3:GetObject",), "Allow")
    assert said["Principal"] == {"AWS": ("arn:aws:iam::111122223333:root",)}
    assert said["Condition"] == {"Bool": {"aws:SecureTransport": ("true",)}}


def test_a_document_that_others_are_merged_into_is_not_guessed() -> None:
    data = change(DOCUMENT, {"statement": []}, {"json": True, "source_policy_documents": True})
    root = {
        "resources": [{"address": "aws_iam_policy.p", "expressions": {"policy": {"references": [f"{DOCUMENT}.json"]}}}]
    }
    found = graph(data, change("aws_iam_policy.p", {}, {"policy": True}), root=root)
    assert isinstance(found.document(named(found, "aws_iam_policy.p")), Unknown)


def test_what_is_sensitive_is_withheld_and_what_is_deleted_is_left_out() -> None:
    secret = change("aws_iam_user.u", {"name": "u", "path": "/x/"}, after_sensitive={"path": True})
    gone = change("aws_iam_role.r", None, actions=["delete"])
    found = graph(secret, gone)
    assert named(found, "aws_iam_user.u").get("path") == SECRET
    assert [one.name for one in found.resources] == ["aws_iam_user.u"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (plan(errored=True), "the plan failed"),
        (plan(complete=False), "leaves changes for later"),
        (plan(format_version="2.0"), "format_version: expected version 1"),
        ('{"planned_values": {}, "format_version": "1.0"}', "resource_changes: expected the changes of the plan"),
        (plan({"address": "a"}), r"resource_changes\[0\].change: expected the change"),
        ('{"values": {}}', "this is a state of Terraform"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        any_graph_from_text(text, "plan.json")


def test_guards_do_not_judge_a_plan_of_terraform() -> None:
    with pytest.raises(BadInput, match="Terraform plan, which `strongroom access` alone reads"):
        graph_from_text(plan(), "plan.json")


def test_a_circle_of_modules_ends() -> None:
    loop = {
        "expressions": {"x": {"references": ["module.m.o"]}},
        "module": {"outputs": {"o": {"expression": {"references": ["var.x"]}}}},
    }
    root = {
        "resources": [{"address": "aws_iam_role.r", "expressions": {"path": {"references": ["module.m.o"]}}}],
        "module_calls": {"m": loop},
    }
    assert len(graph(change("aws_iam_role.r", {}, {"path": True}), root=root).resources) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab.[]", max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(after=JSON, unknown=JSON, sensitive=JSON, expressions=JSON)
def test_whatever_a_plan_holds_it_is_read_or_refused(
    after: Any, unknown: Any, sensitive: Any, expressions: Any
) -> None:
    root = {"resources": [{"address": "aws_iam_role.r", "expressions": expressions}], "module_calls": expressions}
    changed = change("aws_iam_role.r", after, unknown, after_sensitive=sensitive)
    try:
        found = graph(changed, root=root)
    except BadInput as refusal:
        assert "plan.json" in str(refusal)  # noqa: PT017 - either outcome is right, and each is checked
    else:
        assert [one.name for one in found.resources] == ["aws_iam_role.r"]
