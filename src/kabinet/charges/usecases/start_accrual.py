"""Start an accrual: a month of all accounts of a supplier is computed, and waits to be looked at."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.charges import queries
from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import runs
from kabinet.charges.operations.runs import AnotherRun, NothingToCorrect, ReasonMissing
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.models import Supplier


class BilledElsewhere(Refusal):
    code = "billed-elsewhere"
    message = _("Этот поставщик начисляет в своей программе: его начисления приходят реестрами.")


class AlreadyReleased(Refusal):
    code = "accrual-already-released"
    field = "period"
    message = _("Начисление за %(period)s уже проведено. Исправить его можно перерасчётом.")


class MainServiceMissing(Refusal):
    code = "accrual-main-service-missing"
    message = _("У поставщика не выбрана основная услуга: некуда начислять расход. Выберите её в услугах и повторите.")


class LaterReleased(Refusal):
    code = "accrual-later-released"
    field = "period"
    message = _(
        "Уже проведено начисление за %(later)s, а месяцы начисляют по порядку. Прежние можно только пересчитать."
    )


class MonthSkipped(Refusal):
    code = "accrual-month-skipped"
    field = "period"
    message = _("Месяцы начисляют по порядку: сначала проведите начисление за %(missed)s.")


@usecase
def start_accrual(
    *,
    supplier_id: int,
    period: Month,
    actor: User | None,
    now: dt.datetime,
    for_period: Month | None = None,
    reason: str = "",
) -> AccrualRun:
    """Make a run with its batches and have the worker compute them. Nothing is charged before a person releases it.

    period      the month that the lines are charged under
    for_period  of a correction: the earlier month that is computed anew, of which the difference is charged
    reason      of a correction, as the customers will read it
    actor       who asks for it, and so may not release it; None for the nightly job and the command line: then
                somebody has to check it first (`check_accrual`)

    Raises the refusals above; AnotherRun, PolicyMissing, PeriodNotOver for a month that has not ended by the supplier's
    calendar, ReasonMissing, NothingToCorrect for a month that has not been charged here; NotFound, and NotAllowed for
    whoever lacks the right.
    Source: docs/adr/0120.
    """
    if actor is not None:
        check_right(actor, rights.START_ACCRUAL, supplier_id)
    supplier = suppliers.supplier_card(supplier_id)
    if supplier.billing != Supplier.Billing.KABINET:
        raise BilledElsewhere
    today = suppliers.local_day(now, supplier)
    if for_period is None:
        runs.check_is_over(period, today=today)
    else:
        _check_correction(period, for_period, reason, today=today)
        runs.check_was_charged_here(supplier_id, for_period)
    runs.policy_for(supplier_id, for_period or period)
    _check_main_service(supplier_id)
    runs.lock_starting(supplier_id)
    if for_period is None:
        _check_order(supplier_id, period)

    run = _make_run(
        AccrualRun(
            supplier_id=supplier_id,
            kind=AccrualRun.Kind.REGULAR if for_period is None else AccrualRun.Kind.CORRECTION,
            period=period,
            for_period=for_period,
            reason=reason.strip(),
            asked_by=actor,
            asked_at=now,
            known_acts=queries.known_acts(supplier_id, now),
        )
    )
    runs.make_batches(run)
    runs.ask_worker("charges.compute_batches", supplier_id, run.id)
    audit.note(
        action="accrual.started",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"accrual:{run.id}",
        details={"period": str(period), "for_period": str(for_period or "")},
    )
    return run


def _check_correction(period: Month, for_period: Month, reason: str, *, today: dt.date) -> None:
    if not reason.strip():
        raise ReasonMissing
    if not for_period < period <= Month.of(today):
        raise NothingToCorrect


def _check_main_service(supplier_id: int) -> None:
    try:
        suppliers.main_service_id(supplier_id)
    except NotFound as missing:
        raise MainServiceMissing from missing


def _check_order(supplier_id: int, period: Month) -> None:
    """Let months be released one after another: norms and fees of one that is left out would never be charged."""
    last = queries.last_released(supplier_id)
    if last is None:
        return
    if period == last:
        raise AlreadyReleased(period=period)
    if period < last:
        raise LaterReleased(later=last)
    if period > last.next():
        raise MonthSkipped(missed=last.next())


def _make_run(run: AccrualRun) -> AccrualRun:
    """Store a run unless another of the supplier is under way: the database says which of two at once was first."""
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        if "accrual_run_one" not in str(error):
            raise
        raise AnotherRun from error
    return run
