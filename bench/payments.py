"""Payments: from a gateway's bell to money on the account, against a peer; and bells while the gateway is slow."""

import http.client
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.faults.world import Base, Scene
from bench.rows import Row

FOLDER = Path(__file__).resolve().parents[1] / "var" / "bench" / "payments"
EVENTS, BELLS, SENDERS = 120, 300, 4
FEW = 8
TIMEOUT_S = 120

Target = tuple[str, str]
"""An address of ours and the gateway's number of a payment."""


def measure(*, accounts: int, seconds: float) -> list[Row]:
    """Give events per second, ours and the peer's in turns; then the bell's p95 with a slow and a quick gateway."""
    with Base(FOLDER, settings="bench.peer.settings") as base, base.scene("bench") as scene:
        scene.gateway("notifications", {"enabled": False})
        made = json.loads(scene.run([sys.executable, "-m", "bench.payments", str(4 * EVENTS)]))
        ours_per_s, peer_per_s = [], []
        for turn in range(2):
            of_turn = made[2 * turn * EVENTS :]
            ours_per_s.append(_events_per_s(scene, of_turn[:EVENTS], _ours, OURS_DONE))
            peer_per_s.append(_events_per_s(scene, of_turn[EVENTS : 2 * EVENTS], _peers, PEERS_DONE))
        quick, slow = [], []
        for _ in range(3):  # in turns, so that a slow moment of the machine meets both
            scene.gateway("rules", method="DELETE")
            quick += _bells_s(scene, made)
            scene.gateway("rules", {"action": "delay_ms", "delay_ms": 9000, "times": 0, "match": {"method": "GET"}})
            slow += _bells_s(scene, made)
    return [
        Row(
            "from bell to posted payment: against a bare view and job",
            statistics.mean(ours_per_s),
            statistics.mean(peer_per_s),
            "events/s",
            "≥ 0.5",
        ),
        Row("a bell's p95: the gateway answers in 9 s against at once", _p95_ms(slow), _p95_ms(quick), "ms", "0.8–1.2"),
    ]


OURS_DONE = "SELECT count(*) FROM payments_payment WHERE state = 'paid' AND gateway_payment_id = ANY(%s)"
PEERS_DONE = """
    SELECT count(*) FROM payments_payment AS payment
    JOIN ledger_transfer AS posted ON posted.source_kind = 'peer' AND posted.source_id = payment.public_id::text
    WHERE payment.gateway_payment_id = ANY(%s)
"""


def _ours(scene: Scene, payment: dict[str, str]) -> Target:
    return payment["hook"], payment["id"]


def _peers(scene: Scene, payment: dict[str, str]) -> Target:
    return f"/peer/{payment['shop_pk']}/", payment["id"]


def _events_per_s(
    scene: Scene, payments: Sequence[dict[str, str]], target: Callable[[Scene, dict[str, str]], Target], done: str
) -> float:
    """Ring about payments that have been paid and wait until all are posted."""
    numbers = [payment["id"] for payment in payments]
    for number in numbers:
        scene.pay(number)
    began = time.monotonic()
    _ring(scene, [target(scene, payment) for payment in payments])
    while scene.query(done, [numbers]) != [(len(numbers),)]:
        if time.monotonic() - began > TIMEOUT_S:
            raise TimeoutError("not everything was posted in time")
        time.sleep(0.02)
    return len(numbers) / (time.monotonic() - began)


def _bells_s(scene: Scene, payments: Sequence[dict[str, str]]) -> list[float]:
    """Ring again and again about a few payments, so that the worker has as little to do with a quick gateway."""
    time.sleep(12)  # what the last measurement left to the worker
    return _ring(scene, [_ours(scene, payments[number % FEW]) for number in range(BELLS)])


def _p95_ms(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] * 1000


def _ring(scene: Scene, targets: Sequence[Target]) -> list[float]:
    """Ring from several senders at once; give how long each answer took. Anything but 200 is an error."""
    times: list[float] = []
    wrong: list[int] = []

    def send(mine: Sequence[Target], port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for path, number in mine:
            body = json.dumps({"type": "notification", "event": "payment.succeeded", "object": {"id": number}})
            began = time.monotonic()
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            times.append(time.monotonic() - began)
            if answer.status != 200:
                wrong.append(answer.status)
        connection.close()

    ports = scene.web_ports
    threads = [
        threading.Thread(target=send, args=[targets[number::SENDERS], ports[number % len(ports)]])
        for number in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"a bell was answered {wrong[0]}")
    return times


def make() -> None:
    """`python -m bench.payments COUNT`: start so many payments inside the world, and print them."""
    import django  # noqa: PLC0415 - this half runs with settings

    django.setup()
    from decimal import Decimal  # noqa: PLC0415
    from uuid import uuid4  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from kabinet.accounts.models import AccountAccess  # noqa: PLC0415
    from kabinet.payments.models import Payment  # noqa: PLC0415
    from kabinet.payments.usecases.start_payment import start_payment  # noqa: PLC0415

    accesses = list(AccountAccess.objects.select_related("user").order_by("id"))
    made = []
    for number in range(int(sys.argv[1])):
        access = accesses[number % len(accesses)]
        payment = start_payment(
            supplier_id=access.supplier_id,
            account_id=access.account_id,
            mode="own_sum",
            own_sum_rub=Decimal("1.00"),
            shown_amount_rub=Decimal("1.00"),
            knows_of_recent=True,
            request_id=uuid4(),
            actor=access.user,
            now=timezone.now(),
        )
        made.append({"id": payment.gateway_payment_id, "hook": payment.shop.hook_path, "shop_pk": str(payment.shop_id)})
    Payment.objects.update(next_check_at=None)  # the poll is not what is measured
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    make()
