"""Set an accrual policy: a supplier chooses how it charges from a month on."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.charges.models import AccrualPolicy
from kabinet.charges.operations import runs
from kabinet.charges.queries.charged_months import charged_months
from kabinet.charges.queries.runs import active_run
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier


class NoMonthsToAverage(Refusal):
    code = "policy-no-months-to-average"
    field = "average_of_months"
    message = _("Среднее считают хотя бы за один месяц.")


class RatioNotAboveOne(Refusal):
    code = "policy-ratio-not-above-one"
    field = "odd_ratio"
    message = _("Необычно только то, что больше обычного: введите число больше 1.")


class NoSilentMonths(Refusal):
    code = "policy-no-silent-months"
    field = "silent_months"
    message = _("Введите хотя бы один месяц: иначе странным покажется каждый счёт.")


class PolicyOfChargedMonth(Refusal):
    code = "policy-of-charged-month"
    field = "from_month"
    message = _(
        "За %(month)s уже начислено по прежнему порядку, и задним числом он не меняется. "
        "Выберите месяц, который ещё не начислен."
    )


class AccrualUnderWay(Refusal):
    code = "policy-accrual-under-way"
    field = "from_month"
    message = _(
        "Сейчас считается или ждёт проведения начисление за %(month)s. Проведите его или отмените, потом повторите."
    )


@usecase
def set_accrual_policy(
    *,
    supplier_id: int,
    from_month: Month,
    price_split: str,
    recalculate_norm_months: str,
    average_of_months: int,
    average_at_most_months: int,
    removed_at_most_months: int,
    odd_ratio: Decimal,
    silent_months: int,
    charges_penalties: bool,
    penalty_recheck_months: int,
    actor: User | None,
    now: dt.datetime,
) -> AccrualPolicy:
    """Set a supplier's choices from a month on, until its next policy; of a month that has one, they are replaced.

    The fields are those of `AccrualPolicy`. A month that is charged keeps the policy that it was charged by, also
    when it is corrected; a supplier that had none yet may begin with any month.

    actor  None for the operator's terminal

    Raises NoMonthsToAverage, RatioNotAboveOne, NoSilentMonths, PolicyOfChargedMonth, AccrualUnderWay; NotFound;
    NotAllowed.
    """
    if actor is not None:
        check_right(actor, rights.SET_TARIFFS, supplier_id)
    runs.lock_starting(supplier_id)
    if not Supplier.objects.filter(pk=supplier_id).exists():
        raise NotFound
    if average_of_months < 1:
        raise NoMonthsToAverage
    if odd_ratio <= 1:
        raise RatioNotAboveOne
    if silent_months < 1:
        raise NoSilentMonths
    _check_month(supplier_id, from_month, now=now)

    policy, is_new = AccrualPolicy.objects.update_or_create(
        supplier_id=supplier_id,
        from_month=from_month,
        defaults={
            "price_split": price_split,
            "recalculate_norm_months": recalculate_norm_months,
            "average_of_months": average_of_months,
            "average_at_most_months": average_at_most_months,
            "removed_at_most_months": removed_at_most_months,
            "odd_ratio": odd_ratio,
            "silent_months": silent_months,
            "charges_penalties": charges_penalties,
            "penalty_recheck_months": penalty_recheck_months,
        },
    )
    audit.note(
        action="accrual_policy.set" if is_new else "accrual_policy.changed",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"accrual_policy:{policy.id}",
        details={"from_month": str(from_month), "price_split": price_split, "odd_ratio": str(odd_ratio)},
    )
    return policy


def _check_month(supplier_id: int, from_month: Month, *, now: dt.datetime) -> None:
    run = active_run(supplier_id)
    if run is not None and run.period >= from_month:
        raise AccrualUnderWay(month=run.period)
    if AccrualPolicy.objects.filter(supplier_id=supplier_id).exists():
        charged = charged_months(supplier_id, since=from_month, until=Month.of(now.date()).next())
        if charged:
            raise PolicyOfChargedMonth(month=charged[-1])
