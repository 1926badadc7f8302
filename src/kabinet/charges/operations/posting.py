"""Make lines charges that are owed: transfers, balances, what was paid in advance, the proof of the last bill."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields

from django.db import connection
from django.db.models import Max

from kabinet.accounts import operations as accounts
from kabinet.charges import queries, rules
from kabinet.charges.models import AccrualBatch, AccrualRun, Charge, DraftCharge
from kabinet.charges.operations.settling import settle_many
from kabinet.charges.sql import statement
from kabinet.common.db import transaction_required
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger

SOURCE_KIND = "charge"


@transaction_required
def post_drafts(run: AccrualRun, batch: AccrualBatch, *, charged_on: dt.date, now: dt.datetime) -> None:
    """Make the drafts of a batch charges, and post them. Its accounts are locked first, in the order of their ids."""
    first, last = batch.first_account_id, batch.last_account_id
    account_ids = accounts.lock_account_range(run.supplier_id, first, last)
    with connection.cursor() as cursor:
        cursor.execute(
            statement("post_lines"),
            {
                "supplier_id": run.supplier_id,
                "run_id": run.id,
                "first": first,
                "last": last,
                "charged_on": charged_on,
            },
        )
        charge_ids = [charge_id for (charge_id,) in cursor.fetchall()]
    DraftCharge.objects.filter(
        supplier_id=run.supplier_id, run=run, account_id__gte=first, account_id__lte=last
    ).delete()
    post_charges(run.supplier_id, account_ids, run.period, charge_ids, now=now)


@transaction_required
def charge_lines(
    supplier_id: int,
    account_id: int,
    period: Month,
    lines: Sequence[rules.Line],
    *,
    charged_on: dt.date,
    now: dt.datetime,
) -> list[Charge]:
    """Charge lines to one account under a month, after those that it has, and post them. Its row is locked."""
    rows = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, period=period)
    last_line_no = dict(rows.values_list("service_id").annotate(last=Max("line_no")))
    charges = []
    for line in lines:
        line_no = last_line_no[line.service_id] = last_line_no.get(line.service_id, 0) + 1
        charges.append(
            Charge(
                supplier_id=supplier_id,
                account_id=account_id,
                period=period,
                line_no=line_no,
                charged_on=charged_on,
                **{column.name: getattr(line, column.name) for column in fields(line)},
            )
        )
    Charge.objects.bulk_create(charges)
    post_charges(supplier_id, [account_id], period, [charge.id for charge in charges], now=now)
    return charges


@transaction_required
def post_charges(
    supplier_id: int, account_ids: Sequence[int], period: Month, charge_ids: Sequence[int], *, now: dt.datetime
) -> None:
    """Post charges of accounts to the ledger, each once, let advances settle them, and remember what the bill sums to.

    The caller holds the accounts' locks.
    """
    if not charge_ids:
        return
    ledger.post_selected(
        supplier_id=supplier_id,
        source_kind=SOURCE_KIND,
        movements=statement("movements"),
        parameters={
            "charge_ids": list(charge_ids),
            "penalty_service_id": queries.penalty_service_id(supplier_id),
        },
        now=now,
    )
    settle_many(supplier_id, account_ids)
    accounts.record_last_charges(supplier_id, queries.month_totals_rub(supplier_id, account_ids, period))
