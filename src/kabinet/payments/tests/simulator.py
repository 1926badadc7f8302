"""A world of payments in one process that lives by a seed: the same seed is the same story.

Use-cases are called directly, and the sandbox gateway is called directly: its HTTP stays, its network goes. The clock
is one for both and moves only here. In each step somebody does something at random: a payer presses, presses again,
goes on, pays, is declined; the gateway rings, lies, loses an answer, lets time run out, refunds by hand; staff refund;
the poll comes round; or a process dies at a fault point. After every step nothing may have been lost or doubled; at
the end, when all has healed, both sides must agree to the kopeck.
"""

import contextlib
import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import Refusal, Rejected, Unavailable
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.outbox.testing import run_jobs
from kabinet.payments import rules
from kabinet.payments.gateways import RemotePayment, line
from kabinet.payments.gateways.yookassa import YooKassa
from kabinet.payments.models import Payment
from kabinet.payments.queries.baskets import Wish
from kabinet.payments.tests.factories import make_accountant, make_payer, make_shop
from kabinet.payments.tests.sandbox_inside import SHOP_ID, SandboxInside
from kabinet.payments.usecases.continue_payment import continue_payment
from kabinet.payments.usecases.poll_payments import poll_payments
from kabinet.payments.usecases.poll_refunds import poll_refunds
from kabinet.payments.usecases.reconcile_day import reconcile_day
from kabinet.payments.usecases.record_chargeback import record_chargeback
from kabinet.payments.usecases.refund_payment import refund_payment
from kabinet.payments.usecases.ring_doorbell import ring_doorbell
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.start_basket import start_basket
from kabinet.suppliers.tests.factories import make_supplier

STEPS = 40
POINTS = ("intending", "intended", "answered", "stored", "fetched", "posting", "ringing")
EVENTS = ("payment.succeeded", "payment.waiting_for_capture", "payment.canceled", "refund.succeeded")
SPOILT: tuple[dict[str, Any], ...] = (
    {"action": "lose_answer"},
    {"action": "refuse"},
    {"action": "half_body"},
    {"action": "status", "status": 500},
    {"action": "status", "status": 500, "done": True},
    {"action": "status", "status": 429},
    {"action": "html_200", "done": True},
    {"action": "processing_202"},
    {"action": "unknown_status"},
)

PAYMENTS_AND_WHAT_IS_POSTED = """
    SELECT payment.id, payment.public_id::text, payment.state, payment.amount_rub, (
        SELECT sum(amount_rub) FROM ledger_transfer AS transfer
        WHERE transfer.supplier_id = payment.supplier_id AND transfer.source_kind = 'payment'
            AND transfer.source_id = payment.public_id::text
    ) AS posted_rub
    FROM payments_payment AS payment WHERE payment.supplier_id = %s
"""


class Killed(BaseException):
    """The process dies here: nothing catches it, and what was not committed is gone."""


class Broken(AssertionError):
    """Something that must always be true is not; the text is the whole story."""


class Simulator:
    """One story: `run` plays it, `story` tells it."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.story = [f"seed {seed}"]
        self._chance = random.Random(seed)
        self._now = NOW
        self._armed = ""
        self._sandbox = SandboxInside(folder, seed)
        supplier = make_supplier()
        self._supplier_id = supplier.id
        self._shop = make_shop(supplier, refund_alone_rub=Decimal("100000.00"))
        self._payer = make_payer()
        self._accountant = make_accountant(supplier)
        self._accounts = [make_account(supplier) for _ in range(3)]
        for account in self._accounts:
            make_access(self._payer, account)
            make_charge(account, f"{self._chance.randrange(10_000, 200_000) / 100:.2f}")
        self._presses: list[dict[str, Any]] = []
        self._states: dict[int, str] = {}
        self._moves: list[tuple[int, Callable[[], str]]] = [
            (6, self._press),
            (2, self._press_again),
            (2, self._go_on),
            (7, self._pay),
            (1, self._decline),
            (1, self._expire),
            (6, self._ring),
            (6, self._work),
            (5, self._poll),
            (5, self._be_overtaken),
            (3, self._refund),
            (1, self._refund_by_hand),
            (1, self._charge_back),
            (5, self._spoil),
            (4, self._arm),
            (2, self._wait_long),
            (1, self._reconcile),
        ]

    def run(self, steps: int = STEPS) -> None:
        """Play the story and its healing end. Raises Broken."""
        weights, moves = zip(*self._moves, strict=True)
        with self._world():
            for number, move in enumerate(self._chance.choices(moves, weights, k=steps), start=1):
                self._step(str(number), move)
            self._heal()

    @contextlib.contextmanager
    def _world(self) -> Iterator[None]:
        with (
            mock.patch.object(httpx.HTTPTransport, "handle_request", side_effect=self._sandbox.carry),
            mock.patch("django.utils.timezone.now", side_effect=lambda: self._now),
            mock.patch("kabinet.common.fault_points.reach", self._reach),
            contextlib.closing(self._sandbox),
        ):
            line.line_to.cache_clear()
            self._set_clock()
            yield
        line.line_to.cache_clear()

    def _step(self, number: str, move: Callable[[], str]) -> None:
        try:
            told = move()
        except Killed as killed:
            told = f"{move.__name__.strip('_')}: the process dies at «{killed}»"
        except (Refusal, Unavailable, Rejected) as refusal:
            told = f"{move.__name__.strip('_')}: {type(refusal).__name__}: {refusal}"
        except Exception as error:
            self.story.append(f"{number}. {move.__name__.strip('_')}: {error!r}")
            raise Broken(self._told("a person would have seen a defect's page")) from error
        self.story.append(f"{number}. {self._now:%d %H:%M:%S} {told}")
        for words in self._breaches():
            raise Broken(self._told(words))

    def _reconcile(self) -> str:
        day = gateway_today(self._now)
        reconcile_day(supplier_id=self._supplier_id, shop_id=self._shop.id, day=day, now=self._now)
        return f"{day} is reconciled"

    # --- What may happen ----------------------------------------------------------------------------------------------

    def _press(self) -> str:
        chosen = self._chance.sample(self._accounts, k=self._chance.choice((1, 1, 1, 2)))
        sums_rub = [Decimal(self._chance.randrange(100, 50_000)) / 100 for _ in chosen]
        press = {
            "wishes": [
                Wish(account.supplier_id, account.id, mode="own_sum", own_sum_rub=sum_rub)
                for account, sum_rub in zip(chosen, sums_rub, strict=True)
            ],
            "shown_amount_rub": sum(sums_rub),
            "shown_parts_rub": sums_rub,
            "knows_of_recent": True,
            "request_id": UUID(int=self._chance.getrandbits(128), version=4),
        }
        self._presses.append(press)
        return self._start(press)

    def _press_again(self) -> str:
        return self._start(self._chance.choice(self._presses)) if self._presses else "nobody has pressed yet"

    def _start(self, press: dict[str, Any]) -> str:
        payments = start_basket(actor=self._payer, now=self._now, **press)
        return f"press of {press['shown_amount_rub']}: " + ", ".join(f"{each.id} {each.state}" for each in payments)

    def _go_on(self) -> str:
        payment = self._one_of(Payment.objects.exclude(state=rules.PAID))
        if payment is None:
            return "nothing to go on with"
        card = continue_payment(public_id=payment.public_id, actor=self._payer, now=self._now)
        return f"go on with {payment.id}: {card.state}"

    def _pay(self) -> str:
        return self._at_gateway("pay", {}, "pending")

    def _decline(self) -> str:
        return self._at_gateway("decline", {"reason": "insufficient_funds"}, "pending")

    def _expire(self) -> str:
        return self._at_gateway("expire", {}, "pending")

    def _refund_by_hand(self) -> str:
        return self._at_gateway("refund", {"amount": "1.00"}, "succeeded")

    def _charge_back(self) -> str:
        """The payer's bank takes money back, and its letter is on an accountant's desk."""
        payment = self._one_of(Payment.objects.filter(state=rules.PAID))
        if payment is None:
            return "nothing is paid yet"
        told = self._sandbox.tell(f"payments/{payment.gateway_payment_id}/chargeback", {"amount": "1.00"})
        if "error" in told:
            return f"chargeback of {payment.id}: {told['error']}"
        record_chargeback(
            supplier_id=self._supplier_id,
            payment_id=payment.id,
            reference=str(self._chance.getrandbits(32)),
            amount_rub=Decimal("1.00"),
            came_on=self._now.date(),
            note="",
            actor=self._accountant,
            now=self._now,
        )
        return f"chargeback of {payment.id}"

    def _refund(self) -> str:
        payment = self._one_of(Payment.objects.filter(state=rules.PAID))
        if payment is None:
            return "nothing is paid yet"
        refund = refund_payment(
            supplier_id=self._supplier_id,
            payment_id=payment.id,
            amount_rub=Decimal(self._chance.randrange(1, 30_000)) / 100,
            note="",
            request_id=UUID(int=self._chance.getrandbits(128), version=4),
            actor=self._accountant,
            now=self._now,
        )
        return f"refund of {refund.amount_rub} of payment {payment.id}: {refund.state}"

    def _ring(self) -> str:
        """Somebody rings: about what happened, about what did not, or about nothing that there is."""
        objects = [each["id"] for each in self._sandbox.tell("payments")["payments"]] or ["forged"]
        event, object_id = self._chance.choice(EVENTS), self._chance.choice([*objects, "forged"])
        told: dict[str, Any] = {"id": object_id, "status": "succeeded", "amount": {"value": "1.00", "currency": "RUB"}}
        if event.startswith("refund"):
            told = {"id": f"refund-{object_id}", "payment_id": object_id}
        ring_doorbell(
            gateway=self._shop.gateway,
            shop_pk=self._shop.pk,
            secret=self._shop.hook_secret,
            visitor_address="",
            method="POST",
            content_type="application/json",
            query="",
            body=json.dumps({"type": "notification", "event": event, "object": told}).encode(),
            now=self._now,
        )
        return f"bell {event} {object_id}"

    def _work(self) -> str:
        return f"the worker does {run_jobs(only='payments.')} jobs"

    def _poll(self) -> str:
        self._advance(self._chance.choice((5, 20, 20, 60, 300)))
        return f"the poll asks about {poll_payments(now=self._now)} payments, {poll_refunds(now=self._now)} refunds"

    def _be_overtaken(self) -> str:
        """A worker gets its answer, stands still, and stores it after another has seen how it ended."""
        payment = self._one_of(Payment.objects.filter(state=rules.OPEN))
        if payment is None:
            return "nothing is open"
        fetch, key = YooKassa.fetch, {"supplier_id": self._supplier_id, "payment_id": payment.id}

        def fetch_slowly(client: YooKassa, number: str) -> RemotePayment:
            told = fetch(client, number)
            overtaking.stop()
            self._sandbox.tell(f"payments/{number}/{self._chance.choice(('pay', 'decline', 'expire'))}", {})
            self._states[payment.id] = settle_payment(**key, now=self._now).state
            return told

        overtaking = mock.patch.object(YooKassa, "fetch", fetch_slowly)
        overtaking.start()
        try:
            settled = settle_payment(**key, now=self._now)
        finally:
            with contextlib.suppress(RuntimeError):  # it has stopped where it was overtaken
                overtaking.stop()
        return f"an answer about {payment.id} is overtaken: {settled.state}"

    def _wait_long(self) -> str:
        hours = self._chance.choice((1, 2, 12, 24))
        self._advance(hours * 3600)
        return f"{hours} hours go by"

    def _spoil(self) -> str:
        rule = self._chance.choice(SPOILT)
        self._sandbox.tell("rules", {**rule, "times": self._chance.choice((1, 1, 2, 3))})
        return f"the gateway will misbehave: {rule}"

    def _arm(self) -> str:
        self._armed = self._chance.choice(POINTS)
        return f"whoever comes by «{self._armed}» will die"

    # --- The end ------------------------------------------------------------------------------------------------------

    def _heal(self) -> None:
        """End all faults, let days go by in steps of the poll, and hold both sides against each other."""
        self._armed = ""
        self._sandbox.tell("rules", method="DELETE")
        self.story.append("all faults end")
        for pause_s in (20, 60, 600, 3600, 3600, 24 * 3600, 24 * 3600):
            self._advance(pause_s)
            self._step("heal", self._poll)
            self._step("heal", self._work)
        end = self._now
        while gateway_today(self._now) > gateway_today(NOW):
            self._now -= dt.timedelta(days=1)
            self._step("heal", self._reconcile)
        self._now = end
        self._step("heal", self._work)
        for words in self._disagreements():
            raise Broken(self._told(words))

    # --- What must be true --------------------------------------------------------------------------------------------

    def _breaches(self) -> Iterator[str]:
        """I2 in one statement, and the half of I3 that holds at every moment."""
        with connection.cursor() as cursor:
            cursor.execute(PAYMENTS_AND_WHAT_IS_POSTED, [self._supplier_id])
            payments = cursor.fetchall()
        intents = self._sandbox.tell("audit")["shops"][SHOP_ID]["intents"]
        for intent, held in intents.items():
            if held["objects"] != 1:
                yield f"I3: {held['objects']} objects for the intent {intent}"
        for payment_id, public_id, state, amount_rub, posted_rub in payments:
            if posted_rub != (amount_rub if state == rules.PAID else None):
                yield f"I2: payment {payment_id} is {state}, posted are {posted_rub}"
            before = self._states.get(payment_id, state)
            if rules.RANK[state] < rules.RANK[before]:
                yield f"I2: payment {payment_id} has fallen back from {before} to {state}"
            self._states[payment_id] = state
            if state == rules.PAID and Decimal(intents.get(public_id, {}).get("paid", "0")) != amount_rub:
                yield f"I3: payment {payment_id} is paid here and not there"

    def _disagreements(self) -> Iterator[str]:
        """I1 and I2 by the product's own checks; I3: what the gateway took and kept is what our books say it owes."""
        for check in settings.LEDGER_CHECKS:
            for found in import_string(check)():
                yield f"I1 I2: {found}"
        audit = self._sandbox.tell("audit")["shops"][SHOP_ID]
        total = audit["total"]
        theirs_rub = Decimal(total["amount"]) - Decimal(total["refunded"]) - Decimal(total["charged_back"])
        ours_rub = ledger.supplier_balance_rub(self._supplier_id, "clearing", SHOP_ID)
        if theirs_rub != ours_rub:
            yield f"I3: the gateway holds {theirs_rub}, our books say {ours_rub}"
        known = {str(public_id): state for public_id, state in Payment.objects.values_list("public_id", "state")}
        for intent, held in audit["intents"].items():
            if Decimal(held["paid"]) and known.get(intent) != rules.PAID:
                yield f"I7: {held['paid']} of the intent {intent} are paid there, {known.get(intent)} here"
        waiting = Payment.objects.filter(state__in=rules.UNSETTLED).values_list("id", "state")
        for payment_id, state in waiting:
            yield f"I7: payment {payment_id} is still {state} after two days"

    # --- Hands --------------------------------------------------------------------------------------------------------

    def _reach(self, name: str) -> None:
        if name == self._armed:
            self._armed = ""
            raise Killed(name)

    def _one_of(self, payments: Any) -> Payment | None:
        found = list(payments.order_by("id"))
        return self._chance.choice(found) if found else None

    def _at_gateway(self, verb: str, given: dict[str, Any], status: str) -> str:
        found = [each["id"] for each in self._sandbox.tell("payments")["payments"] if each["status"] == status]
        if not found:
            return f"nothing to {verb}"
        chosen = self._chance.choice(found)
        told = self._sandbox.tell(f"payments/{chosen}/{verb}", given)
        return f"{verb} {chosen}: {told.get('error', 'done')}"

    def _advance(self, seconds: int) -> None:
        self._now += dt.timedelta(seconds=seconds)
        self._set_clock()

    def _set_clock(self) -> None:
        self._sandbox.tell("clock", {"set": self._now.isoformat().replace("+00:00", "Z")})

    def _told(self, words: str) -> str:
        return "\n".join([*self.story, f"BROKEN: {words}"])


def gateway_today(moment: dt.datetime) -> dt.date:
    """Give the gateway's day: that of Moscow."""
    return moment.astimezone(ZoneInfo("Europe/Moscow")).date()
