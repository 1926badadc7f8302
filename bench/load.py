"""A closed loop of readers: each asks for a page, reads it whole and asks for the next."""

import http.client
import random
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

READERS = 8


@dataclass(frozen=True)
class Page:
    """An address on the server, and the session of whoever asks for it."""

    path: str
    cookie: str


@dataclass(frozen=True)
class Load:
    requests_per_s: float
    p50_ms: float
    p95_ms: float
    bytes_per_page: int


class WrongAnswer(Exception):
    """The server answered something else than a page: what was measured is not what was meant."""


def read_pages(port: int, pages: Sequence[Page], *, seconds: float, seed: int) -> Load:
    """Read pages in a random order for some seconds by READERS connections that are kept."""
    stop_at = time.monotonic() + seconds
    times: list[float] = []
    sizes: list[int] = []
    failures: list[str] = []

    def reader(number: int) -> None:
        order = random.Random(seed * 1000 + number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < stop_at and not failures:
            page = order.choice(pages)
            began = time.monotonic()
            connection.request("GET", page.path, headers={"Cookie": page.cookie})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != http.client.OK:
                failures.append(f"{page.path}: {answer.status}")
            times.append(time.monotonic() - began)
            sizes.append(len(body))
        connection.close()

    began = time.monotonic()
    readers = [threading.Thread(target=reader, args=[number]) for number in range(READERS)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    if failures:
        raise WrongAnswer(failures[0])
    took = time.monotonic() - began
    ordered = sorted(times)
    return Load(
        requests_per_s=len(times) / took,
        p50_ms=statistics.median(ordered) * 1000,
        p95_ms=ordered[int(len(ordered) * 0.95)] * 1000,
        bytes_per_page=int(statistics.mean(sizes)),
    )
