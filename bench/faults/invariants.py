"""What must be true after every fault, seen from outside: tables, the gateway's audit, the mail server, the journal.

The names are those of the table in docs/run/faults.md.
"""

import json
import time
import uuid
from collections import Counter
from decimal import Decimal

from bench.faults.people import PATIENCE_S, Journal
from bench.faults.world import Scene

QUIET_WITHIN_S = 60
PLANTED_WITHIN_S = 15
SETTLED_WITHIN_S = 90
ANSWERS = {200, 302, 303, 503}

JOBS_WAITING = """
    SELECT count(*) FROM procrastinate_jobs
    WHERE task_name NOT LIKE 'outbox.%%'
      AND (status = 'doing' OR (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now() + interval '60 s')))
"""

RINGS_WAITING = "SELECT count(*) FROM payments_doorbell WHERE due_at IS NOT NULL AND answered_at IS NULL"


def wait_for_quiet(scene: Scene, *, within_s: float | None = None) -> float:
    """Wait until the shop knows what the gateway knows and no job is left, but not longer; give the seconds.

    within_s  None: as long as the product may need, or less for one with a planted defect, where no quiet will come
    """
    within_s = within_s or (PLANTED_WITHIN_S if scene.planted else QUIET_WITHIN_S)
    began = time.monotonic()
    while time.monotonic() - began < within_s:
        is_settled = _differences_from_gateway(scene) == []
        if is_settled and scene.query(JOBS_WAITING) == scene.query(RINGS_WAITING) == [(0,)]:
            break
        time.sleep(0.5)
    return time.monotonic() - began


def breaches(
    scene: Scene, journal: Journal, *, may_be_refused: bool = False, nobody_worked_until: float = 0
) -> list[str]:
    """Check everything; an empty list means that it held.

    may_be_refused       the fault may end requests without an answer (a killed process), so long as a repeat gets one
    nobody_worked_until  when the fault let go of those who settle, in seconds of the clock; 0 when it never held them
    """
    return [
        *_ledger(scene),
        *(f"I3 {words}" for words in _differences_from_gateway(scene)),
        *_acknowledged(scene, journal),
        *_whole(scene),
        *_letters(scene),
        *_nothing_waits(scene, nobody_worked_until),
        *_canaries(scene),
        *_answers(journal, may_be_refused=may_be_refused),
    ]


def _ledger(scene: Scene) -> list[str]:
    """I1, I2: the product's own command recomputes the whole book."""
    checked = scene.manage("check_ledger")
    if checked.returncode == 0:
        return []
    return [f"I1 I2 check_ledger: {line}" for line in (checked.stdout + checked.stderr[-800:]).splitlines()[:10]]


def _differences_from_gateway(scene: Scene) -> list[str]:
    """I3: what the gateway holds is what we have posted, and it has one object for one intent."""
    objects = scene.gateway("payments")["payments"]
    found = []
    of_intent = Counter(each["request"].get("metadata", {}).get("payment_id") for each in objects)
    found += [f"{count} objects for the intent {intent}" for intent, count in of_intent.items() if count > 1]
    ours = {
        gateway_id: (state, amount_rub)
        for gateway_id, state, amount_rub in scene.query(
            "SELECT gateway_payment_id, state, amount_rub FROM payments_payment WHERE gateway_payment_id <> ''"
        )
    }
    for each in objects:
        state, amount_rub = ours.get(each["id"], ("unknown", None))
        if each["status"] == "succeeded" and (state, amount_rub) != ("paid", Decimal(each["amount"])):
            found.append(f"{each['id']}: {each['amount']} taken, here {state} {amount_rub}")
        if each["status"] != "succeeded" and state == "paid":
            found.append(f"{each['id']}: {each['status']} there, paid here")
    taken_rub = sum((Decimal(each["amount"]) for each in objects if each["status"] == "succeeded"), Decimal(0))
    [(posted_rub,)] = scene.query(
        "SELECT coalesce(sum(amount_rub), 0) FROM ledger_transfer WHERE source_kind IN ('payment', 'payment_suspense')"
    )
    if taken_rub != posted_rub:
        found.append(f"the gateway has taken {taken_rub}, posted are {posted_rub}")
    return found


def _acknowledged(scene: Scene, journal: Journal) -> list[str]:
    """I4: what was acknowledged is stored, once for each request; what was thanked for is counted."""
    stored = Counter(
        str(request_id)
        for (request_id,) in scene.query(
            "SELECT basket.request_id FROM payments_basket AS basket"
            " JOIN payments_payment AS payment ON payment.basket_id = basket.id"
        )
    )
    found = [
        f"I4 {line['request_id']} was acknowledged and is stored {stored[line['request_id']]} times"
        for line in journal.of("pressed")
        if stored[line["request_id"]] != 1
    ]
    thanked = Counter(line["object_id"] for line in journal.of("thanked"))
    rings = {
        object_id: int(count)
        for object_id, count in scene.query("SELECT object_id, sum(rings_count) FROM payments_doorbell GROUP BY 1")
    }
    found += [
        f"I4 {object_id}: thanked for {count} rings, counted {rings.get(object_id, 0)}"
        for object_id, count in thanked.items()
        if rings.get(object_id, 0) < count
    ]
    return found


def _whole(scene: Scene) -> list[str]:
    """I5: what was not acknowledged is there with all of its parts or not at all."""
    rows = scene.query(
        """
        SELECT 'a basket without a payment', basket.id FROM payments_basket AS basket
        WHERE NOT EXISTS (SELECT FROM payments_payment AS payment WHERE payment.basket_id = basket.id)
        UNION ALL
        SELECT 'a payment without all of its shares', payment.id FROM payments_payment AS payment
        WHERE payment.shared_rub IS DISTINCT FROM
            (SELECT sum(share.amount_rub) FROM payments_paymentshare AS share WHERE share.payment_id = payment.id)
        """
    )
    return [f"I5 {words}: {number}" for words, number in rows]


def _letters(scene: Scene) -> list[str]:
    """I6: each confirmed payment has its letter, under one number however often it was sent."""
    expected = set()
    for fact_id, email in scene.query(
        """
        SELECT fact.id, person.email FROM outbox_recordedfact AS fact
        JOIN payments_payment AS payment ON payment.id = (fact.payload ->> 'payment_id')::bigint
        JOIN payments_basket AS basket ON basket.id = payment.basket_id
        JOIN people_user AS person ON person.id = basket.user_id
        WHERE fact.name = 'payments.PaymentConfirmed'
        """
    ):
        name = uuid.uuid5(uuid.NAMESPACE_URL, f"{fact_id}/letters/payment_confirmation/{email}")
        expected.add(f"<{name}@127.0.0.1>")
    [(confirmed,)] = scene.query("SELECT count(*) FROM payments_payment WHERE state = 'paid'")
    sent = {letter["number"] for letter in scene.letters if letter["subject"] == "Оплата получена"}
    found = [f"I6 no letter {number}" for number in sorted(expected - sent)]
    found += [f"I6 a letter too many: {number}" for number in sorted(sent - expected)]
    if len(expected) != confirmed:
        found.append(f"I6 {confirmed} payments are paid, {len(expected)} facts say so")
    return found


def _nothing_waits(scene: Scene, nobody_worked_until: float) -> list[str]:
    """I7: nothing waits beyond its schedule, nothing has failed, every ring has been answered."""
    found = [
        f"I7 job {number} {name} is {status}"
        for number, name, status in scene.query(
            """
            SELECT id, task_name, status FROM procrastinate_jobs
            WHERE task_name NOT LIKE 'outbox.%%' AND (
                status = 'failed' OR status = 'doing'
                OR (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now() - interval '10 seconds'))
            ) LIMIT 10
            """
        )
    ]
    found += [
        f"I7 payment {number} is {state} and was to be checked at {at}"
        for number, state, at in scene.query(
            "SELECT id, state, next_check_at FROM payments_payment"
            " WHERE state IN ('intended', 'open', 'held') AND next_check_at < now() - interval '60 seconds' LIMIT 10"
        )
    ]
    found += [
        f"I7 doorbell {number} rang at {at} and is not answered"
        for number, at in scene.query(
            "SELECT id, last_rung_at FROM payments_doorbell WHERE due_at < now() - interval '10 seconds'"
            " AND answered_at IS NULL LIMIT 10"
        )
    ]
    captured = {each["id"]: each["captured_at"] for each in scene.gateway("payments")["payments"]}
    found += [
        f"I7 {gateway_id} was settled {late_s:.0f} s after it was paid"
        for gateway_id, late_s in scene.query(
            """
            SELECT payment.gateway_payment_id,
                   extract(epoch FROM fact.recorded_at - greatest(told.captured_at::timestamptz, to_timestamp(%s)))
            FROM jsonb_each_text(%s::jsonb) AS told(id, captured_at)
            JOIN payments_payment AS payment ON payment.gateway_payment_id = told.id
            JOIN outbox_recordedfact AS fact ON fact.name = 'payments.PaymentConfirmed'
                AND (fact.payload ->> 'payment_id')::bigint = payment.id
            """,
            [nobody_worked_until, json.dumps({name: at for name, at in captured.items() if at})],
        )
        if late_s > SETTLED_WITHIN_S
    ]
    return found


def _canaries(scene: Scene) -> list[str]:
    """I9: no log of the product holds an address, a session, an account number or a key of the people here."""
    described = scene.base.described
    words = {shop["key"]: "a shop's key" for shop in described["shops"]}
    words |= {shop["hook"].rstrip("/").rpartition("/")[2]: "the secret of a hook" for shop in described["shops"]}
    words |= {person["session"]: "a session" for person in described["customers"]}
    words |= {person["email"]: "an e-mail" for person in described["customers"]}
    words |= {account[2]: "an account number" for person in described["customers"] for account in person["accounts"]}
    found = []
    for log in [scene.folder / f"{part.name}.log" for part in (scene.worker, *scene.web)]:
        text = log.read_text(errors="replace")
        found += [f"I9 {log.name} holds {what}" for word, what in words.items() if word in text]
    return sorted(set(found))


def _answers(journal: Journal, *, may_be_refused: bool) -> list[str]:
    """I10: every request got a page, a refusal or an apology in time, and never a defect's page."""
    found = []
    for line in journal.of("asked"):
        if line["took_s"] > PATIENCE_S:
            found.append(f"I10 {line['path']} took {line['took_s']} s")
        elif isinstance(line["outcome"], int) and line["outcome"] not in ANSWERS:
            found.append(f"I10 {line['path']} was answered {line['outcome']}")
        elif not isinstance(line["outcome"], int) and not may_be_refused:
            found.append(f"I10 {line['path']}: {line['outcome']}")
    return found[:10]
