"""A run creates, a second one does nothing, a change does only what it must, and what is not declared any more goes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.errors import BadInput
from core.outcome import Change, Status
from core.resource import Resource
from core.value import SECRET, Unknown
from twin.absent import is_made_up
from twin.apply import Apply, destroy, suffix_from
from twin.calls import RefusedError
from twin.catalog import CATALOG
from twin.state import State


def test_a_platform_is_created_read_back_left_alone_and_destroyed(bench: Any, each_area: Any) -> None:
    first = bench.up(each_area)
    assert {item.change for item in first} == {Change.CREATED}
    assert [o for o in bench.read(first).outcomes if o.status is Status.FAILED] == []
    second = bench.up(each_area)
    assert bench.calls == []
    assert {item.change for item in second} == {Change.UNCHANGED}
    assert {item.record.urn: item.record.outputs for item in first} == {
        item.record.urn: item.record.outputs for item in second
    }
    bench.up(each_area.released())
    gone = destroy(bench.clients, bench.state, lambda _: None)
    assert {item.change for item in gone} == {Change.DELETED}
    left = {item.record.urn for item in gone if is_made_up(item.record.id) or CATALOG[item.record.type].lasting}
    unsure = {outcome.urn for outcome in bench.read(gone).outcomes if outcome.status is not Status.VERIFIED}
    assert unsure <= left
    assert bench.state == State()


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_independent_resources_come_does_not_matter(bench: Any, platform: Any, seed: int) -> None:
    names = sorted(platform.parts)
    names.sort(key=lambda name: suffix_from(str(seed))(name, 0))
    done = bench.up(platform, names)
    assert [o for o in bench.read(done).outcomes if o.status is Status.FAILED] == []
    names.reverse()
    assert bench.changes(platform, names) == {}
    assert (
        bench.changes(platform.only("vpc", "role")).keys()
        == platform.without(*platform.only("vpc", "role").parts).parts.keys()
    )


CHANGES: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "rotation off": ("key", {"enableKeyRotation": False}, ["kms.DisableKeyRotation"]),
    "key described anew": ("key", {"description": "Other"}, ["kms.UpdateKeyDescription"]),
    "a tag more": (
        "key",
        {"tags": {"owner": "ward", "strongroom:environment": "local", "more": "x"}},
        ["kms.TagResource"],
    ),
    "a tag less": ("key", {"tags": {"owner": "ward"}}, ["kms.UntagResource", "kms.TagResource"]),
    "no tags": ("role", {"tags": None}, ["iam.UntagRole"]),
    "retention": ("group", {"retentionInDays": 90}, ["logs.PutRetentionPolicy"]),
    "retention gone": ("group", {"retentionInDays": None}, ["logs.DeleteRetentionPolicy"]),
    "bucket tags gone": ("data", {"tags": None}, ["s3.DeleteBucketTagging"]),
    "bucket emptied when it goes": ("data", {"forceDestroy": True}, []),
    "block": ("closed", {"blockPublicAcls": False}, ["s3.PutPublicAccessBlock"]),
    "session": ("role", {"maxSessionDuration": 3600}, ["iam.UpdateRole"]),
    "boundary gone": ("role", {"permissionsBoundary": None}, ["iam.DeleteRolePermissionsBoundary"]),
    "trail paused": ("trail", {"enableLogging": False}, ["cloudtrail.StopLogging"]),
    "trail in one Region": ("trail", {"isMultiRegionTrail": False}, ["cloudtrail.UpdateTrail"]),
    "topic without key": ("topic", {"kmsMasterKeyId": None}, ["sns.SetTopicAttributes"]),
    "names in the network": ("vpc", {"enableDnsHostnames": False}, ["ec2.ModifyVpcAttribute"]),
    "address on launch": ("subnet", {"mapPublicIpOnLaunch": True}, ["ec2.ModifySubnetAttribute"]),
    "alarm": ("alarm", {"threshold": 5}, ["cloudwatch.PutMetricAlarm"]),
    "door without subnets": ("kms-door", {"subnetIds": []}, ["ec2.ModifyVpcEndpoint"]),
    "subscription raw": ("mail", {"rawMessageDelivery": True}, ["sns.SetSubscriptionAttributes"]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_property_is_changed_by_the_calls_it_needs_and_no_others(
    bench: Any, platform: Any, what: str
) -> None:
    name, inputs, calls = CHANGES[what]
    program = platform.only(name)
    bench.up(program)
    program.change(name, **inputs)
    apply = bench.apply()
    program.begin(apply)
    assert bench.calls == calls
    done = apply.finish()
    assert [item.change for item in done if item.record.urn == program.urn(name)] == [Change.UPDATED]
    assert {item.change for item in done if item.record.urn != program.urn(name)} <= {Change.UNCHANGED}
    assert [o for o in bench.read(done).outcomes if o.status is Status.FAILED] == []
    assert bench.changes(program) == {}


def test_a_changed_policy_gets_a_new_version_and_old_ones_make_room(bench: Any, platform: Any) -> None:
    program = platform.only("reads")
    for number in range(7):
        statement = {"Effect": "Allow", "Action": f"s3:Get{number}", "Resource": "*"}
        program.change("reads", policy={"Version": "2012-10-17", "Statement": [statement]})
        done = bench.up(program)
    assert [o.status for o in bench.read(done).outcomes] == [Status.VERIFIED]


def test_what_cannot_be_changed_is_made_anew_before_the_old_one_goes(bench: Any, platform: Any) -> None:
    program = platform.only("config")
    bench.up(program)
    old = bench.id("model")
    program.change("model", enableNetworkIsolation=False)
    assert bench.changes(program) == {"model": "replaced", "config": "replaced"}
    made, deleted = (bench.calls.index(f"sagemaker.{verb}Model") for verb in ("Create", "Delete"))
    assert made < deleted
    assert bench.id("model") != old
    assert [m["ModelName"] for m in bench.clients.client("sagemaker").list_models()["Models"]] == [bench.id("model")]


def test_what_cannot_be_changed_and_has_a_fixed_name_goes_first_and_takes_along_what_hangs_on_it(
    bench: Any, platform: Any
) -> None:
    program = platform.only("closed", "sealed")
    bench.up(program)
    program.change("data", objectLockEnabled=True)
    assert bench.changes(program) == {"data": "replaced", "closed": "replaced", "sealed": "replaced"}
    assert bench.calls.index("s3.DeleteBucket") < bench.calls.index("s3.CreateBucket")
    assert [o for o in bench.read(bench.up(program)).outcomes if o.status is Status.FAILED] == []


def test_a_moved_network_is_rebuilt_and_the_old_one_is_gone(bench: Any, platform: Any) -> None:
    bench.up(platform)
    old = bench.id("vpc")
    platform.change("vpc", cidrBlock="10.9.0.0/16")
    platform.change("subnet", cidrBlock="10.9.1.0/24")
    changed = bench.changes(platform)
    assert changed["vpc"] == changed["subnet"] == changed["kms-door"] == "replaced"
    assert {"key", "data", "trail"} & changed.keys() == set()
    assert old not in [vpc["VpcId"] for vpc in bench.clients.client("ec2").describe_vpcs()["Vpcs"]]
    assert [o for o in bench.read(bench.up(platform)).outcomes if o.status is Status.FAILED] == []


def test_a_removed_resource_is_deleted_after_what_hung_on_it(bench: Any, platform: Any) -> None:
    bench.up(platform.only("may-read", "key"))
    done = bench.up(platform.only("key"))
    assert {item.record.urn.rpartition("::")[2] for item in done if item.change is Change.DELETED} == {
        "may-read",
        "role",
        "reads",
        "boundary",
    }
    assert bench.calls[0] == "iam.DetachRolePolicy"
    assert {o.status for o in bench.read(done).outcomes if o.change is Change.DELETED} == {Status.VERIFIED}


def test_names_are_the_logical_name_and_seven_digits_and_stay(bench: Any, platform: Any) -> None:
    bench.up(platform.only("model", "logs", "key"))
    assert re.fullmatch(r"model-[0-9a-f]{7}", bench.id("model"))
    assert re.fullmatch(r"logs-[0-9a-f]{7}", bench.id("logs"))
    assert suffix_from("seed")("urn", 0) == suffix_from("seed")("urn", 0) != suffix_from("other")("urn", 0)


def test_a_name_that_aws_would_not_take_is_refused_before_any_call(bench: Any, platform: Any) -> None:
    platform.parts["m" * 57] = platform.parts["model"]
    program = platform.only("m" * 57)
    with pytest.raises(BadInput, match="takes 63 characters"):
        bench.up(program)
    assert "sagemaker.CreateModel" not in bench.calls


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown property": ({"nope": 1}, "nope: the catalog entry for aws:s3"),
    "an unknown leaf": ({"versioningConfiguration": {"status": "Enabled", "more": 1}}, "versioningConfiguration.more"),
    "an unknown value": ({"bucket": Unknown("elsewhere")}, "bucket: not known"),
    "a withheld value": ({"bucket": SECRET}, "bucket: not known, or withheld"),
    "an unknown Region": ({"bucket": "b", "region": "eu-nowhere-1"}, "'eu-nowhere-1' is not one that botocore knows"),
    "a wrong type": (
        {"bucket": "bbb", "versioningConfiguration": {"status": 5}},
        "Invalid type for parameter VersioningConfiguration.Status",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_be_lost_in_silence_is_refused_by_name(bench: Any, what: str) -> None:
    inputs, words = REFUSED[what]
    token = "aws:s3/bucketVersioning:BucketVersioning"
    with pytest.raises(BadInput, match=re.escape(words)):
        bench.apply()(Resource(token, f"urn:pulumi:local::sample::{token}::b", inputs))


def test_a_type_without_an_entry_is_refused_by_name(bench: Any) -> None:
    with pytest.raises(BadInput, match="does not know type aws:x/y:Z"):
        bench.apply()(Resource("aws:x/y:Z", "urn:pulumi:local::sample::aws:x/y:Z::z"))


def test_inline_rules_are_refused_with_what_to_declare_instead(bench: Any, platform: Any) -> None:
    platform.change("work", ingress=[{"protocol": "-1"}])
    with pytest.raises(BadInput, match=r"declare vpc\.SecurityGroupIngressRule instead"):
        bench.up(platform.only("work"))


def test_what_exists_already_and_is_not_ours_is_not_taken_over(bench: Any, platform: Any) -> None:
    bench.clients.client("logs").create_log_group(logGroupName="/sample/trail")
    with pytest.raises(RefusedError, match="ResourceAlreadyExistsException"):
        bench.up(platform.only("group"))


def test_links_are_found_in_the_values_where_nobody_recorded_them(bench: Any, platform: Any) -> None:
    program = platform.only("closed")
    apply = Apply(bench.clients, State(), lambda _: None, suffix_from("seed"))
    data = apply(Resource(program.parts["data"]["type"], program.urn("data"), program.inputs("data")))
    inputs = {**program.inputs("closed"), "bucket": data["id"]}
    apply(Resource(program.parts["closed"]["type"], program.urn("closed"), inputs))
    assert apply.state.records[program.urn("closed")].needs == {program.urn("data")}
