"""Files that have left to suppliers: readings that wait to be fetched, payments that the supplier has booked.

Made by the same use-cases as in life. Where the program of a supplier counts the bills, an accountant of its own works.
"""

import datetime as dt

from kabinet.common.days import day_start, local_day
from kabinet.meters.models import Reading
from kabinet.people.models import User
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.usecases.acknowledge_register import acknowledge_register
from kabinet.registers.usecases.download_register import download_register
from kabinet.registers.usecases.make_register import make_register
from kabinet.registers.usecases.save_dispatch import save_dispatch
from kabinet.suppliers.models import Supplier

MADE_AGO, TAKEN_AGO, BOOKED_AGO = dt.timedelta(hours=5), dt.timedelta(hours=4), dt.timedelta(hours=2)
#: Readings of so many days leave; the earlier ones the supplier has had from before. Of a supplier with many meters it
#: is the days of about so many readings: the file of a hundred thousand would hold up the demonstration for nobody.
DAYS_TOLD = 40
MOST_READINGS = 2_000


def save_readings_out(supplier: Supplier, accountant: User, now: dt.datetime) -> None:
    """Make a register of readings that nobody has fetched yet; the next one makes itself in the evening."""
    _make(supplier, "readings", accountant, now, rhythm="daily", since=_told_since(supplier, now))


def _told_since(supplier: Supplier, now: dt.datetime) -> dt.date:
    """Give the day whose readings are the first to leave."""
    since = local_day(now, supplier.time_zone) - dt.timedelta(days=DAYS_TOLD)
    handed_in = Reading.objects.filter(
        supplier_id=supplier.id, submitted_at__gte=day_start(since, supplier.time_zone), submitted_at__lte=now
    ).exclude(source__in=(Reading.Source.IMPORT, Reading.Source.OPENING))
    newest_first = handed_in.order_by("-submitted_at").values_list("submitted_at", flat=True)
    too_many = newest_first[MOST_READINGS : MOST_READINGS + 1].first()
    return local_day(too_many, supplier.time_zone) if too_many else since


def save_payments_out(supplier: Supplier, accountant: User, now: dt.datetime) -> None:
    """Make a register of payments that the supplier has taken in: in the cabinet they are booked by it."""
    register = _make(supplier, "payments", accountant, now, rhythm="weekly", since=None)
    if register is None:  # so small a world that nobody has paid
        return
    download_register(supplier_id=supplier.id, register_id=register.id, actor=accountant, now=now - TAKEN_AGO)
    acknowledge_register(supplier_id=supplier.id, register_id=register.id, actor=accountant, now=now - BOOKED_AGO)


def _make(
    supplier: Supplier, kind: str, accountant: User, now: dt.datetime, *, rhythm: str, since: dt.date | None
) -> OutgoingRegister | None:
    made_at = now - MADE_AGO
    save_dispatch(
        supplier_id=supplier.id,
        kind=kind,
        container="csv",
        encoding="cp1251",
        rhythm=rhythm,
        weekday=0,
        month_day=1,
        hour=20,
        since=since,
        contacts_basis="",
        way="download",
        host="",
        port=22,
        user_name="",
        folder="",
        secret="",
        email="",
        actor=accountant,
        now=made_at,
    )
    return make_register(supplier_id=supplier.id, kind=kind, actor=accountant, now=made_at)
