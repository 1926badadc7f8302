"""Registrations that wait: their links, and the one lock of an address."""

from django.db import connection

from kabinet.common.db import transaction_required
from kabinet.outbox import operations as outbox
from kabinet.people.facts import ConfirmationLinkAsked
from kabinet.people.models import Registration
from kabinet.people.queries.links import link_token
from kabinet.people.rules.links import LinkKind, token_hash


@transaction_required
def send_link(registration: Registration) -> None:
    """Ask for the letter with the link of the registration's present version; links of earlier versions are void."""
    token = link_token(LinkKind.CONFIRMATION, registration.pk, registration.version)
    registration.token_hash = token_hash(token)
    registration.save()
    outbox.record(ConfirmationLinkAsked(registration_id=registration.pk, version=registration.version))


@transaction_required
def lock_address(email_canonical: str) -> None:
    """Let one transaction at a time decide whose an address is: its users and registrations are rows of two tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"people.address:{email_canonical}"])
