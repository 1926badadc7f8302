"""Tries are forgotten after a month."""

import datetime as dt

import pytest

from kabinet.accounts.models import AttachAttempt
from kabinet.accounts.usecases.forget_tries import KEPT_FOR, forget_tries
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def test_a_try_of_more_than_30_days_ago_is_forgotten():
    supplier, person = make_supplier(), make_user()
    for number, made_at in (("1", NOW - KEPT_FOR - dt.timedelta(seconds=1)), ("2", NOW - KEPT_FOR)):
        AttachAttempt.objects.create(supplier=supplier, user=person, number=number, outcome="unknown", made_at=made_at)

    assert forget_tries(now=NOW) == 1

    assert AttachAttempt.objects.get().number == "2"
