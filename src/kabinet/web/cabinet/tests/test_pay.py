"""«Оплата онлайн»: the three choices, the confirmation, the way to the gateway."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_accrual_policy, make_charge
from kabinet.charges.tests.factories import make_payment as make_paid
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.meters.models import MeterScale, Reading
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.payments.models import Payment
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop
from kabinet.people.models import User
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_tariff
from kabinet.web.cabinet.tests.screens import shown_on, text_of
from sandbox.testing import running_sandbox

pytestmark = pytest.mark.django_db

NOTHING_LISTENS = "http://127.0.0.1:9/v3"


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox() as running:
        yield running


@pytest.fixture
def gateway(sandbox, settings):
    settings.YOOKASSA_URL = sandbox.api_url
    return sandbox


@pytest.fixture(autouse=True)
def on_a_day_in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def account(client):
    """An account of the person at this browser, with a debt of 1234.56 ₽."""
    return attached(client)


def attached(client, level: str = "full", debt: str | None = "1234.56", shop: dict | None = None):
    account = make_account(
        make_supplier(name="Межрегионгаз Калуга", full_name="ООО «Газпром межрегионгаз Калуга»"), number="702062012"
    )
    make_shop(account.supplier, **(shop or {}))
    if debt:
        make_charge(account, debt)
    payer = make_payer()
    make_access(payer, account, level=level)
    client.force_login(payer)
    return account


def address(name: str, account) -> str:
    return reverse(f"cabinet:{name}", args=[account.supplier_id, account.id])


def press(shown: str, **values) -> dict[str, str]:
    return {"pay": "1", "request_id": str(uuid4()), "shown_amount_rub": shown} | values


def test_there_are_three_ways_to_pay(client, account):
    page = text_of(client.get(address("pay", account)))

    assert "Оплата онлайн" in page
    assert "По текущему долгу 1 234,56 ₽" in page
    assert "Своя сумма" in page
    assert "Передать показания и оплатить" in page


def test_without_a_debt_it_says_so_and_offers_to_pay_ahead(client):
    page = text_of(client.get(address("pay", attached(client, debt=None))))

    assert "Долга нет." in page
    assert "По текущему долгу" not in page
    assert "Внести деньги вперёд" in page


def test_the_confirmation_names_payee_account_period_sum_and_commission_before_the_button(client):
    account = attached(client, shop={"commission_by": "payer", "commission_percent": Decimal("1.00")})

    page = text_of(client.get(address("pay_debt", account)))

    assert "Получатель ООО «Газпром межрегионгаз Калуга»" in page
    assert "ИНН 7838016481" in page
    assert "Лицевой счёт 702 062 012" in page
    assert "За период октябрь 2026" in page
    assert "На лицевой счёт 1 234,56 ₽" in page
    assert "12,35 ₽ Итого 1 246,91 ₽" in page
    assert "Вы перейдёте на страницу платёжной системы ЮKassa" in page
    assert "Оплатить 1 246,91 ₽" in page


def test_the_button_leads_to_the_gateways_page(client, account, gateway):
    answer = client.post(address("pay_debt", account), press("1234.56"))

    payment = Payment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{gateway.page_url}/{payment.gateway_payment_id}")


def test_only_pages_that_lead_to_the_gateway_allow_its_address(client, account, gateway):
    origin = gateway.api_url.removesuffix("/v3")

    assert origin in csp(client.get(address("pay_debt", account)))
    assert origin not in csp(client.get(address("pay", account)))


def csp(answer) -> str:
    return answer["Content-Security-Policy"]


def test_a_sum_that_has_changed_is_shown_anew_and_paid_by_the_next_press(client, account, gateway):
    answer = client.post(address("pay_debt", account), press("1000.00"))
    page = text_of(answer)
    assert "Сумма изменилась: было 1 000,00 ₽, теперь 1 234,56 ₽." in page

    assert 'name="shown_amount_rub" value="1234.56"' in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_reload_of_the_press_is_the_same_payment(client, account, gateway):
    pressed = press("1234.56")

    first = client.post(address("pay_debt", account), pressed)
    again = client.post(address("pay_debt", account), pressed)

    assert again["Location"] == first["Location"]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("typed", ["500,5", "500.50", " 500,50 ", "5 00,50 ₽"])
def test_an_own_sum_may_be_typed_as_people_type(client, account, typed):
    page = text_of(client.get(address("pay_own_sum", account), {"amount_rub": typed}))

    assert "Оплатить 500,50 ₽" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Укажите сумму."),
        ("сто", "Укажите сумму в рублях и копейках"),
        ("1,234", "Укажите сумму в рублях и копейках"),
        ("0", "Сумма должна быть больше нуля."),
        ("-5", "Сумма должна быть больше нуля."),
        ("0,99", "Укажите не меньше 1,00 ₽."),
        ("16234,57", "не больше 16 234,56 ₽"),
    ],
)
def test_an_own_sum_that_will_not_do_is_answered_at_its_field_and_stays_typed(client, account, typed, said):
    answer = client.get(address("pay_own_sum", account), {"amount_rub": typed})

    assert said in text_of(answer)
    assert f'value="{typed}"' in answer.content.decode() or not typed


def test_more_than_the_debt_is_said_to_become_an_advance(client, account):
    page = text_of(client.get(address("pay_own_sum", account), {"amount_rub": "1500"}))

    assert "Из них 265,44 ₽ — больше долга: это станет авансом" in page


def test_an_own_sum_is_paid(client, account, gateway):
    client.post(address("pay_own_sum", account), press("500.00", amount_rub="500,00"))

    payment = Payment.objects.get()
    assert (payment.mode, payment.amount_rub, payment.state) == ("own_sum", Decimal("500.00"), "open")


def test_an_open_payment_is_warned_of_and_does_not_stop_the_second(client, account, gateway):
    make_payment(account, client_user(client), "1234.56", state="open")

    page = client.get(address("pay_debt", account))
    assert "Есть незавершённый платёж." in text_of(page)
    assert 'name="knows_of_recent"' in page.content.decode()

    client.post(address("pay_debt", account), press("1234.56", knows_of_recent="on"))
    assert Payment.objects.count() == 2


def test_a_second_tab_that_was_not_warned_is_warned_now(client, account, gateway):
    make_payment(account, client_user(client), "1234.56", state="open")

    answer = client.post(address("pay_debt", account), press("1234.56"))

    assert "уже есть недавний платёж на 1 234,56 ₽" in text_of(answer)
    assert Payment.objects.count() == 1


def test_a_page_of_paying_costs_a_fixed_number_of_queries(client, account, django_assert_num_queries):
    client.get(address("pay", account))  # the session remembers the account from here on
    with django_assert_num_queries(7):
        client.get(address("pay", account))


def client_user(client):
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_a_silent_gateway_is_told_of_and_tried_again_with_the_same_payment(client, account, gateway, settings):
    settings.YOOKASSA_URL = NOTHING_LISTENS
    page = client.post(address("pay_debt", account), press("1234.56"), follow=True)
    assert "Платёжная система не отвечает. Деньги не списаны." in text_of(page)
    assert "Попробовать снова" in text_of(page)

    settings.YOOKASSA_URL = gateway.api_url
    payment = Payment.objects.get()
    answer = client.post(reverse("cabinet:payment_continue", args=[payment.public_id]))

    assert answer["Location"].startswith(gateway.page_url)
    assert Payment.objects.count() == 1


def test_the_second_button_draws_a_code_of_the_fast_payment_system(client, account, gateway):
    page = client.post(address("pay_debt", account), press("1234.56", pay="sbp"), follow=True)

    payment = Payment.objects.get()
    assert page.redirect_chain[0][0] == reverse("cabinet:payment_return", args=[payment.public_id])
    assert "Наведите камеру телефона на код" in text_of(page)
    assert payment.method == "sbp"


def test_a_shop_without_codes_has_one_button(client):
    account = attached(client, shop={"takes_sbp": False})

    assert "СБП по коду" not in text_of(client.get(address("pay_debt", account)))


def test_a_debt_above_the_limit_of_cards_can_be_paid_by_a_code_alone(client):
    account = attached(client, shop={"greatest_amount_rub": Decimal("1000.00")})

    page = text_of(client.get(address("pay_debt", account)))

    assert "СБП по коду" in page
    assert "Такую сумму картой за один раз заплатить нельзя, а через СБП можно." in page
    assert "Оплатить 1 234,56 ₽" not in page


def test_a_month_may_be_named_where_several_are_unpaid(client, account, gateway):
    assert "Какой месяц погасить сначала" not in text_of(client.get(address("pay_own_sum", account)))
    make_charge(account, "100.00", period="2026-08")
    assert "август 2026" in text_of(client.get(address("pay_own_sum", account)))

    named = {"amount_rub": "1300", "named_period": "2026-10"}
    page = text_of(client.get(address("pay_own_sum", account), named))
    client.post(address("pay_own_sum", account), press("1300.00", **named))

    assert "За период октябрь 2026" in page
    assert "Сначала погасим октябрь 2026" in page
    assert str(Payment.objects.get().named_period) == "2026-10"


def test_with_a_commission_a_way_without_it_is_named(client):
    account = attached(client, shop={"commission_by": "payer", "commission_percent": Decimal("1.00")})

    assert "Без комиссии можно заплатить по квитанции в банке" in text_of(client.get(address("pay_debt", account)))


def test_several_accounts_are_offered_to_who_has_them(client, account):
    assert "Оплатить несколько счетов" not in text_of(client.get(address("pay", account)))
    make_access(client_user(client), make_account())

    assert "Оплатить несколько счетов" in text_of(client.get(address("pay", account)))


def test_a_supplier_without_a_shop_is_paid_by_the_notice(client):
    account = attached(client, shop={"is_enabled": False})

    assert "Поставщик пока не принимает оплату онлайн" in text_of(client.get(address("pay_debt", account)))


def test_who_has_not_proven_the_account_may_pay(client, gateway):
    account = attached(client, level="lite")

    page = text_of(client.get(address("pay_debt", account)))
    client.post(address("pay_debt", account), press("1234.56"))

    assert "Оплатить 1 234,56 ₽" in page
    assert Payment.objects.get().state == "open"


@pytest.mark.parametrize("name", ["pay", "pay_debt", "pay_own_sum", "pay_with_reading", "payments"])
def test_somebody_elses_account_is_404(client, account, name):
    client.force_login(make_payer())

    assert client.get(address(name, account)).status_code == 404


@pytest.mark.parametrize("name", ["pay_debt", "pay_own_sum", "pay_with_reading"])
def test_somebody_elses_account_cannot_be_paid(client, account, name):
    client.force_login(make_payer())

    assert client.post(address(name, account), press("1234.56", amount_rub="1234.56")).status_code == 404
    assert not Payment.objects.exists()


class TestWithReading:
    @pytest.fixture
    def meter(self, account):
        make_tariff(account.supplier, "10.00000")
        return make_meter(account, value="1234", on="2026-10-25")

    @pytest.fixture
    def field(self, meter):
        return f"value_{MeterScale.objects.get(meter=meter).id}"

    def test_the_cost_of_the_new_consumption_is_shown_before_paying(self, client, account, meter, field):
        page = text_of(client.post(address("pay_with_reading", account), {field: "1250"}))

        assert "Показание 01 250, расход 16 м³ 160,00 ₽" in page
        assert "Долг 1 234,56 ₽" in page
        assert "Передать и оплатить 1 394,56 ₽" in page
        assert not Reading.objects.filter(source="customer").exists()

    def test_the_reading_is_handed_in_and_paid_in_one_go(self, client, account, meter, field, gateway):
        answer = client.post(address("pay_with_reading", account), press("1394.56", **{field: "1250"}))

        assert answer["Location"].startswith(gateway.page_url)
        assert Payment.objects.get().amount_rub == Decimal("1394.56")
        assert Reading.objects.get(source="customer").value_m3 == 1250

    def test_a_number_below_the_previous_one_is_answered_at_its_field(self, client, account, meter, field):
        account.supplier.allow_rollover = False
        account.supplier.save()

        answer = client.post(address("pay_with_reading", account), {field: "1200"})

        assert "Показание меньше предыдущего: 1 234 от 25.10.2026." in text_of(answer)
        assert 'value="1200"' in answer.content.decode()

    def test_much_more_than_usual_is_asked_about_once(self, client, account, meter, field, gateway):
        for value, day in (("1244", "2026-11-01"), ("1254", "2026-11-10")):
            make_reading(meter, value, on=day)
        pressed = press("9999.00", **{field: "3000"})

        page = text_of(client.post(address("pay_with_reading", account), pressed))

        assert "намного больше обычного" in page
        assert "Число верное, расход действительно такой" in page
        assert not Payment.objects.exists()

    def test_when_paying_is_refused_the_reading_is_said_to_be_kept(self, client, account, meter, field, gateway):
        answer = client.post(address("pay_with_reading", account), press("1000.00", **{field: "1250"}))

        assert "Показание принято, а оплата не началась. Сумма изменилась" in text_of(answer)
        assert 'name="shown_amount_rub" value="1394.56"' in answer.content.decode()
        assert Reading.objects.filter(source="customer").count() == 1

    def test_a_reading_that_was_handed_in_before_can_be_paid_for(self, client, account, meter, field):
        make_reading(meter, "1250", on="2026-11-20")

        page = client.get(address("pay_with_reading", account))

        assert "Расход по нему стоит 160,00 ₽" in text_of(page)
        assert "Вместе с долгом выходит 1 394,56 ₽" in text_of(page)
        assert "?amount_rub=1394.56" in page.content.decode()

    def test_the_reading_can_be_corrected_before_paying(self, client, account, meter, field):
        answer = client.post(address("pay_with_reading", account), {field: "1250", "correct": "1"})

        assert 'value="1250"' in answer.content.decode()
        assert "Рассчитать" in text_of(answer)

    def test_an_empty_field_is_asked_for(self, client, account, meter, field):
        assert "Укажите, что показывает счётчик." in text_of(
            client.post(address("pay_with_reading", account), {field: ""})
        )

    def test_outside_the_window_it_says_when(self, client, account, meter, field):
        account.supplier.reading_opens_day, account.supplier.reading_closes_day = 1, 5
        account.supplier.save()

        assert "Сейчас показания не принимаются" in text_of(client.get(address("pay_with_reading", account)))

    def test_a_meter_whose_verification_is_over_is_not_asked_for(self, client, account, meter, field):
        meter.verification_due_on = dt.date(2026, 10, 31)
        meter.save()

        for answer in (
            client.get(address("pay_with_reading", account)),
            client.post(address("pay_with_reading", account), {field: "1250"}),
        ):
            page = text_of(answer)
            assert "Срок поверки истёк" in page
            assert "Оплатить без показаний" in page
            assert "Рассчитать" not in page

    def test_an_account_without_meters_has_nothing_to_hand_in(self, client, account):
        assert "На счёте нет счётчиков" in text_of(client.get(address("pay_with_reading", account)))

    def test_an_advance_that_covers_the_consumption_lets_the_reading_be_handed_in_without_paying(self, client):
        account = attached(client, debt=None)
        make_paid(account, "500", on="2026-11-13")
        make_tariff(account.supplier, "10.00000")
        scale = MeterScale.objects.get(meter=make_meter(account, value="1234", on="2026-10-25"))
        typed = {f"value_{scale.id}": "1250"}

        page = text_of(client.post(address("pay_with_reading", account), typed))
        again = client.post(
            address("pay_with_reading", account), {**typed, "hand_in": "1", "request_id": str(uuid4())}, follow=True
        )

        assert "После начисления на счёте останется 340,00 ₽" in page
        assert "Показание принято. Платить не нужно: расход покроет аванс." in text_of(again)
        assert Reading.objects.get(source="customer").value_m3 == 1250
        assert not Payment.objects.exists()

    def test_when_more_was_charged_for_the_days_already_it_says_so_and_asks_for_nothing(self, client):
        account = charged_by_mean(client)
        scale = MeterScale.objects.get(meter__account=account)

        page = text_of(client.post(address("pay_with_reading", account), {f"value_{scale.id}": "1410"}))

        assert "За эти дни уже начислено больше." in page
        assert "Показание 01 410, расход 10 м³ −900,00 ₽" in page
        assert "на счёте останется 900,00 ₽" in page
        assert "Передать и оплатить" not in page

    def test_what_was_charged_for_the_days_already_is_taken_off_and_paid_by_that_sum(self, client, gateway):
        account = charged_by_mean(client)
        scale = MeterScale.objects.get(meter__account=account)
        typed = {f"value_{scale.id}": "1600"}

        page = text_of(client.post(address("pay_with_reading", account), typed))
        client.post(address("pay_with_reading", account), press("1000.00", **typed))

        assert "Показание 01 600, расход 200 м³ 1 000,00 ₽" in page
        assert Payment.objects.get().amount_rub == Decimal("1000.00")


def charged_by_mean(client):
    """An account on which 100 m³ a month were read, then one charged by that mean at 10 ₽, and all of it is paid."""
    account = attached(client, debt=None)
    make_accrual_policy(account.supplier)
    make_tariff(account.supplier, "10.00000")
    meter = make_meter(account, value="1000", on="2026-05-25")
    for value, month in (("1100", "2026-06"), ("1200", "2026-07"), ("1300", "2026-08"), ("1400", "2026-09")):
        make_reading(meter, value, on=f"{month}-25")
    for month in (Month(2026, 6), Month(2026, 7), Month(2026, 8), Month(2026, 9), Month(2026, 10)):
        accrue_month(
            supplier_id=account.supplier_id,
            account_id=account.id,
            period=month,
            now=at(f"{month.next()}-02 05:00"),
        )
    make_paid(account, str(ledger.balance_rub(account.supplier_id, account.id)), on="2026-11-13")
    return account
