"""One exchange with a gateway over HTTP, and its answer read as a stranger's. Every client speaks through here."""

import datetime as dt
import email.utils
import functools
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from kabinet.common.errors import Unavailable
from kabinet.payments.gateways.deadline import DeadlineTransport, within
from kabinet.payments.gateways.line import line_to

CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 10.0
LARGEST_ANSWER_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back. `date` is the gateway's own clock, when it tells."""

    call: str
    status: int
    body: bytes = field(repr=False)
    date: dt.datetime | None

    def read_object(self) -> dict[str, Any]:
        """Read a JSON object, with exact numbers. Raises Unavailable for anything else."""
        try:
            told = json.loads(self.body, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Unavailable(f"{self.call}: answer {self.status} is not JSON") from error
        if not isinstance(told, dict):
            raise Unavailable(f"{self.call}: answer {self.status} is not an object")
        return told


def exchange(method: str, url: str, *, ca_file: str = "", **request: Any) -> Answer:
    """Do one request within a deadline and never repeat it. Raises Unavailable when no whole answer comes."""
    address = urlsplit(url)
    call = f"{method} {address.path}"
    try:
        with line_to(address.netloc).call(most=settings.GATEWAY_CALLS_AT_ONCE):
            return _exchange(call, method, url, ca_file=ca_file, **request)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"{call}: {type(error).__name__}") from error


def _exchange(call: str, method: str, url: str, *, ca_file: str, **request: Any) -> Answer:
    timeout = httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
    with within(READ_TIMEOUT_S), _http(ca_file).stream(method, url, timeout=timeout, **request) as response:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LARGEST_ANSWER_BYTES:
                raise httpx.DecodingError("the answer is too long")
        return Answer(call, response.status_code, bytes(body), _read_date(response.headers.get("Date", "")))


@functools.cache
def _http(ca_file: str) -> httpx.Client:
    """Give the process's one pool of connections: without credentials, deaf to the machine's proxies and .netrc.

    ca_file  root certificates that are trusted beside the usual ones; verification is never off
    """
    context = httpx.create_ssl_context(trust_env=False)
    if ca_file:
        context.load_verify_locations(ca_file)
    transport = DeadlineTransport(verify=context, keepalive_expiry_s=2.0)
    return httpx.Client(transport=transport, follow_redirects=False, trust_env=False)


def _read_date(header: str) -> dt.datetime | None:
    try:
        return email.utils.parsedate_to_datetime(header).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")
