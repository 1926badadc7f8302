"""Accrue a month for the next accounts of a supplier, and ask for those after them."""

import datetime as dt

from django.db import transaction

from kabinet.charges import queries
from kabinet.charges.usecases.accrue_month import TariffMissing, accrue_month
from kabinet.common.month import Month
from kabinet.outbox import operations as outbox

BATCH = 200


class AccrualIncomplete(Exception):
    """Some accounts could not be charged: the job is marked as failed, and the reasons stand here."""


def accrue_batch(*, supplier_id: int, period: Month, after_account_id: int, now: dt.datetime) -> None:
    """Accrue up to 200 accounts, each in a transaction of its own, so that one without a price stops no other.

    Raises AccrualIncomplete, after all the others are done and the next batch is asked for.
    """
    account_ids = queries.accounts_to_accrue(
        supplier_id, until=period.next().first_day, after_account_id=after_account_id, limit=BATCH
    )
    refused: dict[int, str] = {}
    for account_id in account_ids:
        try:
            accrue_month(supplier_id=supplier_id, account_id=account_id, period=period, now=now)
        except TariffMissing as refusal:
            refused[account_id] = str(refusal)
    if len(account_ids) == BATCH:
        with transaction.atomic():
            outbox.defer(
                "charges.accrue_batch", supplier_id=supplier_id, period=period, after_account_id=account_ids[-1]
            )
    if refused:
        raise AccrualIncomplete(f"supplier {supplier_id}, {period}: {refused}")
