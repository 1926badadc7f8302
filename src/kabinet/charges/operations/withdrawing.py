"""How a reading that was wrong stops counting."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.charges import queries
from kabinet.charges.operations import runs
from kabinet.common.db import transaction_required
from kabinet.common.errors import Refusal
from kabinet.meters import operations as meters
from kabinet.meters.facts import ReadingWithdrawn
from kabinet.meters.models import Meter, Reading
from kabinet.outbox import operations as outbox
from kabinet.people.models import User


class TooLateToWithdraw(Refusal):
    code = "reading-too-late-to-withdraw"
    message = _(
        "Это показание уже нельзя отозвать: по нему начислено, после него учтено другое, или оно записано вместе с "
        "работами на счётчике. Если число неверное, это исправит поставщик."
    )


class BeingCharged(Refusal):
    code = "reading-being-charged"
    message = _("Сейчас считают начисления за месяц этого показания. Когда их проведут, число исправит поставщик.")


@transaction_required
def withdraw(
    reading: Reading, meter: Meter, *, note: str, actor: User | None, now: dt.datetime, is_own: bool = False
) -> None:
    """Let a reading not count, while nothing rests on it; the caller has locked its account.

    note    why, as the customer reads it
    is_own  the actor has handed it in

    Raises TooLateToWithdraw, BeingCharged. Source: docs/adr/0207.
    """
    if reading.id not in queries.withdrawable_readings(reading.supplier_id, reading.account_id):
        raise TooLateToWithdraw
    try:
        runs.check_no_run(reading.supplier_id, day=reading.taken_on)
    except runs.AnotherRun as error:
        raise BeingCharged from error
    meters.stop_counting(reading, meter, note=note)
    audit.note(
        action="reading.withdrawn",
        actor=actor,
        now=now,
        supplier_id=reading.supplier_id,
        subject=f"reading:{reading.id}",
        details={"meter": meter.id},
    )
    outbox.record(
        ReadingWithdrawn(
            supplier_id=reading.supplier_id, account_id=reading.account_id, reading_id=reading.id, is_own=is_own
        )
    )
