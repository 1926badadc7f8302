"""The act of reconciliation of an account over any months: gathered from the ledger, which never changes."""

import datetime as dt
from itertools import groupby

from kabinet.accounts import queries as accounts
from kabinet.bills.formats import account_statement as statement_format
from kabinet.bills.formats.account_statement import AccountStatement, StatementLine, StatementMonth
from kabinet.charges import queries as charges
from kabinet.common.money import ZERO
from kabinet.common.month import Month, months_between
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import MovementRow
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers

#: What people have paid or got back; all else is what was charged, or corrects it.
PAID = {"payment", "refund", "chargeback"}

#: The source of a reversal that takes back a payment of a register that was undone (`ledger.operations.bulk`).
UNDONE_PAYMENT = "outside_payment_undone"


def account_statement_pdf(
    supplier_id: int, account_id: int, *, since: Month, last: Month, visible_to: User, now: dt.datetime
) -> bytes:
    """Typeset the act. Raises as `account_statement`."""
    statement = account_statement(supplier_id, account_id, since=since, last=last, visible_to=visible_to, now=now)
    return statement_format.render(statement)


def account_statement(
    supplier_id: int, account_id: int, *, since: Month, last: Month, visible_to: User, now: dt.datetime
) -> AccountStatement:
    """Gather the act over the months from `since` to `last`, both inclusive; months as in `ledger.queries.statement`.

    Raises NotFound for a stranger, FullAccessRequired for somebody who has not proven the account.
    """
    card = accounts.account_card(supplier_id, account_id, visible_to=visible_to, level=accounts.FULL)
    supplier = suppliers.supplier_card(supplier_id)
    until = last.next()
    opening_rub = ledger.statement(supplier_id, account_id, since=since, until=until)[0].opening_rub
    rows = ledger.movements_between(supplier_id, account_id, since=since, until=until)
    charge_ids = [int(row.source_id) for row in rows if row.source_kind == "charge"]
    formulas = charges.formulas(supplier_id, account_id, charge_ids) if charge_ids else {}

    in_order = sorted(rows, key=lambda row: (row.period, row.occurred_on, row.transfer_id))
    lines = {
        period: tuple(_line(row, formulas) for row in group)
        for period, group in groupby(in_order, key=lambda row: row.period)
    }
    months = []
    balance_rub = opening_rub
    for period in months_between(since, until):
        months.append(StatementMonth(period, balance_rub, lines.get(period, ())))
        balance_rub = months[-1].closing_rub
    return AccountStatement(
        since=since,
        last=last,
        made_at=now.astimezone(supplier.zone),
        supplier_name=supplier.full_name or supplier.name,
        supplier_inn=supplier.inn,
        account_number=card.number,
        payer_name=card.payer_name,
        address=card.address,
        opening_rub=opening_rub,
        months=months,
    )


def _line(row: MovementRow, formulas: dict[int, str]) -> StatementLine:
    is_paid = row.kind in PAID or row.source_kind == UNDONE_PAYMENT
    return StatementLine(
        kind=row.kind,
        occurred_on=row.occurred_on,
        period=row.period,
        service_name=row.service_name,
        note=formulas.get(int(row.source_id), "") if row.source_kind == "charge" else "",
        charged_rub=ZERO if is_paid else row.amount_rub,
        paid_rub=-row.amount_rub if is_paid else ZERO,
    )
