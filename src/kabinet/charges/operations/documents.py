"""Documents that lower what an account owes: whether one fits the account, and what it writes."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.charges.models import Adjustment, Charge
from kabinet.charges.operations.adjusting import ADJUSTMENT_SOURCE, Request, add_document, charge_by_document
from kabinet.charges.operations.settling import allocate_payment
from kabinet.charges.queries.unpaid import unpaid_charges
from kabinet.common.db import transaction_required
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.people.models import User


class TakesTwo(Refusal):
    code = "adjustment-takes-two"
    field = "amount_rub"
    message = _("Уменьшить то, что счёт должен, один сотрудник не может: предложите документ, а проведёт его другой.")


class MoreThanDebt(Refusal):
    code = "write-off-more-than-debt"
    field = "amount_rub"
    message = _("Долг по этой услуге сейчас %(debt_rub)s\u00a0₽: больше списать нельзя.")


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


@transaction_required
def adjust(request: Request, amount_rub: Decimal, *, approved_by: User | None = None) -> Adjustment:
    """Charge a sum in the supplier's current month, as a line of its own."""
    period = Month.of(request.today)
    charge = charge_by_document(request, Charge.Kind.ADJUSTMENT, amount_rub, period, charged_on=request.today)
    return add_document(request, Adjustment.Kind.ADJUSTMENT, amount_rub, period, charge=charge, approved_by=approved_by)


def check_debt(request: Request, amount_rub: Decimal) -> None:
    """Raise MoreThanDebt where so much is not unpaid of a service. amount_rub: above zero."""
    unpaid = unpaid_charges(request.supplier_id, request.account_id)
    debt_rub = sum((item.amount_rub for item in unpaid if item.service_id == request.service_id), ZERO)
    if amount_rub > debt_rub:
        raise MoreThanDebt(debt_rub=debt_rub)


@transaction_required
def write_off(request: Request, amount_rub: Decimal, *, approved_by: User) -> Adjustment:
    """Settle the oldest charges of a service at the supplier's cost. amount_rub: above zero. Raises MoreThanDebt."""
    check_debt(request, amount_rub)
    period = Month.of(request.today)
    document = add_document(request, Adjustment.Kind.WRITE_OFF, -amount_rub, period, approved_by=approved_by)
    transfers = ledger.post(
        supplier_id=request.supplier_id,
        source_kind=ADJUSTMENT_SOURCE,
        source_id=document.id,
        movements=[
            ledger.Movement(
                debit_book_id=ledger.supplier_book(request.supplier_id, "write_offs"),
                credit_book_id=ledger.customer_book(request.supplier_id, request.account_id, request.service_id),
                amount_rub=amount_rub,
                kind="write_off",
                period=period,
                occurred_on=request.today,
            )
        ],
        now=request.now,
    )
    allocate_payment(request.supplier_id, request.account_id, transfers)
    return document


@transaction_required
def set_opening(request: Request, amount_rub: Decimal, on: dt.date, *, approved_by: User | None = None) -> Adjustment:
    """Charge what was owed when a day began, in the month before it. Raises what `check_opening` raises."""
    check_opening(request, on)
    period = _month_before(on)
    charge = charge_by_document(request, Charge.Kind.OPENING, amount_rub, period, charged_on=on)
    return add_document(request, Adjustment.Kind.OPENING, amount_rub, period, charge=charge, approved_by=approved_by)


def check_opening(request: Request, on: dt.date) -> None:
    """Let through the one opening balance of a service, before whatever else was charged for it.

    One that an adjustment of the same sum has undone does not count.
    Raises DayInFuture, OpeningSetAlready, ChargedBefore.
    """
    if on > request.today:
        raise DayInFuture
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
    by_register = Charge.objects.filter(**of_service, kind=Charge.Kind.OPENING, inputs__has_key="register")
    reversals = Charge.objects.filter(**of_service, reverses__isnull=False).values("reverses_id")
    loaded = by_register.filter(reverses__isnull=True).exclude(id__in=reversals).order_by("-id").first()
    if loaded:
        undoing = Adjustment.objects.filter(**of_service, kind=Adjustment.Kind.ADJUSTMENT, charge_id__gt=loaded.id)
        if not undoing.filter(amount_rub=-loaded.amount_rub).exists():
            raise OpeningSetAlready(amount_rub=loaded.amount_rub, undoing_rub=-loaded.amount_rub)
    by_hand = [Charge.Kind.OPENING, Charge.Kind.ADJUSTMENT]
    charged = Charge.objects.filter(**of_service, period__lte=_month_before(on)).exclude(kind__in=by_hand)
    if earliest := charged.order_by("period").first():
        raise ChargedBefore(period=earliest.period)


def _month_before(on: dt.date) -> Month:
    """Give the month that ended with the day before: a debt on the 1st of November belongs to October."""
    return Month.of(on - dt.timedelta(days=1))
