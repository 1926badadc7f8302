"""The line to one gateway: how many of this process's threads may wait on it, and when it is left alone for a while.

Kept in the memory of a process and nowhere else, because threads of a process are what it guards (docs/adr/0058).
"""

import contextlib
import functools
import threading
import time
from collections.abc import Iterator

import httpx

from kabinet.common.errors import Unavailable

TIMEOUTS_TO_REST = 3
REST_S = 30.0


class Line:
    """A gateway's host as this process sees it.

    At most `most` calls are on it at once, a further one fails at once. After three time-outs in a row every call fails
    at once for half a minute; then one is let through, and what comes of it decides.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls_count = 0
        self._timeouts_count = 0
        self._rests_until_s = 0.0

    @contextlib.contextmanager
    def call(self, *, most: int) -> Iterator[None]:
        """Hold a place on the line. Raises Unavailable when there is none; what the call raises goes through."""
        self._take(most)
        is_timeout = False
        try:
            yield
        except httpx.TimeoutException:
            is_timeout = True
            raise
        finally:
            self._leave(is_timeout=is_timeout)

    def _take(self, most: int) -> None:
        with self._lock:
            if self._calls_count >= most:
                raise Unavailable(f"{most} calls to this gateway are waiting already")
            if self._timeouts_count >= TIMEOUTS_TO_REST:
                if time.monotonic() < self._rests_until_s:
                    raise Unavailable("the gateway has let its last calls time out and is left alone for a while")
                self._rests_until_s = time.monotonic() + REST_S  # this call is the trial; the others go on waiting
            self._calls_count += 1

    def _leave(self, *, is_timeout: bool) -> None:
        with self._lock:
            self._calls_count -= 1
            if is_timeout:
                self._timeouts_count += 1
                self._rests_until_s = time.monotonic() + REST_S
            else:
                self._timeouts_count = 0


@functools.cache
def line_to(host: str) -> Line:
    """Give this process's one line to a host."""
    return Line()
