"""Install a meter at an account, beside those that it has or as its first one."""

import datetime as dt
from uuid import UUID

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.meters import operations, queries, rules
from kabinet.meters.models import Meter
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


@usecase
def install_meter(
    *,
    supplier_id: int,
    account_id: int,
    new: rules.NewMeter,
    installed_on: dt.date,
    request_id: UUID,
    actor: User | None,
    now: dt.datetime,
) -> Meter:
    """Write a meter with its scales and what they showed at the end of the day on which it was installed and sealed.

    request_id  the same id again gives the first meter back and writes nothing

    Raises DayInFuture, AccountIsClosed, SerialMissing, DigitsOutOfRange, ScalesUnclear, VerificationOver, SerialKnown,
    ReadingDoesNotFit; NotFound and NotAllowed for whoever lacks the right. Source: docs/adr/0107.
    """
    accounts.check_keeper(actor, supplier_id)
    account = accounts.lock_account(supplier_id, account_id)
    if earlier := queries.meter_opened_by_request(supplier_id, account_id, request_id):
        return earlier

    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    operations.require_day_reached(installed_on, today=today, field="installed_on")
    accounts.require_open(account, on=installed_on)
    taken = operations.Taken(on=installed_on, request_id=request_id, by=actor, now=now)
    meter = operations.install_meter(account, new, taken)
    audit.note(
        action="meter.installed",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        details={"meter": meter.id, "installed_on": str(installed_on)},
    )
    return meter
