"""Tests 1–3: a web process, the worker, the database are killed in the middle of payments."""

import itertools
import random
import time
from collections.abc import Callable

from bench.faults import invariants
from bench.faults.people import Customer, Journal, Pressed, customers
from bench.faults.plan import Plan
from bench.faults.traffic import Ringer, Stream
from bench.faults.world import Scene

PRESS_POINTS = ("intending", "intended", "answered", "stored")
"""Inside the transaction of the intent; after it; after the gateway's answer; after that is stored."""
RING_POINTS = ("ringing", "rung")
WORKER_POINTS = ("fetched", "posting", "mailed")
RECOVERS_WITHIN_S = 10


def kill_web_mid_payment(scene: Scene, plan: Plan) -> tuple[str, list[str]]:
    """End a web process at each named point and at random moments; the customer presses the same form again."""
    journal = Journal(scene.folder / "journal.jsonl")
    people = customers(scene, journal, plan.seed)
    found: list[str] = []
    turns = itertools.cycle(people)
    for point in PRESS_POINTS * plan.repeats:
        scene.arm(point)
        pressed = next(turns).press()
        if scene.is_armed:
            found.append(f"nobody came by the point {point}")
            scene.disarm()
        _pay(scene, pressed, found, after=point)
    for point in RING_POINTS * plan.repeats:
        pressed = next(turns).press()
        scene.arm(point)
        _pay(scene, pressed, found, after=point)
        if not _soon(lambda: not scene.is_armed, within_s=15):
            found.append(f"no bell came by the point {point}")
            scene.disarm()

    chance = random.Random(plan.seed)
    kills = 0
    with Stream(scene, people, threads=3):
        for _ in range(plan.kills):
            time.sleep(chance.uniform(0.1, 1.0))
            chance.choice(scene.web).kill_a_child()
            kills += 1
    scene.heal()
    invariants.wait_for_quiet(scene)
    named = len(PRESS_POINTS + RING_POINTS) * plan.repeats
    found += invariants.breaches(scene, journal, may_be_refused=True)
    return f"{named} kills at 6 points, {kills} at random, {len(journal.of('pressed'))} payments", found


def kill_task_worker(scene: Scene, plan: Plan) -> tuple[str, list[str]]:
    """End the worker while it settles, posts and mails, at named points and at random moments."""
    journal = Journal(scene.folder / "journal.jsonl")
    people = customers(scene, journal, plan.seed)
    chance = random.Random(plan.seed)
    kills = 0
    with Stream(scene, people, threads=2):
        for number in range(plan.kills):
            if number % 2 == 0:
                scene.arm(WORKER_POINTS[number // 2 % len(WORKER_POINTS)])
                _soon(lambda: not scene.worker.is_running(), within_s=15)
            else:
                time.sleep(chance.uniform(0.2, 1.5))
            scene.worker.kill()
            scene.disarm()
            _soon(scene.worker.is_running, within_s=15)
            kills += 1
        let_go_at = time.time()
    scene.heal()
    invariants.wait_for_quiet(scene)
    found = invariants.breaches(scene, journal, nobody_worked_until=let_go_at)
    return f"{kills} kills of the worker, {len(journal.of('pressed'))} payments", found


def kill_postgres(scene: Scene, plan: Plan) -> tuple[str, list[str]]:
    """Kill the postmaster while bells ring and people pay; nobody restarts the web."""
    journal = Journal(scene.folder / "journal.jsonl")
    people = customers(scene, journal, plan.seed)
    found: list[str] = []
    chance = random.Random(plan.seed)
    known = [people[number].press() for number in range(6)]
    ringer = Ringer(scene, journal, [pressed.gateway_payment_id for pressed in known], seed=plan.seed)
    with Stream(scene, people, threads=2), ringer.ringing(threads=2):
        for _ in range(plan.server_kills):
            time.sleep(chance.uniform(2, 4))
            scene.base.kill_server()
            time.sleep(1)
            scene.base.start_server_again()
            began = time.monotonic()
            if not _soon(lambda: _both_serve(people[0]), within_s=RECOVERS_WITHIN_S):
                found.append(f"I10 a web process did not recover within {RECOVERS_WITHIN_S} s")
            journal.write("recovered", took_s=time.monotonic() - began)
        time.sleep(2)
    scene.heal()
    invariants.wait_for_quiet(scene)
    found += invariants.breaches(scene, journal)
    wrong = {line["status"] for line in journal.of("rang")} - {200, 503}
    found += [f"I10 a bell was answered {status}" for status in sorted(wrong, key=str)]
    injected = f"{plan.server_kills} kills of the server, {len(journal.of('rang'))} rings,"
    return f"{injected} {len(journal.of('pressed'))} payments", found


def _pay(scene: Scene, pressed: Pressed, found: list[str], *, after: str) -> None:
    if pressed.gateway_payment_id:
        scene.pay(pressed.gateway_payment_id)
    else:
        found.append(f"a press did not lead to the gateway's page after the kill at {after}")


def _both_serve(person: Customer) -> bool:
    """Tell whether each of the web processes shows a private page."""
    supplier_id, account_id, _number = person.accounts[0]
    for port in person.ports:
        try:
            if person._send(port, "GET", f"/accounts/{supplier_id}/{account_id}/", None).status != 200:
                return False
        except OSError:
            return False
    return True


def _soon(is_so: Callable[[], bool], *, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def answered_alone(scene: Scene, plan: Plan) -> tuple[str, list[str]]:
    """Kill once between the gateway's answer and the place where it is stored: the control's share of test 1."""
    journal = Journal(scene.folder / "journal.jsonl")
    person = customers(scene, journal, plan.seed)[0]
    found: list[str] = []
    scene.arm("answered")
    _pay(scene, person.press(), found, after="answered")
    scene.heal()
    invariants.wait_for_quiet(scene)
    return "1 kill", found + invariants.breaches(scene, journal, may_be_refused=True)


def mailed_alone(scene: Scene, plan: Plan) -> tuple[str, list[str]]:
    """Kill once after a letter has gone and before its job says so: the control's share of test 2."""
    journal = Journal(scene.folder / "journal.jsonl")
    person = customers(scene, journal, plan.seed)[0]
    found: list[str] = []
    scene.arm("mailed")
    _pay(scene, person.press(), found, after="mailed")
    if not _soon(lambda: not scene.worker.is_running(), within_s=30):
        found.append("no letter came by the point mailed")
    scene.heal()
    invariants.wait_for_quiet(scene, within_s=35)  # the right product returns the job within 25 s
    return "1 kill", found + invariants.breaches(scene, journal)


def rings_alone(scene: Scene, plan: Plan) -> tuple[str, list[str]]:
    """Ring while the server is away: the control's share of test 3."""
    journal = Journal(scene.folder / "journal.jsonl")
    people = customers(scene, journal, plan.seed)
    known = [people[number].press().gateway_payment_id for number in range(2)]
    with Ringer(scene, journal, known, seed=plan.seed).ringing(threads=2):
        scene.base.kill_server()
        time.sleep(2)
        scene.base.start_server_again()
        time.sleep(2)
    scene.heal()
    invariants.wait_for_quiet(scene)
    return "1 kill of the server", invariants.breaches(scene, journal)
