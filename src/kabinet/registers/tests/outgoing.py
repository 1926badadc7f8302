"""A supplier with its own billing, for tests of files that leave to it."""

import csv
import datetime as dt
import io
from decimal import Decimal
from uuid import uuid4

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.common.testing import NOW
from kabinet.payments.tests.factories import make_payer, make_shop
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.settle_refunds import settle_refunds
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.registers.models import Dispatch
from kabinet.registers.usecases.book_payments import book_payments
from kabinet.registers.usecases.make_register import make_register

MORNING = NOW + dt.timedelta(days=1)


class Billing:
    """A supplier with its own billing, one account there, and a gateway of its own."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.account, self.payer = make_account(), make_payer()
        self.supplier = self.account.supplier
        self.supplier.billing = "external"
        self.supplier.save()
        make_access(self.payer, self.account)
        make_shop(self.supplier)
        make_charge(self.account, "10000.00")

    def paid(self, amount="100.00"):
        payment = start_payment(
            supplier_id=self.supplier.id,
            account_id=self.account.id,
            mode="own_sum",
            own_sum_rub=Decimal(amount),
            shown_amount_rub=Decimal(amount),
            knows_of_recent=True,
            request_id=uuid4(),
            actor=self.payer,
            now=NOW,
        )
        self.gateway.pay(payment.gateway_payment_id)
        return settle_payment(supplier_id=self.supplier.id, payment_id=payment.id, now=NOW)

    def refund(self, payment, amount):
        self.gateway.refund(payment.gateway_payment_id, amount)
        settle_refunds(supplier_id=self.supplier.id, payment_id=payment.id, now=NOW)

    def send(self, kind="payments", now=MORNING):
        return make_register(supplier_id=self.supplier.id, kind=kind, actor=None, now=now)

    def book(self, content, actor=None):
        file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
        return book_payments(supplier_id=self.supplier.id, file=file, actor=actor, now=MORNING)


def make_dispatch(supplier, kind="payments", **values):
    return Dispatch.objects.create(supplier=supplier, kind=kind, **{"changed_at": NOW, **values})


def lines_of(register):
    """Read a register that left as CSV in UTF-8: a dictionary for each line."""
    with register.path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
