"""Stop a notice: no further letter goes, and the cabinet shows it no more."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.notices import operations
from kabinet.notices.models import Notice
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


@usecase
def stop_notice(*, supplier_id: int, notice_id: int, actor: User, now: dt.datetime) -> Notice:
    """Stop a notice that is being sent or is shown; a draft and a stopped one stay as they are.

    Raises NotFound and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.SEND_NOTICES, supplier_id)
    notice = operations.lock_notice(supplier_id, notice_id)
    if notice.state not in (Notice.State.SENDING, Notice.State.SENT):
        return notice

    notice.state = Notice.State.STOPPED
    notice.save(update_fields=["state"])
    operations.note("notice.stopped", notice, actor=actor, now=now)
    return notice
