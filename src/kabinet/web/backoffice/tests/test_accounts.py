"""An account in the office: shown whole, and what staff do with it."""

import datetime as dt
import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from kabinet.accounts.models import Absence, Account, Residence
from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Adjustment, Charge, Proposal
from kabinet.charges.tests.documents import approved
from kabinet.charges.tests.factories import make_accrual_policy, make_charge
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.ledger import queries as ledger
from kabinet.ledger.operations import Movement, customer_book, post, supplier_book
from kabinet.meters.models import Meter, MeterOutage, MeterScale, Reading
from kabinet.meters.tests.factories import make_meter, make_outage, make_reading
from kabinet.people.rules import rights
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_usage_purpose
from kabinet.tariffs.models import BenefitGrant, MonthlyFee
from kabinet.tariffs.tests.factories import make_benefit, make_tariff
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.backoffice.views.account_acts import ACTS
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def account():
    return make_account(number="702062012", residents_count=2, opened_on=dt.date(2020, 1, 1))


@pytest.fixture
def accountant(client, account):
    member = make_member("accountant", account.supplier)
    client.force_login(member)
    return member


def main_service(account):
    return Service.objects.get(supplier_id=account.supplier_id, is_main=True)


def address(account, name="account", *more):
    return reverse(f"office:{name}", args=[account.supplier_id, account.id, *more])


def ask(client, account, key, subject_id=None, **typed):
    """Send a form of an act, without the press that confirms it."""
    name, ids = ("account_act_on", [key, subject_id]) if subject_id else ("account_act", [key])
    return client.post(address(account, name, *ids), {"request_id": str(uuid4()), **typed})


def do(client, account, key, subject_id=None, **typed):
    """Send a form of an act, confirmed."""
    return ask(client, account, key, subject_id, confirmed="1", **typed)


def pay(account, amount, *, on, source_kind="outside_payment"):
    """Post a payment to an account's gas, as the register of a bank does."""
    day = dt.date.fromisoformat(on)
    gas = Service.objects.get(supplier_id=account.supplier_id, is_main=True)
    with transaction.atomic():
        payment = Movement(
            debit_book_id=supplier_book(account.supplier_id, "bank"),
            credit_book_id=customer_book(account.supplier_id, account.id, gas.id),
            amount_rub=Decimal(amount),
            kind="payment",
            period=Month.of(day),
            occurred_on=day,
        )
        post(supplier_id=account.supplier_id, source_kind=source_kind, source_id=on, movements=[payment], now=NOW)


# --- Showing ----------------------------------------------------------------------------------------------------------


def test_what_is_owed_is_shown_by_service_and_month(client, accountant, account):
    make_charge(account, "122.50")

    words = text_of(client.get(address(account)))

    assert "122,50 ₽ Всего к оплате" in words
    assert "октябрь 2026" in words
    assert address(account, "account_month", "2026-10") in client.get(address(account)).content.decode()


@pytest.mark.parametrize(("months_count", "folded"), [(12, []), (13, ["Раньше: 1"])])
def test_months_before_the_last_twelve_are_folded_away(client, accountant, account, months_count, folded):
    months = [str(Month(2026, 11).plus(-back)) for back in range(months_count)]
    for month in months:
        make_charge(account, "10.00", period=month)

    page = client.get(address(account))

    assert re.findall(r"Раньше: \d+", text_of(page)) == folded
    for month in months:
        assert page.content.decode().count(f'href="{address(account, "account_month", month)}"') == 1


def test_what_is_paid_ahead_is_said_in_a_word_and_without_a_minus(client, accountant, account):
    make_charge(account, "-950.00")

    assert "Всего переплата Газ переплата 950,00 ₽" in text_of(client.get(address(account)))


def test_the_lines_of_a_month_explain_themselves(client, accountant, account):
    make_charge(account, "122.50", kind=Charge.Kind.METERED, formula="28 м³ × 4,37507 ₽/м³ = 122,50 ₽")

    words = text_of(client.get(address(account, "account_month", "2026-10")))

    assert "28 м³ × 4,37507 ₽/м³ = 122,50 ₽" in words
    assert "Как посчитано" in words
    assert "Не согласен" not in words


def test_a_month_says_why_it_differs_and_what_was_paid_as_the_customer_sees_it(client, accountant, account):
    make_charge(account, "100.00", period="2026-09")
    make_charge(account, "122.50")
    pay(account, "100.00", on="2026-10-12")

    words = text_of(client.get(address(account, "account_month", "2026-10")))

    assert "Сейчас на 22,50 ₽ больше. Почему" in words
    assert "Оплаты и перерасчёты Оплата 12 октября · Газ +100,00 ₽" in words


def test_all_that_came_in_is_told_with_its_day_from_wherever_it_came(client, accountant, account):
    pay(account, "100.00", on="2026-10-12")
    pay(account, "22.50", on="2026-11-03", source_kind="payment")

    words = text_of(client.get(address(account, "account_payments")))

    assert "03.11.2026 через кабинет Газ 22,50 ₽ 12.10.2026 из реестра поставщика Газ 100,00 ₽" in words
    assert reverse("office:suspense") in client.get(address(account, "account_payments")).content.decode()


@pytest.mark.parametrize(("role", "is_led"), [("manager", True), ("support", False)])
def test_whoever_reads_the_trail_is_led_to_all_that_was_done_with_an_account(client, account, role, is_led):
    client.force_login(make_member(role, account.supplier))

    page = client.get(address(account, "account_cabinets")).content.decode()

    assert (f'href="{reverse("office:audit")}?subject=account:{account.id}"' in page) == is_led


def test_a_month_that_is_no_month_is_not_there(client, accountant, account):
    assert client.get(address(account, "account_month", "october")).status_code == 404


def test_support_sees_an_account_and_is_not_offered_to_change_its_sums(client, account):
    make_charge(account, "122.50")
    client.force_login(make_member("support", account.supplier))

    words = text_of(client.get(address(account)))

    assert "122,50 ₽" in words
    assert "Корректировка" not in words
    assert "Списать долг" not in words


def test_the_page_costs_a_fixed_number_of_queries(client, accountant, account, django_assert_num_queries):
    for month in ("2026-08", "2026-09", "2026-10"):
        make_charge(account, "100.00", period=month)
    client.get(address(account))

    with django_assert_num_queries(16):
        client.get(address(account))


@pytest.mark.parametrize(
    ("owed_rub", "said"),
    [("122.50", "Газ: долг сейчас 122,50 ₽"), ("-122.50", "Газ: переплата сейчас 122,50 ₽")],
)
def test_a_form_about_money_says_what_is_owed_before(client, accountant, account, owed_rub, said):
    make_charge(account, owed_rub)

    assert said in text_of(client.get(address(account, "account_act", "adjust")))


# --- Who may do what --------------------------------------------------------------------------------------------------

BY_ACCOUNTANTS = {"adjust", "write-off", "restore", "opening-balance", "correct", "fee", "fee-end"}
ABOUT_THE_ACCOUNT = ["adjust", "write-off", "opening-balance", "correct", "install", "close"]
ABOUT_THE_ACCOUNT += ["residents", "usage", "absence", "units", "benefit", "fee"]


@pytest.mark.parametrize("key", ABOUT_THE_ACCOUNT)
@pytest.mark.parametrize("role", ["accountant", "support"])
def test_a_role_is_asked_what_its_rights_allow(client, account, key, role):
    client.force_login(make_member(role, account.supplier))

    expected = 403 if role == "support" and key in BY_ACCOUNTANTS else 200
    assert client.get(address(account, "account_act", key)).status_code == expected


@pytest.mark.parametrize("key", ACTS)
def test_what_another_account_has_is_no_subject_of_an_act(client, accountant, account, key):
    other = make_meter(make_account(account.supplier))

    expected = 404 if rights.may(frozenset({rights.ACCOUNTANT}), ACTS[key].right) else 403
    assert client.get(address(account, "account_act_on", key, other.id)).status_code == expected


def test_an_act_that_there_is_not_is_not_there(client, accountant, account):
    assert client.get(address(account, "account_act", "bless")).status_code == 404


# --- Money ------------------------------------------------------------------------------------------------------------


def test_an_adjustment_says_what_it_will_do_before_it_is_done(client, accountant, account):
    typed = {"service_id": main_service(account).id, "amount_rub": "-150", "reason": "Акт № 7"}

    page = ask(client, account, "adjust", **typed)

    assert "Предложим уменьшить на 150,00 ₽ то, что счёт должен" in text_of(page)
    assert "Провести документ пока некому" in text_of(page)
    assert not Proposal.objects.exists()

    do(client, account, "adjust", **typed)

    assert Proposal.objects.get().amount_rub == Decimal("-150.00")
    assert "ждёт второго сотрудника Газ: Акт № 7" in text_of(client.get(address(account)))
    assert not Adjustment.objects.exists()


def test_the_same_press_twice_is_one_adjustment(client, accountant, account):
    typed = {"service_id": main_service(account).id, "amount_rub": "10", "reason": "Акт", "request_id": str(uuid4())}

    for _press in range(2):
        assert do(client, account, "adjust", **typed).status_code == 302

    assert Adjustment.objects.count() == 1


def test_more_than_the_debt_is_refused_beside_the_sum(client, accountant, account):
    make_charge(account, "100.00")
    typed = {"service_id": main_service(account).id, "amount_rub": "100,01", "reason": "Решение суда"}

    answer = do(client, account, "write-off", **typed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["amount_rub"]
    assert 'value="100,01"' in answer.content.decode()
    assert not Adjustment.objects.exists()


def test_a_debt_is_written_off_and_restored(client, accountant, account):
    make_charge(account, "100.00")
    do(client, account, "write-off", service_id=main_service(account).id, amount_rub="100", reason="Решение суда")
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal("100.00")
    write_off = approved(Proposal.objects.get())
    assert ledger.balance_rub(account.supplier_id, account.id) == 0
    assert "Восстановить долг" in text_of(client.get(address(account)))

    do(client, account, "restore", write_off.id, reason="Суд отменил решение")

    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal("100.00")
    assert "отменено" in text_of(client.get(address(account)))


def test_an_opening_balance_on_a_day_to_come_is_refused_beside_the_day(client, accountant, account):
    typed = {"service_id": main_service(account).id, "amount_rub": "10", "on": "2026-12-01", "reason": "Ведомость"}

    answer = do(client, account, "opening-balance", **typed)

    assert list(answer.context["form"].errors) == ["on"]


def test_a_correction_says_its_price_first_and_is_made_on_demand(client, accountant, account):
    make_accrual_policy(account.supplier)
    tariff = make_tariff(account.supplier, "10")
    meter = make_meter(account, value="1000", on="2026-09-25")
    reading = make_reading(meter, "1005", on="2026-10-25")
    accrue(account)
    tariff.price_rub_per_m3 = Decimal(8)
    tariff.save()

    page = ask(client, account, "correct", for_period="2026-10", reason="Новая цена")

    assert "За октябрь 2026 вернём 10,00 ₽" in text_of(page)
    assert Charge.objects.filter(reading=reading).count() == 1

    do(client, account, "correct", for_period="2026-10", reason="Новая цена")

    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal("40.00")


def test_a_month_that_was_charged_elsewhere_is_refused_beside_the_month(client, accountant, account):
    answer = ask(client, account, "correct", for_period="2026-10", reason="Проверка")

    assert list(answer.context["form"].errors) == ["for_period"]


def test_a_month_whose_price_is_missing_is_refused_with_the_day(client, accountant, account):
    make_accrual_policy(account.supplier)
    make_reading(make_meter(account, value="1000", on="2026-09-25"), "1005", on="2026-10-25")

    answer = ask(client, account, "correct", for_period="2026-10", reason="Проверка")

    assert answer.status_code == 422
    assert "не хватает цены, норматива или коэффициента" in text_of(answer)


def test_where_nothing_would_change_it_says_so(client, accountant, account):
    make_accrual_policy(account.supplier)
    make_tariff(account.supplier, "10")
    make_reading(make_meter(account, value="1000", on="2026-09-25"), "1005", on="2026-10-25")
    accrue(account)

    page = ask(client, account, "correct", for_period="2026-10", reason="Проверка")

    assert "менять нечего" in text_of(page)


def test_of_a_reading_that_came_late_it_says_that_the_next_accrual_takes_it(client, accountant, account):
    make_accrual_policy(account.supplier)
    make_tariff(account.supplier, "10")
    meter = make_meter(account, value="1000", on="2026-09-25")
    make_reading(meter, "1005", on="2026-10-25")
    accrue(account)
    make_reading(meter, "1007", on="2026-10-31")

    page = text_of(ask(client, account, "correct", for_period="2026-10", reason="Показание"))

    assert "За октябрь 2026 пересчитывать пока нечего: показание учтёт следующее начисление." in page
    assert "Показание от 31.10.2026 ещё не начислено: его учтёт следующее начисление" in page
    assert "посчитано верно" not in page


def accrue(account):
    accrue_month(
        supplier_id=account.supplier_id, account_id=account.id, period=Month(2026, 10), now=at("2026-11-02 09:00")
    )


# --- Meters -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def meter(account):
    return make_meter(account, value="1000", on="2026-10-25", verification_due_on=dt.date(2030, 1, 1))


def test_meters_with_their_readings_and_outages_are_shown(client, accountant, account, meter):
    make_outage(meter, "seal_damaged", "2026-11-01")

    words = text_of(client.get(address(account, "account_meters")))

    assert f"Счётчик № {meter.serial_number}" in words
    assert "не учитывается" in words
    assert "Повреждена пломба с 01.11.2026" in words
    assert "01 000" in words


def meter_scale(meter):
    return MeterScale.objects.get(meter=meter)


def test_staff_write_down_a_reading_of_any_day(client, accountant, account, meter):
    scale = meter_scale(meter)

    do(client, account, "reading", meter.id, scale_id=scale.id, value_m3="1010", taken_on="2026-11-20")

    reading = Reading.objects.get(source="operator")
    assert (reading.value_m3, reading.volume_m3, reading.author) == (1010, 10, accountant)
    page = text_of(client.get(address(account, "account_meters")))
    assert f"Кто и когда Показание внесено сотрудником 22.11.2026, 12:00 · {accountant.email}" in page


def test_much_more_than_usual_is_asked_about_and_counts_when_it_is_certain(client, accountant, account, meter):
    make_reading(meter, "1010", on="2026-11-10")
    typed = {"scale_id": meter_scale(meter).id, "value_m3": "1500", "taken_on": "2026-11-20"}
    assert "Число верное" not in text_of(client.get(address(account, "account_act_on", "reading", meter.id)))

    answer = do(client, account, "reading", meter.id, **typed)

    assert list(answer.context["form"].errors) == ["value_m3"]
    assert "Число верное, расход действительно такой" in text_of(answer)

    do(client, account, "reading", meter.id, is_certain="on", **typed)
    assert Reading.objects.filter(value_m3=1500, status="accepted").exists()


def test_a_doubtful_reading_is_decided_about(client, accountant, account, meter):
    reading = make_reading(meter, "5000", on="2026-11-20", status="questionable")
    assert "Решить" in text_of(client.get(address(account, "account_meters")))

    refused = do(client, account, "review", reading.id, decision="reject", reason="")
    do(client, account, "review", reading.id, decision="reject", reason="Лишняя цифра")

    assert list(refused.context["form"].errors) == ["reason"]
    reading.refresh_from_db()
    assert (reading.status, reading.review_note) == ("rejected", "Лишняя цифра")


def test_a_wrong_reading_is_withdrawn_while_nothing_is_charged_by_it(client, accountant, account, meter):
    opening = Reading.objects.get(meter=meter)
    wrong = make_reading(meter, "1500", on="2026-11-20")
    link = address(account, "account_act_on", "reading-withdraw", wrong.id)
    page = client.get(address(account, "account_meters")).content.decode()
    assert link in page
    assert address(account, "account_act_on", "reading-withdraw", opening.id) not in page

    refused = do(client, account, "reading-withdraw", wrong.id, reason="")
    do(client, account, "reading-withdraw", wrong.id, reason="Лишняя цифра")

    assert list(refused.context["form"].errors) == ["reason"]
    wrong.refresh_from_db()
    assert (wrong.status, wrong.review_note) == ("rejected", "Лишняя цифра")
    assert link not in client.get(address(account, "account_meters")).content.decode()


NEW_METER = {"serial_number": "NEW-1", "digits": "5", "opening_t1": "00001", "verification_due_on": "2036-11-20"}


def test_a_meter_is_replaced_after_it_was_said_which_by_which(client, accountant, account, meter):
    typed = {"replaced_on": "2026-11-20", "closing_t1": "1010", **NEW_METER}

    page = ask(client, account, "replace", meter.id, **typed)
    do(client, account, "replace", meter.id, **typed)

    assert f"Снимем счётчик № {meter.serial_number}: последний день 20.11.2026. Дальше считает № NEW-1." in text_of(
        page
    )
    meter.refresh_from_db()
    assert meter.removed_on == dt.date(2026, 11, 20)
    assert Meter.objects.get(serial_number="NEW-1").digits == 5


def test_a_closing_reading_below_the_last_one_is_refused_beside_it(client, accountant, account, meter):
    answer = do(client, account, "replace", meter.id, replaced_on="2026-11-20", closing_t1="900", **NEW_METER)

    assert list(answer.context["form"].errors) == ["closing_t1"]
    assert not Meter.objects.filter(serial_number="NEW-1").exists()


def test_a_meter_is_installed(client, accountant, account):
    do(client, account, "install", installed_on="2026-11-20", **NEW_METER)

    assert Meter.objects.get().installed_on == dt.date(2026, 11, 20)


def test_a_meter_is_removed_for_good(client, accountant, account, meter):
    do(client, account, "remove", meter.id, removed_on="2026-11-20", closing_t1="1010")

    meter.refresh_from_db()
    assert meter.removed_on == dt.date(2026, 11, 20)


def test_a_verification_is_written_down(client, accountant, account, meter):
    do(client, account, "verify", meter.id, verified_on="2026-11-20", due_on="2036-11-20", document="Свидетельство 1")

    meter.refresh_from_db()
    assert meter.verification_due_on == dt.date(2036, 11, 20)


def test_an_outage_is_noted_and_ended(client, accountant, account, meter):
    do(client, account, "outage", meter.id, reason="seal_damaged", since="2026-11-01", document="Акт 1")
    outage = MeterOutage.objects.get()

    do(client, account, "outage-end", outage.id, ended_on="2026-11-20", opening_t1="1010")

    outage.refresh_from_db()
    assert outage.valid_until == dt.date(2026, 11, 21)


def test_the_end_of_an_outage_before_it_began_is_refused_beside_the_day(client, accountant, account, meter):
    outage = make_outage(meter, "faulty", "2026-11-10")

    answer = do(client, account, "outage-end", outage.id, ended_on="2026-11-09", opening_t1="1010")

    assert list(answer.context["form"].errors) == ["ended_on"]


def test_an_account_is_closed_with_what_its_meter_showed(client, accountant, account, meter):
    missing = do(client, account, "close", last_day="2026-11-20")
    do(client, account, "close", **{"last_day": "2026-11-20", f"closing_{meter.id}_t1": "1010"})

    assert list(missing.context["form"].errors) == [f"closing_{meter.id}_t1"]
    assert Account.objects.get(id=account.id).closed_on == dt.date(2026, 11, 21)
    assert "закрыт, последний день 20.11.2026" in text_of(client.get(address(account)))


def test_what_the_gas_goes_on_is_written_and_shown(client, accountant, account):
    make_usage_purpose(account.supplier, "cooking", "Приготовление пищи")
    before = text_of(client.get(address(account)))
    do(client, account, "usage", usage_purpose_code="cooking", region_code="47")

    assert "Газ идёт на не указано" in before
    assert "Газ идёт на Приготовление пищи" in text_of(client.get(address(account)))
    assert Account.objects.values_list("region_code", flat=True).get(id=account.id) == "47"


def test_a_region_is_written_as_norms_write_it(client, accountant, account):
    answer = do(client, account, "usage", region_code="сорок семь")

    assert list(answer.context["form"].errors) == ["region_code"]


# --- People -----------------------------------------------------------------------------------------------------------


def test_residents_are_written_from_a_day_on(client, accountant, account):
    do(client, account, "residents", since="2026-11-01", residents_count="5", area_m2="54,5", document="Справка")

    assert Residence.objects.get(valid_from="2026-11-01").area_m2 == Decimal("54.50")
    assert "5 человек" in text_of(client.get(address(account, "account_people")))


def test_an_absence_is_typed_by_its_last_day(client, accountant, account):
    typed = {"since": "2026-11-01", "until": "2026-11-14", "residents_count": "1", "document": "Билеты"}

    do(client, account, "absence", **typed)

    assert Absence.objects.get().valid_until == dt.date(2026, 11, 15)
    assert "с 01.11.2026 по 14.11.2026" in text_of(client.get(address(account, "account_people")))


def test_an_absence_is_withdrawn_after_a_look_at_what_it_says(client, accountant, account):
    typed = {"since": "2026-11-01", "until": "2026-11-14", "residents_count": "1", "document": "Билеты"}
    do(client, account, "absence", **typed)
    mistaken = Absence.objects.get()
    page = address(account, "account_act_on", "absence-withdraw", mistaken.id)

    assert page in client.get(address(account, "account_people")).content.decode()
    words = text_of(client.get(page))
    for shown in ("Первый день отсутствия 01.11.2026", "Последний день отсутствия 14.11.2026", "Билеты"):
        assert shown in words
    assert "Месяцы, которые уже начислены, сами не изменятся" in words
    assert Absence.objects.exists()

    withdrawn = client.post(page, follow=True)

    assert "Запись об отсутствии отменена." in text_of(withdrawn)
    assert "Никто не отсутствовал." in text_of(withdrawn)
    assert client.post(page).status_code == 404


def test_an_absence_is_not_withdrawn_by_those_who_do_not_keep_accounts(client, accountant, account):
    typed = {"since": "2026-11-01", "until": "2026-11-14", "residents_count": "1", "document": "Билеты"}
    do(client, account, "absence", **typed)
    page = address(account, "account_act_on", "absence-withdraw", Absence.objects.get().id)
    client.force_login(make_member("manager", account.supplier))

    assert client.post(page).status_code == 403
    assert page not in client.get(address(account, "account_people")).content.decode()
    assert Absence.objects.exists()


def test_more_away_than_live_there_is_refused_beside_the_number(client, accountant, account):
    typed = {"since": "2026-11-01", "until": "2026-11-14", "residents_count": "5", "document": "Билеты"}

    answer = do(client, account, "absence", **typed)

    assert list(answer.context["form"].errors) == ["residents_count"]


def test_a_benefit_is_given_and_ended(client, accountant, account):
    benefit = make_benefit(account.supplier)
    do(client, account, "benefit", benefit_id=benefit.id, valid_from="2026-11-01", document="Удостоверение")
    given = BenefitGrant.objects.get()

    do(client, account, "benefit-end", given.id, valid_until="2026-11-30")

    given.refresh_from_db()
    assert given.valid_until == dt.date(2026, 12, 1)


def test_a_fee_is_set_and_ended(client, accountant, account):
    typed = {
        "service_id": main_service(account).id,
        "monthly_rub": "250",
        "valid_from": "2026-11-01",
        "source": "Договор",
    }
    do(client, account, "fee", **typed)
    fee = MonthlyFee.objects.get()
    assert "250,00 ₽" in text_of(client.get(address(account, "account_people")))

    do(client, account, "fee-end", fee.id, valid_until="2026-11-30")

    fee.refresh_from_db()
    assert fee.valid_until == dt.date(2026, 12, 1)
