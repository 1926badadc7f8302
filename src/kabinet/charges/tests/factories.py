"""Charges for tests of every app."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from django.db import transaction

from kabinet.accounts.models import Account
from kabinet.charges import operations
from kabinet.charges.models import AccrualPolicy, Charge
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.ledger import operations as ledger
from kabinet.suppliers.models import Service, Supplier

_numbers = itertools.count(1)


def make_accrual_policy(supplier: Supplier, *, since: str = "2020-01", **choices: Any) -> AccrualPolicy:
    """Say how a supplier charges: by days, by the mean of a year for three months, then by the norm."""
    usual = {
        "price_split": AccrualPolicy.PriceSplit.BY_DAYS,
        "recalculate_norm_months": AccrualPolicy.RecalculateNorm.BY_OPERATOR,
        "average_of_months": 12,
        "average_at_most_months": 3,
        "removed_at_most_months": 3,
        "odd_ratio": Decimal(10),
        "silent_months": 12,
        "charges_penalties": True,
        "penalty_recheck_months": 6,
    }
    return AccrualPolicy.objects.create(supplier=supplier, from_month=Month.parse(since), **(usual | choices))


def make_charge(
    account: Account, amount: str, *, period: str = "2026-10", service: Service | None = None, **values: Any
) -> Charge:
    """Charge an account for a month and post it to the ledger, as accrual does; gas unless another service is named."""
    month = Month.parse(period)
    service = service or Service.objects.get(supplier_id=account.supplier_id, is_main=True)
    lines = Charge.objects.filter(supplier_id=account.supplier_id, account=account, service=service, period=month)
    with transaction.atomic():
        charge = Charge.objects.create(
            supplier_id=account.supplier_id,
            account=account,
            service=service,
            period=month,
            line_no=lines.count() + 1,
            amount_rub=Decimal(amount),
            **({"kind": Charge.Kind.IMPORTED, "charged_on": month.next().first_day} | values),
        )
        customers = ledger.customer_book(account.supplier_id, account.id, service.id)
        own = ledger.supplier_book(account.supplier_id, "revenue")
        debit, credit = (customers, own) if charge.amount_rub > 0 else (own, customers)
        ledger.post(
            supplier_id=account.supplier_id,
            source_kind="charge",
            source_id=charge.id,
            movements=[
                ledger.Movement(
                    debit_book_id=debit,
                    credit_book_id=credit,
                    amount_rub=abs(charge.amount_rub),
                    kind="charge",
                    period=month,
                    occurred_on=charge.charged_on,
                )
            ],
            now=NOW,
        )
    return charge


def make_payment(
    account: Account,
    amount: str,
    *,
    on: str = "2026-11-12",
    source_id: str | None = None,
    named: Month | None = None,
    service: Service | None = None,
) -> None:
    """Post a payment to the ledger and let it settle charges, as a gateway does; for gas without another service."""
    service = service or Service.objects.get(supplier_id=account.supplier_id, is_main=True)
    paid_on = dt.date.fromisoformat(on)
    with transaction.atomic():
        book_id = ledger.customer_book(account.supplier_id, account.id, service.id)
        transfers = ledger.post(
            supplier_id=account.supplier_id,
            source_kind="test-payment",
            source_id=source_id or next(_numbers),
            movements=[
                ledger.Movement(
                    debit_book_id=ledger.supplier_book(account.supplier_id, "clearing", "test"),
                    credit_book_id=book_id,
                    amount_rub=Decimal(amount),
                    kind="payment",
                    period=Month.of(paid_on),
                    occurred_on=paid_on,
                )
            ],
            now=NOW,
        )
        operations.allocate_payment(account.supplier_id, account.id, transfers, named=named)
