"""What goes on while something breaks: people who pay, bells that ring, people who only look."""

import contextlib
import http.client
import json
import random
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Self

from bench.faults.people import LOST, Customer, Journal
from bench.faults.world import Scene


class Stream:
    """People who pay one after the other, in some threads, until the block ends."""

    def __init__(self, scene: Scene, people: Sequence[Customer], *, threads: int) -> None:
        self._scene = scene
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=[people[number::threads]], daemon=True) for number in range(threads)
        ]
        self.failures: list[str] = []

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _run(self, people: Sequence[Customer]) -> None:
        while not self._stopped.is_set():
            for person in people:
                if self._stopped.is_set():
                    return
                self.pay_once(person)

    def pay_once(self, person: Customer) -> None:
        """Press (one in five twice), go on while the gateway does not answer, pay; one in six leaves instead."""
        pressed = person.press(presses=2 if person.chance.random() < 0.2 else 1)
        for _ in range(30):
            if pressed.gateway_payment_id or pressed.is_refused or self._stopped.is_set():
                break
            time.sleep(0.5)
            pressed = person.go_on(pressed)
        if pressed.gateway_payment_id and person.chance.random() > 1 / 6:
            self._scene.pay(pressed.gateway_payment_id)


class Ringer:
    """Bells that nobody in the gateway rang: true, stale and forged ones, each sent as the gateway sends them."""

    EVENTS = ("payment.succeeded", "payment.waiting_for_capture", "payment.canceled")

    def __init__(self, scene: Scene, journal: Journal, gateway_payment_ids: Sequence[str], *, seed: int) -> None:
        self._scene = scene
        self._journal = journal
        self._chance = random.Random(seed)
        shop_of = {each["id"]: each["shop"] for each in scene.gateway("payments")["payments"]}
        hooks = {shop["id"]: shop["hook"] for shop in scene.base.described["shops"]}
        self._targets = [(number, hooks[shop_of[number]]) for number in gateway_payment_ids if number in shop_of]
        self._stopped = threading.Event()

    @contextlib.contextmanager
    def ringing(self, *, threads: int) -> Iterator[None]:
        """Ring at random until the block ends."""
        started = [threading.Thread(target=self._until_stopped, args=[number]) for number in range(threads)]
        for thread in started:
            thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            for thread in started:
                thread.join()

    def ring_all(self, *, copies: int, senders: int, events: Sequence[str]) -> None:
        """Ring about everything so many times for each event, shuffled, from several senders at once."""
        calls = [(target, event) for target in self._targets for event in events for _ in range(copies)]
        self._chance.shuffle(calls)
        threads = [threading.Thread(target=self._send_many, args=[calls[n::senders]]) for n in range(senders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def ground_s(self, *, senders: int) -> float:
        """Measure the p95 of an answer that costs nothing, with as many senders: what this machine can do now."""
        times: list[float] = []

        def send() -> None:
            for _ in range(40):
                began = time.monotonic()
                connection = http.client.HTTPConnection("127.0.0.1", self._scene.web_ports[0], timeout=15)
                connection.request("GET", "/health/live")
                connection.getresponse().read()
                connection.close()
                times.append(time.monotonic() - began)

        threads = [threading.Thread(target=send) for _ in range(senders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return statistics.quantiles(times, n=20)[-1]

    def _until_stopped(self, number: int) -> None:
        chance = random.Random(f"{self._chance.random()}:{number}")
        while not self._stopped.is_set():
            self._send_many([(chance.choice(self._targets), chance.choice(self.EVENTS))])

    def _send_many(self, calls: Sequence[tuple[tuple[str, str], str]]) -> None:
        for (number, hook), event in calls:
            self._send(number, hook, event, forged=self._chance.random() < 0.05)

    def _send(self, number: str, hook: str, event: str, *, forged: bool) -> None:
        object_id = f"forged-{number}"[:36] if forged else number
        told = {"id": object_id, "status": "succeeded", "paid": True, "amount": {"value": "1.00", "currency": "RUB"}}
        body = json.dumps({"type": "notification", "event": event, "object": told})
        port = self._chance.choice(self._scene.web_ports)
        began = time.monotonic()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
            connection.request("POST", hook, body, {"Content-Type": "application/json"})
            status: int | str = connection.getresponse().status
            connection.close()
        except LOST as error:
            status = type(error).__name__
        self._journal.write("rang", object_id=object_id, status=status, took_s=time.monotonic() - began)
        if status == 200:
            self._journal.write("thanked", object_id=object_id)
