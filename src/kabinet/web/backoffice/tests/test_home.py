"""The first page of the office."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import AccrualRun, Figure
from kabinet.charges.tests.factories import make_charge
from kabinet.charges.usecases.count_figures import count_figures
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.payments.models import ReconciliationDay, SuspendedSum
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop
from kabinet.people.models import StaffRole
from kabinet.people.rules import rights
from kabinet.people.usecases.invite_staff import invite_staff
from kabinet.suppliers.tests.factories import make_bank_details, make_supplier
from kabinet.suppliers.usecases.ask_bank_details_change import ask_bank_details_change
from kabinet.support.tests.factories import make_question
from kabinet.tariffs.models import TermsProposal
from kabinet.web.backoffice.access import SECTIONS
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.backoffice.views.home import share_words
from kabinet.web.cabinet.tests.screens import shown_on, text_of
from kabinet.web.ui import formats

pytestmark = pytest.mark.django_db
HOME = reverse("office:home")


def open_home(client, member):
    client.force_login(member)
    with shown_on("2026-11-22"):
        return text_of(client.get(HOME))


@pytest.fixture
def payment():
    """Money of a supplier that is set up and has charged before."""
    account = settled(make_account())
    return make_payment(account, make_payer(), "300.00", state="paid", paid_at=at("2026-11-22 10:00"))


def settled(account):
    """Have an account's supplier set up: nothing is missing there."""
    make_bank_details(account.supplier)
    make_shop(account.supplier)
    AccrualRun.objects.create(supplier=account.supplier, period=Month(2026, 9), asked_at=NOW, state="released")
    return account


def suspend(payment, amount="50.00", decided="0.00"):
    SuspendedSum.objects.create(
        supplier_id=payment.supplier_id,
        shop=payment.shop,
        gateway_payment_id="foreign",
        reason="foreign",
        amount_rub=Decimal(amount),
        decided_rub=Decimal(decided),
        came_on=NOW.date(),
        created_at=NOW,
    )


def test_money_of_today_and_of_the_last_days_is_summed(client, payment):
    make_payment(payment.shares.get().account, make_payer(), "70.00", state="paid", paid_at=at("2026-11-21 23:30"))
    make_payment(payment.shares.get().account, make_payer(), "9.00", state="paid", paid_at=at("2026-10-23 00:30"))

    words = open_home(client, make_member("accountant", payment.supplier))

    assert "300,00 ₽ 1 оплаченный платёж" in words.replace("300 ,00", "300,00")
    assert "Вчера 70,00 ₽" in words
    assert "За 30 дней 370,00 ₽" in words


def test_when_nothing_waits_it_says_so(client, payment):
    assert "Всё разобрано" in open_home(client, make_member("accountant", payment.supplier))


def test_what_waits_for_an_accountant_is_named_with_its_sum(client, payment):
    suspend(payment, "50.00", decided="20.00")
    ReconciliationDay.objects.create(supplier_id=payment.supplier_id, shop=payment.shop, day="2026-11-20")

    words = open_home(client, make_member("accountant", payment.supplier))

    assert "Невыясненные суммы: 1 30,00 ₽ пришли" in words
    assert "Не сверены дни: 1 самый давний — 20 ноября" in words


def test_an_accrual_that_waits_for_the_second_person_is_named(client, payment):
    run = {"supplier_id": payment.supplier_id, "period": Month(2026, 10), "asked_at": NOW, "state": "ready"}
    first = make_member("accountant", payment.supplier)
    AccrualRun.objects.create(**run, asked_by=first)

    assert "Посчитано. Провести должен другой сотрудник" in open_home(client, first)
    assert "Посчитано и ждёт, чтобы Вы проверили и провели" in open_home(
        client, make_member("accountant", payment.supplier)
    )


def test_an_accrual_of_the_night_waits_for_whoever_checks_it(client, payment):
    AccrualRun.objects.create(supplier_id=payment.supplier_id, period=Month(2026, 10), asked_at=NOW, state="ready")

    words = open_home(client, make_member("accountant", payment.supplier))

    assert "Начисление за октябрь 2026 Посчитано ночью: проверьте, а проведёт другой сотрудник" in words


def test_today_is_not_a_day_that_waits(client, payment):
    ReconciliationDay.objects.create(supplier_id=payment.supplier_id, shop=payment.shop, day="2026-11-22")

    assert "Всё разобрано" in open_home(client, make_member("accountant", payment.supplier))


def test_support_is_not_asked_to_decide(client, payment):
    suspend(payment)

    assert "Всё разобрано" in open_home(client, make_member("support", payment.supplier))


def test_a_shop_that_is_refused_is_said_on_top(client, payment):
    payment.shop.refused_at, payment.shop.refusal = NOW, "invalid_credentials"
    payment.shop.save()

    assert "«invalid_credentials»" in open_home(client, make_member("accountant", payment.supplier))


def test_another_suppliers_money_and_matters_are_not_here(client, payment):
    suspend(payment)

    words = open_home(client, make_member("accountant", settled(make_account()).supplier))

    assert "Всё разобрано" in words
    assert "300" not in words


@pytest.mark.parametrize(
    ("role", "theirs", "not_theirs"),
    [
        ("accountant", {"home", "refunds", "days", "payouts", "accruals", "tariffs"}, {"health"}),
        ("support", {"home", "payments", "suspense", "tariffs", "readings"}, {"days", "accruals", "staff"}),
        ("operator", {"home", "payments", "health"}, {"accruals", "tariffs", "readings"}),
        ("manager", {"home", "payments", "tariffs", "questions", "staff"}, {"days", "accruals"}),
        ("helpdesk", {"home", "payments", "questions"}, {"tariffs", "staff"}),
    ],
)
def test_the_column_shows_what_is_the_work_of_a_role(client, payment, role, theirs, not_theirs):
    client.force_login(make_member(role, None if role in rights.OF_INSTALLATION else payment.supplier))

    shown = set(re.findall(r'class="section-link" href="([^"]+)"', client.get(HOME).content.decode()))

    assert {reverse(f"office:{key}") for key in theirs} <= shown
    assert not {reverse(f"office:{key}") for key in not_theirs} & shown


def test_sections_stand_under_the_words_of_their_groups_and_the_present_one_is_marked(client, payment):
    client.force_login(make_member("accountant", payment.supplier))

    page = client.get(reverse("office:payments"))

    assert "Деньги Платежи Невыясненные Возвраты Сверка Выплаты" in text_of(page)
    [current] = re.findall(r'class="section-link" href="([^"]+)" aria-current="page"', page.content.decode())
    assert current == reverse("office:payments")


def test_every_section_leads_somewhere_and_stands_in_a_group():
    for section in SECTIONS:
        assert reverse(section.url_name)
        assert section.group or section.key == "home", f"{section.key} stands in no group"


def test_debts_and_readings_are_drawn_as_the_worker_has_counted_them(client, payment):
    account = payment.shares.get().account
    make_charge(account, "1234.50", period="2026-08")
    make_reading(make_meter(account), "1240", on="2026-11-21")
    count_figures(supplier_id=payment.supplier_id, now=NOW)

    words = open_home(client, make_member("accountant", payment.supplier))

    assert "1 234,50 ₽ должен 1 счёт" in words.replace("\xa0", " ")
    assert "от 2 до 3 месяцев 1 234,5" in words.replace("\xa0", " ")
    assert "Передали 1 из 1 — 100 %" in words
    assert "посчитано 22 ноября, 12:00" in words.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("count", "percent", "said"),
    [(0, 0, "0 %"), (1, 0, "меньше 1 %"), (1, 1, "1 %"), (554, 99, "99 %"), (555, 100, "100 %")],
)
def test_what_came_at_all_is_never_nothing_in_percent(count, percent, said):
    assert share_words(count, percent).replace(formats.SPACE, " ") == said


def test_few_readings_of_many_are_less_than_a_percent(client, payment):
    account = payment.shares.get().account
    make_reading(make_meter(account), "1240", on="2026-11-21")
    count_figures(supplier_id=payment.supplier_id, now=NOW)
    Figure.objects.filter(kind=Figure.Kind.SCALES).update(count=101)

    assert "Передали 1 из 101 — меньше 1 %. В прошлый раз к этому дню — 0 %" in open_home(
        client, make_member("support", payment.supplier)
    )


def test_before_the_first_counting_it_says_so_and_draws_nothing(client, payment):
    assert "Ещё считаем" in open_home(client, make_member("support", payment.supplier))


def test_who_sees_no_customers_sees_no_debts(client, payment):
    count_figures(supplier_id=payment.supplier_id, now=NOW)

    words = open_home(client, make_member("operator"))

    assert "Долги" not in words
    assert "Поступления за 30 дней" in words


def test_readings_that_wait_for_a_check_are_named(client, payment):
    meter = make_meter(payment.shares.get().account)
    make_reading(meter, "9000", on="2026-11-21", status="questionable")

    assert "Показания на проверке: 1" in open_home(client, make_member("support", payment.supplier))
    assert "на проверке" not in open_home(client, make_member("manager", payment.supplier))


def test_questions_without_an_answer_are_named_with_those_that_are_late(client, payment):
    make_question(make_payer(), account=payment.shares.get().account, supplier=payment.supplier)

    assert "Обращения без ответа: 1" in open_home(client, make_member("support", payment.supplier))


def test_a_change_of_bank_details_waits_for_the_second_person_alone(client, payment):
    first, second = (make_member("accountant", payment.supplier) for _ in range(2))
    ask_bank_details_change(
        supplier_id=payment.supplier_id,
        replaced_id=None,
        channel="bank",
        bank_name="Северо-Западный банк",
        bic="044030653",
        account_number="40702810655230178256",
        correspondent_account="30101810500000000653",
        actor=first,
        now=NOW,
    )

    assert "Смена банковских реквизитов" in open_home(client, second)
    assert "Смена банковских реквизитов" not in open_home(client, first)
    assert "Смена банковских реквизитов" not in open_home(client, make_member("accountant", make_supplier()))


def test_an_invitation_waits_for_the_second_manager_alone(client, payment):
    first, second = (make_member("manager", payment.supplier) for _ in range(2))
    invite_staff(
        email="novikova@example.ru",
        role="accountant",
        supplier_id=payment.supplier_id,
        language="ru",
        actor=first,
        now=NOW,
    )

    assert "Приглашения на подтверждение: 1" in open_home(client, second)
    assert "Приглашения" not in open_home(client, first)


def test_the_page_costs_a_fixed_number_of_queries(client, payment, django_assert_num_queries):
    client.force_login(make_member("accountant", payment.supplier))
    count_figures(supplier_id=payment.supplier_id, now=NOW)
    with django_assert_num_queries(31):
        client.get(HOME)


def test_staff_without_accounts_of_their_own_land_here_after_signing_in(client, payment):
    client.force_login(make_member("support", payment.supplier))

    assert client.get(reverse("cabinet:home")).headers["location"] == HOME


def test_in_the_cabinet_staff_find_the_way_back_and_customers_do_not(client, payment):
    for member, is_shown in ((make_member("support", payment.supplier), True), (make_payer(), False)):
        client.force_login(member)
        assert ("Служебный раздел" in text_of(client.get(reverse("cabinet:settings")))) is is_shown


def propose_terms(supplier):
    values = {"source": "Приказ № 15"}
    return TermsProposal.objects.create(
        supplier=supplier, kind="price", values=values, asked_by=make_member("accountant", supplier), asked_at=NOW
    )


def test_prices_that_wait_lead_to_the_page_of_each_supplier(client):
    first, second = make_supplier(name="Межрегионгаз Калуга"), make_supplier(name="Газпром Тула")
    member = make_member("manager", first)
    StaffRole.objects.create(user=member, supplier=second, role="manager")
    propose_terms(first)
    propose_terms(second)
    propose_terms(second)

    client.force_login(member)
    with shown_on("2026-11-22"):
        page = client.get(HOME)

    assert "Цены и нормативы на подтверждение: 1 Межрегионгаз Калуга: пока их не подтвердят" in text_of(page)
    assert "Цены и нормативы на подтверждение: 2 Газпром Тула: пока их не подтвердят" in text_of(page)
    links = [reverse("office:tariff_proposals", args=[supplier.id]) for supplier in (first, second)]
    assert all(link in page.content.decode() for link in links)


def test_prices_of_the_only_supplier_need_no_name(client):
    supplier = make_supplier(name="Межрегионгаз Калуга")
    propose_terms(supplier)

    words = open_home(client, make_member("manager", supplier))

    assert "Цены и нормативы на подтверждение: 1 Пока их не подтвердят, начисляем по прежнему" in words
