"""Accrual in the office: two people, a report, what looks odd, and one account anew."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import AccrualRun, Charge
from kabinet.charges.tests.factories import make_accrual_policy
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.meters.models import Meter
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.outbox.testing import run_jobs
from kabinet.suppliers.tests.factories import make_service, make_supplier
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.tests.factories import make_tariff
from kabinet.tariffs.usecases.set_monthly_fee import set_monthly_fee
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)
MORNING = at("2026-11-02 05:10")


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-02"):
        yield


@pytest.fixture
def supplier():
    supplier = make_supplier()
    make_tariff(supplier, "10", set_at=at("2026-01-01 09:00"))
    make_accrual_policy(supplier)
    return supplier


@pytest.fixture
def read(supplier):
    """An account that used 5 m³ in October."""
    account = make_account(supplier, number="702062012")
    meter = make_meter(account, value="1000", on="2026-09-25")
    make_reading(meter, "1005", on="2026-10-25")
    return account


@pytest.fixture
def first(client, supplier):
    member = make_member("accountant", supplier, given_name="Вера", surname="Орлова")
    client.force_login(member)
    return member


def make_run(supplier, *, actor=None):
    run = start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=actor, now=MORNING)
    run_jobs(only="charges")
    return run


def send(client, name, ids=(), **typed):
    return client.post(reverse(f"office:{name}", args=ids), typed)


def show(client, run, name="accrual", *more):
    return client.get(reverse(f"office:{name}", args=[run.supplier_id, run.id, *more]))


def test_a_month_is_started_and_its_report_waits_for_the_second_person(client, first, read):
    answer = send(client, "accrual_start", supplier_id=read.supplier_id, period="2026-10")
    run_jobs(only="charges")

    run = AccrualRun.objects.get()
    assert answer.headers["location"] == reverse("office:accrual", args=[run.supplier_id, run.id])
    page = text_of(show(client, run))
    assert "Начисление за октябрь 2026" in page
    assert "50,00 ₽ по 1 лицевому счёту" in page.replace("50 ,00", "50,00")
    assert "Провести должен другой сотрудник" in page
    assert "Провести начисления" not in page
    assert not Charge.objects.exists()


def test_the_second_person_releases_it(client, first, read):
    run = make_run(read.supplier, actor=first)
    client.force_login(make_member("accountant", read.supplier))

    assert "Провести начисления" in text_of(show(client, run))
    send(client, "accrual_release", [run.supplier_id, run.id])
    run_jobs(only="charges")

    assert Charge.objects.get().amount_rub == Decimal("50.00")
    assert "проведено" in text_of(show(client, run))


def test_what_the_night_computed_one_checks_and_another_releases(client, first, read):
    run = make_run(read.supplier)
    nobodys = text_of(show(client, run))
    refused = send(client, "accrual_release", [run.supplier_id, run.id])

    send(client, "accrual_checked", [run.supplier_id, run.id])
    own = text_of(show(client, run))
    client.force_login(make_member("accountant", read.supplier))
    others = text_of(show(client, run))

    assert "Это начисление посчитано ночью" in nobodys
    assert "Провести начисления" not in nobodys
    assert "посчитано без человека" in text_of(refused)
    assert "За это начисление отвечаете Вы" in own
    assert "Вера Орлова" in others
    assert "Провести начисления" in others


def test_who_started_it_is_refused_in_words(client, first, read):
    run = make_run(read.supplier, actor=first)

    answer = send(client, "accrual_release", [run.supplier_id, run.id])

    assert answer.status_code == 422
    assert "Это начисление начали или проверили Вы" in text_of(answer)
    assert not Charge.objects.exists()


def test_a_month_that_is_not_over_is_refused_beside_its_field(client, first, read):
    with shown_on("2026-10-31"):
        answer = send(client, "accrual_start", supplier_id=read.supplier_id, period="2026-10")

    assert "period" in answer.context["form"].errors
    assert not AccrualRun.objects.exists()


def test_after_a_price_has_changed_it_says_so_and_can_be_computed_again(client, first, read):
    run = make_run(read.supplier)
    Tariff.objects.update(price_rub_per_m3=Decimal(11))

    assert "Расчёт устарел" in text_of(show(client, run))
    assert "изменились цены" in text_of(send(client, "accrual_release", [run.supplier_id, run.id]))
    send(client, "accrual_again", [run.supplier_id, run.id])
    run_jobs(only="charges")

    run.refresh_from_db()
    assert (run.state, run.asked_by) == ("ready", first)


def test_after_accounts_have_come_it_says_so_and_can_be_computed_again(client, first, read):
    run = make_run(read.supplier)
    late = make_account(read.supplier, number="702062013")

    page = text_of(show(client, run))
    released = text_of(send(client, "accrual_release", [run.supplier_id, run.id]))
    alone = send(client, "accrual_rerun", [run.supplier_id, run.id], number=late.number)
    send(client, "accrual_again", [run.supplier_id, run.id])
    run_jobs(only="charges")

    assert "Расчёт устарел. После него появился 1 лицевой счёт, которого в нём нет." in page
    assert "Проверено" not in page
    assert "После расчёта появились лицевые счета, которых в нём нет: 1." in released
    assert alone.status_code == 422
    assert "появился после расчёта" in str(alone.context["rerun_form"].errors["number"])
    again = text_of(show(client, run))
    assert "Расчёт устарел" not in again
    assert "по 2 лицевым счетам" in again


def test_accounts_of_which_something_changed_after_it_are_named_until_they_are_computed_anew(
    client, supplier, read, first
):
    run = make_run(supplier)
    assert "После расчёта у этих счетов" not in text_of(show(client, run))

    set_monthly_fee(
        supplier_id=supplier.id,
        account_id=read.id,
        service_id=make_service(supplier, "maintenance").id,
        monthly_rub=Decimal(20),
        valid_from=dt.date(2026, 10, 1),
        valid_until=None,
        source="Договор № 1",
        actor=first,
        now=MORNING + dt.timedelta(minutes=1),
    )

    words = "После расчёта у этих счетов изменились жильцы, счётчики, льготы или плата. 702 062 012"
    assert words in text_of(show(client, run))
    send(client, "accrual_rerun", [run.supplier_id, run.id], number=read.number)
    assert words not in text_of(show(client, run))


def test_whoever_checked_it_is_named_beside_when_it_was_begun(client, first, read):
    run = make_run(read.supplier)
    assert "Начал или проверил ночное задание" in text_of(show(client, run))

    send(client, "accrual_checked", [run.supplier_id, run.id])

    page = text_of(show(client, run))
    assert "Начал или проверил Вера Орлова Посчитано" in page  # and not at the moment at which the night began
    assert "Расчёт начат 02.11.2026, 05:10" in page


def test_a_correction_that_changes_nobodys_sum_says_so_and_what_to_do(client, first, read):
    run = make_run(read.supplier, actor=make_member("accountant", read.supplier))
    send(client, "accrual_release", [run.supplier_id, run.id])
    run_jobs(only="charges")
    assert "решает человек" not in text_of(show(client, run))

    asked = {"supplier_id": read.supplier_id, "for_period": "2026-10", "reason": "Проверка цены"}
    send(client, "accrual_correct", **asked)
    run_jobs(only="charges")

    page = text_of(show(client, AccrualRun.objects.get(kind="correction")))
    assert "Разницы нет" in page
    assert "Отмените этот перерасчёт, чтобы начать другое начисление." in page


def test_a_run_that_waits_is_cancelled(client, first, read):
    run = make_run(read.supplier)

    send(client, "accrual_cancel", [run.supplier_id, run.id])

    run.refresh_from_db()
    assert run.state == "cancelled"
    assert "Решение" not in text_of(show(client, run))


def test_while_it_is_computed_the_page_asks_again_by_itself_and_by_a_link(client, first, read):
    run = start_accrual(supplier_id=read.supplier_id, period=OCTOBER, actor=first, now=MORNING)

    page = show(client, run)

    assert "Готово счетов: 0 из 1" in text_of(page)
    assert "Обновить" in text_of(page)
    assert 'hx-trigger="load delay:2s"' in page.content.decode()


def test_what_looks_odd_is_counted_and_listed_with_what_is_usual(client, first, supplier):
    account = make_account(supplier, number="702062013")
    meter = make_meter(account, value="1000", on="2026-08-26")
    make_reading(meter, "1010", on="2026-09-25")
    make_reading(meter, "1510", on="2026-10-25")
    run = make_run(supplier)

    assert "Намного больше обычного 1 счёт" in text_of(show(client, run))
    page = show(client, run, "accrual_oddities", "much_more")
    assert "702 062 013" in text_of(page)
    assert "Обычно: 10 м³" in text_of(page)
    assert "Сейчас: 500 м³" in text_of(page)
    assert reverse("office:account", args=[supplier.id, account.id]) in page.content.decode()


def test_a_kind_of_oddity_that_the_run_does_not_have_is_not_there(client, first, read):
    assert show(client, make_run(read.supplier), "accrual_oddities", "no_tariff").status_code == 404


def test_one_account_is_computed_again(client, first, read):
    run = make_run(read.supplier)
    make_reading(Meter.objects.get(account=read), "1007", on="2026-10-28")

    answer = client.post(
        reverse("office:accrual_rerun", args=[run.supplier_id, run.id]), {"number": "702 062 012"}, follow=True
    )

    assert "Счёт 702 062 012 пересчитан" in text_of(answer)
    assert "70,00 ₽" in text_of(answer).replace("70 ,00", "70,00")


def test_an_account_of_the_run_that_is_not_there_is_refused_beside_its_field(client, first, read):
    run = make_run(read.supplier)

    answer = send(client, "accrual_rerun", [run.supplier_id, run.id], number="999")

    assert answer.status_code == 422
    assert "number" in answer.context["rerun_form"].errors


def test_the_list_names_both_people_and_the_sum(client, first, read):
    make_run(read.supplier, actor=first)

    page = text_of(client.get(reverse("office:accruals")))

    assert "октябрь 2026 посчитано, ждёт проверки Вера Орлова — 1 1 50,00 ₽" in page


def test_a_supplier_that_charges_elsewhere_has_nothing_to_start(client):
    supplier = make_supplier(billing="external")
    client.force_login(make_member("accountant", supplier))

    page = text_of(client.get(reverse("office:accruals")))

    assert "Ваш поставщик начисляет в своей программе" in page
    assert "Начислить за месяц" not in page


def test_the_list_costs_a_fixed_number_of_queries(client, first, read, django_assert_num_queries):
    make_run(read.supplier)
    client.get(reverse("office:accruals"))

    with django_assert_num_queries(9):
        client.get(reverse("office:accruals"))
