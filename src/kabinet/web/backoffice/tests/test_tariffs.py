"""Tariffs as staff see and set them."""

import datetime as dt
import html
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import AccrualPolicy, Charge
from kabinet.charges.tests.factories import make_accrual_policy, make_charge
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.people.models import StaffRole
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_supplier, make_usage_purpose
from kabinet.tariffs.formats.price_order import HEADINGS
from kabinet.tariffs.models import Benefit, Norm, Tariff, TermsProposal, VolumeFactor
from kabinet.tariffs.tests.factories import (
    grant,
    make_benefit,
    make_norm,
    make_penalty_law,
    make_tariff,
    make_vat_rate,
    make_volume_factor,
)
from kabinet.tariffs.usecases.approve_terms import approve_terms
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def supplier():
    supplier = make_supplier()
    make_usage_purpose(supplier, "cooking", name="Приготовление пищи")
    return supplier


@pytest.fixture
def accountant(client, supplier):
    member = make_member("accountant", supplier)
    client.force_login(member)
    return member


def address(name, supplier, *more):
    return reverse(f"office:{name}", args=[supplier.id, *more])


def price(supplier, **values):
    return {
        "service_id": str(Service.objects.get(supplier=supplier, is_main=True).id),
        "usage_purpose_code": "cooking",
        "printed_price": "9 624,00",
        "printed_unit": "1000m3",
        "valid_from": "2026-12-01",
        "source": "Приказ № 15",
    } | values


def norm(**values):
    return {
        "usage_purpose_code": "cooking",
        "unit": "person",
        "printed_value": "120",
        "printed_period": "year",
        "valid_from": "2026-12-01",
        "source": "Приказ о нормативах",
    } | values


def months(*values):
    return {f"profile_{place}": value for place, value in enumerate(values)}


def order(*lines, encoding="utf-8-sig"):
    content = "\n".join([";".join(HEADINGS), *lines]).replace("³", "3")
    return SimpleUploadedFile("prices.csv", content.encode(encoding))


def approve_all(supplier):
    """Have another accountant approve what waits."""
    for proposal in TermsProposal.objects.filter(supplier=supplier, state="waiting").order_by("id"):
        second = make_member("accountant", supplier)
        approve_terms(supplier_id=supplier.id, proposal_id=proposal.id, actor=second, now=NOW)


def hidden(answer):
    """Give what the page sends again when its button is pressed."""
    tags = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode())
    return {name: html.unescape(value) for name, value in tags if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize(
    ("tab", "is_told"),
    [("tariff_prices", True), ("tariff_law", True), ("tariff_norms", False), ("tariff_benefits", False)],
)
def test_what_ends_soon_is_said_where_people_arrive_and_beside_the_law(client, accountant, supplier, tab, is_told):
    words = text_of(client.get(address(tab, supplier)))

    assert ("Скоро закончится или уже неизвестно" in words) is is_told
    assert ("Календарь рабочих дней — нет данных" in words) is is_told


def test_prices_say_what_holds_today_what_is_coming_and_what_has_ended(client, accountant, supplier):
    make_tariff(supplier, "8.5", since="2025-07-01", until="2026-10-01", source="Приказ № 1")
    make_tariff(supplier, "9.624", since="2026-10-01", until="2027-07-01", source="Приказ № 2")
    make_tariff(supplier, "10.1", since="2027-07-01", source="Приказ № 3")

    words = text_of(client.get(address("tariff_prices", supplier)))

    today, coming, ended = (words.index(title) for title in ("Действуют сегодня", "Начнут действовать", "Закончились"))
    assert today < words.index("9,624 ₽ за м³") < coming < words.index("10,1 ₽ за м³") < ended
    assert ended < words.index("8,5 ₽ за м³")
    assert "01.07.2027 — до следующего" in words


def test_prices_of_a_day_and_of_a_purpose(client, accountant, supplier):
    make_tariff(supplier, "8.5", since="2025-07-01", until="2026-10-01")
    make_tariff(supplier, "9.624", since="2026-10-01")
    make_tariff(supplier, "7.7", since="2025-07-01", usage_purpose_code="heating")

    answer = client.get(address("tariff_prices", supplier), {"day": "2026-09-30", "purpose": "cooking"})

    words = text_of(answer)
    assert "8,5 ₽ за м³" in words
    assert "9,624 ₽" not in words
    assert "7,7 ₽" not in words


def test_what_ends_soon_is_said_above_the_list(client, accountant, supplier):
    make_tariff(supplier, "9.624", since="2026-10-01", until="2027-01-01")
    make_tariff(make_supplier(name="Чужой"), "9.624", since="2026-10-01", until="2026-12-31")

    words = text_of(client.get(address("tariff_prices", supplier)))

    assert "Цена (Газ) — 31 декабря 2026" in words
    assert "30 декабря 2026" not in words


def test_the_number_of_queries_does_not_grow_with_the_list(client, accountant, supplier, django_assert_max_num_queries):
    for year in range(2010, 2026):
        make_tariff(supplier, since=f"{year}-01-01", until=f"{year + 1}-01-01")

    with django_assert_max_num_queries(40):
        client.get(address("tariff_prices", supplier))


def test_a_price_per_thousand_is_shown_per_cubic_metre_before_it_is_kept(client, accountant, supplier):
    answer = client.post(address("tariff_price_set", supplier), price(supplier))

    words = text_of(answer)
    assert "В приказе 9 624 ₽ за 1000 м³" in words
    assert "В пересчёте на 1 м³ 9,624 ₽" in words
    assert "Будет действовать с 1 декабря 2026, пока не задано следующее." in words
    assert not Tariff.objects.exists()

    client.post(address("tariff_price_set", supplier), hidden(answer) | {"confirmed": "1"})
    assert not Tariff.objects.exists()
    approve_all(supplier)

    [tariff] = Tariff.objects.all()
    assert (tariff.price_rub_per_m3, tariff.usage_purpose_code) == (Decimal("9.62400"), "cooking")


def test_the_last_day_is_the_last_one_with_the_price(client, accountant, supplier):
    client.post(address("tariff_price_set", supplier), price(supplier, valid_until="2027-06-30", confirmed="1"))
    approve_all(supplier)

    assert Tariff.objects.get().valid_until == dt.date(2027, 7, 1)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"printed_price": "0"}, "Цена должна быть больше нуля."),
        ({"printed_price": "9,62400001", "printed_unit": "m3"}, "После запятой слишком много знаков"),
        ({"printed_price": "девять"}, "«девять» — не число."),
        ({"printed_price": "1,001"}, "больше пяти знаков после запятой"),
        ({"valid_until": "2026-11-30"}, "Последний день не может быть раньше первого."),
        ({"above_m3": "1200"}, "Сначала задайте на эти дни цену первой ступени"),
        ({"source": ""}, "Впишите приказ или закон: что это, номер и дата."),
    ],
    ids=str,
)
def test_a_wrong_price_is_refused_before_it_is_confirmed(client, accountant, supplier, typed, refusal):
    answer = client.post(address("tariff_price_set", supplier), price(supplier, **typed))

    assert answer.status_code == 422
    assert refusal in text_of(answer)
    assert not Tariff.objects.exists()


def test_a_price_on_days_that_have_one_is_replaced_only_when_it_is_said(client, accountant, supplier):
    earlier = make_tariff(supplier, "8", since="2026-12-01", usage_purpose_code="cooking")

    refused = client.post(address("tariff_price_set", supplier), price(supplier))
    asked = client.post(address("tariff_price_set", supplier), price(supplier, replaces="on"))
    stood = Tariff.objects.get()
    client.post(address("tariff_price_set", supplier), hidden(asked) | {"confirmed": "1"})
    approve_all(supplier)

    assert "На эти дни цена уже задана: она действует с 01.12.2026." in text_of(refused)
    assert "Прежнее на эти дни будет заменено" in text_of(asked)
    assert stood == earlier
    assert Tariff.objects.get().price_rub_per_m3 == Decimal("9.62400")


@pytest.mark.parametrize(
    ("since", "ends"), [("2026-11-01", True), ("2026-12-15", True), (None, False)], ids=["long ago", "later", "none"]
)
def test_a_price_says_when_the_earlier_one_ends(client, accountant, supplier, since, ends):
    make_tariff(supplier, "8", since=since or "2026-11-01", usage_purpose_code="cooking" if since else "heating")

    asked = client.post(address("tariff_price_set", supplier), price(supplier, valid_from="2027-01-01"))

    assert ("Прежнее действует по 31 декабря 2026 включительно" in text_of(asked)) is ends
    assert Tariff.objects.get().valid_until is None


def test_a_price_of_charged_months_says_so_and_changes_no_charge(client, accountant, supplier):
    charge = make_charge(make_account(supplier), "1200.00", period="2026-09")
    make_charge(charge.account, "1300.00", period="2026-10")

    asked = client.post(address("tariff_price_set", supplier), price(supplier, valid_from="2026-09-15"))
    client.post(address("tariff_price_set", supplier), hidden(asked) | {"confirmed": "1"})
    client.force_login(make_member("accountant", supplier))
    proposed = TermsProposal.objects.get()
    done = client.post(address("tariff_proposal_approve", supplier, proposed.id), follow=True)

    warning = text_of(asked)
    assert "Уже начислены месяцы: сентябрь 2026 — октябрь 2026." in warning
    assert "Начисления и счета за эти дни сами не изменятся." in warning
    assert "Начисленное осталось прежним." in text_of(done)
    links = re.findall(r'href="(/office/accruals/correct/[^"]+)"', done.content.decode())
    assert len(links) == 2
    assert "for_period=2026-09" in links[0]
    assert list(Charge.objects.order_by("period").values_list("amount_rub", flat=True)) == [1200, 1300]


def test_a_price_of_a_charged_month_says_what_its_correction_would_cost(client, accountant, supplier):
    make_accrual_policy(supplier)
    make_tariff(supplier, "10", since="2026-01-01")
    account = make_account(supplier)
    make_reading(make_meter(account, value="1000", on="2026-09-30"), "1028", on="2026-10-31")
    accrue_month(supplier_id=supplier.id, account_id=account.id, period=Month(2026, 10), now=at("2026-11-01 05:00"))
    typed = {"printed_price": "11", "printed_unit": "m3", "usage_purpose_code": "", "replaces": "on"}

    asked = client.post(address("tariff_price_set", supplier), price(supplier, valid_from="2026-10-01", **typed))

    assert "Перерасчёт за октябрь 2026 +28,00 ₽, счетов: 1" in text_of(asked)
    assert Tariff.objects.get().price_rub_per_m3 == Decimal("10.00000")
    assert Charge.objects.count() == 1


def test_a_price_of_days_to_come_says_nothing_of_charged_months(client, accountant, supplier):
    make_charge(make_account(supplier), "1200.00", period="2026-10")

    words = text_of(client.post(address("tariff_price_set", supplier), price(supplier)))

    assert "начислен" not in words


def test_a_norm_of_a_year_is_typed_with_its_months(client, accountant, supplier):
    twelve = months(*["20"] * 6, *["0"] * 6)

    asked = client.post(address("tariff_norm_set", supplier), norm(**twelve))
    client.post(address("tariff_norm_set", supplier), hidden(asked) | {"confirmed": "1"})
    approve_all(supplier)

    assert "20 · 20 · 20 · 20 · 20 · 20 · 0 · 0 · 0 · 0 · 0 · 0" in text_of(asked)
    assert Norm.objects.get().monthly_m3 == [Decimal(20)] * 6 + [Decimal(0)] * 6
    assert "июл 0" in text_of(client.get(address("tariff_norms", supplier)))


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({}, "По нормативу за год не видно, сколько приходится на каждый месяц."),
        (months("10", "10"), "Нужно двенадцать чисел, по одному на месяц с января по декабрь, а введено 2."),
        (months(*["11"] * 12), "Двенадцать месяцев дают вместе 132 м³, а норматив за год — 120 м³."),
        (months(*["десять"] * 12), "«десять» — не число."),
        ({"printed_value": "0"}, "Норматив должен быть больше нуля."),
        ({"unit": "unit"}, "Назовите, на что этот норматив"),
        ({"region_code": "Калуга!"}, "Код региона пишут латинскими буквами"),
    ],
    ids=str,
)
def test_a_wrong_norm_is_refused(client, accountant, supplier, typed, refusal):
    answer = client.post(address("tariff_norm_set", supplier), norm(**typed))

    assert answer.status_code == 422
    assert refusal in text_of(answer)
    assert not Norm.objects.exists()


def test_a_norm_of_a_month_needs_no_profile(client, accountant, supplier):
    client.post(address("tariff_norm_set", supplier), norm(printed_value="12,7", printed_period="month", confirmed="1"))
    approve_all(supplier)

    assert Norm.objects.get().monthly_m3 == [Decimal("12.700")] * 12
    assert "одинаково весь год" in text_of(client.get(address("tariff_norms", supplier)))


def test_a_factor_is_set_for_every_region(client, accountant, supplier):
    typed = {"factor": "1,06", "valid_from": "2026-12-01", "source": "Приказ № 7"}

    asked = client.post(address("tariff_factor_set", supplier), typed)
    client.post(address("tariff_factor_set", supplier), typed | {"confirmed": "1"})
    approve_all(supplier)
    refused = client.post(address("tariff_factor_set", supplier), typed | {"factor": "0"})

    assert "Коэффициент 1,06" in text_of(asked)
    assert VolumeFactor.objects.get().factor == Decimal("1.06000")
    assert "Коэффициент должен быть больше нуля." in text_of(refused)


def test_a_benefit_is_saved_and_one_that_is_given_keeps_its_size(client, accountant, supplier):
    typed = {
        "code": "veteran",
        "name": "Ветеран труда",
        "service_id": str(Service.objects.get(supplier=supplier, is_main=True).id),
        "share_percent": "50",
        "limit_m3": "100",
        "source": "Закон № 1",
    }
    client.post(address("tariff_benefit_add", supplier), typed)
    approve_all(supplier)
    benefit = Benefit.objects.get()
    grant(make_account(supplier), benefit)

    again = client.get(address("tariff_benefit", supplier, benefit.id))
    larger = client.post(address("tariff_benefit", supplier, benefit.id), typed | {"share_percent": "60"})
    renamed = client.post(address("tariff_benefit", supplier, benefit.id), typed | {"name": "Ветеран"})
    approve_all(supplier)

    assert (benefit.share_percent, benefit.limit_m3) == (Decimal(50), Decimal(100))
    assert "Эту льготу уже получают" in text_of(again)
    assert 'value="50"' in again.content.decode()
    assert "её код и размер не меняются задним числом" in text_of(larger)
    assert renamed.status_code == 302
    assert Benefit.objects.get().name == "Ветеран"
    assert "в пределах 100 м³ в месяц" in text_of(client.get(address("tariff_benefits", supplier)))


def test_an_order_is_looked_at_and_then_loaded_whole(client, accountant, supplier):
    service = Service.objects.get(supplier=supplier, is_main=True)
    make_tariff(supplier, "9.624", since="2026-12-01", usage_purpose_code="cooking", printed_price=Decimal("9.624"))
    file = order(
        f"{service.code};cooking;;;9,624;м³;01.12.2026;;Приказ № 15",
        f"{service.code};;;;10 500;1000 м³;01.12.2026;30.06.2027;Приказ № 15",
    )

    looked = client.post(address("tariff_order", supplier), {"file": file})
    kept = Tariff.objects.count()
    loaded = client.post(address("tariff_order", supplier), hidden(looked) | {"confirmed": "1"}, follow=True)

    words = text_of(looked)
    assert "prices.csv · кодировка utf-8" in words
    assert "Новые цены: 1" in words
    assert "Уже стоят и не изменятся: 1" in words
    assert kept == 1
    assert "Предложено: ждёт второго сотрудника." in text_of(loaded)
    assert "10 500 ₽ за 1000 м³" in text_of(loaded)
    assert Tariff.objects.count() == 1
    approve_all(supplier)
    assert Tariff.objects.get(usage_purpose_code="").price_rub_per_m3 == Decimal("10.50000")


def test_the_page_of_an_order_names_the_codes_that_its_file_is_written_with(client, accountant, supplier):
    make_usage_purpose(supplier, "heating", "Отопление")

    words = text_of(client.get(address("tariff_order", supplier)))

    assert "Услуга gas Газ" in words
    assert "Направление heating Отопление" in words


def test_an_order_with_one_wrong_line_cannot_be_loaded(client, accountant, supplier):
    service = Service.objects.get(supplier=supplier, is_main=True)
    file = order(
        f"{service.code};;;;9,624;м³;01.12.2026;;Приказ № 15",
        f"{service.code};cooking;;;0;м³;01.12.2026;;Приказ № 15",
        "heat;;;;5;м³;01.12.2026;;Приказ № 15",
    )

    looked = client.post(address("tariff_order", supplier), {"file": file})
    forced = client.post(address("tariff_order", supplier), {"file": order("x"), "confirmed": "1"})

    words = text_of(looked)
    assert looked.status_code == 422
    assert "3 Цена должна быть больше нуля." in words
    assert "4 У поставщика нет услуги с кодом «heat»." in words
    assert "Предложить все" not in words
    assert forced.status_code == 422
    assert not Tariff.objects.exists()


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ({"encoding": "utf-8"}, "Выберите файл."),
        ({"file": order("x", encoding="cp1251")}, "по файлу не видно, в какой он кодировке"),
        ({"file": order("x", encoding="cp1251"), "encoding": "utf-8"}, "файл не в кодировке utf-8"),
        ({"content": "не то"}, "Файл потерялся по дороге."),
        ({"file": SimpleUploadedFile("big.csv", b"x" * (1024 * 1024 + 1))}, "Файл больше 1 МБ."),
    ],
    ids=["nothing", "unknown", "another", "broken", "big"],
)
def test_a_file_that_cannot_be_read_is_refused(client, accountant, supplier, sent, refusal):
    answer = client.post(address("tariff_order", supplier), sent)

    assert answer.status_code == 422
    assert refusal in text_of(answer)


def test_the_second_person_sees_what_it_would_do_and_decides(client, accountant, supplier):
    client.post(address("tariff_price_set", supplier), price(supplier, confirmed="1"))
    proposal = TermsProposal.objects.get()
    own = text_of(client.get(address("tariff_proposal", supplier, proposal.id)))
    refused = client.post(address("tariff_proposal_approve", supplier, proposal.id))
    client.force_login(make_member("manager", supplier))

    waiting = text_of(client.get(address("tariff_proposals", supplier)))
    page = text_of(client.get(address("tariff_proposal", supplier, proposal.id)))
    first_page = text_of(client.get(reverse("office:home")))
    done = client.post(address("tariff_proposal_approve", supplier, proposal.id), follow=True)

    assert "Подтвердить должен другой сотрудник" in own
    assert refused.status_code == 422
    assert "Приказ № 15" in waiting
    assert "В пересчёте на 1 м³ 9,624 ₽" in page
    assert "Будет действовать с 1 декабря 2026, пока не задано следующее." in page
    assert "Цены и нормативы на подтверждение: 1" in first_page
    assert "Подтверждено" in text_of(done)
    assert Tariff.objects.get().price_rub_per_m3 == Decimal("9.62400")


def test_what_was_proposed_is_declined_with_a_reason_or_withdrawn(client, accountant, supplier):
    for printed in ("9", "10"):
        client.post(address("tariff_price_set", supplier), price(supplier, printed_price=printed, confirmed="1"))
    declined, withdrawn = TermsProposal.objects.order_by("id")
    taken_back = client.post(address("tariff_proposal_withdraw", supplier, withdrawn.id), follow=True)
    client.force_login(make_member("accountant", supplier))

    without_words = client.post(address("tariff_proposal_decline", supplier, declined.id), {"note": ""})
    page = client.post(
        address("tariff_proposal_decline", supplier, declined.id), {"note": "Не тот приказ"}, follow=True
    )

    assert "Отозвано" in text_of(taken_back)
    assert without_words.status_code == 422
    assert "Не тот приказ" in text_of(page)
    assert not Tariff.objects.exists()


def test_what_no_longer_fits_says_why_before_it_is_approved(client, accountant, supplier):
    client.post(address("tariff_price_set", supplier), price(supplier, confirmed="1"))
    proposal = TermsProposal.objects.get()
    make_tariff(supplier, "8", since="2026-12-01", usage_purpose_code="cooking")
    client.force_login(make_member("accountant", supplier))

    page = text_of(client.get(address("tariff_proposal", supplier, proposal.id)))

    assert "Подтвердить уже нельзя: На эти дни цена уже задана" in page


def policy(**values):
    return {
        "from_month": "2026-11",
        "price_split": "by_days",
        "recalculate_norm_months": "never",
        "average_of_months": "12",
        "average_at_most_months": "3",
        "removed_at_most_months": "3",
        "odd_ratio": "10",
        "silent_months": "12",
        "charges_penalties": "on",
        "penalty_recheck_months": "6",
    } | values


def test_a_supplier_chooses_how_it_charges(client, accountant, supplier):
    empty = client.get(address("tariff_policies", supplier))

    client.post(address("tariff_policy_set", supplier), policy(from_month="2026-01", odd_ratio="5,5"))

    assert "Порядок не задан" in text_of(empty)
    assert AccrualPolicy.objects.get().odd_ratio == Decimal("5.50")
    words = text_of(client.get(address("tariff_policies", supplier)))
    assert "С периода январь 2026" in words
    assert "за 12 месяцев" in words
    assert 'value="5,5"' in client.get(address("tariff_policy_set", supplier)).content.decode()


def test_each_policy_says_from_when_to_when_it_holds(client, accountant, supplier):
    make_accrual_policy(supplier, since="2025-01", odd_ratio=Decimal(3))
    make_accrual_policy(supplier, since="2026-07")

    words = text_of(client.get(address("tariff_policies", supplier)))

    assert "С периода январь 2025 по июнь 2026" in words
    assert "больше обычного, во столько раз: 3" in words


def test_the_first_policy_begins_with_what_the_law_names(client, accountant, supplier):
    form = client.get(address("tariff_policy_set", supplier)).context["form"]

    assert form["average_of_months"].value() == 12
    assert form["average_at_most_months"].value() == form["removed_at_most_months"].value() == 3
    assert form["charges_penalties"].value() is True


def test_a_policy_is_asked_with_the_choices_that_stand(client, accountant, supplier):
    make_accrual_policy(supplier, average_of_months=6)

    assert client.get(address("tariff_policy_set", supplier)).context["form"]["average_of_months"].value() == 6


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"average_of_months": "0"}, "Среднее считают хотя бы за один месяц."),
        ({"odd_ratio": "1"}, "введите число больше 1"),
        ({"silent_months": "0"}, "Введите хотя бы один месяц"),
        ({"from_month": "2026-10"}, "За октябрь 2026 уже начислено по прежнему порядку"),
    ],
    ids=str,
)
def test_a_wrong_policy_is_refused(client, accountant, supplier, typed, refusal):
    make_accrual_policy(supplier)
    make_charge(make_account(supplier), "100.00", period="2026-10")

    answer = client.post(address("tariff_policy_set", supplier), policy(**typed))

    assert answer.status_code == 422
    assert refusal in text_of(answer)
    assert AccrualPolicy.objects.count() == 1


def test_the_law_is_shown_with_its_sources_and_cannot_be_changed(client, accountant, supplier):
    make_penalty_law()
    make_vat_rate()

    answer = client.get(address("tariff_law", supplier))

    words = text_of(answer)
    assert "Ключевая ставка 21 %" in words
    assert "С 31-го дня просрочки 1/300 ставки за день" in words
    assert "Постановление № 1" in words
    assert '<form class="form" method="post"' not in answer.content.decode()


def test_support_sees_and_does_not_set(client, supplier):
    make_tariff(supplier)
    make_norm(supplier)
    make_volume_factor(supplier)
    make_benefit(supplier)
    client.force_login(make_member("support", supplier))

    for name in ("prices", "norms", "factors", "benefits", "policies", "law"):
        answer = client.get(address(f"tariff_{name}", supplier))
        assert answer.status_code == 200
        assert "/set/" not in answer.content.decode()
        assert "/add/" not in answer.content.decode()


def test_who_has_several_suppliers_chooses_one(client, supplier):
    other = make_supplier(name="Другой")
    member = make_member("accountant", supplier)
    StaffRole.objects.create(user=member, supplier=other, role="accountant")
    client.force_login(member)

    first = client.get(reverse("office:tariffs"), {"supplier_id": other.id, "kind": "tariff_norms"})

    assert first.headers["location"] == address("tariff_norms", other)
    assert "Поставщик" in text_of(client.get(first.headers["location"]))
