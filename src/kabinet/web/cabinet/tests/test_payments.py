"""Payments that were made: the list, one payment, the way back from the gateway."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from kabinet.accounts.models import AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.common.testing import NOW, at
from kabinet.payments.models import Payment, Receipt, Refund
from kabinet.payments.tests.factories import make_payer, make_payment
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.web.cabinet.tests.screens import shown_on, text_of
from kabinet.web.ui.codes import picture_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_day_in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def payer(client):
    payer = make_payer()
    client.force_login(payer)
    return payer


@pytest.fixture
def account(payer):
    account = make_account(make_supplier(name="Межрегионгаз Калуга"), number="702062012")
    make_access(payer, account)
    return account


def address(payment: Payment, name: str = "payment") -> str:
    return reverse(f"cabinet:{name}", args=[payment.public_id])


def shown(client, payment: Payment, name: str = "payment", **query: str) -> str:
    answer = client.get(address(payment, name), query)
    assert answer.status_code == 200
    return text_of(answer)


def test_a_paid_payment_shows_its_proof_and_where_the_money_went(client, payer, account):
    page = shown(
        client, make_payment(account, payer, "1234.56", state="paid", method_title="Банковская карта •••• 4444")
    )

    assert "Оплачено. Деньги зачислены на лицевой счёт 702 062 012." in page
    assert "Подтверждение, PDF" in page
    assert "Газ 1 234,56 ₽ Итого 1 234,56 ₽ Чем оплачено Банковская карта •••• 4444" in page


def test_a_supplier_who_keeps_the_book_elsewhere_has_not_counted_it_yet(client, payer, account):
    account.supplier.billing = "external"
    account.supplier.save()

    assert "Поставщик ещё не учёл эту оплату" in shown(client, make_payment(account, payer, state="paid"))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("insufficient_funds", "На карте не хватило денег"),
        ("invalid_csc", "Данные карты не подошли"),
        ("fraud_suspected", "Банк не разрешил эту оплату"),
        ("expired_on_confirmation", "Время на оплату истекло. Деньги не списаны"),
        ("a_word_of_tomorrow", "Попробуйте позже или другим способом"),
    ],
)
def test_a_failed_payment_says_what_to_do(client, payer, account, reason, said):
    page = shown(client, make_payment(account, payer, state="failed", failure_reason=reason))

    assert said in page
    assert "Оплатить заново" in page


@pytest.mark.parametrize(
    ("mode", "leads_to"),
    [
        ("debt", "pay/debt/"),
        ("own_sum", "pay/own-sum/?amount_rub=123.45"),
        ("with_reading", "pay/own-sum/?amount_rub=123.45"),
    ],
)
def test_paying_again_leads_to_what_was_not_paid(client, payer, account, mode, leads_to):
    payment = make_payment(account, payer, "123.45", state="failed", mode=mode)

    html = client.get(address(payment)).content.decode()

    assert f'href="/accounts/{account.supplier_id}/{account.id}/{leads_to}"' in html


def test_a_payment_that_a_person_looks_at_says_not_to_pay_again(client, payer, account):
    page = shown(client, make_payment(account, payer, alarm="mismatch"))

    assert "Платёж проверяет сотрудник." in page
    assert "Платить второй раз не нужно." in page


def test_an_open_payment_can_be_gone_on_with(client, payer, account):
    payment = make_payment(account, payer, confirmation_url="https://yoomoney.ru/checkout/1")

    page = shown(client, payment)
    answer = client.post(address(payment, "payment_continue"))

    assert "Ожидает оплаты" in page
    assert "Перейти к оплате" in page
    assert answer["Location"] == "https://yoomoney.ru/checkout/1"


def test_the_way_back_waits_and_asks_again_with_and_without_scripts(client, payer, account):
    payment = make_payment(account, payer, confirmation_url="https://yoomoney.ru/checkout/1")

    answer = client.get(address(payment, "payment_return"))

    html = answer.content.decode()
    next_address = f"{address(payment, 'payment_return')}?try=1"
    assert "Проверяем оплату…" in text_of(answer)
    assert f'<noscript><meta http-equiv="refresh" content="2;url={next_address}"></noscript>' in html
    assert f'hx-get="{next_address}"' in html


def test_after_a_minute_it_promises_a_letter(client, payer, account):
    payment = make_payment(account, payer, confirmation_url="https://yoomoney.ru/checkout/1")

    assert "Проверяем оплату…" in shown(client, payment, "payment_return", **{"try": "29"})
    assert "как только она ответит, сообщим письмом" in shown(client, payment, "payment_return", **{"try": "30"})


@pytest.mark.parametrize("counted", ["-1", "x", "99999999", "１"])
def test_a_strange_count_in_the_address_breaks_nothing(client, payer, account, counted):
    shown(client, make_payment(account, payer), "payment_return", **{"try": counted})


def test_the_way_back_believes_nothing_in_its_address(client, payer, account):
    payment = make_payment(account, payer)

    shown(client, payment, "payment_return", status="succeeded", paid="true")

    payment.refresh_from_db()
    assert payment.state == "open"


@pytest.mark.parametrize("name", ["payment", "payment_return"])
def test_somebody_elses_payment_is_404(client, payer, account, name):
    payment = make_payment(account, make_payer())

    assert client.get(address(payment, name)).status_code == 404


def test_somebody_elses_payment_cannot_be_continued(client, payer, account):
    payment = make_payment(account, make_payer(), confirmation_url="https://yoomoney.ru/checkout/1")

    assert client.post(address(payment, "payment_continue")).status_code == 404


def test_after_the_account_is_detached_the_payer_keeps_the_payment(client, payer, account):
    payment = make_payment(account, payer, state="paid")
    AccountAccess.objects.all().delete()

    page = shown(client, payment)

    assert "Оплачено." in page
    assert "К лицевому счёту" not in page


def test_the_list_shows_payments_newest_first_and_marks_those_of_others(client, payer, account):
    make_payment(account, payer, "100.00", state="paid")
    make_payment(account, make_payer(), "200.00", state="failed")

    page = listing(client, account)

    assert page.index("Не оплачено") < page.index("Оплата за октябрь 2026")
    assert "платил другой человек" in page


def test_who_has_not_proven_the_account_sees_only_their_own(client, payer, account):
    AccountAccess.objects.update(level="lite")
    make_payment(account, payer, "100.00", state="paid")
    make_payment(account, make_payer(), "200.00", state="paid")

    page = listing(client, account)

    assert "100,00 ₽" in page
    assert "200,00 ₽" not in page


def test_an_empty_list_leads_to_paying(client, payer, account):
    page = listing(client, account)

    assert "Платежей ещё не было" in page
    assert "Оплата онлайн" in page


def test_a_long_list_is_turned_over(client, payer, account):
    for kopecks in range(13):
        make_payment(account, payer, f"100.{kopecks:02}", state="paid")

    newest, oldest = listing(client, account), listing(client, account, page="2")

    assert "100,12 ₽" in newest
    assert "100,00 ₽" not in newest
    assert "Раньше" in newest
    assert "100,00 ₽" in oldest
    assert "Новее" in oldest
    assert "Раньше" not in oldest


def test_the_list_costs_the_same_however_long_it_is(client, payer, account, django_assert_max_num_queries):
    for _ in range(5):
        make_payment(account, payer, "100.00", state="paid", commission_rub=Decimal("0.00"))

    with django_assert_max_num_queries(10):
        listing(client, account)


def listing(client, account, **query: str) -> str:
    return text_of(client.get(reverse("cabinet:payments", args=[account.supplier_id, account.id]), query))


class TestPath:
    def test_a_payment_to_a_supplier_billed_here_is_booked_when_it_is_paid(self, client, payer, account):
        page = shown(client, make_payment(account, payer, state="paid"))

        assert "Начат" in page
        assert "Учтён на лицевом счёте" in page
        assert "Передан поставщику" not in page

    def test_a_payment_to_another_book_is_sent_and_booked_by_registers(self, client, payer, account):
        account.supplier.billing = "external"
        account.supplier.save()
        payment = make_payment(account, payer, state="paid", sent_at=at("2026-11-23 06:00"))

        page = shown(client, payment)

        assert "Передан поставщику 23.11.2026, 06:00" in page
        assert "Учтён поставщиком сейчас" in page
        assert "передан поставщику, ещё не учтён" in listing(client, account)

    def test_what_the_supplier_has_booked_is_not_said_to_wait(self, client, payer, account):
        account.supplier.billing = "external"
        account.supplier.save()
        payment = make_payment(account, payer, state="paid", booked_at=at("2026-11-24 06:00"))

        page = shown(client, payment)

        assert "Учтён поставщиком 24.11.2026, 06:00" in page
        assert "Поставщик ещё не учёл" not in page

    def test_a_refund_stands_at_the_end(self, client, payer, account):
        payment = make_payment(account, payer, state="paid", refunded_rub=Decimal("40.00"))
        Refund.objects.create(
            supplier_id=payment.supplier_id,
            shop=payment.shop,
            payment=payment,
            public_id=uuid4(),
            amount_rub=Decimal("40.00"),
            state="done",
            request_id=uuid4(),
            idempotency_key=uuid4(),
            gateway_refund_id="remote-refund",
            created_at=NOW,
            intended_at=NOW,
            done_at=at("2026-11-25 10:00"),
        )

        page = shown(client, payment)

        assert "Возвращено 25.11.2026, 10:00 40,00 ₽" in page

    def test_money_that_is_held_waits_for_the_supplier(self, client, payer, account):
        page = shown(client, make_payment(account, payer, state="held"), "payment_return")

        assert "Деньги заблокированы. Поставщик спишет их или вернёт." in page


class TestByCode:
    LINK = "https://qr.nspk.ru/AD10006M5BHSDEF98765432109876543?type=02&bank=100000000001&sum=10000&cur=RUB&crc=1234"

    def test_the_code_is_drawn_and_holds_exactly_the_link(self, client, payer, account):
        payment = make_payment(account, payer, method="sbp", sbp_link=self.LINK)

        page = client.get(address(payment, "payment_return")).content.decode()

        assert picture_code(self.LINK) in page
        assert "Открыть приложение банка" in page
        assert 'content="2;url=' in page

    def test_it_waits_for_five_minutes_and_then_asks_to_look_again(self, client, payer, account):
        payment = make_payment(account, payer, method="sbp", sbp_link=self.LINK)

        assert "Ждём оплату…" in shown(client, payment, "payment_return", **{"try": "149"})
        page = shown(client, payment, "payment_return", **{"try": "150"})
        assert "Ждём оплату…" not in page
        assert "Проверить оплату" in page

    def test_a_paid_one_shows_no_code(self, client, payer, account):
        payment = make_payment(account, payer, state="paid", method="sbp", sbp_link=self.LINK)

        assert "picture-code" not in client.get(address(payment)).content.decode()


def test_the_cheque_is_named_with_its_fiscal_numbers(client, payer, account):
    payment = make_payment(account, payer, state="paid")
    Receipt.objects.create(
        supplier_id=payment.supplier_id,
        payment=payment,
        state="done",
        idempotency_key=uuid4(),
        fiscal={"fiscal_document_number": "3997", "fiscal_storage_number": "9288000100115785"},
        created_at=NOW,
        registered_at=NOW,
    )

    page = shown(client, payment)

    assert f"отправлен на {payer.email}, ФД № 3997, ФН 9288000100115785" in page


class TestHistory:
    def history(self, client, **query: str) -> str:
        return text_of(client.get(reverse("cabinet:payment_history"), query))

    @pytest.fixture
    def other(self, payer):
        other = make_account(make_supplier(name="Водоканал"), number="111222333")
        make_access(payer, other)
        return other

    def test_payments_of_all_accounts_stand_in_one_list(self, client, payer, account, other):
        make_payment(account, payer, "100.00", state="paid")
        make_payment(other, payer, "200.00", state="failed")

        page = self.history(client)

        assert "100,00 ₽" in page
        assert "Водоканал, 111 222 333" in page

    def test_it_is_narrowed_to_an_account_a_state_and_a_year(self, client, payer, account, other):
        make_payment(account, payer, "100.00", state="paid")
        make_payment(other, payer, "200.00", state="failed")
        make_payment(account, payer, "300.00", state="paid", created_at=at("2025-12-31 23:59"))

        def shown_by(**query: str) -> list[str]:
            page = self.history(client, **query)
            return [amount for amount in ("100,00 ₽", "200,00 ₽", "300,00 ₽") if amount in page]

        assert shown_by() == ["100,00 ₽", "200,00 ₽", "300,00 ₽"]
        assert shown_by(account=f"{other.supplier_id}-{other.id}") == ["200,00 ₽"]
        assert shown_by(state="paid") == ["100,00 ₽", "300,00 ₽"]
        assert shown_by(year="2025") == ["300,00 ₽"]
        assert shown_by(year="2026", state="paid") == ["100,00 ₽"]
        assert shown_by(year="1812", state="никакое", account="1-1") == ["100,00 ₽", "200,00 ₽", "300,00 ₽"]

    def test_what_others_paid_is_seen_on_proven_accounts_alone(self, client, payer, account, other):
        AccountAccess.objects.filter(account_id=other.id).update(level="lite")
        make_payment(account, make_payer(), "100.00", state="paid")
        make_payment(other, make_payer(), "200.00", state="paid")

        page = self.history(client)

        assert "100,00 ₽" in page
        assert "200,00 ₽" not in page

    def test_nothing_found_says_so(self, client, payer, account):
        make_payment(account, payer, state="paid")

        assert "Таких платежей нет" in self.history(client, state="failed")

    def test_pages_keep_what_the_list_is_narrowed_to(self, client, payer, account):
        for _ in range(13):
            make_payment(account, payer, state="paid")

        page = client.get(reverse("cabinet:payment_history"), {"state": "paid"}).content.decode()

        assert "?state=paid&amp;page=2" in page

    def test_it_costs_the_same_for_many_payments(self, client, payer, account, other, django_assert_num_queries):
        make_payment(account, payer, state="paid")
        self.history(client)
        with django_assert_num_queries(5):
            self.history(client)
        for _ in range(5):
            make_payment(other, payer, state="paid")

        with django_assert_num_queries(5):
            self.history(client)
