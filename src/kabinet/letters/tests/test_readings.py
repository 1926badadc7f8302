"""A letter says that a reading does not count, why, and what is to be done until when. Source: docs/adr/0210."""

import datetime as dt
from unittest import mock

import pytest
from django.conf import settings
from django.utils import timezone

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.usecases.withdraw_own_reading import withdraw_own_reading
from kabinet.charges.usecases.withdraw_reading import withdraw_reading
from kabinet.common.testing import NOW, at
from kabinet.meters.models import Meter, Reading
from kabinet.meters.tests.factories import make_keeper, make_meter, make_outage, make_reading
from kabinet.meters.usecases.review_reading import review_reading
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def meter() -> Meter:
    supplier = make_supplier(name="Газ Калуга", reading_opens_day=15, reading_closes_day=25)
    return make_meter(make_account(supplier, number="702062012"), value="1234", on="2026-10-25")


@pytest.fixture
def holder(meter: Meter) -> User:
    user = make_user("anna@example.ru")
    make_access(user, meter.account)
    return user


def withdraw(reading: Reading, reason: str = "Лишняя цифра.") -> None:
    withdraw_reading(supplier_id=reading.supplier_id, reading_id=reading.id, reason=reason, actor=None, now=NOW)


def letters(mailoutbox, *, on: dt.datetime = NOW) -> list:
    """Give the letters as they are written at a moment, with plain spaces."""
    with mock.patch.object(timezone, "now", return_value=on):
        run_jobs(only="letters.send_reading_not_counted")
    for letter in mailoutbox:
        letter.body = letter.body.replace("\u202f", " ").replace("\xa0", " ")
    return list(mailoutbox)


def test_while_readings_are_taken_it_asks_for_the_right_one_until_the_last_day(meter, holder, mailoutbox):
    withdraw(make_reading(meter, "9900", on="2026-11-20", author=holder))

    [letter] = letters(mailoutbox)

    assert letter.to == ["anna@example.ru"]
    assert letter.subject == "Показание не учтено, лицевой счёт 702062012"
    assert "Газ Калуга не учитывает показание 09 900 от 20 ноября 2026 по лицевому счёту 702062012." in letter.body
    assert "Почему: Лишняя цифра." in letter.body
    assert "Передайте верное показание до 25 ноября 2026 включительно" in letter.body
    assert f"{settings.PUBLIC_URL}/accounts/{meter.supplier_id}/{meter.account_id}/readings/" in letter.body


def test_after_the_window_it_names_the_next_one_and_whom_to_write_to(meter, holder, mailoutbox):
    withdraw(make_reading(meter, "9900", on="2026-11-20", author=holder))

    [letter] = letters(mailoutbox, on=at("2026-11-27 12:00"))

    assert "с 15 декабря 2026 по 25 декабря 2026" in letter.body
    assert f"{settings.PUBLIC_URL}/questions/ask/" in letter.body


def test_once_another_one_has_come_nothing_is_to_be_done(meter, holder, mailoutbox):
    withdraw(make_reading(meter, "9900", on="2026-11-20", author=holder))
    make_reading(meter, "1260", on="2026-11-21", author=holder)

    [letter] = letters(mailoutbox)

    assert "После него уже передано другое: 01 260 от 21 ноября 2026." in letter.body
    assert "Передайте верное показание" not in letter.body


@pytest.mark.parametrize("why", ["closed", "removed", "faulty", "paused"])
def test_where_no_reading_is_taken_it_asks_for_none(meter, holder, mailoutbox, why):
    withdraw(make_reading(meter, "9900", on="2026-11-20", author=holder))
    if why == "closed":
        Account.objects.filter(id=meter.account_id).update(closed_on="2026-11-21")
    elif why == "removed":
        Meter.objects.filter(id=meter.id).update(removed_on="2026-11-21")
    elif why == "paused":
        type(meter.supplier).objects.filter(id=meter.supplier_id).update(pause_note="Меняем программу.")
    else:
        make_outage(meter, "faulty", "2026-11-21")

    [letter] = letters(mailoutbox)

    assert "Если знаете верное число или не согласны, напишите поставщику" in letter.body
    assert "ередайте" not in letter.body


def test_who_has_proven_the_account_hears_of_it_and_a_guest_of_an_own_reading_only(meter, holder, mailoutbox):
    guest, other = make_user("guest@example.ru"), make_user("other@example.ru")
    make_access(guest, meter.account, level="lite")
    make_access(other, meter.account, level="lite")

    withdraw(make_reading(meter, "9900", on="2026-11-20", author=guest))

    assert sorted(letter.to[0] for letter in letters(mailoutbox)) == ["anna@example.ru", "guest@example.ru"]


def test_of_what_staff_wrote_down_people_hear_and_not_the_staff(meter, holder, mailoutbox):
    withdraw(make_reading(meter, "9900", on="2026-11-20", source="operator", author=make_keeper(meter.supplier)))

    assert [letter.to for letter in letters(mailoutbox)] == [["anna@example.ru"]]


def test_a_doubtful_reading_that_staff_refuse_is_told_of_as_well(meter, holder, mailoutbox):
    reading = make_reading(meter, "9900", on="2026-11-20", author=holder, status="questionable")
    review(reading, is_accepted=False, reason="На фото 990.")

    [letter] = letters(mailoutbox)

    assert "Почему: На фото 990." in letter.body


def test_a_reading_that_counts_after_a_check_is_no_news(meter, holder, mailoutbox):
    review(make_reading(meter, "9900", on="2026-11-20", author=holder, status="questionable"), is_accepted=True)

    assert letters(mailoutbox) == []


def test_who_has_withdrawn_an_own_reading_knows(meter, holder, mailoutbox):
    reading = make_reading(meter, "1290", on="2026-11-20", author=holder)
    withdraw_own_reading(supplier_id=reading.supplier_id, reading_id=reading.id, actor=holder, now=NOW)

    assert letters(mailoutbox) == []


def test_a_reason_cannot_become_a_button(meter, holder, mailoutbox):
    withdraw(make_reading(meter, "9900", on="2026-11-20", author=holder), "Ошибка\n\nhttps://evil.example/")

    [letter] = letters(mailoutbox)

    assert "Почему: Ошибка https://evil.example/" in letter.body
    assert 'class="button" href="https://evil.example/"' not in letter.alternatives[0].content


def review(reading: Reading, *, is_accepted: bool, reason: str = "") -> None:
    review_reading(
        supplier_id=reading.supplier_id,
        reading_id=reading.id,
        is_accepted=is_accepted,
        reason=reason,
        actor=None,
        now=NOW,
    )
