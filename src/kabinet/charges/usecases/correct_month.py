"""Correct a charged month of one account: the difference is charged now, the month itself stays as it was released."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.charges import queries
from kabinet.charges.models import Charge
from kabinet.charges.operations import posting, runs
from kabinet.charges.operations.runs import NothingToCorrect, ReasonMissing
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers


class CannotBeComputed(Refusal):
    code = "correction-cannot-be-computed"
    message = _("Этот месяц не получается посчитать заново: на %(day)s не хватает цены, норматива или коэффициента.")


@usecase
def correct_month(
    *, supplier_id: int, account_id: int, for_period: Month, reason: str, actor: User, now: dt.datetime
) -> list[Charge]:
    """Charge what a month should have been by the tariffs and facts of today, less what was charged for it.

    The lines go under the supplier's current month. Again, nothing is left to correct: no lines.
    reason  as the customer reads it

    Raises CannotBeComputed; ReasonMissing, NothingToCorrect for a month that has not been charged here, AnotherRun,
    PolicyMissing; NotFound, and NotAllowed for whoever lacks the right.
    Source: docs/adr/0123.
    """
    check_right(actor, rights.ADJUST_CHARGES, supplier_id)
    accounts.lock_account(supplier_id, account_id)
    if not reason.strip():
        raise ReasonMissing
    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    period = Month.of(today)
    if for_period >= period:
        raise NothingToCorrect
    runs.check_was_charged_here(supplier_id, for_period, account_id=account_id)
    runs.check_no_run(supplier_id)
    runs.policy_for(supplier_id, for_period)
    preview = queries.correction_preview(supplier_id, account_id, for_period, reason=reason.strip())
    if preview.oddities:
        raise CannotBeComputed(day=f"{dt.date.fromisoformat(preview.oddities[0].details['day']):%d.%m.%Y}")

    charges = posting.charge_lines(supplier_id, account_id, period, preview.lines, charged_on=today, now=now)
    if charges:
        audit.note(
            action="month.corrected",
            actor=actor,
            now=now,
            supplier_id=supplier_id,
            subject=f"account:{account_id}",
            details={"for_period": str(for_period), "amount_rub": str(preview.amount_rub)},
        )
    return charges
