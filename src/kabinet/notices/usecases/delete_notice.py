"""Delete a notice that was never sent."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.notices import operations
from kabinet.notices.models import Notice
from kabinet.notices.usecases.save_notice import AlreadySent
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


@usecase
def delete_notice(*, supplier_id: int, notice_id: int, actor: User, now: dt.datetime) -> None:
    """Delete a draft. Raises AlreadySent; NotFound, also the second time; NotAllowed for whoever lacks the right."""
    check_right(actor, rights.SEND_NOTICES, supplier_id)
    notice = operations.lock_notice(supplier_id, notice_id)
    if notice.state != Notice.State.DRAFT:
        raise AlreadySent
    operations.note("notice.deleted", notice, actor=actor, now=now)
    Notice.objects.filter(supplier_id=supplier_id, id=notice_id).delete()
