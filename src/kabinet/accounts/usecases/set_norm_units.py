"""Set norm units: from a day on an account has so many baths, greenhouses or cows."""

import datetime as dt
import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations
from kabinet.accounts.models import NormUnits
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


class UnitCodeMalformed(Refusal):
    code = "unit-code-malformed"
    field = "unit_code"
    message = _("Выберите единицу из тех, для которых есть норматив.")


class UnitsBelowZero(Refusal):
    code = "units-below-zero"
    field = "units_count"
    message = _("Укажите количество: ноль или больше.")


@usecase
def set_norm_units(
    *,
    supplier_id: int,
    account_id: int,
    unit_code: str,
    units_count: Decimal,
    since: dt.date,
    actor: User | None,
    now: dt.datetime,
) -> None:
    """Write how many units of a kind there are from a day on, up to the next day for which something else is written.

    units_count  zero: none any more

    Raises UnitCodeMalformed, UnitsBelowZero, DayInFuture, BeforeOpening, AccountIsClosed; NotFound and NotAllowed for
    whoever lacks the right. Source: docs/adr/0109.
    """
    operations.check_keeper(actor, supplier_id)
    account = operations.lock_account(supplier_id, account_id)
    if not re.fullmatch(r"[-\w]{1,40}", unit_code, re.ASCII):
        raise UnitCodeMalformed
    if units_count < 0:
        raise UnitsBelowZero
    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    operations.require_day_of_account(account, since, today=today)

    rows = NormUnits.objects.filter(supplier_id=supplier_id, account=account, unit_code=unit_code)
    held = rows.filter(valid_from__lte=since).order_by("valid_from").last()
    if held is not None and held.valid_until is not None and held.valid_until <= since:
        held = None
    if (held.units_count if held else 0) == units_count:
        return

    following = rows.filter(valid_from__gt=since).order_by("valid_from").first()
    until = held.valid_until if held else following.valid_from if following else None
    if held is not None and held.valid_from == since:
        held.delete()
    elif held is not None:
        held.valid_until = since
        held.save(update_fields=["valid_until"])
    if units_count:
        NormUnits.objects.create(
            supplier_id=supplier_id,
            account=account,
            unit_code=unit_code,
            units_count=units_count,
            valid_from=since,
            valid_until=until,
        )
    audit.note(
        action="account.norm_units_set",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        details={"since": str(since), "unit": unit_code, "count": str(units_count)},
    )
