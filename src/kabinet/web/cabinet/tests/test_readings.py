"""«Показания»: handing in, what it will cost, the history."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.meters.models import Meter, Reading
from kabinet.meters.tests.factories import make_meter, make_outage, make_reading
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_tariff
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def meter() -> Meter:
    supplier = make_supplier(reading_opens_day=15, reading_closes_day=25)
    make_tariff(supplier)
    return make_meter(make_account(supplier), value="1234", on="2026-10-25")


@pytest.fixture
def holder(client: Client, meter: Meter) -> User:
    user = make_user()
    make_access(user, meter.account)
    client.force_login(user)
    return user


def address(name: str, meter: Meter) -> str:
    return reverse(f"cabinet:{name}", args=[meter.supplier_id, meter.account_id if name == "readings" else meter.id])


def send(
    client: Client, meter: Meter, value: str, *, to: str = "reading_submit", on: str = "2026-11-22", **values: Any
) -> HttpResponse:
    headers = values.pop("headers", {})
    fields = {"value_m3": value, "taken_on": on, "scale_id": "", "request_id": UUID(int=1), "back": "readings"}
    scale_id = Reading.objects.filter(meter=meter).values_list("scale_id", flat=True).first()
    with shown_on("2026-11-22"):
        return client.post(address(to, meter), fields | {"scale_id": scale_id} | values, headers=headers)


def look(client: Client, url: str, *, day: str = "2026-11-22") -> str:
    with shown_on(day):
        response = client.get(url)
    assert response.status_code == 200
    return text_of(response)


@pytest.mark.usefixtures("holder")
def test_a_reading_is_handed_in_and_seen_at_once_with_who_and_where_from(client, meter):
    response = send(client, meter, "1 262")

    assert response.url == address("readings", meter)
    page = look(client, response.url)
    assert "Показание 01 262 принято." in page
    assert "22.11.2026 01 262 28 м³ принято Вы, личный кабинет" in page
    assert "25.10.2026 01 234 начало счёта принято начальное показание" in page


@pytest.mark.usefixtures("holder")
def test_from_the_first_page_one_goes_back_there(client, meter):
    response = send(client, meter, "1262", back="account")

    assert response.url == reverse("cabinet:account", args=[meter.supplier_id, meter.account_id])


@pytest.mark.usefixtures("holder")
def test_pressing_twice_hands_in_one_reading(client, meter):
    send(client, meter, "1262")
    send(client, meter, "1262")

    assert Reading.objects.filter(meter=meter, source="customer").count() == 1


@pytest.mark.usefixtures("holder")
@pytest.mark.parametrize("typed", ["", "12a", "1262,5", "-5", "9" * 13])
def test_what_is_no_number_of_the_dial_is_answered_at_its_field_and_stays_typed(client, meter, typed):
    response = send(client, meter, typed)

    assert response.status_code == 422
    assert response.context["form"]["value_m3"].value() == typed
    assert response.context["form"].errors["value_m3"]
    assert Reading.objects.filter(source="customer").count() == 0


@pytest.mark.usefixtures("holder")
def test_a_refusal_stands_at_its_field(client, meter):
    page = text_of(send(client, meter, "1233"))

    assert "Показание меньше предыдущего: 1234 от 25.10.2026. Проверьте число на счётчике." in page


@pytest.mark.usefixtures("holder")
def test_a_large_volume_asks_once_and_then_is_kept_for_a_check(client, meter):
    make_reading(meter, "1244", on="2026-11-15")

    asked = send(client, meter, "1400")
    assert "Число верное, расход действительно такой" in text_of(asked)
    kept = send(client, meter, "1400", confirmed="on")

    assert "его проверит поставщик" in look(client, kept.url)
    assert Reading.objects.get(source="customer", value_m3=1400).status == "questionable"


@pytest.mark.usefixtures("holder")
def test_a_possible_rollover_is_offered(client, meter):
    make_reading(meter, "99987", on="2026-11-15", volume_m3=0)

    asked = send(client, meter, "14")
    assert "Счётчик прошёл через ноль" in text_of(asked)
    assert send(client, meter, "14", rolled_over="on").status_code == 302


@pytest.mark.usefixtures("holder")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1262", "Расход 28 м³ ≈ 122,50 ₽"),
        ("1234", "Расход 0 м³ ≈ 0,00 ₽"),
        ("1233", "Меньше предыдущего: 01 234"),
        ("12a", "Введите чёрные цифры счётчика до запятой. Красные цифры не нужны."),
        ("100000", "Введите целое число кубометров, не больше 5 цифр: чёрные цифры счётчика, без красных."),
        ("", "Введите показание, и мы посчитаем расход и сумму"),
    ],
)
def test_the_estimate_comes_while_typing(client, meter, typed, said):
    response = send(client, meter, typed, to="reading_estimate", headers={"HX-Request": "true"})

    assert text_of(response) == said
    assert "<html" not in response.content.decode()


@pytest.mark.usefixtures("holder")
def test_without_scripts_the_estimate_is_a_page_with_the_form_filled_in(client, meter):
    response = send(client, meter, "1262", to="reading_estimate")

    page = text_of(response)
    assert "Расход 28 м³ ≈ 122,50 ₽" in page
    assert response.context["form"]["value_m3"].value() == "1262"
    assert Reading.objects.filter(source="customer").count() == 0


@pytest.mark.usefixtures("holder")
def test_a_volume_without_a_price_is_shown_without_a_sum(client):
    meter = make_meter(make_account(), value="10")
    make_access(User.objects.get(), meter.account)

    response = send(client, meter, "12", to="reading_estimate", headers={"HX-Request": "true"})

    assert text_of(response) == "Расход 2 м³ цена ещё не задана"


@pytest.mark.usefixtures("holder")
def test_the_window_is_said_with_the_days_that_are_left(client, meter):
    page = look(client, address("readings", meter))
    closed = look(client, address("readings", meter), day="2026-11-26")

    assert "Показания принимаются с 15 ноября по 25 ноября. Осталось 3 дня." in page
    assert "Передайте их с 15 декабря по 25 декабря." in closed


@pytest.mark.usefixtures("holder")
def test_the_page_of_a_meter_says_all_about_it(client, meter):
    Meter.objects.filter(id=meter.id).update(
        location="кухня", verification_due_on=dt.date(2026, 11, 1), seal_number="П-17", installed_on=dt.date(2020, 1, 9)
    )

    page = look(client, address("meter", meter))

    for said in ("ВК-G4", "кухня", "01.11.2026 истекла", "П-17", "09.01.2020", "Срок поверки истёк."):
        assert said in page


@pytest.mark.usefixtures("holder")
def test_a_meter_that_does_not_count_says_since_when_and_why(client, meter):
    make_outage(meter, "seal_damaged", "2026-11-05")

    page = look(client, address("meter", meter))

    assert "С 5 ноября 2026 показания этого счётчика не учитываются." in page
    assert "Повреждена пломба." in page
    assert "Передать" not in page


def test_lite_access_hands_in_but_sees_no_history_and_no_serial_number(client, meter):
    user = make_user()
    make_access(user, meter.account, level="lite")
    client.force_login(user)

    page = look(client, address("readings", meter))

    assert "Предыдущее: 01 234" in page
    assert "История" not in page
    assert meter.serial_number not in page
    assert f"…{meter.serial_number[-3:]}" in page
    assert send(client, meter, "1262").status_code == 302


@pytest.mark.parametrize("name", ["readings", "meter", "reading_submit", "reading_estimate"])
def test_a_strangers_meter_is_not_found(client, meter, name):
    client.force_login(make_user())

    assert client.get(address(name, meter)).status_code in {404, 405}
    assert send(client, meter, "1262", to=name).status_code in {404, 405}
    assert Reading.objects.filter(source="customer").count() == 0


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "2"])
@pytest.mark.usefixtures("holder")
def test_any_number_of_a_page_is_answered(client, meter, page):
    assert client.get(address("readings", meter) + f"?page={page}").status_code == 200


@pytest.mark.usefixtures("holder")
def test_the_number_of_queries_does_not_grow_with_the_history(client, meter, django_assert_max_num_queries):
    def count(url: str) -> int:
        client.get(url)
        with django_assert_max_num_queries(40) as captured:
            client.get(url)
        return len(captured)

    urls = [address("readings", meter), address("meter", meter)]
    before = [count(url) for url in urls]
    for month in range(1, 10):
        make_reading(meter, str(1000 + month), on=f"2026-{month:02}-23", volume_m3=1)

    assert [count(url) for url in urls] == before
    assert before == [6, 8]


@pytest.mark.usefixtures("holder")
def test_who_mistyped_withdraws_the_number_and_hands_in_the_right_one(client, meter):
    send(client, meter, "1290")
    reading = Reading.objects.get(value_m3=1290)
    url = reverse("cabinet:reading_withdraw", args=[meter.supplier_id, reading.id])
    assert "Ошиблись в числе?" in look(client, address("readings", meter))
    assert "01 290 от 22.11.2026" in look(client, url)

    with shown_on("2026-11-22"):
        response = client.post(url)

    page = look(client, response.url)
    assert "Показание 01 290 больше не учитывается. Передайте верное." in page
    assert "не учтено Отозвано тем, кто его передал." in page
    assert "Ошиблись в числе?" not in page
    send(client, meter, "1260", request_id=UUID(int=2))
    assert Reading.objects.get(value_m3=1260).status == "accepted"


@pytest.mark.usefixtures("holder")
def test_a_reading_that_the_supplier_has_refused_is_asked_for_again_with_the_reason(client, meter):
    make_reading(meter, "9900", on="2026-11-20", status="rejected", review_note="Похоже, в числе лишняя цифра.")

    page = look(client, address("readings", meter))

    assert "Показание принято" not in page
    assert "не учтено Похоже, в числе лишняя цифра." in page
    said = "Показание 09 900 от 20 ноября не учтено. Похоже, в числе лишняя цифра. Передайте верное до 25 ноября"
    assert said in page
    assert said in look(client, reverse("cabinet:account", args=[meter.supplier_id, meter.account_id]))


@pytest.mark.usefixtures("holder")
def test_after_the_window_whoever_knows_the_right_number_writes_to_the_supplier(client, meter):
    make_reading(meter, "9900", on="2026-11-20", status="rejected", review_note="Лишняя цифра.")

    page = look(client, address("readings", meter), day="2026-11-27")

    assert "Показание 09 900 от 20 ноября не учтено. Лишняя цифра. Если знаете верное число, напишите" in page
    assert "не учтено. Лишняя цифра." not in look(client, address("readings", meter), day="2026-12-16")


@pytest.mark.usefixtures("holder")
@pytest.mark.parametrize("values", [{"review_note": ""}, {"review_note": "Реестр отменён", "source": "import"}])
def test_what_nobody_has_refused_is_not_announced(client, meter, values):
    make_reading(meter, "1250", on="2026-11-20", status="rejected", **values)

    assert "Показание 01 250 от 20 ноября не учтено." not in look(client, address("readings", meter))


@pytest.mark.usefixtures("holder")
def test_once_another_one_has_come_the_refused_one_is_history(client, meter):
    make_reading(meter, "9900", on="2026-11-20", status="rejected", review_note="Лишняя цифра.")
    make_reading(meter, "1260", on="2026-11-20")

    assert "Показание 09 900 от 20 ноября не учтено." not in look(client, address("readings", meter))


def test_without_proof_of_the_account_one_hears_of_own_readings_only(client, meter):
    guest = make_user("guest@example.ru")
    make_access(guest, meter.account, level="lite")
    client.force_login(guest)
    refused = make_reading(meter, "9900", on="2026-11-20", status="rejected", review_note="Лишняя цифра.")
    assert "Показание 09 900" not in look(client, address("readings", meter))

    Reading.objects.filter(id=refused.id).update(author=guest)

    assert "Показание 09 900 от 20 ноября не учтено." in look(client, address("readings", meter))


@pytest.mark.usefixtures("holder")
def test_after_the_window_nothing_is_withdrawn_and_it_says_whom_to_write_to(client, meter):
    send(client, meter, "1290")
    reading = Reading.objects.get(value_m3=1290)

    with shown_on("2026-11-26"):
        response = client.post(reverse("cabinet:reading_withdraw", args=[meter.supplier_id, reading.id]))

    assert "Напишите поставщику" in look(client, response.url, day="2026-11-26")
    assert Reading.objects.get(value_m3=1290).status == "accepted"
