"""The queue of readings in the office: decided one after another."""

import pytest
from django.urls import reverse

from kabinet.common.testing import NOW
from kabinet.meters.tests.factories import make_meter, make_photo, make_reading
from kabinet.meters.tests.pictures import picture
from kabinet.people.tests.factories import make_user
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db
QUEUE = reverse("office:readings")


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def meter(client):
    meter = make_meter(value="1000", on="2026-10-25")
    client.force_login(make_member("support", meter.supplier))
    return meter


def wait(meter, value="1900"):
    return make_reading(meter, value, on="2026-11-20", status="questionable", submitted_at=NOW)


def address(reading):
    return reverse("office:reading", args=[reading.supplier_id, reading.id])


def test_the_list_leads_to_the_one_that_waits_longest(client, meter):
    reading = wait(meter)

    answer = client.get(QUEUE)

    assert address(reading) in answer.content.decode()
    assert "1 показание ждёт решения" in text_of(answer)
    assert "900 м³" in text_of(answer)


def test_nothing_to_decide_is_said(client, meter):
    assert "Всё разобрано" in text_of(client.get(QUEUE))


def test_after_a_decision_the_next_one_comes_by_itself_and_at_last_the_list(client, meter):
    first, second = wait(meter), wait(make_meter(meter.account, value="10"), "500")

    answer = client.post(address(first), {"decision": "accept"})
    assert answer.headers["location"] == address(second)
    answer = client.post(address(second), {"decision": "reject", "reason": "Лишняя цифра."})
    assert answer.headers["location"] == QUEUE

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.review_note) == ("accepted", "rejected", "Лишняя цифра.")


def test_without_a_reason_nothing_is_rejected_and_the_field_says_so(client, meter):
    reading = wait(meter)

    answer = client.post(address(reading), {"decision": "reject", "reason": " "})

    assert answer.status_code == 422
    assert "Напишите, почему показание не учтено: это увидит абонент." in text_of(answer)
    reading.refresh_from_db()
    assert reading.status == "questionable"


def test_who_comes_second_sees_what_was_decided(client, meter):
    reading = wait(meter)
    client.post(address(reading), {"decision": "accept"})

    page = client.get(address(reading))

    assert "Показание учтено." in text_of(page)
    assert 'name="decision"' not in page.content.decode()
    late = client.post(address(reading), {"decision": "reject", "reason": "Передумали."})
    assert late.status_code == 422
    assert "По этому показанию уже решено: оно больше не на проверке." in text_of(late)
    assert 'name="decision"' not in late.content.decode()


def test_a_word_that_is_no_decision_is_refused(client, meter):
    reading = wait(meter)

    assert client.post(address(reading), {"decision": "maybe"}).status_code == 422
    reading.refresh_from_db()
    assert reading.status == "questionable"


def test_the_page_costs_the_same_however_long_the_queue_is(client, meter, django_assert_max_num_queries):
    readings = [wait(meter, str(1900 + number)) for number in range(6)]

    with django_assert_max_num_queries(24):
        client.get(address(readings[0]))


def test_the_list_is_taken_away_as_a_file(client, meter):
    wait(meter)

    file = b"".join(client.get(QUEUE, {"download": "csv"}).streaming_content).decode("utf-8-sig")

    assert file.splitlines()[0].startswith("Лицевой счёт;Адрес;Передано;Фото;Снято;Счётчик;Было;Показание;Расход")
    assert file.splitlines()[1].endswith("1000,000;1900,000;900,000")


class TestPhotos:
    def test_it_stands_beside_the_numbers_and_opens_by_a_key(self, client, meter):
        reading = wait(meter)
        make_photo(reading, large=picture())
        path = reverse("office:reading_photo", args=[reading.supplier_id, reading.id, "large"])

        page = client.get(address(reading)).content.decode()
        picture_answer = client.get(path)

        assert f'src="{path}"' in page
        assert 'data-key="f"' in page
        assert picture_answer.content == picture()
        assert picture_answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"

    def test_the_list_says_which_have_one_and_loads_none(self, client, meter):
        make_photo(wait(meter))

        page = client.get(QUEUE).content.decode()

        assert "icon-camera" in page or "фото" in page
        assert ".jpg" not in page

    def test_without_one_it_can_be_asked_for_once(self, client, meter):
        reading = wait(meter)
        reading.author = make_user()
        reading.save()
        path = reverse("office:reading_ask_photo", args=[reading.supplier_id, reading.id])

        assert path in client.get(address(reading)).content.decode()
        assert client.post(path).headers["location"] == address(reading)

        page = client.get(address(reading))
        assert "Её попросили 22 ноября, 12:00." in text_of(page)
        assert path not in page.content.decode()

    def test_nobody_is_asked_where_nobody_could_answer(self, client, meter):
        reading = wait(meter)
        path = reverse("office:reading_ask_photo", args=[reading.supplier_id, reading.id])

        assert path not in client.get(address(reading)).content.decode()
        assert "попросить фотографию не у кого" in text_of(client.post(path, follow=True))
