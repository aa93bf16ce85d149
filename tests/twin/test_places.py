"""Resources go where their provider works: several Regions and accounts in one cloud, each seeing its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from core.errors import BadInput
from core.outcome import Status
from core.resource import Resource
from core.value import SECRET
from twin.apply import destroy
from twin.local_cloud import local_cloud
from twin.places import Places
from twin.serve import serve

AWS = "pulumi:providers:aws"
IRELAND, ARCHIVE = "eu-west-1", "444455556666"
TOPIC = "aws:sns/topic:Topic"


@pytest.fixture
def spread(platform: Any) -> Any:
    """The same log group at home, in another Region, in another account; and what its own Region is named for."""
    group = {"type": "aws:cloudwatch/logGroup:LogGroup", "name": "/same", "retentionInDays": 30}
    return type(platform)(
        {
            "ireland": {"type": AWS, "region": IRELAND, "allowedAccountIds": '["111122223333"]'},
            "archive": {"type": AWS, "allowedAccountIds": f'["{ARCHIVE}"]'},
            "home": group,
            "abroad": {**group, "provider": "ireland"},
            "kept": {**group, "provider": "archive"},
            "named": {"type": TOPIC, "displayName": "Named", "region": "us-east-1"},
            "key": {"type": "aws:kms/key:Key", "description": "Seals", "provider": "archive"},
            "role": {
                "type": "aws:iam/role:Role",
                "name": "same",
                "provider": "archive",
                "assumeRolePolicy": platform.parts["role"]["assumeRolePolicy"],
            },
            "role-home": {
                "type": "aws:iam/role:Role",
                "name": "same",
                "assumeRolePolicy": platform.parts["role"]["assumeRolePolicy"],
            },
        }
    )


def arns(bench: Any) -> dict[str, str]:
    return {urn.rpartition("::")[2]: record.outputs["arn"] for urn, record in bench.state.records.items()}


def test_each_resource_is_in_the_account_and_region_of_its_provider(bench: Any, spread: Any) -> None:
    done = bench.up(spread)
    assert {o.status for o in bench.read(done).outcomes} == {Status.VERIFIED}
    found = arns(bench)
    assert found["home"] == "arn:aws:logs:eu-central-1:111122223333:log-group:/same"
    assert found["abroad"] == "arn:aws:logs:eu-west-1:111122223333:log-group:/same"
    assert found["kept"] == "arn:aws:logs:eu-central-1:444455556666:log-group:/same"
    assert found["named"].startswith("arn:aws:sns:us-east-1:111122223333:")
    assert found["key"].startswith("arn:aws:kms:eu-central-1:444455556666:key/")
    assert (found["role"], found["role-home"]) == (
        "arn:aws:iam::444455556666:role/same",
        "arn:aws:iam::111122223333:role/same",
    )
    assert bench.changes(spread) == {}


def test_one_account_does_not_see_what_another_has(bench: Any, spread: Any) -> None:
    bench.up(spread.only("key", "kept"))
    assert bench.clients.client("kms").list_keys()["Keys"] == []
    assert len(bench.clients.at(ARCHIVE, "").client("kms").list_keys()["Keys"]) == 1
    assert bench.clients.at("", IRELAND).client("logs").describe_log_groups()["logGroups"] == []


def test_what_moves_is_made_there_and_goes_here(bench: Any, spread: Any) -> None:
    bench.up(spread.only("home", "ireland"))
    spread.change("home", provider="ireland")
    done = bench.up(spread.only("home"))
    assert {str(item.change) for item in done} == {"replaced"}
    assert {o.status for o in bench.read(done).outcomes} == {Status.VERIFIED}
    assert bench.clients.client("logs").describe_log_groups()["logGroups"] == []
    assert len(bench.clients.at("", IRELAND).client("logs").describe_log_groups()["logGroups"]) == 1


def test_each_goes_from_where_it_is_though_no_provider_is_declared_any_more(bench: Any, spread: Any) -> None:
    bench.up(spread)
    bench.apply()
    gone = destroy(bench.clients, bench.state, lambda _: None)
    assert {o.status for o in bench.read(gone).outcomes} == {Status.VERIFIED}
    for account, region in (("", ""), ("", IRELAND), (ARCHIVE, "")):
        assert bench.clients.at(account, region).client("logs").describe_log_groups()["logGroups"] == []


def provider(**settings: Any) -> Resource:
    return Resource(AWS, f"urn:pulumi:local::sample::{AWS}::p", settings)


def placed(bench: Any, one: Resource) -> tuple[str, str]:
    places = Places(bench.clients)
    places.learn(one)
    there = places.of(Resource(TOPIC, "urn", provider=one.urn))
    return there.account, there.region


def test_the_account_is_the_one_allowed_or_that_of_the_last_role_assumed(bench: Any) -> None:
    role = '[{"roleArn": "arn:aws:iam::777788889999:role/first"}, {"roleArn": "arn:aws:iam::444455556666:role/deploy"}]'
    assert placed(bench, provider()) == ("111122223333", "eu-central-1")
    assert placed(bench, provider(region=IRELAND)) == ("111122223333", IRELAND)
    assert placed(bench, provider(allowedAccountIds=[ARCHIVE])) == (ARCHIVE, "eu-central-1")
    assert placed(bench, provider(assumeRoles=role)) == (ARCHIVE, "eu-central-1")
    assert placed(bench, provider(allowedAccountIds=f'["{ARCHIVE}", "111122223333"]'))[0] == "111122223333"


def test_a_provider_whose_place_cannot_be_told_is_refused(bench: Any) -> None:
    with pytest.raises(BadInput, match="expected the one account that it works in"):
        Places(bench.clients).learn(provider(allowedAccountIds=f'["{ARCHIVE}", "777788889999"]'))
    with pytest.raises(BadInput, match="region: not known, or withheld"):
        Places(bench.clients).learn(provider(region=SECRET))
    with pytest.raises(BadInput, match="its provider other was not handed over before it"):
        Places(bench.clients).of(Resource(TOPIC, "urn", provider="other"))
    with pytest.raises(BadInput, match="'eu-nowhere-1' is not one that botocore knows"):
        placed(bench, provider(region="eu-nowhere-1"))


def test_clients_of_a_place_are_always_the_same_and_made_when_asked_for() -> None:
    with local_cloud("111122223333", "eu-central-1") as clients:
        there = clients.at(ARCHIVE, IRELAND)
        assert there is clients.at(ARCHIVE, IRELAND) is there.at("", "")
        assert there.at("111122223333", "eu-central-1") is clients
        assert there.client("sns") is there.client("sns")
        assert (list(there._made), clients._made) == (["sns"], {})


def test_credentials_that_the_cloud_gave_out_work_in_the_account_of_their_role() -> None:
    with local_cloud("111122223333", "eu-central-1") as clients:
        there = f"arn:aws:iam::{ARCHIVE}:role/reader"
        given = clients.client("sts").assume_role(RoleArn=there, RoleSessionName="me")["Credentials"]
        visitor = botocore.session.Session().create_client(
            "sts",
            "eu-central-1",
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )
        assert visitor.get_caller_identity()["Account"] == ARCHIVE


def test_a_visitor_looks_at_another_account_with_the_variables_for_it(bench: Any, spread: Any) -> None:
    bench.up(spread)
    with serve("111122223333", "eu-central-1", 0) as served:
        for account, region, count in (
            ("111122223333", IRELAND, 1),
            (ARCHIVE, "eu-central-1", 1),
            (ARCHIVE, IRELAND, 0),
        ):
            said = replace(served, account=account, region=region).environment
            client: Any = botocore.session.Session().create_client(
                "logs",
                said["AWS_REGION"],
                endpoint_url=said["AWS_ENDPOINT_URL"],
                aws_access_key_id=said["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=said["AWS_SECRET_ACCESS_KEY"],
            )
            assert len(client.describe_log_groups()["logGroups"]) == count
