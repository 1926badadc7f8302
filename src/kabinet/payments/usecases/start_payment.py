"""Start a payment: a basket of one account."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from kabinet.common.month import Month
from kabinet.payments.models import Payment
from kabinet.payments.queries.baskets import Wish
from kabinet.payments.usecases.start_basket import start_basket
from kabinet.people.models import User


def start_payment(
    *,
    supplier_id: int,
    account_id: int,
    mode: str,
    own_sum_rub: Decimal | None = None,
    named_period: Month | None = None,
    shown_amount_rub: Decimal,
    knows_of_recent: bool,
    request_id: UUID,
    method: str = "",
    actor: User,
    now: dt.datetime,
) -> Payment:
    """Write the intent, send it, store the answer: three steps, each write a transaction of its own.

    Arguments mean what they mean to a `Wish` and to `start_basket`; so do the refusals.
    """
    wish = Wish(supplier_id, account_id, mode=mode, own_sum_rub=own_sum_rub, named_period=named_period)
    payment, *_others = start_basket(
        wishes=[wish],
        shown_amount_rub=shown_amount_rub,
        knows_of_recent=knows_of_recent,
        request_id=request_id,
        method=method,
        actor=actor,
        now=now,
    )
    return payment
