"""Staff review a reading that waits for a check."""

from decimal import Decimal
from typing import Any

import pytest

from kabinet.accounts import queries as accounts
from kabinet.accounts.tests.factories import make_access
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.meters import queries
from kabinet.meters.models import Reading
from kabinet.meters.tests.factories import make_keeper, make_meter, make_reading
from kabinet.meters.usecases.review_reading import ReadingDecided, ReasonMissing, review_reading
from kabinet.outbox.models import RecordedFact
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def review(reading: Reading, is_accepted: bool, reason: str = "", **values: Any) -> Reading:
    return review_reading(
        supplier_id=reading.supplier_id,
        reading_id=reading.id,
        is_accepted=is_accepted,
        reason=reason,
        **({"actor": None, "now": NOW} | values),
    )


def test_an_accepted_reading_counts_from_now_on():
    meter = make_meter(value="1234", on="2026-10-25")
    waiting = make_reading(meter, "1900", on="2026-11-20", status="questionable")

    review(waiting, True, actor=make_keeper(meter.supplier))

    assert queries.latest_accepted(meter.supplier_id, waiting.scale_id).value_m3 == Decimal(1900)
    assert [entry.action for entry in Entry.objects.all()] == ["reading.accepted"]
    assert [fact.name for fact in RecordedFact.objects.all()] == ["meters.ReadingReviewed"]


def test_a_rejected_reading_does_not_count_and_its_customer_sees_why():
    meter = make_meter(value="1234", on="2026-10-25")
    user = make_user()
    make_access(user, meter.account)
    waiting = make_reading(meter, "1900", on="2026-11-20", status="questionable")

    with pytest.raises(ReasonMissing):
        review(waiting, False, " ")
    review(waiting, False, "На фотографии другое число.")

    card = accounts.account_card(meter.supplier_id, meter.account_id, visible_to=user)
    newest = queries.reading_history(card, limit=1)[0]
    assert (newest.status, newest.review_note) == ("rejected", "На фотографии другое число.")
    assert queries.latest_accepted(meter.supplier_id, waiting.scale_id).value_m3 == Decimal(1234)


def test_two_that_wait_are_counted_one_after_the_other_and_never_twice():
    meter = make_meter(value="1000", on="2026-09-25")
    first = make_reading(meter, "1900", on="2026-10-20", status="questionable")
    second = make_reading(meter, "1950", on="2026-11-20", status="questionable")

    review(first, True)
    review(second, True)

    volumes = (
        Reading.objects.filter(meter=meter, status="accepted").order_by("taken_on").values_list("volume_m3", flat=True)
    )
    assert list(volumes) == [Decimal(0), Decimal(900), Decimal(50)]


def test_an_accepted_later_one_holds_the_earlier_within_itself():
    meter = make_meter(value="1000", on="2026-09-25")
    first = make_reading(meter, "1900", on="2026-10-20", status="questionable")
    second = make_reading(meter, "1950", on="2026-11-20", status="questionable")

    review(second, True)

    first.refresh_from_db()
    assert first.status == "rejected"
    with pytest.raises(ReadingDecided):
        review(first, True)


def test_the_same_decision_twice_is_one_and_another_is_refused():
    waiting = make_reading(make_meter(), "1900", on="2026-11-20", status="questionable")

    review(waiting, True)
    review(waiting, True)

    assert Entry.objects.count() == 1
    with pytest.raises(ReadingDecided):
        review(waiting, False, "передумали")


def test_a_stranger_finds_no_reading():
    waiting = make_reading(make_meter(), "1900", on="2026-11-20", status="questionable")

    with pytest.raises(NotFound):
        review(waiting, True, actor=make_keeper(make_supplier()))

    waiting.refresh_from_db()
    assert waiting.status == "questionable"
