"""What was applied in process can be looked at through HTTP, on this machine only."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from core.errors import BadInput
from twin.local_cloud import local_cloud
from twin.serve import Served, serve


class Visitor:
    """Somebody with nothing but the variables that are printed."""

    def __init__(self, served: Served) -> None:
        self.said = served.environment
        self.session = botocore.session.Session()

    def client(self, service: str) -> Any:
        return self.session.create_client(
            service,
            self.said["AWS_REGION"],
            endpoint_url=self.said["AWS_ENDPOINT_URL"],
            aws_access_key_id=self.said["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.said["AWS_SECRET_ACCESS_KEY"],
        )


@pytest.fixture(scope="module")
def visited(new_bench: Any) -> Iterator[tuple[Any, Visitor]]:
    with local_cloud("111122223333", "eu-central-1") as clients:
        bench, program = new_bench(clients)
        bench.up(program)
        with serve("111122223333", "eu-central-1", 0) as served:
            yield bench, Visitor(served)


def test_a_visitor_sees_the_account_and_its_encrypted_buckets(visited: Any) -> None:
    bench, visitor = visited
    assert visitor.client("sts").get_caller_identity()["Account"] == "111122223333"
    s3 = visitor.client("s3")
    assert {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]} == {
        "sample-data",
        "sample-access",
        bench.id("logs"),
    }
    rule = s3.get_bucket_encryption(Bucket="sample-data")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"].endswith(bench.id("key"))


def test_a_visitor_sees_the_trail_logging_and_the_endpoint_in_service(visited: Any) -> None:
    bench, visitor = visited
    assert visitor.client("cloudtrail").get_trail_status(Name=bench.id("trail"))["IsLogging"] is True
    found = visitor.client("sagemaker").describe_endpoint(EndpointName=bench.id("endpoint"))
    assert found["EndpointStatus"] == "InService"
    assert visitor.client("ec2").describe_vpcs(VpcIds=[bench.id("vpc")])["Vpcs"][0]["CidrBlock"] == "10.1.0.0/16"
    assert visitor.client("iam").get_role(RoleName=bench.id("role"))["Role"]["MaxSessionDuration"] == 7200


def test_what_a_visitor_changes_is_drift(visited: Any) -> None:
    bench, visitor = visited
    visitor.client("sns").set_topic_attributes(
        TopicArn=bench.id("topic"), AttributeName="DisplayName", AttributeValue="Other"
    )
    found = bench.clients.client("sns").get_topic_attributes(TopicArn=bench.id("topic"))
    assert found["Attributes"]["DisplayName"] == "Other"


def test_a_request_is_not_written_to_the_terminal(visited: Any, capfd: pytest.CaptureFixture[str]) -> None:
    _, visitor = visited
    visitor.client("kms").list_keys()
    assert capfd.readouterr() == ("", "")


def test_the_server_listens_on_loopback_alone_and_stops_with_the_block() -> None:
    def servers() -> int:
        return sum(thread.name == "strongroom-local-cloud" for thread in threading.enumerate())

    before = servers()
    with serve("111122223333", "eu-central-1", 0) as served:
        host, _, port = served.url.removeprefix("http://").partition(":")
        assert host == "127.0.0.1"
        assert served.account == "111122223333"
        assert servers() == before + 1
    with pytest.raises(ConnectionRefusedError), socket.create_connection((host, int(port)), timeout=1):
        raise AssertionError
    assert servers() == before


def test_a_port_that_is_taken_is_named_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=rf"port {port} of 127\.0\.0\.1.*choose another with --port"):
            serve("111122223333", "eu-central-1", port).__enter__()


@pytest.mark.parametrize("port", [-1, 65536])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(BadInput, match="expected 0 to 65535"):
        serve("111122223333", "eu-central-1", port).__enter__()
