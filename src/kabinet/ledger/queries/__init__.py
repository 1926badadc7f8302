"""Read the book: balances, the statement by month, the latest movements. A customer's debt is above zero.

Others import the names from here.
"""

from kabinet.ledger.queries.balances import (
    ServiceBalance,
    balance_rub,
    balances_by_service,
    balances_by_service_of,
    balances_of,
    supplier_balance_rub,
)
from kabinet.ledger.queries.checks import (
    Difference,
    differences,
    differences_everywhere,
)
from kabinet.ledger.queries.statements import (
    MovementRow,
    StatementMonth,
    first_period,
    latest_movements,
    movements_between,
    movements_of_month,
    statement,
    statements,
)
from kabinet.ledger.queries.transfers import (
    AccountLine,
    BookName,
    Credit,
    TransferRow,
    account_lines,
    credits_by,
    credits_of,
    credits_of_books,
    customer_books,
    transfers_of,
)

__all__ = [
    "AccountLine",
    "BookName",
    "Credit",
    "Difference",
    "MovementRow",
    "ServiceBalance",
    "StatementMonth",
    "TransferRow",
    "account_lines",
    "balance_rub",
    "balances_by_service",
    "balances_by_service_of",
    "balances_of",
    "credits_by",
    "credits_of",
    "credits_of_books",
    "customer_books",
    "differences",
    "differences_everywhere",
    "first_period",
    "latest_movements",
    "movements_between",
    "movements_of_month",
    "statement",
    "statements",
    "supplier_balance_rub",
    "transfers_of",
]
