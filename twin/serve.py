"""The local cloud on a port of this machine, so that the AWS CLI or any SDK can look around in it.

The server runs in a thread of this process and shows the very backends that the in-process clients changed.
moto's own ThreadedMotoServer is not used: it waits for ever when the port is taken, and prints. The parts are the same.
"""

from __future__ import annotations

import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from types import MappingProxyType

from core.errors import BadInput
from twin.local_cloud import LOOPBACK, SECRET_KEY, access_key

HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Served:
    """Where it is to be found, and for whom: `replace` gives the same for another account or Region."""

    url: str
    account: str
    region: str

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that point the AWS CLI or an SDK to it. The credentials are no secret: none are checked."""
        return MappingProxyType(
            {
                "AWS_ENDPOINT_URL": self.url,
                "AWS_REGION": self.region,
                "AWS_DEFAULT_REGION": self.region,
                "AWS_ACCESS_KEY_ID": access_key(self.account),
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            }
        )


@contextmanager
def serve(account: str, region: str, port: int) -> Generator[Served]:
    """The local cloud of this process on a loopback port, until the end of the block. Port 0 takes any free one.

    To be used inside `local_cloud`. Raises BadInput for a port that is taken, not allowed, or no port.
    """
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    class QuietHandler(MotoRequestHandler):
        """Does not write a line for each request."""

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nothing."""

    with _bound(port) as listener:
        host, taken = listener.getsockname()
        app = DomainDispatcherApplication(create_backend_app)
        server = make_server(host, taken, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno())
        thread = Thread(target=server.serve_forever, name="strongroom-local-cloud", daemon=True)
        thread.start()
        try:
            yield Served(f"http://{host}:{taken}", account, region)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@contextmanager
def _bound(port: int) -> Generator[socket.socket]:
    """A listening socket on loopback only."""
    choose = "choose another with --port, or 0 for any that is free"
    if not 0 <= port <= HIGHEST_PORT:
        msg = f"port {port}: expected 0 to {HIGHEST_PORT}; {choose}"
        raise BadInput(msg)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError as error:
            msg = f"port {port} of {LOOPBACK} cannot be used ({error.strerror}); {choose}"
            raise BadInput(msg) from error
        listener.listen()
        yield listener
