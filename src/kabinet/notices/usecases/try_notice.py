"""Try a notice: its letter goes to whoever writes it, and to nobody else."""

from kabinet.common.db import usecase
from kabinet.notices import operations
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


@usecase
def try_notice(*, supplier_id: int, notice_id: int, actor: User) -> None:
    """Have the letter sent to `actor`. Raises NotFound and NotAllowed for whoever lacks the right."""
    check_right(actor, rights.SEND_NOTICES, supplier_id)
    notice = operations.lock_notice(supplier_id, notice_id)
    outbox.defer("letters.send_notice", supplier_id=supplier_id, notice_id=notice.id, user_id=actor.pk, is_sample=True)
