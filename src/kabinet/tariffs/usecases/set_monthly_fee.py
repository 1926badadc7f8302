"""Set a monthly fee: what a service costs an account each month, whatever it uses."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.accounts.operations import lock_account
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs import operations
from kabinet.tariffs.models import MonthlyFee


class FeeNotPositive(Refusal):
    code = "fee-not-positive"
    field = "monthly_rub"
    message = _("Ежемесячная плата должна быть больше нуля.")


class FeeOverlaps(Refusal):
    code = "fee-overlaps"
    field = "valid_from"
    message = _("На эти дни плата за эту услугу уже задана: она действует с %(since)s. Сначала завершите её.")


@usecase
def set_monthly_fee(
    *,
    supplier_id: int,
    account_id: int,
    service_id: int,
    monthly_rub: Decimal,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    actor: User | None,
    now: dt.datetime,
) -> operations.Change[MonthlyFee]:
    """Set an account's fee on the days [valid_from, valid_until). A fee without an end that began earlier ends there.

    source  the contract, as people will read it under «Как посчитано»
    actor   None for the operator's terminal

    Raises FeeNotPositive, DaysReversed, FeeOverlaps; NotFound for an account or service that is not there; NotAllowed.
    """
    if actor is not None:
        check_right(actor, rights.SET_TARIFFS, supplier_id)
    account = lock_account(supplier_id, account_id)
    service = operations.service_of(supplier_id, service_id)
    if monthly_rub <= 0:
        raise FeeNotPositive
    operations.check_days(valid_from, valid_until)

    gave_way = operations.make_room(
        MonthlyFee.objects.filter(supplier_id=supplier_id, account=account, service=service),
        valid_from=valid_from,
        valid_until=valid_until,
        replaces=False,
        refusal=FeeOverlaps,
        now=now,
    )
    fee = MonthlyFee.objects.create(
        supplier_id=supplier_id,
        account=account,
        service=service,
        monthly_rub=monthly_rub,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
        set_at=now,
    )
    audit.note(
        action="monthly_fee.set",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"monthly_fee:{fee.id}",
        details={
            "account_id": account.id,
            "monthly_rub": str(monthly_rub),
            "valid_from": str(valid_from),
            "gave_way": gave_way,
        },
    )
    return operations.Change(fee, operations.affected_since(account.supplier, valid_from, now=now))
