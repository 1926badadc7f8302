"""Close an account: its people have moved out, and its meters have shown their last number for it."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.accounts.models import Account
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.meters import operations
from kabinet.meters.models import Meter
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


class FinalReadingMissing(Refusal):
    code = "final-reading-missing"
    field = "closing_m3"
    message = _(
        "Нет последнего показания счётчика № %(serial_number)s. Укажите его или отметьте, что снять показание не "
        "удалось: тогда последние дни посчитаются без него."
    )


class ClosesBeforeOpening(Refusal):
    code = "account-closes-before-opening"
    field = "last_day"
    message = _("Счёт открыт %(opened_on)s. Укажите этот день или более поздний.")


@usecase
def close_account(
    *,
    supplier_id: int,
    account_id: int,
    last_day: dt.date,
    closing_m3: Mapping[int, Mapping[str, Decimal]],
    request_id: UUID,
    actor: User | None,
    now: dt.datetime,
    unread_meter_ids: Collection[int] = (),
    confirmed: bool = False,
    rolled_over: bool = False,
) -> Account:
    """Close an account for good; the same day again gives it back and writes nothing. Its meters stay in their place.

    last_day          the last day that the account is charged for: `closed_on` is the day after
    closing_m3        what each scale showed at the end of that day: by meter's id, then by zone
    unread_meter_ids  meters that nobody could read: accrual estimates their last days as for any missing reading
    request_id, confirmed, rolled_over  as in `replace_meter`

    It stands here and not in accounts, which know nothing of meters.

    Raises DayInFuture, ClosesBeforeOpening, AccountIsClosed, FinalReadingMissing, and what `replace_meter` raises for
    closing readings; NotFound for a meter of another account, and with NotAllowed for whoever lacks the right.
    Source: docs/adr/0108.
    """
    accounts.check_keeper(actor, supplier_id)
    account = accounts.lock_account(supplier_id, account_id)
    closed_on = last_day + operations.ONE_DAY
    if account.closed_on == closed_on:
        return account

    supplier = suppliers.supplier_card(supplier_id)
    operations.require_day_reached(last_day, today=suppliers.local_day(now, supplier), field="last_day")
    if account.opened_on is not None and last_day < account.opened_on:
        raise ClosesBeforeOpening(opened_on=operations.day_in_words(account.opened_on))
    accounts.require_not_closed(account)
    meters = Meter.objects.filter(supplier_id=supplier_id, account=account, removed_on__isnull=True).order_by("id")
    if not {*closing_m3, *unread_meter_ids} <= {meter.id for meter in meters}:
        raise NotFound
    taken = operations.Taken(
        on=last_day, request_id=request_id, by=actor, now=now, rolled_over=rolled_over, confirmed=confirmed
    )
    for meter in meters:
        if meter.id in unread_meter_ids:
            continue
        if meter.id not in closing_m3 and operations.is_counting(meter, on=last_day):
            raise FinalReadingMissing(serial_number=meter.serial_number)
        operations.take_closing_readings(meter, closing_m3.get(meter.id, {}), taken, supplier)
    account.closed_on = closed_on
    account.save(update_fields=["closed_on"])
    audit.note(
        action="account.closed",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        details={"last_day": str(last_day), "unread_meters": sorted(unread_meter_ids)},
    )
    return account
