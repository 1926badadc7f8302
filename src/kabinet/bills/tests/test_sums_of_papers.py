"""One month with every kind of line: the page, the bill, the letter, the act and the ledger say the same sum."""

from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills import queries
from kabinet.bills.queries.letters import month_letter
from kabinet.bills.queries.sheets import bills
from kabinet.charges.models import Charge
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.month import Month, months_between
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_bank_details, make_service

pytestmark = pytest.mark.django_db

DECEMBER, JANUARY = Month(2026, 12), Month(2027, 1)
FEBRUARY_5 = at("2027-02-05 12:00")


@pytest.mark.parametrize("paid", [None, "5.00", "5000.00"])
def test_all_papers_of_a_month_over_the_turn_of_the_year_say_one_sum(paid):
    user, account = make_user(), make_account()
    make_access(user, account)
    make_bank_details(account.supplier)
    upkeep = make_service(account.supplier, Service.MAINTENANCE, name="Обслуживание")
    make_charge(account, "77.77", period=str(DECEMBER), service=upkeep)
    kinds = [kind for kind in Charge.Kind if kind not in (Charge.Kind.IMPORTED, Charge.Kind.PENALTY)]
    for number, kind in enumerate(kinds, start=1):
        amount = f"-{number * 30}.03" if kind in (Charge.Kind.BENEFIT, Charge.Kind.CORRECTION) else f"{number}.01"
        make_charge(account, amount, period=str(JANUARY), kind=kind)
    make_charge(account, "120.00", period=str(JANUARY), kind="fixed", service=upkeep)
    if paid:
        make_payment(account, paid, on="2027-01-20")
    balance_rub = ledger.balance_rub(account.supplier_id, account.id)
    key = (account.supplier_id, account.id)

    sheet = bills(account.supplier_id, [account.id], JANUARY, now=FEBRUARY_5)[account.id]
    letter = month_letter(*key, user.id, JANUARY, now=FEBRUARY_5)
    act = queries.account_statement(*key, since=DECEMBER, last=JANUARY, visible_to=user, now=FEBRUARY_5)
    before = queries.account_statement(*key, since=Month(2020, 1), last=Month(2020, 2), visible_to=user, now=FEBRUARY_5)

    assert letter is not None
    by_service = ledger.balances_by_service(*key)
    debts_rub = sum((service.balance_rub for service in by_service if service.balance_rub > 0), Decimal(0))
    assert sheet.closing_rub == act.closing_rub == balance_rub
    assert sheet.due_rub == letter.due_rub
    assert sheet.due_rub in (max(balance_rub, Decimal(0)), debts_rub)
    assert letter.due_rub - letter.advance_rub == balance_rub
    assert act.opening_rub + act.charged_rub - act.paid_rub == act.closing_rub
    assert (before.opening_rub, before.closing_rub, [month.lines for month in before.months]) == (0, 0, [(), ()])
    assert len(list(months_between(DECEMBER, JANUARY.next()))) == len(act.months)
