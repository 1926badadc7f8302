"""Locks and writes that use-cases of notices share."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound
from kabinet.notices.models import Notice
from kabinet.outbox import operations as outbox
from kabinet.people.models import User


@transaction_required
def lock_writer(actor: User) -> None:
    """Let the drafts of one person be stored one after another until the transaction ends: a press may come twice."""
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)


@transaction_required
def lock_notice(supplier_id: int, notice_id: int) -> Notice:
    """Lock a notice until the transaction ends. Raises NotFound."""
    notice = Notice.objects.select_for_update(no_key=True).filter(supplier_id=supplier_id, id=notice_id).first()
    if notice is None:
        raise NotFound
    return notice


@transaction_required
def ask_worker(notice: Notice) -> None:
    """Have the next batches sent; while a job waits for that, no second one is made."""
    outbox.defer(
        "notices.send_batches",
        queueing_lock=f"notices.send_batches:{notice.supplier_id}:{notice.id}",
        supplier_id=notice.supplier_id,
        notice_id=notice.id,
    )


@transaction_required
def note(action: str, notice: Notice, *, actor: User, now: dt.datetime) -> None:
    """Leave the entry of what staff did with a notice."""
    audit.note(action=action, actor=actor, now=now, supplier_id=notice.supplier_id, subject=f"notice:{notice.id}")
