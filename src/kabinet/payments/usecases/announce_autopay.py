"""Announce a charge of a standing order: the payer is told the sum a day before, and may cancel it."""

import datetime as dt

from kabinet.accounts import operations as accounts
from kabinet.common.days import local_day
from kabinet.common.db import usecase
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.outbox import operations as outbox
from kabinet.payments.facts import AutopayAnnounced
from kabinet.payments.models import Autopay, AutopayCharge
from kabinet.payments.operations.autopay import lock_autopay, reason_to_end, switch_off
from kabinet.payments.rules import autopay as rules


@usecase
def announce_autopay(*, supplier_id: int, autopay_id: int, account_id: int, now: dt.datetime) -> None:
    """Write the month's row, once, and move the order on to the next month. With nothing to pay the month is skipped.

    While the supplier takes no money, nothing is announced. An account that has left its payer's cabinet switches the
    order off.
    """
    accounts.lock_account(supplier_id, account_id)
    autopay = lock_autopay(supplier_id, autopay_id)
    today = local_day(now, autopay.supplier.time_zone)
    charge_on = autopay.next_charge_on
    if autopay.state != Autopay.State.ON or charge_on is None:
        return
    if not (autopay.supplier.takes_money and rules.is_time_to_announce(charge_on, today=today)):
        return
    if reason := reason_to_end(autopay):
        switch_off(autopay, reason, now=now)
        return

    autopay.next_charge_on = rules.following_charge_on(charge_on, today=today)
    autopay.save()
    if charge_on < today - rules.LATEST:
        return
    announced_rub = rules.charge_rub(ledger.balance_rub(supplier_id, account_id), cap_rub=autopay.cap_rub)
    is_due = announced_rub >= autopay.shop.least_amount_rub
    charge, is_new = AutopayCharge.objects.get_or_create(
        supplier_id=supplier_id,
        autopay=autopay,
        period=Month.of(charge_on),
        defaults={
            "state": AutopayCharge.State.ANNOUNCED if is_due else AutopayCharge.State.SKIPPED,
            "announced_rub": announced_rub,
            "due_on": rules.due_on(charge_on, today=today),
            "announced_at": now,
        },
    )
    if is_new and is_due:
        outbox.record(AutopayAnnounced(supplier_id=supplier_id, autopay_charge_id=charge.id))
