"""What staff do with money: first they type, then they are told what it will do, then it is done, once."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.payments.gateways import RemotePayment
from kabinet.payments.models import Chargeback, Payment, Payout, Refund, SuspenseAllocation
from kabinet.payments.operations.suspense import suspend_foreign
from kabinet.payments.tests.factories import make_started_payment
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(gateway):
    """A payment of 1000 roubles that went through the sandbox gateway."""
    return settle(gateway, make_started_payment("1000.00", account=make_account(number="702062012")))


def settle(gateway, payment, **shop):
    gateway.post(f"/sandbox/payments/{payment.gateway_payment_id}/pay", {})
    return settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)


@pytest.fixture
def accountant(client, paid):
    member = make_member("accountant", paid.supplier)
    client.force_login(member)
    return member


@pytest.fixture(autouse=True)
def on_the_day():
    with shown_on("2026-11-22"):
        yield


def send(client, name, ids, **typed):
    return client.post(reverse(f"office:{name}", args=ids), typed)


def refund_typed(amount="300", **more):
    return {"amount_rub": amount, "note": "Оплачено дважды", "request_id": str(uuid4()), **more}


def test_before_money_goes_back_the_sum_and_the_account_are_said(client, accountant, paid):
    page = send(client, "payment_refund", [paid.public_id], **refund_typed())

    assert "Вернём 300,00 ₽ плательщику" in text_of(page)
    assert "Счёт 702 062 012 снова будет их должен" in text_of(page)
    assert not Refund.objects.exists()


def test_a_refund_is_made_when_it_is_confirmed(client, accountant, paid):
    answer = send(client, "payment_refund", [paid.public_id], confirmed="1", **refund_typed())

    refund = Refund.objects.get()
    assert answer.headers["location"] == reverse("office:refund", args=[refund.public_id])
    assert (refund.state, refund.amount_rub, refund.note) == ("done", Decimal("300.00"), "Оплачено дважды")
    assert ledger.balance_rub(paid.supplier_id, paid.shares.get().account_id) == Decimal("300.00")


def test_the_same_press_twice_is_one_refund(client, accountant, paid):
    typed = refund_typed(confirmed="1")

    for _press in range(2):
        assert send(client, "payment_refund", [paid.public_id], **typed).status_code == 302

    assert Refund.objects.count() == 1


def test_a_refusal_stands_where_it_was_typed_and_everything_typed_is_kept(client, accountant, paid):
    answer = send(client, "payment_refund", [paid.public_id], **refund_typed("1000,01", confirmed="1"))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["amount_rub"]
    assert "Вернуть можно не больше 1 000,00 ₽" in text_of(answer)
    assert 'value="1000,01"' in answer.content.decode()
    assert "Оплачено дважды" in text_of(answer)
    assert not Refund.objects.exists()


def test_who_wants_to_correct_comes_back_to_what_was_typed(client, accountant, paid):
    page = send(client, "payment_refund", [paid.public_id], correct="1", **refund_typed())

    assert 'value="300"' in page.content.decode()


def test_a_large_refund_waits_for_the_second_person(client, accountant, paid):
    paid.shop.refund_alone_rub = Decimal("100.00")
    paid.shop.save()

    check = send(client, "payment_refund", [paid.public_id], **refund_typed())
    send(client, "payment_refund", [paid.public_id], confirmed="1", **refund_typed())

    refund = Refund.objects.get()
    assert "сумма больше 100,00 ₽" in text_of(check)
    assert refund.state == "asked"
    own_page = text_of(client.get(reverse("office:refund", args=[refund.public_id])))
    assert "Подтвердить возврат" not in own_page
    assert "Отозвать" in own_page

    client.force_login(make_member("accountant", paid.supplier))
    assert "Подтвердить возврат 300,00 ₽" in text_of(client.get(reverse("office:refund", args=[refund.public_id])))
    send(client, "refund_approve", [refund.public_id])
    assert Refund.objects.get().state == "done"


def test_who_asked_cannot_approve_and_is_told_so_on_the_page(client, accountant, paid):
    paid.shop.refund_alone_rub = Decimal("100.00")
    paid.shop.save()
    send(client, "payment_refund", [paid.public_id], confirmed="1", **refund_typed())

    answer = send(client, "refund_approve", [Refund.objects.get().public_id])

    assert answer.status_code == 422
    assert "Подтвердить его должен другой сотрудник" in text_of(answer)


def test_a_refund_that_waits_is_withdrawn(client, accountant, paid):
    paid.shop.refund_alone_rub = Decimal("100.00")
    paid.shop.save()
    send(client, "payment_refund", [paid.public_id], confirmed="1", **refund_typed())

    send(client, "refund_withdraw", [Refund.objects.get().public_id])

    assert Refund.objects.get().failure_reason == "withdrawn"


def test_a_chargeback_is_written_down(client, accountant, paid):
    typed = {"reference": "CB-1", "amount_rub": "1000", "came_on": "2026-11-21", "note": ""}

    check = send(client, "payment_chargeback", [paid.public_id], **typed)
    send(client, "payment_chargeback", [paid.public_id], confirmed="1", **typed)

    assert "банк отозвал 1 000,00 ₽" in text_of(check)
    assert Chargeback.objects.get().came_on == dt.date(2026, 11, 21)
    assert "Банк отозвал платёж" in text_of(client.get(reverse("office:payment", args=[paid.public_id])))


@pytest.fixture
def held(gateway):
    return settle(gateway, make_started_payment("500.00", is_two_stage=True))


def test_held_money_is_taken(client, held):
    client.force_login(make_member("accountant", held.supplier))

    check = send(client, "payment_capture", [held.public_id], amount_rub="500", request_id=uuid4())
    send(client, "payment_capture", [held.public_id], amount_rub="500", request_id=uuid4(), confirmed="1")

    assert "Спишем с плательщика 500,00 ₽" in text_of(check)
    assert Payment.objects.get(pk=held.pk).state == "paid"


def test_held_money_is_let_go(client, held):
    client.force_login(make_member("accountant", held.supplier))

    check = send(client, "payment_release", [held.public_id], request_id=uuid4())
    send(client, "payment_release", [held.public_id], request_id=uuid4(), confirmed="1")

    assert "Отпустим 500,00 ₽ плательщику" in text_of(check)
    assert Payment.objects.get(pk=held.pk).state == "failed"


def test_the_gateway_is_asked_and_its_answer_is_shown(client, gateway):
    payment = make_started_payment("1000.00")
    client.force_login(make_member("support", payment.supplier))
    gateway.post(f"/sandbox/payments/{payment.gateway_payment_id}/pay", {})

    answer = client.post(reverse("office:payment_settle", args=[payment.public_id]), follow=True)

    assert "Спросили платёжную систему" in text_of(answer)
    assert Payment.objects.get().state == "paid"


@pytest.fixture
def suspended(accountant, paid):
    told = RemotePayment("foreign", "paid", "succeeded", Decimal("400.00"), "RUB", paid.shop.shop_id, True, None)
    with transaction.atomic():
        return suspend_foreign(paid.shop, told, now=NOW)


def test_money_in_suspense_goes_to_an_account_by_its_number(client, suspended, paid):
    typed = {"number": "702 062 012", "amount_rub": "400", "note": "Чек плательщика", "request_id": str(uuid4())}
    ids = [suspended.supplier_id, suspended.id]

    check = send(client, "suspended_allocate", ids, **typed)
    send(client, "suspended_allocate", ids, confirmed="1", **typed)

    assert "Зачислим 400,00 ₽ на лицевой счёт 702 062 012" in text_of(check)
    assert SuspenseAllocation.objects.get().account_id == paid.shares.get().account_id
    assert "Зачислено на счёт 702 062 012" in text_of(client.get(reverse("office:suspended", args=ids)))


def test_an_account_that_is_not_there_is_refused_beside_its_field(client, suspended):
    typed = {"number": "702062999", "amount_rub": "400", "note": "Чек", "request_id": str(uuid4())}

    answer = send(client, "suspended_allocate", [suspended.supplier_id, suspended.id], **typed)

    assert list(answer.context["form"].errors) == ["number"]
    assert "нет такого лицевого счёта" in text_of(answer)


def test_what_an_allocation_lacks_is_said_beside_each_field(client, suspended):
    typed = {"number": "", "amount_rub": "", "note": " ", "request_id": str(uuid4())}

    answer = send(client, "suspended_allocate", [suspended.supplier_id, suspended.id], **typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "number": ["Впишите номер лицевого счёта."],
        "amount_rub": ["Укажите сумму."],
        "note": ["Напишите, на каком основании: например, по письму плательщика."],
    }
    assert not SuspenseAllocation.objects.exists()


def test_a_payout_is_written_down_by_the_banks_statement(client, accountant, paid):
    typed = {
        "shop": f"{paid.supplier_id}-{paid.shop_id}",
        "reference": "1234",
        "came_on": "2026-11-22",
        "amount_rub": "965",
        "fee_rub": "35",
    }

    check = send(client, "payout_record", [], **typed)
    send(client, "payout_record", [], confirmed="1", **typed)

    assert "965,00 ₽ поступили на расчётный счёт" in text_of(check)
    assert Payout.objects.get().fee_rub == Decimal("35.00")
    assert "1234" in text_of(client.get(reverse("office:payouts")))


def test_another_suppliers_shop_is_no_choice_for_a_payout(client, accountant, paid):
    other = make_started_payment("10.00")

    answer = send(client, "payout_record", [], shop=f"{other.supplier_id}-{other.shop_id}", reference="1")

    assert "shop" in answer.context["form"].errors
