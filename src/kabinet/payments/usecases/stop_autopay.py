"""Stop a standing order: one press, no reason asked."""

import datetime as dt

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.payments.models import Autopay
from kabinet.payments.operations.autopay import lock_autopay, switch_off
from kabinet.payments.queries.autopay import autopay_card
from kabinet.people.models import User


@usecase
def stop_autopay(*, supplier_id: int, autopay_id: int, actor: User, now: dt.datetime) -> None:
    """Switch it off, forget the card, drop what was announced; a charge that is on its way is not called back.

    Also after the account has left the person's cabinet. Twice is once. Raises NotFound for somebody else's.
    """
    card = autopay_card(supplier_id, autopay_id, visible_to=actor)
    accounts.lock_account(supplier_id, card.account_id)
    autopay = lock_autopay(supplier_id, autopay_id)
    if autopay.state == Autopay.State.OFF:
        return
    switch_off(autopay, Autopay.OffReason.PAYER, now=now)
    audit.note(action="autopay.stopped", actor=actor, now=now, supplier_id=supplier_id, subject=f"autopay:{autopay_id}")
