"""Shops and payments for tests of every app."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any
from uuid import uuid4

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.payments import operations, rules
from kabinet.payments.models import Autopay, AutopayCharge, Basket, Payment, PaymentShare, ReceiptTerms, Shop
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.people.models import StaffRole, User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service, Supplier
from sandbox.testing import RunningSandbox

_numbers = itertools.count(1)


def make_payer() -> User:
    """Make a person with an address of their own."""
    return make_user(f"payer{next(_numbers)}@example.ru")


def make_accountant(supplier: Supplier) -> User:
    """Make a member of a supplier's staff who answers for its money."""
    user = make_user(f"accountant{next(_numbers)}@example.ru", is_staff=True)
    StaffRole.objects.create(user=user, supplier=supplier, role="accountant")
    return user


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


def make_receipt_terms(
    supplier: Supplier,
    *,
    vat_code: int = 11,
    valid_from: dt.date = dt.date(2026, 1, 1),
    valid_until: dt.date | None = None,
) -> None:
    """Say how cheques are written for every service of a supplier: 22 % of what was charged, 22/122 of an advance."""
    ReceiptTerms.objects.bulk_create(
        ReceiptTerms(
            supplier=supplier,
            service=service,
            case=case,
            vat_code=vat_code + (case == "advance"),
            payment_mode="advance" if case == "advance" else "full_payment",
            valid_from=valid_from,
            valid_until=valid_until,
        )
        for service in Service.objects.filter(supplier=supplier)
        for case in ReceiptTerms.Case.values
    )


def make_started_payment(
    debt: str = "1000.00", *, shown: str | None = None, own_sum: str | None = None, account=None, **shop
) -> Payment:
    """Start the payment of a whole debt of one month, or of `own_sum`; it waits at the gateway of the settings."""
    account = account or make_account()
    payer = make_payer()
    make_access(payer, account)
    make_shop(account.supplier, **shop)
    make_charge(account, debt)
    return start_payment(
        supplier_id=account.supplier_id,
        account_id=account.id,
        mode="own_sum" if own_sum else "debt",
        own_sum_rub=Decimal(own_sum) if own_sum else None,
        shown_amount_rub=Decimal(shown or own_sum or debt),
        knows_of_recent=False,
        request_id=uuid4(),
        actor=payer,
        now=NOW,
    )


def make_paid_payment(
    sandbox: RunningSandbox,
    debt: str = "1000.00",
    *,
    shown: str | None = None,
    own_sum: str | None = None,
    account=None,
    **shop,
) -> Payment:
    """Pay a whole debt of one month, or `own_sum`, at a gateway, and settle it."""
    payment = make_started_payment(debt, shown=shown, own_sum=own_sum, account=account, **shop)
    sandbox.pay(payment.gateway_payment_id)
    return settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)


def make_autopay_charge(account: Account, payer: User) -> AutopayCharge:
    """Switch a standing order on by its row alone, with a charge that is announced and may be canceled."""
    shop = Shop.objects.filter(supplier_id=account.supplier_id).first() or make_shop(account.supplier)
    autopay = Autopay(
        supplier_id=account.supplier_id,
        account=account,
        user=payer,
        shop=shop,
        state=Autopay.State.ON,
        method_title="Банковская карта •••• 4444",
        cap_rub=Decimal("3000.00"),
        day=25,
        next_charge_on=dt.date(2026, 12, 25),
        request_id=uuid4(),
        consent_version=1,
        consent_sha256="0" * 64,
        consented_at=NOW,
    )
    autopay.method_id = "saved-method"
    autopay.save()
    return AutopayCharge.objects.create(
        supplier_id=account.supplier_id,
        autopay=autopay,
        period=Month.parse("2026-11"),
        announced_rub=Decimal("500.00"),
        due_on=dt.date(2026, 11, 25),
        announced_at=NOW,
    )


def balance_rub(payment: Payment) -> Decimal:
    """What the account of a payment owes."""
    return ledger.balance_rub(payment.supplier_id, payment.shares.get().account_id)


def objects_at(gateway: RunningSandbox, payment: Payment) -> int:
    """How many objects the sandbox gateway holds for a payment of ours."""
    return len(gateway.get(f"/sandbox/payments?metadata.payment_id={payment.public_id}")["payments"])


def refunded_at_gateway_rub(payment: Payment) -> Decimal:
    """How much the gateway has given back of a payment."""
    return operations.gateway_of(payment.shop).fetch(payment.gateway_payment_id).refunded_rub
