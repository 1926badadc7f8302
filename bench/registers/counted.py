"""What loading a file leaves behind, by table."""

from django.db import connection

TABLES = (
    "registers_registerline",
    "accounts_account",
    "accounts_proofvalue",
    "charges_charge",
    "ledger_book",
    "ledger_bookbalance",
    "ledger_transfer",
    "meters_reading",
    "registers_outsidepayment",
)


def counted() -> dict[str, int]:
    """Count the rows of each table; those of the supplier's own books are the same few for everybody."""
    counts = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            of_customers = " WHERE kind = 'customer'" if table == "ledger_book" else ""
            cursor.execute(f"SELECT count(*) FROM {table}{of_customers}")  # noqa: S608 - names of our own tables
            [counts[table]] = cursor.fetchone()
    return counts
