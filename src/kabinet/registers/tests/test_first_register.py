"""The first register of a supplier meets a database that knows other suppliers, and nothing of this one."""

import pytest
from django.db import connection

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge
from kabinet.charges.tests.factories import make_charge
from kabinet.registers.operations import planning
from kabinet.registers.tests.incoming import Desk
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db(transaction=True)

LINES = 600
#: Of charges looked up, for each line; one that is found by its supplier alone would be read some hundred times.
MOST_READ = 20


def charges_read() -> int:
    """Count the rows of charges that have been read since the database began to count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT coalesce(idx_tup_fetch, 0) + seq_tup_read FROM pg_stat_user_tables WHERE relname = 'charges_charge'"
        )
        [count] = cursor.fetchone()
    return int(count)


def test_a_charge_is_not_read_again_for_each_line_of_the_file(monkeypatch):
    monkeypatch.setattr(planning, "MANY_LINES", LINES)
    make_charge(make_account(make_supplier(code="another")), "100.00")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE charges_charge, ledger_book, ledger_bookbalance, ledger_transfer")
    desk = Desk()
    numbers = [f"{702_000_000 + place}" for place in range(LINES)]
    example = make_account(desk.supplier, number="701999999")
    Account.objects.bulk_create(
        Account(supplier=desk.supplier, number=number, created_at=example.created_at) for number in numbers
    )
    register = desk.check(
        "charges",
        "number;period;amount_rub;closing_rub\n" + "".join(f"{number};10.2026;100,00;250,00\n" for number in numbers),
    )
    before = charges_read()

    desk.apply(register)

    assert Charge.objects.filter(supplier=desk.supplier).count() == 2 * LINES
    assert LINES <= charges_read() - before <= MOST_READ * LINES
