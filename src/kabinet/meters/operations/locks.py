"""The first lock of every use-case on a meter: its account's row."""

from kabinet.accounts import operations as accounts
from kabinet.accounts.models import Account
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound
from kabinet.meters import queries
from kabinet.meters.models import Meter, MeterScale
from kabinet.people.models import User


@transaction_required
def lock_meter(supplier_id: int, meter_id: int, *, visible_to: User | None = None) -> tuple[Account, Meter]:
    """Lock the account that a meter belongs to and give it with the meter, read after the lock.

    visible_to  a person who must have the account in their cabinet; None for the supplier's own staff

    Raises NotFound.
    """
    account_id = queries.account_id_of_meter(supplier_id, meter_id)
    account = accounts.lock_account(supplier_id, account_id, visible_to=visible_to)
    return account, Meter.objects.get(supplier_id=supplier_id, id=meter_id)


@transaction_required
def lock_account_of_meter(
    supplier_id: int, meter_id: int, scale_id: int | None, *, visible_to: User | None = None
) -> tuple[Account, Meter, MeterScale]:
    """Lock as `lock_meter` does, and give a scale of the meter too, the first one for None.

    Raises NotFound for a meter that is not this person's, and for a scale of another meter.
    """
    account, meter = lock_meter(supplier_id, meter_id, visible_to=visible_to)
    scales = MeterScale.objects.filter(supplier_id=supplier_id, meter=meter).order_by("zone")
    scale = (scales.filter(id=scale_id) if scale_id is not None else scales).first()
    if scale is None:
        raise NotFound
    return account, meter, scale
