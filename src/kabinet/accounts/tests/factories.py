"""Accounts and attachments for tests of every app."""

import itertools
from typing import Any

from kabinet.accounts.models import Account, AccountAccess
from kabinet.common.testing import NOW
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier

_numbers = itertools.count(100_000_001)


def make_account(supplier: Supplier | None = None, **values: Any) -> Account:
    """Make an open account of a flat in Гатчина; without a supplier it gets one of its own."""
    defaults = {
        "number": str(next(_numbers)),
        "surname": "Петров",
        "given_name": "Иван",
        "patronymic": "Сергеевич",
        "postcode": "188300",
        "locality": "г. Гатчина",
        "street_address": "ул. Лесная, д. 14",
        "flat": "7",
    }
    return Account.objects.create(supplier=supplier or make_supplier(), **(defaults | values))


def make_access(user: User, account: Account, level: str = AccountAccess.Level.FULL, **values: Any) -> AccountAccess:
    """Put an account into a person's cabinet."""
    return AccountAccess.objects.create(
        user=user,
        supplier_id=account.supplier_id,
        account=account,
        level=level,
        **({"attached_at": NOW, "position": 0} | values),
    )
