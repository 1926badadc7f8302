"""Set residents: from a day on so many people live at an account, and its rooms have such an area."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations, queries
from kabinet.accounts.models import Account, Residence
from kabinet.accounts.rules import Residence as ResidenceOfDays
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


class ResidentsBelowZero(Refusal):
    code = "residents-below-zero"
    field = "residents_count"
    message = _("Укажите, сколько человек проживает: ноль или больше.")


class AreaNotAboveZero(Refusal):
    code = "area-not-above-zero"
    field = "area_m2"
    message = _("Укажите площадь в квадратных метрах больше нуля или оставьте её пустой.")


@usecase
def set_residents(
    *,
    supplier_id: int,
    account_id: int,
    since: dt.date,
    residents_count: int,
    area_m2: Decimal | None,
    document: str,
    actor: User | None,
    now: dt.datetime,
) -> Residence:
    """Write who lives there from a day on, up to the next day for which something else is written.

    The row that held that day ends before it. Days that no row held get one with what the account's own fields said, so
    that these may say what holds today. The same again writes nothing.

    area_m2   None: as before
    document  what it rests on

    Raises ResidentsBelowZero, AreaNotAboveZero, DayInFuture, BeforeOpening, AccountIsClosed; NotFound and NotAllowed
    for whoever lacks the right. Source: docs/adr/0109.
    """
    operations.check_keeper(actor, supplier_id)
    account = operations.lock_account(supplier_id, account_id)
    if residents_count < 0:
        raise ResidentsBelowZero
    if area_m2 is not None and area_m2 <= 0:
        raise AreaNotAboveZero
    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    operations.require_day_of_account(account, since, today=today)

    [known] = queries.residences_of(supplier_id, [account_id]).values()
    held = next(row for row in known if since in row.days)
    area_m2 = area_m2 if area_m2 is not None else held.area_m2
    rows = Residence.objects.filter(supplier_id=supplier_id, account=account)
    row = rows.filter(valid_from=since).first()
    if row is not None and (row.residents_count, row.area_m2, row.document) == (residents_count, area_m2, document):
        return row

    _write_gaps(account, known)
    row = rows.filter(valid_from=since).first()
    if row is None:
        rows.filter(valid_from=held.days.since).update(valid_until=since)
        row = Residence(supplier_id=supplier_id, account=account, valid_from=since, valid_until=held.days.until)
    row.residents_count, row.area_m2, row.document = residents_count, area_m2, document
    row.save()
    _say_what_holds(account, on=today)
    audit.note(
        action="account.residents_set",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        details={
            "since": str(since),
            "residents": residents_count,
            "residents_before": held.residents_count,
            "document": document,
        },
    )
    return row


def _write_gaps(account: Account, known: Sequence[ResidenceOfDays]) -> None:
    """Write down what the account's own fields have said of days that no row holds, unless they say nothing."""
    if account.residents_count is None:
        return
    rows = Residence.objects.filter(supplier_id=account.supplier_id, account=account)
    written = set(rows.values_list("valid_from", flat=True))
    Residence.objects.bulk_create(
        Residence(
            supplier_id=account.supplier_id,
            account=account,
            valid_from=row.days.since,
            valid_until=row.days.until,
            residents_count=account.residents_count,
            area_m2=row.area_m2,
        )
        for row in known
        if row.days.since not in written
    )


def _say_what_holds(account: Account, *, on: dt.date) -> None:
    [known] = queries.residences_of(account.supplier_id, [account.id]).values()
    holds = next(row for row in known if on in row.days)
    account.residents_count, account.area_m2 = holds.residents_count, holds.area_m2
    account.save(update_fields=["residents_count", "area_m2"])
