"""Take the switch of a shop back while it has not taken effect."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.payments.operations import shops
from kabinet.people.models import User


@usecase
def withdraw_shop_switch(*, supplier_id: int, switch_id: int, actor: User, now: dt.datetime) -> None:
    """Withdraw a switch, whoever asked for it: one person is enough to stop.

    Raises SwitchIsOver; NotFound, NotAllowed.
    """
    switch = shops.lock_switch(supplier_id, switch_id, actor=actor)
    switch.withdrawn_by, switch.withdrawn_at = actor, now
    switch.save(update_fields=["withdrawn_by", "withdrawn_at"])
    shops.note_shop(switch.shop, "switch_withdrawn", actor=actor, now=now)
