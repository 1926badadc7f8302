"""What people accepted, taken back."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.people.facts import ConsentWithdrawn
from kabinet.people.models import Acceptance, User


@transaction_required
def withdraw_consent(user: User, *, now: dt.datetime) -> Acceptance | None:
    """Note that the consent given last is withdrawn; None when none is in force. Lock the user's row before."""
    consent = user.acceptances.filter(document="consent").order_by("accepted_at", "id").last()
    if consent is None or consent.withdrawn_at:
        return None
    consent.withdrawn_at = now
    consent.save(update_fields=["withdrawn_at"])
    outbox.record(ConsentWithdrawn(user_id=user.pk, acceptance_id=consent.pk))
    audit.note(action="consent.withdrawn", actor=user, now=now, subject=f"acceptance:{consent.pk}")
    return consent
