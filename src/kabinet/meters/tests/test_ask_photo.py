"""Staff ask whoever handed a reading in for a photo of the meter."""

import pytest

from kabinet.accounts.tests.factories import make_access
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.letters.tasks.readings import send_photo_asked
from kabinet.meters.operations.photos import PhotosNotTaken
from kabinet.meters.tests.factories import make_keeper, make_meter, make_photo, make_reading
from kabinet.meters.usecases.ask_photo import NobodyToAsk, PhotoNotNeeded, ask_photo
from kabinet.outbox.models import RecordedFact
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading():
    author = make_user("anna@example.ru")
    meter = make_meter(value="1234", on="2026-10-25")
    make_access(author, meter.account)
    return make_reading(meter, "1900", on="2026-11-20", status="questionable", author=author)


def ask(reading, actor=None):
    return ask_photo(
        supplier_id=reading.supplier_id,
        reading_id=reading.id,
        actor=actor or make_keeper(reading.supplier),
        now=NOW,
    )


def letter(reading):
    send_photo_asked(
        supplier_id=reading.supplier_id, account_id=reading.account_id, reading_id=reading.id, fact_id=f"{reading.id}"
    )


def test_it_is_written_down_once_however_often_one_asks(reading):
    ask(reading)
    ask(reading)

    reading.refresh_from_db()
    assert reading.photo_asked_at == NOW
    assert [fact.name for fact in RecordedFact.objects.all()] == ["meters.PhotoAsked"]
    assert [entry.action for entry in Entry.objects.all()] == ["reading.photo_asked"]


def test_its_author_gets_a_letter_that_leads_to_the_reading(reading, mailoutbox):
    letter(reading)

    (sent,) = mailoutbox
    assert sent.to == ["anna@example.ru"]
    assert "Показание 01 900 от 20 ноября 2026" in sent.body.replace("\u00a0", " ").replace("\u202f", " ")
    assert f"/readings/{reading.supplier_id}/{reading.id}/photo/" in sent.body


@pytest.mark.parametrize("happened", ["photo", "decision"])
def test_a_late_letter_asks_for_nothing_that_is_there_or_decided(reading, mailoutbox, happened):
    if happened == "photo":
        make_photo(reading)
    else:
        reading.status = "rejected"
        reading.save()

    letter(reading)

    assert mailoutbox == []


def test_what_is_decided_needs_no_photo(reading):
    reading.status = "accepted"
    reading.save()

    with pytest.raises(PhotoNotNeeded):
        ask(reading)


def test_a_reading_that_came_from_no_cabinet_has_nobody_to_ask(reading):
    reading.author = None
    reading.save()

    with pytest.raises(NobodyToAsk):
        ask(reading)
    assert not RecordedFact.objects.exists()


def test_a_supplier_that_takes_no_photos_asks_for_none(reading):
    reading.supplier.reading_photos = "off"
    reading.supplier.save()

    with pytest.raises(PhotosNotTaken):
        ask(reading)


def test_only_staff_who_review_readings_ask(reading):
    manager = make_keeper(reading.supplier)
    manager.staff_roles.update(role="manager")

    with pytest.raises(NotAllowed):
        ask(reading, manager)
    for stranger in (reading.author, make_keeper(make_supplier())):
        with pytest.raises(NotFound):
            ask(reading, stranger)
    reading.refresh_from_db()
    assert reading.photo_asked_at is None
