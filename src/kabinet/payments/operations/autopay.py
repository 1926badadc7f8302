"""Standing orders: what follows for them from a payment's end. The account and the payment are locked by the caller."""

import datetime as dt

from django.db.models import Q

from kabinet.accounts import queries as accounts
from kabinet.common.days import local_day
from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.payments import rules
from kabinet.payments.facts import AutopayChargeRefused, AutopaySwitched
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Autopay, AutopayCharge, Payment
from kabinet.payments.rules import autopay as autopay_rules

REVOKED = "permission_revoked"


@transaction_required
def lock_autopay(supplier_id: int, autopay_id: int) -> Autopay:
    """Lock a standing order, after its account."""
    found = Autopay.objects.select_for_update(of=["self"]).select_related("supplier", "shop")
    return found.get(supplier_id=supplier_id, pk=autopay_id)


@transaction_required
def switch_off(autopay: Autopay, reason: str, *, now: dt.datetime) -> None:
    """Switch a locked standing order off, forget its card, and drop what it had announced. Twice is once."""
    if autopay.state == Autopay.State.OFF:
        return
    autopay.state = Autopay.State.OFF
    autopay.off_at = now
    autopay.off_reason = reason
    autopay.method_id = ""
    autopay.next_charge_on = None
    autopay.save()
    AutopayCharge.objects.filter(
        supplier_id=autopay.supplier_id, autopay=autopay, state=AutopayCharge.State.ANNOUNCED
    ).update(state=AutopayCharge.State.CANCELED)
    AutopayCharge.objects.filter(
        Q(payment__isnull=True) | Q(payment__supplier_id=autopay.supplier_id, payment__state=rules.FAILED),
        supplier_id=autopay.supplier_id,
        autopay=autopay,
        state=AutopayCharge.State.CHARGING,
    ).update(state=AutopayCharge.State.FAILED)
    outbox.record(AutopaySwitched(supplier_id=autopay.supplier_id, autopay_id=autopay.id))


def reason_to_end(autopay: Autopay) -> str:
    """Say why an order that is on can charge no more; "" when it can."""
    if not accounts.is_attached(autopay.supplier_id, autopay.account_id, autopay.user):
        return Autopay.OffReason.DETACHED
    if not (autopay.shop.is_enabled and autopay.shop.saves_methods):
        return Autopay.OffReason.SHOP_CLOSED
    return ""


@transaction_required
def note_end(payment: Payment, told: RemotePayment | None, *, now: dt.datetime) -> None:
    """Carry the end of a payment, paid or failed, over to the standing order that made it.

    told  what the gateway said of it, with the saved card when there is one; None when the gateway never had it

    A payment that was to bind the card switches the order on or off; a charge is done, tried again or over. A payment
    that is heard to be paid after it had failed counts as paid; one whose money stands in suspense does not.
    """
    if payment.autopay_id is None or (payment.state in rules.UNSETTLED and payment.suspended_rub is None):
        return
    if payment.gateway_payment_id:
        _forget_method_sent(payment)
    autopay = lock_autopay(payment.supplier_id, payment.autopay_id)
    if payment.keeps_method:
        _bind(autopay, payment, told.saved_method if told else "", now=now)
    else:
        _note_charge(autopay, payment, now=now)


def _forget_method_sent(payment: Payment) -> None:
    """Keep the gateway's name for the card in one place, sealed: what was sent is never sent again."""
    payment.request_body = ""
    payment.save(update_fields=["request_body"])


def _bind(autopay: Autopay, payment: Payment, saved_method: str, *, now: dt.datetime) -> None:
    if autopay.state != Autopay.State.WAITING:
        return
    if payment.state != rules.PAID or not saved_method:
        switch_off(autopay, Autopay.OffReason.NOT_BOUND, now=now)
        return
    autopay.state = Autopay.State.ON
    autopay.method_id = saved_method
    autopay.method_title = payment.method_title
    autopay.next_charge_on = autopay_rules.first_charge_on(
        autopay.day, agreed_on=local_day(now, autopay.supplier.time_zone)
    )
    autopay.save()
    outbox.record(AutopaySwitched(supplier_id=autopay.supplier_id, autopay_id=autopay.id))


def _note_charge(autopay: Autopay, payment: Payment, *, now: dt.datetime) -> None:
    charges = AutopayCharge.objects.select_for_update().filter(supplier_id=payment.supplier_id, payment=payment)
    charge = charges.first()
    if charge is None:  # a later attempt of the month has taken its place
        return
    if payment.state == rules.PAID:
        charge.state = AutopayCharge.State.PAID
    elif charge.state != AutopayCharge.State.CHARGING:
        return
    else:
        if autopay_rules.may_try_again(payment.failure_reason, attempt=charge.attempt):
            charge.due_on = local_day(now, autopay.supplier.time_zone) + dt.timedelta(days=1)
        else:
            charge.state = AutopayCharge.State.FAILED
        outbox.record(AutopayChargeRefused(supplier_id=charge.supplier_id, autopay_charge_id=charge.id))
        if payment.failure_reason == REVOKED:
            switch_off(autopay, Autopay.OffReason.REVOKED, now=now)
    charge.save()
