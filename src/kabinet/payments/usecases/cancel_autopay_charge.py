"""Cancel an announced charge: the standing order stays, this month it takes nothing."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.payments.models import AutopayCharge
from kabinet.payments.queries.autopay import autopay_card
from kabinet.people.models import User


class TooLateToCancel(Refusal):
    code = "too-late-to-cancel"
    message = _("Это списание уже началось, отменить его нельзя. Если деньги спишутся, их можно вернуть.")


@usecase
def cancel_autopay_charge(*, supplier_id: int, autopay_id: int, charge_id: int, actor: User, now: dt.datetime) -> None:
    """Let a month pass. Twice is once. Raises NotFound for somebody else's, TooLateToCancel."""
    card = autopay_card(supplier_id, autopay_id, visible_to=actor)
    accounts.lock_account(supplier_id, card.account_id)
    charges = AutopayCharge.objects.select_for_update()
    charge = charges.filter(supplier_id=supplier_id, autopay_id=autopay_id, pk=charge_id).first()
    if charge is None:
        raise NotFound
    if charge.state == AutopayCharge.State.CANCELED:
        return
    if charge.state != AutopayCharge.State.ANNOUNCED:
        raise TooLateToCancel
    charge.state = AutopayCharge.State.CANCELED
    charge.save()
    audit.note(
        action="autopay.charge_canceled",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"autopay:{autopay_id}",
        details={"period": str(charge.period)},
    )
