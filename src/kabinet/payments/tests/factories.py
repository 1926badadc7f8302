"""Shops and payments for tests of every app."""

import itertools
from decimal import Decimal
from typing import Any
from uuid import uuid4

from kabinet.accounts.models import Account
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.payments import rules
from kabinet.payments.models import Basket, Payment, PaymentShare, Shop
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service, Supplier

_numbers = itertools.count(1)


def make_payer() -> User:
    """Make a person with an address of their own."""
    return make_user(f"payer{next(_numbers)}@example.ru")


def make_shop(supplier: Supplier, **values: Any) -> Shop:
    """Open the sandbox's shop to a supplier, who pays the commission."""
    defaults = {"title": "Тестовый магазин", "shop_id": "100500", "secret": "test_sandbox", "is_test": True}
    return Shop.objects.create(supplier=supplier, **(defaults | values))


def make_payment(
    account: Account, payer: User, amount: str = "100.00", *, state: str = "open", **values: Any
) -> Payment:
    """Make a payment for gas by its row alone: no gateway has heard of it, and nothing is posted."""
    shop = Shop.objects.filter(supplier_id=account.supplier_id).first() or make_shop(account.supplier)
    seen = {} if state == rules.INTENDED else {"gateway_payment_id": f"remote-{uuid4()}"}
    defaults = {
        "mode": Payment.Mode.OWN_SUM,
        "period": Month.parse("2026-10"),
        "commission_rub": Decimal("0.00"),
        "shared_rub": Decimal(amount),
        "request_body": "{}",
        "created_at": NOW,
        "expires_at": NOW + rules.PAYMENT_LIFE,
        "next_check_at": NOW + rules.FIRST_CHECK if state in rules.UNSETTLED else None,
        "paid_at": NOW if state == rules.PAID else None,
        "failure_reason": "general_decline" if state == rules.FAILED else "",
    }
    payment = Payment.objects.create(
        supplier_id=account.supplier_id,
        shop=shop,
        basket=Basket.objects.create(user=payer, request_id=uuid4(), created_at=NOW),
        public_id=uuid4(),
        idempotency_key=uuid4(),
        amount_rub=Decimal(amount),
        state=state,
        **(seen | defaults | values),
    )
    PaymentShare.objects.create(
        supplier_id=account.supplier_id,
        payment=payment,
        account=account,
        service=Service.objects.get(supplier_id=account.supplier_id, is_main=True),
        amount_rub=payment.shared_rub,
    )
    return payment
