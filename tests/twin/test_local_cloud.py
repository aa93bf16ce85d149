"""The local cloud is one account in one Region, empty at first, and cut off from everything real."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from core.errors import BadInput
from twin.local_cloud import NetworkRefusedError, local_cloud

HOSTILE = {
    "AWS_PROFILE": "does-not-exist",
    "AWS_ENDPOINT_URL": "http://192.0.2.1:1",
    "AWS_REGION": "us-west-2",
    "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
    "AWS_SESSION_TOKEN": "real",
    "AWS_RETRY_MODE": "nonsense",
    "AWS_CA_BUNDLE": "/does/not/exist",
    "MOTO_ACCOUNT_ID": "999999999999",
}


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1", "us-gov-west-1", "cn-north-1"])
def test_account_region_and_partition_are_those_asked_for(region: str) -> None:
    with local_cloud("111122223333", region) as clients:
        assert clients.client("sts").get_caller_identity()["Account"] == "111122223333"
        arn = clients.client("sns").create_topic(Name="t")["TopicArn"]
        assert arn == f"arn:{clients.place.partition}:sns:{region}:111122223333:t"


def test_what_the_user_has_set_up_for_aws_is_neither_used_nor_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("this is no config file", encoding="utf-8")
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    with local_cloud("111122223333", "eu-central-1") as clients:
        assert clients.client("sts").get_caller_identity()["Account"] == "111122223333"
        assert clients.client("s3").list_buckets()["Buckets"] == []
        assert "AWS_PROFILE" not in os.environ
    assert dict(os.environ) == before


def test_the_environment_is_restored_when_the_block_fails() -> None:
    before = dict(os.environ)
    with pytest.raises(ZeroDivisionError), local_cloud("111122223333", "eu-central-1"):
        raise ZeroDivisionError
    assert dict(os.environ) == before


def test_each_cloud_begins_empty() -> None:
    for _ in range(2):
        with local_cloud("111122223333", "us-east-1") as clients:
            assert clients.client("s3").list_buckets()["Buckets"] == []
            clients.client("s3").create_bucket(Bucket="left-behind")


def test_there_is_one_at_a_time() -> None:
    with (
        local_cloud("111122223333", "us-east-1"),
        pytest.raises(RuntimeError, match="another local cloud"),
        local_cloud("111122223333", "us-east-1"),
    ):
        raise AssertionError
    with local_cloud("111122223333", "us-east-1") as clients:
        assert clients.client("s3").list_buckets()["Buckets"] == []


def test_an_unknown_region_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="'eu-nowhere-1' is not one"), local_cloud("111122223333", "eu-nowhere-1"):
        raise AssertionError


def test_no_request_leaves_the_process() -> None:
    with local_cloud("111122223333", "eu-central-1"):
        session = botocore.session.Session()
        quick = Config(retries={"total_max_attempts": 1}, signature_version=UNSIGNED)
        client = session.create_client("s3", "eu-central-1", endpoint_url="http://192.0.2.1:9", config=quick)
        with pytest.raises(NetworkRefusedError, match=r"192\.0\.2\.1"):
            client.list_buckets()


def test_a_symmetric_key_costs_no_key_pair_and_an_asymmetric_one_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_cloud("111122223333", "eu-central-1") as clients:
        kms: Any = clients.client("kms")
        made: list[str] = []
        import moto.kms.utils

        generate = moto.kms.utils.generate_private_key
        monkeypatch.setattr(moto.kms.utils, "generate_private_key", lambda spec: made.append(spec) or generate(spec))
        sealed = kms.encrypt(KeyId=kms.create_key()["KeyMetadata"]["KeyId"], Plaintext=b"x")
        assert kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"])["Plaintext"] == b"x"
        assert made == []
        signer = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        said = {"KeyId": signer, "Message": b"m", "MessageType": "RAW", "SigningAlgorithm": "ECDSA_SHA_256"}
        assert kms.verify(**said, Signature=kms.sign(**said)["Signature"])["SignatureValid"] is True
        assert made == ["ECC_NIST_P256"]


def test_a_hundred_keys_take_less_than_one_would_with_pairs_for_all() -> None:
    with local_cloud("111122223333", "eu-central-1") as clients:
        clients.client("kms").list_keys()
        begun = time.perf_counter()
        for _ in range(100):
            clients.client("kms").create_key()
        assert time.perf_counter() - begun < 3


def test_machines_that_the_api_knows_are_taken_and_others_refused() -> None:
    with local_cloud("111122223333", "eu-central-1") as clients:
        sagemaker: Any = clients.client("sagemaker")
        sagemaker.create_model(ModelName="m", ExecutionRoleArn="arn:aws:iam::111122223333:role/role-of-the-model")
        variant = {"VariantName": "v", "ModelName": "m", "InitialInstanceCount": 1}
        for name, machine in (("new", "ml.m6i.large"), ("old", "ml.m5.large")):
            sagemaker.create_endpoint_config(
                EndpointConfigName=name, ProductionVariants=[{**variant, "InstanceType": machine}]
            )
        with pytest.raises(sagemaker.exceptions.ClientError, match=r"'ml\.nope' at 'instanceType'"):
            sagemaker.create_endpoint_config(
                EndpointConfigName="bad", ProductionVariants=[{**variant, "InstanceType": "ml.nope"}]
            )
