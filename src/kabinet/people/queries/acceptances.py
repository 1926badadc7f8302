"""What somebody accepted, and until when a cabinet is deleted whose owner took the consent back."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from kabinet.people.models import Acceptance, User
from kabinet.people.queries.documents import document
from kabinet.people.rules.days import last_day_of_erasure


@dataclass(frozen=True)
class AcceptanceCard:
    """kind: ``agreement`` or ``consent``. erased_by: the last day for deleting the cabinet, after a withdrawal."""

    kind: str
    version: int
    title: str
    accepted_at: dt.datetime
    withdrawn_at: dt.datetime | None
    erased_by: dt.date | None

    @property
    def is_consent(self) -> bool:
        return self.kind == "consent"


def acceptances_of(user: User) -> list[AcceptanceCard]:
    """Give what a person accepted, newest first."""
    return [_card(row) for row in user.acceptances.order_by("-accepted_at", "document")]


def consent_of(user: User) -> AcceptanceCard | None:
    """Give the consent that was given last; None for those who never did, as staff made by a command."""
    return next((card for card in acceptances_of(user) if card.is_consent), None)


def withdrawn_consent(acceptance_id: int) -> AcceptanceCard | None:
    """Give a consent that was taken back; None when it, or its owner, is gone."""
    row = Acceptance.objects.filter(pk=acceptance_id).exclude(withdrawn_at=None).first()
    return _card(row) if row else None


def _card(row: Acceptance) -> AcceptanceCard:
    return AcceptanceCard(
        kind=row.document,
        version=row.version,
        title=document(row.document, row.version).title,
        accepted_at=row.accepted_at,
        withdrawn_at=row.withdrawn_at,
        erased_by=last_day_of_erasure(row.withdrawn_at, zone_name=settings.INSTALLATION_TIME_ZONE)
        if row.withdrawn_at
        else None,
    )
