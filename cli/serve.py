"""Keeping the local cloud after `up --serve`, for anybody who wants to look around in it."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cli.terminal import tell
from core.errors import BadInput

if TYPE_CHECKING:
    from core.settings import Settings

LOOK_AROUND = """
The local cloud is at {url} until Ctrl-C: account {account}, Region {region}.
In another terminal:

{exports}

  aws s3api list-buckets
  aws cloudtrail describe-trails
  aws sagemaker list-endpoints
  python -c 'import boto3; print(boto3.client("kms").list_aliases()["Aliases"])'
"""


def require_free(port: int) -> None:
    """Raise BadInput when nothing can listen on this port of the loopback address; 0 stands for any free one.

    Asked before anything is built: a taken port is better known at once.
    """
    from twin.local_cloud import LOOPBACK

    try:
        with socket.create_server((LOOPBACK, port)):
            return
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        msg = f"port {port} of {LOOPBACK} cannot be used ({why}); name another with --port, or leave it out"
        raise BadInput(msg) from error


def serve_cloud(settings: Settings, port: int) -> None:
    """Answer AWS API calls on the loopback address from the cloud of this process, until interrupted."""
    from twin.serve import serve

    with interruptible() as asked, serve(settings.account, settings.region, port) as served:
        tell(look_around(served.url, served.account, served.region, served.environment))
        while not asked.wait(timeout=1.0):
            continue
    tell("strongroom: the local cloud is gone")


def look_around(url: str, account: str, region: str, variables: Mapping[str, str]) -> str:
    """Where the cloud is, what to set, and what can be asked there."""
    exports = "\n".join(f"  export {name}={value}" for name, value in variables.items())
    return LOOK_AROUND.format(url=url, account=account, region=region, exports=exports)


@contextmanager
def interruptible() -> Generator[threading.Event]:
    """An event that Ctrl-C, or a request to terminate, sets as long as the block lasts."""
    asked = threading.Event()

    def stop(_signal: int, _frame: Any) -> None:
        asked.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
