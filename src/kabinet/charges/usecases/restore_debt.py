"""Restore a debt: a write-off is taken back whole."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.charges.models import Adjustment
from kabinet.charges.operations.adjusting import ADJUSTMENT_SOURCE, Request, add_document, lock_for_document
from kabinet.charges.operations.settling import release_reversed
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.ledger import queries as ledger_queries
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class RestoredAlready(Refusal):
    code = "debt-restored-already"
    message = _("Этот долг уже восстановлен %(on)s. Второй раз восстанавливать нечего.")


@usecase
def restore_debt(
    *, supplier_id: int, write_off_id: int, reason: str, request_id: UUID, actor: User, now: dt.datetime
) -> Adjustment:
    """Make what a write-off had settled owed again. An advance of the account settles it at once.

    reason      as the customer reads it
    request_id  the same id again gives the first document back and writes nothing

    Raises RestoredAlready, ReasonMissing; NotFound for anything but a write-off of this supplier; NotAllowed.
    Source: docs/adr/0118.
    """
    check_right(actor, rights.ADJUST_CHARGES, supplier_id)
    write_offs = Adjustment.objects.filter(supplier_id=supplier_id, kind=Adjustment.Kind.WRITE_OFF)
    write_off = write_offs.filter(id=write_off_id).first()
    if write_off is None:
        raise NotFound
    request = Request(supplier_id, write_off.account_id, write_off.service_id, reason, request_id, actor, now)
    if earlier := lock_for_document(request):
        return earlier
    if restored := Adjustment.objects.filter(supplier_id=supplier_id, restores=write_off).first():
        raise RestoredAlready(on=f"{restored.made_at:%d.%m.%Y}")

    period = Month.of(request.today)
    document = add_document(request, Adjustment.Kind.RESTORATION, -write_off.amount_rub, period, restores=write_off)
    [written_off] = ledger_queries.credits_by(supplier_id, ADJUSTMENT_SOURCE, str(write_off.id))
    ledger.post(
        supplier_id=supplier_id,
        source_kind=ADJUSTMENT_SOURCE,
        source_id=document.id,
        movements=[
            ledger.Movement(
                debit_book_id=written_off.book_id,
                credit_book_id=ledger.supplier_book(supplier_id, "write_offs"),
                amount_rub=written_off.amount_rub,
                kind="reversal",
                period=period,
                occurred_on=request.today,
                reverses_id=written_off.transfer_id,
            )
        ],
        now=now,
    )
    release_reversed(supplier_id, write_off.account_id, written_off.transfer_id, on=request.today)
    return document
