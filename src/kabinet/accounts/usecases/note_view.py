"""Note a view: somebody of the staff opens a customer's card."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.audit import queries as audited
from kabinet.common.db import usecase
from kabinet.people.models import User

ACTION = "account.viewed"
ONCE_IN = dt.timedelta(hours=12)


@usecase
def note_view(*, supplier_id: int, account_id: int, actor: User, now: dt.datetime) -> None:
    """Leave an entry that a card was opened, once in twelve hours for a person and an account.

    Whoever talks to a customer goes to and fro between the tabs of one card: that is one view (docs/adr/0177).
    """
    subject = f"account:{account_id}"
    if not audited.is_noted(action=ACTION, actor=actor, supplier_id=supplier_id, subject=subject, since=now - ONCE_IN):
        audit.note(action=ACTION, actor=actor, now=now, supplier_id=supplier_id, subject=subject)
