"""One deadline over a whole exchange: connecting, the head of an answer and its body together.

httpx counts its time-out anew for every read, so that a server which drips a byte a second, of the head as well as of
the body, would hold a thread for ever. Here each read and write may take what is left, and no more.
"""

import contextlib
import math
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx


class _Deadline(threading.local):
    """When the exchange of this thread has to end, by the monotonic clock."""

    at_s = math.inf


_deadline = _Deadline()


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let everything that this thread exchanges meanwhile end in time. Raises httpx.TimeoutException out of it."""
    _deadline.at_s = time.monotonic() + seconds
    try:
        yield
    finally:
        _deadline.at_s = math.inf


class DeadlineTransport(httpx.HTTPTransport):
    """A pool of connections that keep the deadline of the thread that uses them."""

    def __init__(self, *, verify: ssl.SSLContext, keepalive_expiry_s: float) -> None:
        super().__init__(verify=verify, trust_env=False)
        # httpx has no parameter for the network beneath its pool; a test sees that this one is used.
        self._pool = httpcore.ConnectionPool(
            ssl_context=verify, keepalive_expiry=keepalive_expiry_s, network_backend=_Network()
        )


class _Network(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(host, port, _left_s(timeout), local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left_s(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left_s(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left_s(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left_s(timeout: float | None) -> float | None:
    left_s = _deadline.at_s - time.monotonic()
    if left_s <= 0:
        raise httpcore.ReadTimeout("the answer takes too long")
    if math.isinf(left_s):
        return timeout
    return left_s if timeout is None else min(timeout, left_s)
