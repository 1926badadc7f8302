"""Charge a standing order for a month: a payment like any other, but no person presses the button."""

import datetime as dt
from uuid import uuid5

import structlog

from kabinet.accounts import operations as accounts
from kabinet.common.days import local_day
from kabinet.common.db import usecase
from kabinet.common.errors import Unavailable
from kabinet.ledger import queries as ledger
from kabinet.payments import rules
from kabinet.payments.models import Autopay, AutopayCharge, Payment
from kabinet.payments.operations import intents
from kabinet.payments.operations.autopay import lock_autopay, reason_to_end, switch_off
from kabinet.payments.operations.intents import RecipientMissing
from kabinet.payments.operations.receipts import TermsMissing
from kabinet.payments.queries.autopay import has_payment_on_its_way
from kabinet.payments.rules import autopay as autopay_rules
from kabinet.payments.usecases.send_intent import send_intent

log = structlog.get_logger(__name__)


def charge_autopay(*, supplier_id: int, charge_id: int, account_id: int, now: dt.datetime) -> None:
    """Make the payment of a month's charge and send it; without an answer the poll of payments repeats its bytes.

    No second payment is made for a month until the gateway has surely refused the one before. What is owed is looked
    up now: nothing more is taken than was announced. Without a debt the month is skipped; while a payment of the
    account made by a person is on its way, the charge waits for its end; so it does while the supplier takes no money.
    """
    try:
        payment = _intend(supplier_id=supplier_id, charge_id=charge_id, account_id=account_id, now=now)
    except (TermsMissing, RecipientMissing):
        log.exception("autopay_waits_for_the_shop", supplier_id=supplier_id, charge_id=charge_id)
        _postpone(supplier_id=supplier_id, charge_id=charge_id, account_id=account_id)
        return
    if payment is None:
        return
    try:
        # Not the first: a database restored from an older copy may have forgotten that it was sent.
        send_intent(supplier_id=supplier_id, payment_id=payment.id, is_first=False, now=now)
    except Unavailable as reason:
        log.warning("gateway_unavailable", payment_id=payment.id, supplier_id=supplier_id, reason=str(reason))


@usecase
def _intend(*, supplier_id: int, charge_id: int, account_id: int, now: dt.datetime) -> Payment | None:
    account = accounts.lock_account(supplier_id, account_id)
    charge = _lock_charge(supplier_id, charge_id)
    autopay = lock_autopay(supplier_id, charge.autopay_id)
    today = local_day(now, autopay.supplier.time_zone)
    if not _is_due(charge, today=today) or autopay.state != Autopay.State.ON:
        return None
    if reason := reason_to_end(autopay):
        switch_off(autopay, reason, now=now)
        return None
    if charge.due_on < today - autopay_rules.LATEST:
        charge.state = AutopayCharge.State.SKIPPED
        charge.save()
        return None
    if not autopay.supplier.takes_money or has_payment_on_its_way(supplier_id, account_id, now=now):
        return None

    shared_rub = autopay_rules.charge_rub(
        ledger.balance_rub(supplier_id, account_id), cap_rub=autopay.cap_rub, announced_rub=charge.announced_rub
    )
    if shared_rub < autopay.shop.least_amount_rub:
        charge.state = AutopayCharge.State.SKIPPED
        charge.save()
        return None
    charge.attempt += 1
    charge.state = AutopayCharge.State.CHARGING
    charge.payment = intents.write_autopay(
        account,
        autopay,
        shared_rub=shared_rub,
        request_id=uuid5(autopay.request_id, f"{charge.period} {charge.attempt}"),
        now=now,
    )
    charge.save()
    return charge.payment


@usecase
def _postpone(*, supplier_id: int, charge_id: int, account_id: int) -> None:
    """Try tomorrow: what the shop lacks is mended by people."""
    accounts.lock_account(supplier_id, account_id)
    charge = _lock_charge(supplier_id, charge_id)
    charge.due_on += dt.timedelta(days=1)
    charge.save()


def _lock_charge(supplier_id: int, charge_id: int) -> AutopayCharge:
    found = AutopayCharge.objects.select_for_update(of=["self"]).select_related("payment")
    return found.get(supplier_id=supplier_id, pk=charge_id)


def _is_due(charge: AutopayCharge, *, today: dt.date) -> bool:
    """Tell whether the day has come, and the end of what was tried before is known."""
    if charge.state not in (AutopayCharge.State.ANNOUNCED, AutopayCharge.State.CHARGING) or charge.due_on > today:
        return False
    return charge.payment is None or charge.payment.state == rules.FAILED
