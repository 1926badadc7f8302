"""Set an opening balance: what an account owed, or had paid in advance, when it came here from another program."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.charges.models import Adjustment, Charge
from kabinet.charges.operations.adjusting import (
    Request,
    SumIsZero,
    add_document,
    charge_by_document,
    lock_for_document,
)
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class DayInFuture(Refusal):
    code = "opening-day-in-future"
    field = "on"
    message = _("Этот день ещё не наступил. Укажите остаток на сегодня или на прошедший день.")


class ChargedBefore(Refusal):
    code = "opening-charged-before"
    field = "on"
    message = _(
        "По этой услуге уже есть начисления за %(period)s: входящий остаток был бы посчитан дважды. "
        "Укажите более ранний день или исправьте долг корректировкой."
    )


class OpeningSetAlready(Refusal):
    code = "opening-set-already"
    message = _(
        "Входящий остаток по этой услуге уже задан: %(amount_rub)s\u00a0₽. "
        "Чтобы задать другой, сначала отмените его корректировкой на %(undoing_rub)s\u00a0₽."
    )


@usecase
def set_opening_balance(
    *,
    supplier_id: int,
    account_id: int,
    service_id: int,
    amount_rub: Decimal,
    on: dt.date,
    reason: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Adjustment:
    """Charge what was owed when a day began, as a line of the month that ended with the day before it.

    amount_rub  above zero a debt, below zero an advance
    on          the day, by the supplier's calendar: a debt on the 1st of November belongs to October
    reason      as the customer reads it: where the sum comes from
    request_id  the same id again gives the first document back and writes nothing

    Raises the refusals above, SumIsZero, ReasonMissing; NotFound for an account or service of another supplier;
    NotAllowed. Source: docs/adr/0119.
    """
    check_right(actor, rights.ADJUST_CHARGES, supplier_id)
    request = Request(supplier_id, account_id, service_id, reason, request_id, actor, now)
    if earlier := lock_for_document(request):
        return earlier
    if not amount_rub:
        raise SumIsZero
    if on > request.today:
        raise DayInFuture
    _check_is_first(request, period := Month.of(on - dt.timedelta(days=1)))

    charge = charge_by_document(request, Charge.Kind.OPENING, amount_rub, period, charged_on=on)
    return add_document(request, Adjustment.Kind.OPENING, amount_rub, period, charge=charge)


def _check_is_first(request: Request, period: Month) -> None:
    """Let through the one opening balance of a service, before whatever else was charged for it.

    One that an adjustment of the same sum has undone does not count. Raises OpeningSetAlready, ChargedBefore.
    """
    of_service = {
        "supplier_id": request.supplier_id,
        "account_id": request.account_id,
        "service_id": request.service_id,
    }
    opening = Adjustment.objects.filter(**of_service, kind=Adjustment.Kind.OPENING).order_by("-id").first()
    if opening:
        undoing = Adjustment.objects.filter(**of_service, kind=Adjustment.Kind.ADJUSTMENT, id__gt=opening.id)
        if not undoing.filter(amount_rub=-opening.amount_rub).exists():
            raise OpeningSetAlready(amount_rub=opening.amount_rub, undoing_rub=-opening.amount_rub)
    by_hand = [Charge.Kind.OPENING, Charge.Kind.ADJUSTMENT]
    charged = Charge.objects.filter(**of_service, period__lte=period).exclude(kind__in=by_hand)
    if earliest := charged.order_by("period").first():
        raise ChargedBefore(period=earliest.period)
