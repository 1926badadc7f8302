"""What is left to pay of each charge, and what there is to settle it with."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from kabinet.charges import rules
from kabinet.charges.models import Charge
from kabinet.common.month import Month
from kabinet.ledger.queries import Credit
from kabinet.suppliers.models import Service

#: Of the transfers that charges post, each with the id of its charge.
CHARGE_SOURCE = "charge"


def unpaid_charges(supplier_id: int, account_id: int) -> list[rules.Unpaid]:
    """Give what is left to pay of each charge, oldest first. What is an advance stands in no charge."""
    rows = Charge.objects.filter(
        supplier_id=supplier_id,
        account_id=account_id,
        settled_rub__lt=F("amount_rub"),
        service__supplier_id=supplier_id,
    ).order_by("period", "id")
    return [
        rules.Unpaid(charge_id, service_id, period, amount_rub - settled_rub, is_penalty=code == Service.PENALTY)
        for charge_id, service_id, period, amount_rub, settled_rub, code in rows.values_list(
            "id", "service_id", "period", "amount_rub", "settled_rub", "service__code"
        )
    ]


def unpaid_of_books(supplier_id: int, account_ids: Sequence[int]) -> dict[int, list[rules.Unpaid]]:
    """Give what is left to pay of several accounts' charges, by the ledger's book that each stands on. One query."""
    unpaid: dict[int, list[rules.Unpaid]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT book.id, charge.id, charge.service_id, charge.period, charge.amount_rub - charge.settled_rub,
                   service.code
            FROM charges_charge AS charge
            JOIN suppliers_service AS service
              ON service.supplier_id = charge.supplier_id AND service.id = charge.service_id
            JOIN ledger_book AS book ON book.supplier_id = charge.supplier_id AND book.kind = 'customer'
             AND book.account_id = charge.account_id AND book.service_id = charge.service_id
            WHERE charge.supplier_id = %(supplier_id)s AND charge.account_id = ANY(%(account_ids)s)
              AND charge.settled_rub < charge.amount_rub
            ORDER BY charge.period, charge.id
            """,
            {"supplier_id": supplier_id, "account_ids": list(account_ids)},
        )
        for book_id, charge_id, service_id, first_day, amount_rub, code in cursor.fetchall():
            item = rules.Unpaid(
                charge_id, service_id, Month.of(first_day), amount_rub, is_penalty=code == Service.PENALTY
            )
            unpaid[book_id].append(item)
    return dict(unpaid)


def books_with_something_to_settle(supplier_id: int, account_ids: Sequence[int]) -> dict[int, int]:
    """Name the books on which charges are unpaid although there is an advance: the account of each, by the book's id.

    Charges that are unpaid, less what has not been used of credits, are the balance: where they are the balance alone,
    nothing is left to settle with. So the history of the other accounts is not read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT book.id, book.account_id
            FROM (
                SELECT account_id, service_id, sum(amount_rub - settled_rub) AS amount_rub
                FROM charges_charge
                WHERE supplier_id = %(supplier_id)s AND account_id = ANY(%(account_ids)s) AND settled_rub < amount_rub
                GROUP BY 1, 2
            ) AS unpaid
            JOIN ledger_book AS book ON book.supplier_id = %(supplier_id)s AND book.kind = 'customer'
                AND book.account_id = unpaid.account_id AND book.service_id = unpaid.service_id
            LEFT JOIN ledger_bookbalance AS balance
                ON balance.supplier_id = book.supplier_id AND balance.book_id = book.id
            WHERE unpaid.amount_rub <> coalesce(balance.balance_rub, 0)
            ORDER BY book.id
            """,
            {"supplier_id": supplier_id, "account_ids": list(account_ids)},
        )
        return dict(cursor.fetchall())


def months_of_credits(supplier_id: int, credited: Sequence[Credit]) -> dict[int, Month]:
    """Say which month a line of accrual below zero is about, by the id of its transfer; payments name none."""
    transfers = {
        int(credit.source_id): credit.transfer_id for credit in credited if credit.source_kind == CHARGE_SOURCE
    }
    if not transfers:
        return {}
    rows = Charge.objects.filter(supplier_id=supplier_id, id__in=transfers)
    about = rows.values_list("id", Coalesce("for_period", "period"))
    return {transfers[charge_id]: month for charge_id, month in about}
