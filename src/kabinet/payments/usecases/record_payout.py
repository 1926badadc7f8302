"""Record a payout: money of some days has reached the supplier's bank account."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.payments.models import Payout, Shop
from kabinet.payments.queries.sides import shop_of_day
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class PayoutRecordedAlready(Refusal):
    code = "payout-recorded-already"
    field = "reference"
    message = _(
        "Поручение %(reference)s уже записано: %(amount_rub)s\u00a0₽ и %(fee_rub)s\u00a0₽ удержано. "
        "Проверьте номер и суммы по выписке банка."
    )


class PayoutSumWrong(Refusal):
    code = "payout-sum-wrong"
    field = "amount_rub"
    message = _("Поступившая сумма должна быть больше нуля, а удержанная — не меньше нуля.")


@usecase
def record_payout(
    *,
    supplier_id: int,
    shop_id: int,
    reference: str,
    came_on: dt.date,
    amount_rub: Decimal,
    fee_rub: Decimal,
    actor: User,
    now: dt.datetime,
) -> Payout:
    """Move what came from clearing to the bank, and what the gateway kept to fees.

    reference   number of the payment order in the bank's statement; the same one again with the same sums gives the
                first payout back
    amount_rub  what came to the bank; fee_rub: what the gateway kept of it before

    Raises PayoutSumWrong, PayoutRecordedAlready; NotFound for somebody else's shop; NotAllowed.
    """
    check_right(actor, rights.RECORD_PAYOUT, supplier_id)
    shop = shop_of_day(supplier_id, shop_id)
    Shop.objects.select_for_update().get(supplier_id=supplier_id, pk=shop.pk)
    if earlier := Payout.objects.filter(supplier_id=supplier_id, shop=shop, reference=reference.strip()).first():
        if (earlier.came_on, earlier.amount_rub, earlier.fee_rub) == (came_on, amount_rub, fee_rub):
            return earlier
        raise PayoutRecordedAlready(reference=earlier.reference, amount_rub=earlier.amount_rub, fee_rub=earlier.fee_rub)
    if amount_rub <= 0 or fee_rub < 0:
        raise PayoutSumWrong

    payout = Payout.objects.create(
        supplier_id=supplier_id,
        shop=shop,
        reference=reference.strip(),
        came_on=came_on,
        amount_rub=amount_rub,
        fee_rub=fee_rub,
        recorded_by=actor,
        recorded_at=now,
    )
    _post(payout, now=now)
    audit.note(
        action="payout.recorded",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"payout:{payout.id}",
        details={"amount_rub": str(amount_rub), "fee_rub": str(fee_rub)},
    )
    return payout


def _post(payout: Payout, *, now: dt.datetime) -> None:
    supplier_id = payout.supplier_id
    clearing_id = ledger.supplier_book(supplier_id, "clearing", payout.shop.shop_id)
    parts = [("bank", payout.amount_rub), ("fees", payout.fee_rub)]
    ledger.post(
        supplier_id=supplier_id,
        source_kind="payout",
        source_id=payout.id,
        movements=[
            ledger.Movement(
                debit_book_id=ledger.supplier_book(supplier_id, book),
                credit_book_id=clearing_id,
                amount_rub=part_rub,
                kind="payout",
                period=Month.of(payout.came_on),
                occurred_on=payout.came_on,
            )
            for book, part_rub in parts
            if part_rub > ZERO
        ],
        now=now,
    )
