"""The local cloud itself: moto in this process, for any accounts and Regions, cut off from everything real."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache, cached_property
from threading import Lock
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import botocore.session
from botocore.httpsession import URLLib3Session
from botocore.loaders import create_loader

from core.errors import BadInput
from twin.scope import Place

KEY_BEGINS, SECRET_KEY = "AKIALOCL", "not-a-secret"
"""moto checks neither; a key id of another length than 20 would not be read from the signature."""
ONE_AT_A_TIME = Lock()
LOOPBACK = "127.0.0.1"
SETTINGS_OF_OTHERS = ("AWS_", "MOTO_", "BOTO_", "TEST_SERVER_MODE", "TEST_PROXY_MODE")
"""First letters of environment variables that would steer botocore or moto, and so are hidden from them."""


class NetworkRefusedError(RuntimeError):
    """A request that moto did not answer was about to leave the process."""


def access_key(account: str) -> str:
    """The id of the key by which the local cloud knows whose request it is."""
    return KEY_BEGINS + account


class LocalClients:
    """The boto3 clients of one account in one Region of the local cloud, each made when it is first asked for.

    So that what is never used costs nothing: a client takes 20 to 100 ms.
    """

    def __init__(
        self, session: Any, place: Place, elsewhere: dict[tuple[str, str], LocalClients] | None = None
    ) -> None:
        self._session, self._place = session, place
        self._made: dict[str, Any] = {}
        self._elsewhere = {} if elsewhere is None else elsewhere
        self._elsewhere[place.account, place.region] = self

    @property
    def place(self) -> Place:
        """Account, Region and partition."""
        return self._place

    def client(self, service: str) -> Any:
        """The client of a service, always the same one."""
        if service not in self._made:
            self._made[service] = self._session.create_client(
                service,
                self._place.region,
                aws_access_key_id=access_key(self._place.account),
                aws_secret_access_key=SECRET_KEY,
            )
        return self._made[service]

    def at(self, account: str, region: str) -> LocalClients:
        """Those of another account or Region, always the same ones; an empty word stands for this one's.

        Raises BadInput for a Region that botocore does not know.
        """
        where = (account or self._place.account, region or self._place.region)
        if where not in self._elsewhere:
            LocalClients(self._session, Place(*where, _partition(self._session, where[1])), self._elsewhere)
        return self._elsewhere[where]


@contextmanager
def local_cloud(account: str, region: str) -> Generator[LocalClients]:
    """An empty cloud, gone at the end of the block; account and Region are those where nothing else is said.

    One at a time in a process, else RuntimeError: moto's backends are shared. No credential, profile, configuration
    file, endpoint or proxy of the user is looked at, no request leaves the process, and the environment is as it was
    afterwards. Raises BadInput for a Region that botocore does not know.
    """
    with _alone(), patch.dict(os.environ, _environment(account)):
        for name in [name for name in os.environ if name.startswith(SETTINGS_OF_OTHERS)]:
            if name not in _environment(account):
                del os.environ[name]
        from moto import mock_aws  # before the session: it puts its handler into what every later session begins with

        session = botocore.session.Session()
        session.register_component("data_loader", _models())
        place = Place(account, region, _partition(session, region))
        with (
            mock_aws(config={"core": {"mock_credentials": False, "reset_boto3_session": False}}),
            _no_network(),
            _accounts_by_key(account),
            _lazy_key_pairs(),
            _machines_of_today(session),
        ):
            yield LocalClients(session, place)


@cache
def _models() -> Any:
    """Botocore's descriptions of the services, read once for all clouds of the process."""
    return create_loader()


@contextmanager
def _alone() -> Generator[None]:
    """A second one would share the first one's resources without anybody noticing."""
    if not ONE_AT_A_TIME.acquire(blocking=False):
        msg = "another local cloud is open in this process"
        raise RuntimeError(msg)
    try:
        yield
    finally:
        ONE_AT_A_TIME.release()


def _environment(account: str) -> dict[str, str]:
    return {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": access_key(account),
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # nothing starts a machine here, and reading 1,300 images takes a while
    }


def _partition(session: botocore.session.Session, region: str) -> str:
    for partition in session.get_available_partitions():
        if region in session.get_available_regions("ec2", partition):
            return str(partition)
    msg = (
        f"local cloud: Region {region!r} is not one that botocore knows; expected a Region code such as 'eu-central-1'"
    )
    raise BadInput(msg)


@contextmanager
def _no_network() -> Generator[None]:
    """What moto does not answer would be sent: that is let through only to a server on this machine, such as ours."""
    send = URLLib3Session.send

    def guarded(self: URLLib3Session, request: Any) -> Any:
        if urlsplit(request.url).hostname != LOOPBACK:
            msg = f"the local cloud makes no network calls; this one was about to leave: {request.url}"
            raise NetworkRefusedError(msg)
        return send(self, request)

    with patch.object(URLLib3Session, "send", guarded):
        yield


@contextmanager
def _accounts_by_key(account: str) -> Generator[None]:
    """Whose a request is says its access key: one of ours names the account, one that moto gave out is looked up."""
    import moto.iam.models

    def account_of(key: str) -> str:
        if key.startswith(KEY_BEGINS):
            return key.removeprefix(KEY_BEGINS)
        held = list(moto.iam.models.iam_backends.items())
        given = (number for number, backends in held for one in backends.values() if key in one.access_keys)
        return next(given, account)

    with patch.object(moto.iam.models, "get_account_id_from", account_of):
        yield


class _KeyPairOnDemand:
    """Stands for the key pair that moto makes for every KMS key, until something asks it to sign or verify.

    A symmetric key never uses it, and an RSA pair takes 50 to 100 ms.
    """

    def __init__(self, key_spec: str) -> None:
        self._key_spec = key_spec

    @cached_property
    def _pair(self) -> Any:
        from moto.kms.utils import generate_private_key

        return generate_private_key(self._key_spec)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pair, name)


@contextmanager
def _lazy_key_pairs() -> Generator[None]:
    import moto.kms.models

    with patch.object(moto.kms.models, "generate_private_key", _KeyPairOnDemand):
        yield


@contextmanager
def _machines_of_today(session: botocore.session.Session) -> Generator[None]:
    """Moto refuses instance types that SageMaker took on after its list was made; the API's own model has them all."""
    from moto.sagemaker.exceptions import ValidationError
    from moto.sagemaker.models import FakeEndpointConfig

    def validate(_: FakeEndpointConfig, instance_type: str) -> None:
        known = session.get_service_model("sagemaker").shape_for("ProductionVariantInstanceType").enum
        if instance_type not in known:
            raise ValidationError(message=f"Value '{instance_type}' at 'instanceType' is none that SageMaker serves on")

    with patch.object(FakeEndpointConfig, "validate_instance_type", validate):
        yield
