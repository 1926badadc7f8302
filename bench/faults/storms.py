"""Tests 4 and 5: a storm of doorbells, and a gateway that misbehaves in every way it knows."""

import random
import statistics
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Sequence

from bench.faults import invariants
from bench.faults.people import Customer, Journal, Pressed, customers
from bench.faults.plan import Plan
from bench.faults.traffic import Ringer, Stream
from bench.faults.world import Scene

PAYMENTS, SENDERS = 20, 8
RING_PAUSE_S, POLL_PAUSE_S = 5, 20
DOORBELL_P95_S, PAGE_P95_S = 0.3, 0.5
GROUND_TIMES = 15
"""How many times an empty answer of the same server a real one may take, on a machine slower than the limits."""

Words = dict[str, object]
CREATE: Words = {"method": "POST", "path": "/v3/payments"}
FETCH: Words = {"method": "GET", "path": "/v3/payments/*"}
BOTH: Words = {"path": "/v3/payments*"}
ACTIONS: tuple[tuple[Words, Words], ...] = (
    ({"action": "refuse"}, BOTH),
    ({"action": "lose_answer"}, BOTH),
    ({"action": "hang_before"}, CREATE),
    ({"action": "delay_ms", "delay_ms": 9000}, BOTH),
    ({"action": "status", "status": 401}, FETCH),
    ({"action": "status", "status": 429}, BOTH),
    ({"action": "status", "status": 500}, BOTH),
    ({"action": "status", "status": 500, "done": True}, BOTH),
    ({"action": "status", "status": 502}, BOTH),
    ({"action": "processing_202"}, CREATE),
    ({"action": "html_200"}, BOTH),
    ({"action": "half_body"}, BOTH),
    ({"action": "slow_body"}, CREATE),
    ({"action": "unknown_status"}, BOTH),
    ({"action": "wrong_amount"}, CREATE),
    ({"action": "wrong_currency"}, CREATE),
    ({"action": "test_false"}, CREATE),
)
"""What the gateway does wrong, and to which calls. A lie about what was taken is no fault but a difference that a
person must decide: those are the hard cases 12, so here the lies are about payments that nobody has paid yet."""


def doorbell_storm(scene: Scene, plan: Plan) -> tuple[str, list[str]]:
    """Ring thousands of times about twenty payments; half of them are paid only while it rains."""
    journal = Journal(scene.folder / "journal.jsonl")
    people = customers(scene, journal, plan.seed)
    pressed = [people[number].press() for number in range(PAYMENTS)]
    numbers = [each.gateway_payment_id for each in pressed]
    for number in numbers[: PAYMENTS // 2]:
        scene.pay(number)
    ringer = Ringer(scene, journal, numbers, seed=plan.seed)
    ground_s = ringer.ground_s(senders=SENDERS)
    before = _fetches(scene)
    settled_after: list[float] = []

    def pay_the_rest() -> None:
        time.sleep(2)
        for number in numbers[PAYMENTS // 2 :]:
            scene.pay(number)
        began = time.monotonic()
        while _unpaid(scene, numbers) and time.monotonic() - began < invariants.QUIET_WITHIN_S:
            time.sleep(0.2)
        settled_after.append(time.monotonic() - began)

    rest = threading.Thread(target=pay_the_rest)
    began = time.monotonic()
    with _lookers(people[PAYMENTS:]):
        rest.start()
        ringer.ring_all(copies=plan.rings, senders=SENDERS, events=Ringer.EVENTS[:2])
        rained_s = time.monotonic() - began
        rest.join()
    scene.heal()
    invariants.wait_for_quiet(scene)

    found = invariants.breaches(scene, journal)
    after = _fetches(scene)
    most = rained_s / RING_PAUSE_S + rained_s / POLL_PAUSE_S + 3
    found += [
        f"{number} was asked about {after[number] - before[number]} times in {rained_s:.0f} s"
        for number in numbers
        if after[number] - before[number] > most
    ]
    rings = [line["took_s"] for line in journal.of("rang")]
    pages = [line["took_s"] for line in journal.of("asked") if not line["is_pay"]]
    wrong = Counter(line["status"] for line in journal.of("rang") if line["status"] != 200)
    found += [f"{count} bells were answered {status}" for status, count in wrong.items()]
    found += _too_slow("a doorbell", rings, max(DOORBELL_P95_S, GROUND_TIMES * ground_s))
    found += _too_slow("another page", pages, max(PAGE_P95_S, 2 * GROUND_TIMES * ground_s))
    if settled_after[0] > rained_s:
        found.append(f"what was paid in the rain was settled only {settled_after[0]:.0f} s later")
    injected = f"{len(rings)} rings in {rained_s:.0f} s, p95 {_p95(rings) * 1000:.0f} ms"
    injected += f" (an empty answer {ground_s * 1000:.0f} ms)"
    return f"{injected}; pages p95 {_p95(pages) * 1000:.0f} ms", found


def gateway_misbehaves(scene: Scene, plan: Plan) -> tuple[str, list[str]]:
    """Try each fault of the sandbox on a payment of its own, then a mixture, then silence."""
    journal = Journal(scene.folder / "journal.jsonl")
    people = customers(scene, journal, plan.seed)
    found: list[str] = []
    waiting: list[tuple[str, Customer, Pressed]] = []
    with _lookers(people[-4:]):
        for number, (fault, match) in enumerate(ACTIONS):
            person = people[number % (len(people) - 4)]
            try:
                scene.gateway("rules", {**fault, "match": match, "times": 2})
            except urllib.error.HTTPError as refusal:
                found.append(f"the sandbox does not know {fault['action']}: {refusal.code}")
                continue
            waiting.append((str(fault["action"]), person, person.press()))
            scene.gateway("rules", method="DELETE")
        for action, person, pressed in waiting:
            _end_well(scene, action, person, pressed, found)

        mixed = threading.Thread(target=_mix, args=[scene, plan])
        with Stream(scene, people[:-4], threads=3):
            mixed.start()
            mixed.join()
            scene.gateway("rules", method="DELETE")
            scene.set_cable("cut")
            time.sleep(plan.down_s)
            scene.set_cable("half")
            time.sleep(2)
            scene.set_cable("well")
    scene.heal()
    invariants.wait_for_quiet(scene)
    found += invariants.breaches(scene, journal)
    pages = [line["took_s"] for line in journal.of("asked") if not line["is_pay"]]
    found += _too_slow("a page without payment", pages, 2 * PAGE_P95_S)
    injected = f"{len(waiting)} faults, {plan.mixed_s:.0f} s mixed, {plan.down_s:.0f} s down"
    return f"{injected}, {len(journal.of('pressed'))} payments", found


def lost_answers(scene: Scene, plan: Plan) -> tuple[str, list[str]]:
    """Lose the answers of a few creations: enough for the control of `gateway_misbehaves` and of `kill_web`."""
    journal = Journal(scene.folder / "journal.jsonl")
    people = customers(scene, journal, plan.seed)
    found: list[str] = []
    for person in people[:3]:
        scene.gateway("rules", {"action": "lose_answer", "match": CREATE, "times": 1})
        pressed = person.press()
        _end_well(scene, "lose_answer", person, pressed, found)
    scene.heal()
    invariants.wait_for_quiet(scene)
    return "3 lost answers", found + invariants.breaches(scene, journal)


def _end_well(scene: Scene, action: str, person: Customer, pressed: Pressed, found: list[str]) -> None:
    """Let a person go on after the fault is over, and pay."""
    for _ in range(40):
        if pressed.gateway_payment_id or pressed.is_refused:
            break
        time.sleep(0.5)
        pressed = person.go_on(pressed)
    if pressed.gateway_payment_id:
        scene.pay(pressed.gateway_payment_id)
    else:
        found.append(f"after {action} the customer could not go on to the gateway's page")


def _mix(scene: Scene, plan: Plan) -> None:
    """Change the rules every second: 30 % lost answers, 20 % errors, 10 % rubbish, now and then 9 s of silence."""
    chance = random.Random(plan.seed)
    until = time.monotonic() + plan.mixed_s
    while time.monotonic() < until:
        luck = chance.random()
        if luck < 0.3:
            rule: dict[str, object] = {"action": "lose_answer"}
        elif luck < 0.5:
            rule = {"action": "status", "status": 500, "done": chance.random() < 0.5}
        elif luck < 0.6:
            rule = {"action": "html_200"}
        elif luck < 0.65:
            rule = {"action": "delay_ms", "delay_ms": 9000}
        else:
            rule = {}
        if rule:
            scene.gateway("rules", {**rule, "match": BOTH, "times": 2})
        time.sleep(1)
        scene.gateway("rules", method="DELETE")


class _lookers:  # noqa: N801 - read as a word of the sentence that it begins
    """People who read other pages beside the storm."""

    def __init__(self, people: Sequence[Customer]) -> None:
        self._people = people
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exception: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(0.3):
            for person in self._people:
                if not self._stopped.is_set():
                    person.look()


def _fetches(scene: Scene) -> Counter[str]:
    """Count how often the gateway was asked about each payment, by what went through the cable."""
    lines = scene.requests_log.read_text().splitlines() if scene.requests_log.exists() else []
    return Counter(line.split()[2].rpartition("/")[2] for line in lines if " GET /v3/payments/" in line)


def _unpaid(scene: Scene, numbers: Sequence[str]) -> bool:
    [(paid,)] = scene.query(
        "SELECT count(*) FROM payments_payment WHERE state = 'paid' AND gateway_payment_id = ANY(%s)", [list(numbers)]
    )
    return bool(paid < len(numbers))


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0.0


def _too_slow(what: str, times: Sequence[float], limit_s: float) -> list[str]:
    return [f"p95 of {what} is {_p95(times):.2f} s, over {limit_s:.2f} s"] if _p95(times) > limit_s else []
