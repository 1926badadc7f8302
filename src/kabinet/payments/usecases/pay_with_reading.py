"""Pay with a reading: the third choice of «Оплата онлайн»: hand in what the meters show and pay for it in one go."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.payments.models import Payment
from kabinet.payments.usecases.hand_in_readings import GivenReading, hand_in_readings
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.people.models import User


class ReadingKept(Refusal):
    code = "reading-kept"
    message = _("Показание принято, а оплата не началась. %(reason)s")


def pay_with_reading(
    *,
    supplier_id: int,
    account_id: int,
    readings: Sequence[GivenReading],
    taken_on: dt.date,
    confirmed: bool,
    rolled_over: bool,
    shown_amount_rub: Decimal,
    knows_of_recent: bool,
    request_id: UUID,
    method: str = "",
    actor: User,
    now: dt.datetime,
) -> Payment:
    """Hand in each reading, then start the payment: use-cases of their own, so a reading stays when paying is refused.

    The same request again hands in nothing twice; a value that was corrected meanwhile is a new reading.
    Raises what `submit_reading` raises while nothing is paid for; ReadingKept with the words of `start_payment`.
    """
    hand_in_readings(
        supplier_id=supplier_id,
        readings=readings,
        taken_on=taken_on,
        confirmed=confirmed,
        rolled_over=rolled_over,
        request_id=request_id,
        actor=actor,
        now=now,
    )
    try:
        return start_payment(
            supplier_id=supplier_id,
            account_id=account_id,
            mode=Payment.Mode.WITH_READING,
            shown_amount_rub=shown_amount_rub,
            knows_of_recent=knows_of_recent,
            request_id=request_id,
            method=method,
            actor=actor,
            now=now,
        )
    except Refusal as refusal:
        raise ReadingKept(reason=str(refusal)) from refusal
