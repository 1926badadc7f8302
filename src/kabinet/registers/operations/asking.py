"""Files for a supplier that somebody has asked for by the button, and that the worker makes."""

from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.registers.models import Dispatch
from kabinet.registers.queries.dispatches import dispatch_row


@transaction_required
def lock_dispatch(supplier_id: int, kind: str) -> Dispatch:
    """Lock how files of a kind leave; where staff have not chosen, what holds then is stored first."""
    unset = dispatch_row(supplier_id, kind)
    if unset.pk is None:
        Dispatch.objects.bulk_create([unset], ignore_conflicts=True)
    return Dispatch.objects.select_for_update(no_key=True, of=["self"]).get(supplier_id=supplier_id, kind=kind)


@transaction_required
def ask_worker(supplier_id: int, kind: str) -> None:
    """Have the file made that was asked for; asked again while such a job waits, nothing is added."""
    outbox.defer(
        "registers.make_asked_register",
        queueing_lock=f"registers.make_asked_register:{supplier_id}:{kind}",
        supplier_id=supplier_id,
        kind=kind,
    )
