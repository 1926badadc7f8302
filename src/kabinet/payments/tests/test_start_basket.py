"""A customer pays several accounts with one press."""

import json
import threading
from decimal import Decimal
from unittest import mock
from uuid import UUID, uuid4

import pytest
from django.db import connection

from kabinet.accounts.operations import lock_account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.payments import rules
from kabinet.payments.models import Basket, Payment, PaymentShare
from kabinet.payments.queries import AmountTooLarge, ShopClosed
from kabinet.payments.queries.baskets import (
    MOST_ACCOUNTS,
    NothingChosen,
    PeriodIsPaid,
    TooManyAccounts,
    Wish,
    basket_card,
)
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop, objects_at
from kabinet.payments.usecases.continue_payment import continue_payment
from kabinet.payments.usecases.poll_payments import poll_payments
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.start_basket import AmountChanged, PaidJustNow, SharesChanged, start_basket
from kabinet.suppliers.tests.factories import make_bank_details, make_service, make_supplier

pytestmark = pytest.mark.django_db


def payable(payer, debt: str | None, supplier=None, **shop):
    """An account in somebody's cabinet with a debt of one month, at a supplier that takes money online."""
    account = make_account(supplier)
    make_access(payer, account)
    if supplier is None:
        make_shop(account.supplier, **shop)
    if debt:
        make_charge(account, debt)
    return account


def wish(account, mode: str = "debt", **values) -> Wish:
    return Wish(account.supplier_id, account.id, mode=mode, **values)


def start(payer, wishes, shown: str, **values) -> list[Payment]:
    defaults = {"knows_of_recent": False, "request_id": uuid4(), "now": NOW}
    return start_basket(wishes=wishes, shown_amount_rub=Decimal(shown), actor=payer, **(defaults | values))


def parts_of(payment: Payment) -> list[tuple[int, Decimal]]:
    return list(PaymentShare.objects.filter(payment=payment).order_by("id").values_list("account_id", "amount_rub"))


def test_accounts_of_one_shop_are_one_payment_with_a_share_for_each(gateway):
    payer = make_payer()
    home = payable(payer, "300.00")
    dacha = payable(payer, "70.50", home.supplier)

    [payment] = start(payer, [wish(home), wish(dacha)], "370.50")

    assert (payment.state, payment.amount_rub) == (rules.OPEN, Decimal("370.50"))
    assert parts_of(payment) == [(home.id, Decimal("300.00")), (dacha.id, Decimal("70.50"))]
    assert objects_at(gateway, payment) == 1


def test_accounts_of_two_suppliers_are_two_payments_of_which_the_first_is_sent(gateway):
    payer = make_payer()
    gas, water = payable(payer, "300.00"), payable(payer, "70.50")

    first, second = start(payer, [wish(gas), wish(water)], "370.50")

    assert [(payment.position, payment.state) for payment in (first, second)] == [(1, rules.OPEN), (2, rules.INTENDED)]
    assert [objects_at(gateway, payment) for payment in (first, second)] == [1, 0]
    assert Basket.objects.get().payments.count() == 2


def test_the_second_is_sent_when_the_payer_goes_on(gateway):
    payer = make_payer()
    _first, second = start(payer, [wish(payable(payer, "300.00")), wish(payable(payer, "70.50"))], "370.50")

    card = continue_payment(public_id=second.public_id, actor=payer, now=NOW)

    assert card.can_be_continued
    assert (card.position, card.basket_size) == (2, 2)


def test_the_second_is_sent_by_the_poll_when_the_payer_does_not(gateway):
    payer = make_payer()
    _first, second = start(payer, [wish(payable(payer, "300.00")), wish(payable(payer, "70.50"))], "370.50")

    poll_payments(now=NOW + rules.FIRST_CHECK)

    second.refresh_from_db()
    assert second.state == rules.OPEN
    assert objects_at(gateway, second) == 1


def test_where_the_shop_names_the_account_each_account_is_a_payment_of_its_own(gateway):
    payer = make_payer()
    home = payable(payer, "300.00", sends_payment_order=True)
    make_bank_details(home.supplier)
    dacha = payable(payer, "70.50", home.supplier)

    payments = start(payer, [wish(home), wish(dacha)], "370.50")

    orders = [json.loads(payment.request_body)["payment_order"] for payment in payments]
    assert [order["account_number"] for order in orders] == [home.number, dacha.number]
    assert [order["amount"]["value"] for order in orders] == ["300.00", "70.50"]
    assert orders[0]["payment_period"] == {"month": 10, "year": 2026}
    assert orders[0]["recipient"]["bank"]["account"] == "40702810900120001210"


def test_a_shop_that_must_name_the_recipient_takes_no_money_without_bank_details(gateway):
    payer = make_payer()
    account = payable(payer, "300.00", sends_payment_order=True)

    with pytest.raises(ShopClosed):
        start(payer, [wish(account)], "300.00")

    assert not Payment.objects.exists()


def test_both_suppliers_are_paid_and_the_basket_says_so(gateway):
    payer = make_payer()
    gas, water = payable(payer, "300.00"), payable(payer, "70.50")
    payments = start(payer, [wish(gas), wish(water)], "370.50")
    continue_payment(public_id=payments[1].public_id, actor=payer, now=NOW)

    for payment in Payment.objects.order_by("position"):
        gateway.pay(payment.gateway_payment_id)
        settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)

    card = basket_card(Basket.objects.get().request_id, visible_to=payer)
    assert (card.is_paid, card.paid_rub, card.next_payment) == (True, Decimal("370.50"), None)
    assert [ledger.balance_rub(account.supplier_id, account.id) for account in (gas, water)] == [ZERO, ZERO]


def test_somebody_elses_basket_does_not_exist(gateway):
    payer = make_payer()
    request_id = uuid4()
    start(payer, [wish(payable(payer, "300.00"))], "300.00", request_id=request_id)

    with pytest.raises(NotFound):
        basket_card(request_id, visible_to=make_payer())


def test_the_payers_commission_is_computed_for_each_payment(gateway):
    payer = make_payer()
    free = payable(payer, "300.00")
    paid = payable(payer, "100.00", commission_by="payer", commission_percent=Decimal("3.50"))

    payments = start(payer, [wish(free), wish(paid)], "403.50")

    assert [payment.commission_rub for payment in payments] == [Decimal("0.00"), Decimal("3.50")]


def test_the_same_request_again_is_the_same_basket(gateway):
    payer = make_payer()
    wishes = [wish(payable(payer, "300.00")), wish(payable(payer, "70.50"))]

    first = start(payer, wishes, "370.50", request_id=UUID(int=7))
    again = start(payer, wishes, "370.50", request_id=UUID(int=7))

    assert [payment.id for payment in again] == [payment.id for payment in first]
    assert Payment.objects.count() == 2


def test_a_debt_that_has_changed_is_refused_with_the_new_sum(gateway):
    payer = make_payer()
    gas, water = payable(payer, "300.00"), payable(payer, "70.50")
    make_charge(water, "0.01", period="2026-09")

    with pytest.raises(AmountChanged) as refusal:
        start(payer, [wish(gas), wish(water)], "370.50")

    assert "теперь 370,51" in str(refusal.value).replace("\xa0", " ")
    assert not Basket.objects.exists()


def test_debts_that_have_changed_to_the_same_total_are_refused_too(gateway):
    payer = make_payer()
    gas, water = payable(payer, "300.00"), payable(payer, "70.50")

    with pytest.raises(SharesChanged):
        start(payer, [wish(gas), wish(water)], "370.50", shown_parts_rub=[Decimal("299.00"), Decimal("71.50")])

    assert not Basket.objects.exists()


def test_a_payment_under_way_on_any_of_the_accounts_is_asked_about(gateway):
    payer = make_payer()
    gas, water = payable(payer, "300.00"), payable(payer, "70.50")
    make_payment(water, payer, "70.50", state="open")

    with pytest.raises(PaidJustNow):
        start(payer, [wish(gas), wish(water)], "370.50")

    assert len(start(payer, [wish(gas), wish(water)], "370.50", knows_of_recent=True)) == 2


def test_a_strangers_account_among_ones_own_does_not_exist(gateway):
    payer = make_payer()
    own, strange = payable(payer, "300.00"), payable(make_payer(), "70.50")

    with pytest.raises(NotFound):
        start(payer, [wish(own), wish(strange)], "370.50")

    assert not Basket.objects.exists()


def test_nothing_chosen_and_too_much_chosen_are_refused(gateway):
    payer = make_payer()
    supplier = make_supplier()
    make_shop(supplier)
    accounts = [payable(payer, "10.00", supplier) for _ in range(MOST_ACCOUNTS + 1)]

    with pytest.raises(NothingChosen):
        start(payer, [], "0.00")
    with pytest.raises(TooManyAccounts):
        start(payer, [wish(account) for account in accounts], "130.00")

    assert len(start(payer, [wish(account) for account in accounts[1:]], "120.00")) == 1


def test_a_sum_that_will_not_do_is_refused_at_its_own_field(gateway):
    payer = make_payer()
    gas, water = payable(payer, "300.00"), payable(payer, "70.50")
    wishes = [wish(gas), wish(water, "own_sum", own_sum_rub=Decimal("99999.00"), field="sum_of_water")]

    with pytest.raises(AmountTooLarge) as refusal:
        start(payer, wishes, "100299.00")

    assert refusal.value.field == "sum_of_water"


def test_together_they_must_keep_within_the_limit_of_a_payment(gateway):
    payer = make_payer()
    home = payable(payer, "600.00", greatest_amount_rub=Decimal("1000.00"))
    dacha = payable(payer, "400.01", home.supplier)

    with pytest.raises(AmountTooLarge) as refusal:
        start(payer, [wish(home), wish(dacha)], "1000.01")

    assert refusal.value.field is None


def test_a_hundred_roubles_over_three_equal_services_sum_to_a_hundred(gateway):
    payer = make_payer()
    account = payable(payer, "50.00")
    for code in ("maintenance", "meters"):
        make_charge(account, "50.00", service=make_service(account.supplier, code=code))

    [payment] = start(payer, [wish(account, "own_sum", own_sum_rub=Decimal("100.00"))], "100.00")

    assert [part for _account, part in parts_of(payment)] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


class TestNamedPeriod:
    def test_the_month_that_was_named_is_settled_first(self, gateway):
        payer = make_payer()
        account = payable(payer, None)
        charges = [make_charge(account, amount, period=period) for period, amount in JAN_FEB_MAR]
        named = wish(account, "own_sum", own_sum_rub=Decimal("600.00"), named_period=Month.parse("2026-03"))

        [payment] = start(payer, [named], "600.00")
        gateway.pay(payment.gateway_payment_id)
        settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)

        assert payment.period == payment.named_period == Month.parse("2026-03")
        assert [settled_rub(charge) for charge in charges] == [Decimal("100.00"), ZERO, Decimal("500.00")]

    def test_without_a_name_the_oldest_is_settled_first(self, gateway):
        payer = make_payer()
        account = payable(payer, None)
        charges = [make_charge(account, amount, period=period) for period, amount in JAN_FEB_MAR]

        [payment] = start(payer, [wish(account, "own_sum", own_sum_rub=Decimal("600.00"))], "600.00")
        gateway.pay(payment.gateway_payment_id)
        settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)

        assert [settled_rub(charge) for charge in charges] == [Decimal("300.00"), Decimal("300.00"), ZERO]

    def test_a_month_that_is_paid_cannot_be_named(self, gateway):
        payer = make_payer()
        account = payable(payer, "300.00")
        named = wish(account, "own_sum", own_sum_rub=Decimal("300.00"), named_period=Month.parse("2026-09"))

        with pytest.raises(PeriodIsPaid):
            start(payer, [named], "300.00")


JAN_FEB_MAR = (("2026-01", "300.00"), ("2026-02", "400.00"), ("2026-03", "500.00"))


def settled_rub(charge) -> Decimal:
    charge.refresh_from_db()
    return charge.settled_rub


class TestByCode:
    def test_the_fast_payment_system_gives_what_its_code_holds(self, gateway):
        payer = make_payer()
        account = payable(payer, "300.00")

        [payment] = start(payer, [wish(account)], "300.00", method="sbp")

        assert json.loads(payment.request_body)["payment_method_data"] == {"type": "sbp"}
        assert (payment.state, payment.method) == (rules.OPEN, "sbp")
        assert payment.sbp_link

    @pytest.mark.parametrize(("debt", "is_refused"), [("2000.00", False), ("2000.01", True)])
    def test_it_has_a_limit_of_its_own(self, gateway, debt, is_refused):
        payer = make_payer()
        limits = {"greatest_amount_rub": Decimal("1000.00"), "greatest_sbp_rub": Decimal("2000.00")}
        account = payable(payer, debt, **limits)

        if is_refused:
            with pytest.raises(AmountTooLarge):
                start(payer, [wish(account)], debt, method="sbp")
        else:
            assert start(payer, [wish(account)], debt, method="sbp")[0].state == rules.OPEN
        with pytest.raises(AmountTooLarge):
            start(payer, [wish(account)], debt, knows_of_recent=True)

    def test_a_shop_without_it_does_not_offer_it(self, gateway):
        payer = make_payer()
        account = payable(payer, "300.00", takes_sbp=False)

        with pytest.raises(ShopClosed):
            start(payer, [wish(account)], "300.00", method="sbp")


@pytest.mark.django_db(transaction=True)
def test_two_baskets_in_both_orders_wait_for_each_other_and_both_are_made(gateway):
    press, wishes = two_accounts()

    payments, errors = at_once([lambda: press(wishes), lambda: press(wishes[::-1])])

    assert not errors
    assert len(payments) == 2
    assert Basket.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_control_locked_in_the_order_of_the_press_one_of_two_baskets_is_undone(gateway):
    press, wishes = two_accounts()
    both_have_one, tries = threading.Barrier(2, timeout=10), []

    def lock_in_given_order(keys, visible_to=None):
        first, *others = keys
        locked = [lock_account(*first)]
        if others:
            tries.append(keys)
            if len(tries) < 3:
                both_have_one.wait()
        return locked + [lock_account(*key) for key in others]

    with mock.patch("kabinet.accounts.operations.lock_accounts", lock_in_given_order):
        _payments, errors = at_once([lambda: press(wishes), lambda: press(wishes[::-1])])

    assert not errors
    assert len(tries) > 2  # a deadlock: the database has ended one of the two, which then began anew


def two_accounts():
    payer = make_payer()

    def press(wishes):
        return start(payer, wishes, "370.50", knows_of_recent=True)

    return press, [wish(payable(payer, "300.00")), wish(payable(payer, "70.50"))]


def at_once(calls):
    """Call in threads at the same moment; give what came back and what was raised."""
    results, errors, together = [], [], threading.Barrier(len(calls))

    def run(call):
        together.wait()
        try:
            results.append(call())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, errors
