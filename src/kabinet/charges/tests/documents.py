"""What tests of documents by staff share."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any
from uuid import UUID

from kabinet.accounts.models import Account
from kabinet.charges.models import Adjustment
from kabinet.charges.usecases.adjust_charge import adjust_charge
from kabinet.charges.usecases.restore_debt import restore_debt
from kabinet.charges.usecases.set_opening_balance import set_opening_balance
from kabinet.charges.usecases.write_off_debt import write_off_debt
from kabinet.common.testing import NOW
from kabinet.people.models import StaffRole, User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service, Supplier

_requests = itertools.count(1)


def staff_of(supplier: Supplier, role: str = "accountant") -> User:
    user = make_user(is_staff=True)
    StaffRole.objects.create(user=user, supplier=supplier, role=role)
    return user


def _given(account: Account, actor: User | None, values: dict[str, Any]) -> dict[str, Any]:
    defaults = {
        "supplier_id": account.supplier_id,
        "reason": "Решение суда от 10.11.2026",
        "request_id": UUID(int=next(_requests)),
        "actor": actor or staff_of(account.supplier),
        "now": NOW,
    }
    return defaults | values


def _of_service(account: Account, service: Service | None) -> dict[str, int]:
    service = service or Service.objects.get(supplier_id=account.supplier_id, is_main=True)
    return {"account_id": account.id, "service_id": service.id}


def adjust(
    account: Account, amount: str, *, service: Service | None = None, actor: User | None = None, **values: Any
) -> Adjustment:
    return adjust_charge(amount_rub=Decimal(amount), **_of_service(account, service), **_given(account, actor, values))


def write_off(
    account: Account, amount: str, *, service: Service | None = None, actor: User | None = None, **values: Any
) -> Adjustment:
    return write_off_debt(amount_rub=Decimal(amount), **_of_service(account, service), **_given(account, actor, values))


def restore(document: Adjustment, *, actor: User | None = None, **values: Any) -> Adjustment:
    return restore_debt(write_off_id=document.id, **_given(document.account, actor, values))


def set_opening(
    account: Account,
    amount: str,
    *,
    on: str = "2026-11-01",
    service: Service | None = None,
    actor: User | None = None,
    **values: Any,
) -> Adjustment:
    return set_opening_balance(
        amount_rub=Decimal(amount),
        on=dt.date.fromisoformat(on),
        **_of_service(account, service),
        **_given(account, actor, values),
    )
