from django.db import migrations

from kabinet.common.db import AppendOnly, CompositeForeignKey, UniquePair


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_initial"),
    ]

    operations = [
        UniquePair("ledger_book"),
        UniquePair("ledger_transfer"),
        CompositeForeignKey("ledger_book", "account_id", "accounts_account"),
        CompositeForeignKey("ledger_book", "service_id", "suppliers_service"),
        CompositeForeignKey("ledger_bookbalance", "book_id", "ledger_book"),
        CompositeForeignKey("ledger_transfer", "debit_book_id", "ledger_book"),
        CompositeForeignKey("ledger_transfer", "credit_book_id", "ledger_book"),
        CompositeForeignKey("ledger_transfer", "reverses_id", "ledger_transfer"),
        AppendOnly("ledger_transfer"),
    ]
