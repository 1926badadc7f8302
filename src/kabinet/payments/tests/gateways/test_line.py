"""A slow gateway takes some threads of a process and never all; one that does not answer is left alone for a while."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments.gateways.line import Line, line_to

WEB_THREADS = 4
SLOW_MS = 700


def call(line: Line, outcome: Exception | None = None, most: int = 2) -> None:
    with line.call(most=most):
        if outcome is not None:
            raise outcome


def time_out(line: Line, times: int = 3) -> None:
    for _ in range(times):
        with pytest.raises(httpx.TimeoutException):
            call(line, httpx.ReadTimeout("too late"))


def seconds_until_a_page_is_served(bench) -> float:
    """Let more people than there are threads pay at once, then ask for a page that needs no gateway."""
    payment = bench.created()
    bench.misbehave(match={"path": bench.fetch_path}, action="delay_ms", delay_ms=SLOW_MS, times=0)

    def pay() -> None:
        with contextlib.suppress(Unavailable):
            bench.shop.fetch(payment.id)

    with ThreadPoolExecutor(WEB_THREADS) as threads:
        for _ in range(WEB_THREADS * 2):
            threads.submit(pay)
        began = time.monotonic()
        threads.submit(lambda: None).result()
        return time.monotonic() - began


def test_threads_stay_free_while_a_gateway_is_slow(bench, settings):
    settings.GATEWAY_CALLS_AT_ONCE = WEB_THREADS // 2

    assert seconds_until_a_page_is_served(bench) < SLOW_MS / 1000 / 2


def test_without_the_limit_every_thread_is_taken(bench, settings):
    settings.GATEWAY_CALLS_AT_ONCE = WEB_THREADS * 2

    assert seconds_until_a_page_is_served(bench) > SLOW_MS / 1000


def test_a_call_too_many_fails_at_once_and_a_place_that_is_free_again_is_given():
    line, is_held, may_end = Line(), threading.Event(), threading.Event()

    def hold() -> None:
        with line.call(most=1):
            is_held.set()
            may_end.wait(5)

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait(5)
    with pytest.raises(Unavailable):
        call(line, most=1)
    may_end.set()
    holder.join()

    call(line, most=1)


def test_a_place_is_given_back_whatever_happens():
    line = Line()
    for outcome in (httpx.ReadError("cut"), Rejected("no"), httpx.ReadTimeout("too late"), KeyError("a defect")):
        with pytest.raises(type(outcome)):
            call(line, outcome, most=1)
        call(line, most=1)


def test_after_three_time_outs_in_a_row_nobody_waits_for_the_gateway():
    line = Line()

    time_out(line)

    with pytest.raises(Unavailable):
        call(line)


def test_two_time_outs_are_borne_and_an_answer_forgives_them():
    line = Line()
    for _ in range(3):
        time_out(line, times=2)
        call(line)


def test_a_refused_connection_is_quick_and_leaves_the_line_open():
    line = Line()
    for _ in range(5):
        with pytest.raises(httpx.ConnectError):
            call(line, httpx.ConnectError("refused"))

    call(line)


def test_when_the_rest_is_over_one_call_tries_and_the_others_wait(monkeypatch):
    line, clock_s = Line(), [1000.0]
    monkeypatch.setattr("kabinet.payments.gateways.line.time.monotonic", lambda: clock_s[0])
    time_out(line)

    clock_s[0] += 29.9
    with pytest.raises(Unavailable):
        call(line)
    clock_s[0] += 0.1
    with line.call(most=2), pytest.raises(Unavailable):
        call(line)

    call(line)


def test_a_trial_that_times_out_closes_the_line_again(monkeypatch):
    line, clock_s = Line(), [1000.0]
    monkeypatch.setattr("kabinet.payments.gateways.line.time.monotonic", lambda: clock_s[0])
    time_out(line)

    clock_s[0] += 30
    time_out(line, times=1)
    with pytest.raises(Unavailable):
        call(line)


def test_each_host_has_its_own_line():
    assert line_to("one.example") is line_to("one.example")
    assert line_to("one.example") is not line_to("other.example")


def test_a_gateway_that_hangs_is_asked_three_times_and_no_more(bench, monkeypatch):
    monkeypatch.setattr("kabinet.payments.gateways.wire.READ_TIMEOUT_S", 0.1)
    line = Line()
    monkeypatch.setattr("kabinet.payments.gateways.wire.line_to", lambda host: line)
    payment_id = str(uuid4())
    bench.misbehave(match={"path": bench.fetch_path}, action="hang_before", times=0)

    for _ in range(5):
        with pytest.raises(Unavailable):
            bench.shop.fetch(payment_id)

    rules = bench.sandbox.get("/sandbox/rules")["rules"]
    assert [rule["used"] for rule in rules] == [3]
